#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/error.h"
#include "common/io/http/client.h"

namespace datafly::kube {

/// metav1.Status, as far as it helps a message.
struct Status {
  std::string message;
  std::string reason;
  int code = 0;
  std::string name;                 ///< details.name
  std::vector<std::string> causes;  ///< "field: message"
};

/// Reads a Status; nothing if the text is not JSON or of another kind.
std::optional<Status> ParseStatus(std::string_view json);

/// The same without looking at `kind`, which exec's error channel leaves out.
std::optional<Status> ParseBareStatus(std::string_view json);

/// Whose request it was, for the words of the error.
struct Asker {
  std::string path;
  std::string server;   ///< "https://host:port"
  std::string user;     ///< the kubeconfig's user entry, or empty
  std::string context;  ///< the kubeconfig's context, or empty
};

/// The one place that turns a reply other than 2xx into an Error. The reason beats the code, as in
/// client-go; a body that is no Status (an absent API group answers "404 page not found", a proxy
/// answers with HTML) is judged by the code alone.
Error FromReply(const http::Response& reply, const Asker& asker);

/// The same for a Status that came inside a watch.
Error FromStatus(const Status& status, const Asker& asker);

/// The `server_reason` of the error for an API group, version or resource that the server does not
/// have.
inline constexpr std::string_view kNotServed = "NotServed";

}  // namespace datafly::kube

#pragma once

#include <string>
#include <string_view>

#include "common/core/base/result.h"

namespace datafly::kube {

/// The parts of a `server` that matter.
struct ServerUrl {
  bool https = false;
  std::string host;    ///< without brackets, in lower case; may be an IPv6 address
  int port = 0;        ///< 0: none was given
  std::string prefix;  ///< "/k8s/clusters/c-x", without a slash at its end; or ""

  /// "https://[::1]:6443/prefix"
  [[nodiscard]] std::string Format() const;
  /// The given one, or 443 or 80.
  [[nodiscard]] int EffectivePort() const;
  /// localhost, 127.0.0.0/8 or ::1.
  [[nodiscard]] bool IsLoopback() const;
};

/// Reads a URL, `host` or `host:port` as client-go does (rest.DefaultServerURL). Without a scheme:
/// https when `default_https` (TLS material is configured), else http. Query and fragment are
/// dropped; credentials inside the URL are refused.
Result<ServerUrl> ParseServerUrl(std::string_view text, bool default_https);

}  // namespace datafly::kube

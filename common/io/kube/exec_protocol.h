#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"
#include "common/io/kube/client.h"

namespace datafly::kube {

/// The subprotocol of exec and attach over WebSocket (kubectl asks for no other); its channels are
/// the first byte of each message.
inline constexpr std::string_view kExecSubprotocol = "v5.channel.k8s.io";

/// "/api/v1/namespaces/N/pods/P/exec?command=…": runs `command` (no shell) without stdin and
/// terminal. An empty container means the pod's first.
std::string ExecPath(const std::string& name_space, const std::string& pod,
                     const std::string& container, const std::vector<std::string>& command);

/// Collects what a command writes, and how it ends, from the messages of the subprotocol.
class ExecOutput {
 public:
  /// Output beyond `max_bytes` (both streams together) is dropped, and said so by truncated().
  explicit ExecOutput(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  void Take(std::string_view message);
  [[nodiscard]] const std::string& out() const { return out_; }
  [[nodiscard]] const std::string& err() const { return err_; }
  [[nodiscard]] bool truncated() const { return truncated_; }
  /// The exit code, from the metav1.Status that ends every command. Error when none came, or when
  /// the command could not be started.
  [[nodiscard]] Result<int> ExitCode() const;

 private:
  void Append(std::string& stream, std::string_view data);

  std::size_t max_bytes_;
  std::string out_, err_, status_;
  bool truncated_ = false;
};

}  // namespace datafly::kube

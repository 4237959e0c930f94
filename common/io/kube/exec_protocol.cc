#include "common/io/kube/exec_protocol.h"

#include <simdjson.h>

#include <charconv>

#include "common/io/kube/path.h"
#include "common/io/kube/status.h"

namespace datafly::kube {

namespace {

constexpr char kStdout = 1;
constexpr char kStderr = 2;
constexpr char kError = 3;
constexpr std::size_t kMaxStatus = 64U << 10U;

/// The cause "ExitCode" of a Status with the reason "NonZeroExitCode", or -1.
int ExitCodeOf(const std::string& status) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::dom::array causes;
  if (parser.parse(status).get(root) != simdjson::SUCCESS) return -1;
  if (root["details"]["causes"].get(causes) != simdjson::SUCCESS) return -1;
  for (const auto cause : causes) {
    std::string_view reason, text;
    if (cause["reason"].get(reason) != simdjson::SUCCESS || reason != "ExitCode") continue;
    if (cause["message"].get(text) != simdjson::SUCCESS) continue;
    int code = -1;
    std::from_chars(text.data(), text.data() + text.size(), code);
    return code;
  }
  return -1;
}

bool Succeeded(const std::string& status) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view outcome;
  return parser.parse(status).get(root) == simdjson::SUCCESS &&
         root["status"].get(outcome) == simdjson::SUCCESS && outcome == "Success";
}

}  // namespace

std::string ExecPath(const std::string& name_space, const std::string& pod,
                     const std::string& container, const std::vector<std::string>& command) {
  std::string path = Resource{"v1", "pods", name_space}.Path(pod, "exec");
  for (const auto& word : command) AddQuery(path, "command", word);
  if (!container.empty()) AddQuery(path, "container", container);
  AddQuery(path, "stdout", "true");
  AddQuery(path, "stderr", "true");
  return path;
}

void ExecOutput::Append(std::string& stream, std::string_view data) {
  const std::size_t room = max_bytes_ - out_.size() - err_.size();
  truncated_ = truncated_ || data.size() > room;
  stream.append(data.substr(0, room));
}

void ExecOutput::Take(std::string_view message) {
  if (message.empty()) return;
  const std::string_view data = message.substr(1);
  if (message.front() == kStdout) Append(out_, data);
  if (message.front() == kStderr) Append(err_, data);
  if (message.front() == kError) status_.append(data.substr(0, kMaxStatus - status_.size()));
}

Result<int> ExecOutput::ExitCode() const {
  if (Succeeded(status_)) return 0;
  if (const int code = ExitCodeOf(status_); code >= 0) return code;
  const auto status = ParseBareStatus(status_);
  if (status && !status->message.empty()) return Fail(FromStatus(*status, {}));
  return Fail(Error::Protocol("the command's end was not reported"));
}

}  // namespace datafly::kube

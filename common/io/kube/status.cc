#include "common/io/kube/status.h"

#include <simdjson.h>

#include "common/io/kube/path.h"

namespace datafly::kube {

namespace {

constexpr std::size_t kMaxStatusBytes = 1U << 20U;
constexpr std::size_t kMaxMessage = 2048;
constexpr std::size_t kMaxCauses = 8;

/// Server text on one line, bounded.
std::string OneLine(std::string_view text, std::size_t most = kMaxMessage) {
  std::string line;
  for (const char c : text.substr(0, most)) {
    const bool control = (c >= 0 && c < 0x20) || c == 0x7f;
    if (!control) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string Text(simdjson::dom::element parent, std::string_view key) {
  std::string_view value;
  if (parent[key].get(value) != simdjson::SUCCESS) return {};
  return OneLine(value);
}

void ReadCauses(simdjson::dom::element details, Status& status) {
  simdjson::dom::array causes;
  if (details["causes"].get(causes) != simdjson::SUCCESS) return;
  for (const auto cause : causes) {
    if (status.causes.size() == kMaxCauses) return;
    const std::string field = Text(cause, "field");
    const std::string message = Text(cause, "message");
    status.causes.push_back(field.empty() ? message : fmt::format("{}: {}", field, message));
  }
}

/// The text between `before"` and the next quote.
std::string_view QuotedAfter(std::string_view text, std::string_view before) {
  const auto start = text.find(before);
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start + before.size());
  return text.substr(0, text.find('"'));
}

std::string_view WordAfter(std::string_view text, std::string_view before) {
  const auto start = text.find(before);
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start + before.size());
  return text.substr(0, text.find(' '));
}

/// "needs list on pods in datafly, as user X" from the authorizer's sentence (apiserver's
/// responsewriters.ForbiddenMessage), or empty.
std::string NeedsFrom(std::string_view message) {
  const std::string_view user = QuotedAfter(message, "User \"");
  const std::string_view verb = WordAfter(message, "\" cannot ");
  if (user.empty() || verb.empty()) return {};
  if (const auto path = QuotedAfter(message, " path \""); !path.empty()) {
    return fmt::format("needs {} on the path {}, as user {}", verb, path, user);
  }
  const std::string_view resource = QuotedAfter(message, " resource \"");
  if (resource.empty()) return {};
  const std::string_view group = QuotedAfter(message, " in API group \"");
  const std::string_view space = QuotedAfter(message, " in the namespace \"");
  return fmt::format("needs {} on {}{}{} {}, as user {}", verb, resource, group.empty() ? "" : ".",
                     group, space.empty() ? "in the whole cluster" : fmt::format("in {}", space),
                     user);
}

std::string Kubeconfig(const Asker& asker) {
  if (asker.user.empty()) return "the service account";
  if (asker.context.empty()) return fmt::format("user {} of the kubeconfig", asker.user);
  return fmt::format("user {} of the kubeconfig (context {})", asker.user, asker.context);
}

Error Make(ErrorKind kind, std::string message, std::string remedy = {}) {
  Error error;
  error.kind = kind;
  error.message = std::move(message);
  error.remedy = std::move(remedy);
  return error;
}

Error Forbidden(const Status& status) {
  const std::string needs = NeedsFrom(status.message);
  return Make(ErrorKind::Forbidden,
              fmt::format("forbidden: {}", needs.empty() ? status.message : needs),
              "`kubectl signal permissions` prints the Role that grants it");
}

Error Unauthorized(const Asker& asker) {
  return Make(
      ErrorKind::Unauthorized,
      fmt::format("{} does not accept the credentials of {}", asker.server, Kubeconfig(asker)),
      "log in again, or renew the token or client certificate");
}

Error NotServed(const Asker& asker) {
  const std::string api = ApiOfPath(asker.path);
  Error error = Make(ErrorKind::NotFound,
                     fmt::format("the server does not serve {}", api.empty() ? asker.path : api));
  error.server_reason = kNotServed;
  return error;
}

bool IsNotServed(const Status& status) {
  return status.name.empty() &&
         status.message.starts_with("the server could not find the requested resource");
}

std::string WithCauses(const Status& status) {
  // An Invalid status repeats its causes in its message already.
  if (status.causes.empty() || status.reason == "Invalid") return status.message;
  return fmt::format("{} ({})", status.message, fmt::join(status.causes, "; "));
}

ErrorKind KindOfReason(std::string_view reason) {
  struct Entry {
    std::string_view reason;
    ErrorKind kind;
  };
  static constexpr Entry kEntries[] = {
      {"Unauthorized", ErrorKind::Unauthorized},
      {"Forbidden", ErrorKind::Forbidden},
      {"NotFound", ErrorKind::NotFound},
      {"AlreadyExists", ErrorKind::Conflict},
      {"Conflict", ErrorKind::Conflict},
      {"Gone", ErrorKind::Expired},
      {"Expired", ErrorKind::Expired},
      {"Invalid", ErrorKind::InvalidInput},
      {"BadRequest", ErrorKind::InvalidInput},
      {"TooManyRequests", ErrorKind::TooManyRequests},
      {"ServerTimeout", ErrorKind::TimedOut},
      {"Timeout", ErrorKind::TimedOut},
      {"InternalError", ErrorKind::Unavailable},
      {"ServiceUnavailable", ErrorKind::Unavailable},
      {"RequestEntityTooLarge", ErrorKind::TooLarge},
      {"MethodNotAllowed", ErrorKind::Unsupported},
      {"NotAcceptable", ErrorKind::Unsupported},
      {"UnsupportedMediaType", ErrorKind::Unsupported},
  };
  for (const auto& entry : kEntries) {
    if (entry.reason == reason) return entry.kind;
  }
  return ErrorKind::Internal;  // Unknown: the code decides.
}

ErrorKind KindOfCode(int code) {
  switch (code) {
    case 400:
    case 422:
      return ErrorKind::InvalidInput;
    case 401:
      return ErrorKind::Unauthorized;
    case 403:
      return ErrorKind::Forbidden;
    case 404:
      return ErrorKind::NotFound;
    case 405:
    case 406:
    case 415:
      return ErrorKind::Unsupported;
    case 409:
      return ErrorKind::Conflict;
    case 410:
      return ErrorKind::Expired;
    case 413:
      return ErrorKind::TooLarge;
    case 429:
      return ErrorKind::TooManyRequests;
    case 504:
      return ErrorKind::TimedOut;
    default:
      return code >= 500 ? ErrorKind::Unavailable : ErrorKind::Protocol;
  }
}

ErrorKind KindOf(const Status& status) {
  const ErrorKind kind = KindOfReason(status.reason);
  return kind == ErrorKind::Internal ? KindOfCode(status.code) : kind;
}

Error Redirected(const http::Response& reply, const Asker& asker) {
  const std::string target = OneLine(reply.FindHeader("location"), 200);
  return Make(ErrorKind::Protocol, fmt::format("{} redirects to {}", asker.server, target),
              "set server in the kubeconfig to the API server itself; a login page in between "
              "answers like this, too");
}

/// For a reply that is no Status: the code, and a little of a plain-text body.
Error FromCode(const http::Response& reply, const Asker& asker) {
  if (reply.status == 401) return Unauthorized(asker);
  if (reply.status == 404 && reply.FindHeader("content-type").starts_with("text/plain")) {
    return NotServed(asker);
  }
  if (reply.status >= 300 && reply.status < 400) return Redirected(reply, asker);
  std::string text;
  if (reply.FindHeader("content-type").starts_with("text/plain")) text = OneLine(reply.body, 300);
  return Make(KindOfCode(reply.status),
              fmt::format("{} answered {} with HTTP status {}{}{}", asker.server,
                          asker.path.substr(0, asker.path.find('?')), reply.status,
                          text.empty() ? "" : ": ", text));
}

/// `kind` empty: any.
std::optional<Status> Parse(std::string_view json, std::string_view kind) {
  if (json.empty() || json.size() > kMaxStatusBytes) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return std::nullopt;
  if (!root.is_object() || (!kind.empty() && Text(root, "kind") != kind)) return std::nullopt;
  Status status;
  status.message = Text(root, "message");
  status.reason = Text(root, "reason");
  std::int64_t code = 0;
  if (root["code"].get(code) == simdjson::SUCCESS && code > 0 && code < 1000) {
    status.code = static_cast<int>(code);
  }
  simdjson::dom::element details;
  if (root["details"].get(details) == simdjson::SUCCESS && details.is_object()) {
    status.name = Text(details, "name");
    ReadCauses(details, status);
  }
  return status;
}

}  // namespace

std::optional<Status> ParseStatus(std::string_view json) { return Parse(json, "Status"); }

std::optional<Status> ParseBareStatus(std::string_view json) { return Parse(json, ""); }

Error FromStatus(const Status& status, const Asker& asker) {
  Error error;
  switch (KindOf(status)) {
    case ErrorKind::Forbidden:
      error = Forbidden(status);
      break;
    case ErrorKind::Unauthorized:
      error = Unauthorized(asker);
      break;
    case ErrorKind::NotFound:
      if (IsNotServed(status)) {
        error = NotServed(asker);
        break;
      }
      [[fallthrough]];
    default:
      error = Make(KindOf(status), WithCauses(status));
      if (error.message.empty()) {
        error.message = fmt::format("{} answered with HTTP status {}", asker.server, status.code);
      }
  }
  error.http_status = status.code;
  if (error.server_reason.empty()) error.server_reason = status.reason;
  return error;
}

Error FromReply(const http::Response& reply, const Asker& asker) {
  if (auto status = ParseStatus(reply.body)) {
    if (status->code == 0) status->code = reply.status;
    return FromStatus(*status, asker);
  }
  Error error = FromCode(reply, asker);
  error.http_status = reply.status;
  return error;
}

}  // namespace datafly::kube

#include "common/core/base/error.h"

#include <cerrno>
#include <system_error>

namespace datafly {

std::string_view ToString(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::InvalidInput:
      return "invalid-input";
    case ErrorKind::NotFound:
      return "not-found";
    case ErrorKind::Forbidden:
      return "forbidden";
    case ErrorKind::Unauthorized:
      return "unauthorized";
    case ErrorKind::Conflict:
      return "conflict";
    case ErrorKind::Expired:
      return "expired";
    case ErrorKind::TooManyRequests:
      return "too-many-requests";
    case ErrorKind::Unreachable:
      return "unreachable";
    case ErrorKind::TimedOut:
      return "timed-out";
    case ErrorKind::Tls:
      return "tls";
    case ErrorKind::Protocol:
      return "protocol";
    case ErrorKind::TooLarge:
      return "too-large";
    case ErrorKind::Unavailable:
      return "unavailable";
    case ErrorKind::NotConfigured:
      return "not-configured";
    case ErrorKind::Unsupported:
      return "unsupported";
    case ErrorKind::Interrupted:
      return "interrupted";
    case ErrorKind::Internal:
      return "internal";
  }
  return "internal";
}

namespace {
Error Make(ErrorKind kind, std::string message, std::string remedy) {
  return Error{kind, std::move(message), std::move(remedy), 0, {}};
}
}  // namespace

Error Error::InvalidInput(std::string m, std::string r) {
  return Make(ErrorKind::InvalidInput, std::move(m), std::move(r));
}
Error Error::NotFound(std::string m, std::string r) {
  return Make(ErrorKind::NotFound, std::move(m), std::move(r));
}
Error Error::Forbidden(std::string m, std::string r) {
  return Make(ErrorKind::Forbidden, std::move(m), std::move(r));
}
Error Error::Unauthorized(std::string m, std::string r) {
  return Make(ErrorKind::Unauthorized, std::move(m), std::move(r));
}
Error Error::Unreachable(std::string m, std::string r) {
  return Make(ErrorKind::Unreachable, std::move(m), std::move(r));
}
Error Error::TimedOut(std::string m, std::string r) {
  return Make(ErrorKind::TimedOut, std::move(m), std::move(r));
}
Error Error::Tls(std::string m, std::string r) {
  return Make(ErrorKind::Tls, std::move(m), std::move(r));
}
Error Error::Protocol(std::string m, std::string r) {
  return Make(ErrorKind::Protocol, std::move(m), std::move(r));
}
Error Error::TooLarge(std::string m, std::string r) {
  return Make(ErrorKind::TooLarge, std::move(m), std::move(r));
}
Error Error::NotConfigured(std::string m, std::string r) {
  return Make(ErrorKind::NotConfigured, std::move(m), std::move(r));
}
Error Error::Unsupported(std::string m, std::string r) {
  return Make(ErrorKind::Unsupported, std::move(m), std::move(r));
}
Error Error::Interrupted() { return Make(ErrorKind::Interrupted, "interrupted", {}); }
Error Error::Internal(std::string m) { return Make(ErrorKind::Internal, std::move(m), {}); }

Error Error::FromErrno(std::string_view action, int error_number) {
  ErrorKind kind = ErrorKind::Internal;
  switch (error_number) {
    case ENOENT:
      kind = ErrorKind::NotFound;
      break;
    case EACCES:
    case EPERM:
      kind = ErrorKind::Forbidden;
      break;
    case ECONNREFUSED:
    case ECONNRESET:
    case ENETUNREACH:
    case EHOSTUNREACH:
      kind = ErrorKind::Unreachable;
      break;
    case ETIMEDOUT:
      kind = ErrorKind::TimedOut;
      break;
    case EINTR:
      kind = ErrorKind::Interrupted;
      break;
    case EFBIG:
      kind = ErrorKind::TooLarge;
      break;
    default:
      kind = ErrorKind::InvalidInput;
      break;
  }
  return Make(kind, fmt::format("{}: {}", action, std::generic_category().message(error_number)),
              {});
}

bool Error::MayPass() const {
  return kind == ErrorKind::Unreachable || kind == ErrorKind::TimedOut ||
         kind == ErrorKind::Unavailable || kind == ErrorKind::TooManyRequests;
}

Error Error::Within(std::string_view prefix) const {
  Error copy = *this;
  copy.message = fmt::format("{}: {}", prefix, message);
  return copy;
}

}  // namespace datafly

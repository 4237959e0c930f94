#pragma once

#include <string>
#include <string_view>

namespace datafly {

/// What went wrong, as far as a caller may want to act on it. The words for people are in
/// Error::message.
enum class ErrorKind {
  InvalidInput,     ///< a file, flag or value of the user's that cannot be used
  NotFound,         ///< the named thing does not exist
  Forbidden,        ///< known user, missing right (HTTP 403)
  Unauthorized,     ///< unknown or expired user (HTTP 401)
  Conflict,         ///< someone else changed it first (HTTP 409)
  Expired,          ///< a resourceVersion or continue token is gone (HTTP 410)
  TooManyRequests,  ///< the server asks to slow down (HTTP 429)
  Unreachable,      ///< no connection: DNS, refused, reset
  TimedOut,         ///< a deadline passed
  Tls,              ///< the peer's or our own certificate was not accepted
  Protocol,         ///< a reply that cannot be understood, or was cut
  TooLarge,         ///< beyond a bound of ours
  Unavailable,      ///< the server failed (HTTP 5xx)
  NotConfigured,    ///< the user gave nothing to do this with
  Unsupported,      ///< known, and deliberately not done
  Interrupted,      ///< SIGINT or SIGTERM
  Internal,         ///< a broken assumption of ours
};

/// The kind's name in lower case with dashes ("not-found"), for JSON output.
std::string_view ToString(ErrorKind kind);

/// The one error type. A value; made by the factories below, one mapping function each from errno,
/// CURLcode and metav1.Status. `message` is one line without a full stop, safe to show (never holds
/// a secret); `remedy`, if not empty, tells the user what to do.
struct Error {
  ErrorKind kind = ErrorKind::Internal;
  std::string message;
  std::string remedy;
  int http_status = 0;        ///< 0: no HTTP reply was involved
  std::string server_reason;  ///< metav1.Status.reason ("Forbidden", "Expired"), or empty

  static Error InvalidInput(std::string message, std::string remedy = {});
  static Error NotFound(std::string message, std::string remedy = {});
  static Error Forbidden(std::string message, std::string remedy = {});
  static Error Unauthorized(std::string message, std::string remedy = {});
  static Error Unreachable(std::string message, std::string remedy = {});
  static Error TimedOut(std::string message, std::string remedy = {});
  static Error Tls(std::string message, std::string remedy = {});
  static Error Protocol(std::string message, std::string remedy = {});
  static Error TooLarge(std::string message, std::string remedy = {});
  static Error NotConfigured(std::string message, std::string remedy = {});
  static Error Unsupported(std::string message, std::string remedy = {});
  static Error Interrupted();
  static Error Internal(std::string message);

  /// The error of a failed system call: "open /x/y: No such file or directory". The one place that
  /// reads errno.
  static Error FromErrno(std::string_view action, int error_number);

  /// Whether the same attempt may go well by itself later: a server that is away, late, busy or
  /// failing. False for what somebody must mend (a right, a name, a file, a certificate).
  [[nodiscard]] bool MayPass() const;

  /// The same error with `prefix: ` in front of its message.
  [[nodiscard]] Error Within(std::string_view prefix) const;
};

}  // namespace datafly

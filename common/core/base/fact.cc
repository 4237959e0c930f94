#include "common/core/base/fact.h"

namespace datafly {

std::string_view ToString(AbsenceKind kind) {
  switch (kind) {
    case AbsenceKind::NotAsked:
      return "not-asked";
    case AbsenceKind::Forbidden:
      return "forbidden";
    case AbsenceKind::NotFound:
      return "not-found";
    case AbsenceKind::NotServed:
      return "not-served";
    case AbsenceKind::Unreachable:
      return "unreachable";
    case AbsenceKind::TimedOut:
      return "timed-out";
    case AbsenceKind::Invalid:
      return "invalid";
    case AbsenceKind::Snapshot:
      return "snapshot";
    case AbsenceKind::NotAvailable:
      return "not-available";
  }
  return {};
}

Absence Absence::From(const Error& error, std::string needs) {
  AbsenceKind kind = AbsenceKind::Invalid;
  switch (error.kind) {
    case ErrorKind::Forbidden:
    case ErrorKind::Unauthorized:
      kind = AbsenceKind::Forbidden;
      break;
    case ErrorKind::NotFound:
      kind = AbsenceKind::NotFound;
      break;
    case ErrorKind::Unreachable:
    case ErrorKind::Tls:
    case ErrorKind::Unavailable:
    case ErrorKind::TooManyRequests:
      kind = AbsenceKind::Unreachable;
      break;
    case ErrorKind::TimedOut:
    case ErrorKind::Interrupted:
      kind = AbsenceKind::TimedOut;
      break;
    case ErrorKind::NotConfigured:
      kind = AbsenceKind::NotAsked;
      break;
    default:
      break;
  }
  return Absence{kind, error.message, std::move(needs)};
}

}  // namespace datafly

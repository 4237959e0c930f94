#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/core/base/error.h"

namespace datafly {

/// Why a fact is missing. A judge turns it into `unknown` (never into `pass`).
enum class AbsenceKind {
  NotAsked,     ///< the command did not need it, or the user did not configure where to look
  Forbidden,    ///< `needs` names the missing verb and resource
  NotFound,     ///< looked for, and certainly not there
  NotServed,    ///< the API group or resource does not exist on this server
  Unreachable,  ///< no connection to the place that knows
  TimedOut,
  Invalid,       ///< an answer came that could not be understood
  Snapshot,      ///< only a live cluster can answer
  NotAvailable,  ///< this version of the tool cannot know it yet
};
std::string_view ToString(AbsenceKind kind);

/// The reason in place of a value. `reason` is one line for people; `needs` is the missing verb or
/// address ("list nodes"), or empty.
struct Absence {
  AbsenceKind kind = AbsenceKind::NotAsked;
  std::string reason;
  std::string needs;

  /// Forbidden -> Forbidden, NotFound -> NotFound, Unreachable and Tls -> Unreachable, and so on;
  /// the message becomes the reason.
  static Absence From(const Error& error, std::string needs = {});
};

/// A T or the reason why it is missing; never a default. Starts as absent (NotAsked).
template <class T>
class Fact {
 public:
  Fact() = default;
  Fact(T value) : value_(std::move(value)) {}              // NOLINT: implicit on purpose
  Fact(Absence absence) : absence_(std::move(absence)) {}  // NOLINT: implicit on purpose

  [[nodiscard]] bool Known() const { return value_.has_value(); }
  explicit operator bool() const { return Known(); }
  const T& operator*() const { return *value_; }
  T& operator*() { return *value_; }
  const T* operator->() const { return &*value_; }
  T* operator->() { return &*value_; }

  /// Meaningful only while !Known().
  [[nodiscard]] const Absence& absence() const { return absence_; }

 private:
  std::optional<T> value_;
  Absence absence_;
};

}  // namespace datafly

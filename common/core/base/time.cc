#include "common/core/base/time.h"

#include <cmath>

#include "common/core/base/text.h"

namespace datafly {
namespace {

/// What a message may quote of an input that could not be read.
std::string Quoted(std::string_view text) {
  return fmt::format("\"{}\"", Truncate(EscapeForTerminal(text.substr(0, 80)), 40));
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// A cursor over the text; every step says whether it could be taken.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool Take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool TakeEither(char a, char b) { return Take(a) || Take(b); }

  /// Exactly `count` digits.
  std::optional<int> Digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!IsDigit(rest_[i])) return std::nullopt;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  /// All digits that follow.
  std::string_view DigitRun() {
    std::size_t count = 0;
    while (count < rest_.size() && IsDigit(rest_[count])) ++count;
    const auto run = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return run;
  }

  [[nodiscard]] std::string_view rest() const { return rest_; }
  void Skip(std::size_t count) { rest_.remove_prefix(count); }

 private:
  std::string_view rest_;
};

std::optional<std::chrono::sys_days> ScanDate(Scanner& in) {
  const auto year = in.Digits(4);
  if (!year || !in.Take('-')) return std::nullopt;
  const auto month = in.Digits(2);
  if (!month || !in.Take('-')) return std::nullopt;
  const auto day = in.Digits(2);
  if (!day || *year == 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

/// Digits beyond the millisecond are dropped.
std::optional<Millis> ScanFraction(Scanner& in) {
  if (!in.TakeEither('.', ',')) return Millis{0};
  const auto digits = in.DigitRun();
  if (digits.empty()) return std::nullopt;
  int millis = 0;
  for (std::size_t i = 0; i < 3; ++i)
    millis = millis * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  return Millis{millis};
}

std::optional<Millis> ScanClock(Scanner& in) {
  const auto hour = in.Digits(2);
  if (!hour || !in.Take(':')) return std::nullopt;
  const auto minute = in.Digits(2);
  if (!minute || !in.Take(':')) return std::nullopt;
  const auto second = in.Digits(2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const auto fraction = ScanFraction(in);
  if (!fraction) return std::nullopt;
  return std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second} +
         *fraction;
}

std::optional<Millis> ScanOffset(Scanner& in) {
  if (in.TakeEither('Z', 'z')) return Millis{0};
  const bool east = in.Take('+');
  if (!east && !in.Take('-')) return std::nullopt;
  const auto hour = in.Digits(2);
  if (!hour || !in.Take(':')) return std::nullopt;
  const auto minute = in.Digits(2);
  if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
  const Millis offset = std::chrono::hours{*hour} + std::chrono::minutes{*minute};
  return east ? offset : -offset;
}

std::optional<Time> ScanTime(std::string_view text) {
  Scanner in(text);
  const auto date = ScanDate(in);
  if (!date || !(in.TakeEither('T', 't') || in.Take(' '))) return std::nullopt;
  const auto clock = ScanClock(in);
  if (!clock) return std::nullopt;
  const auto offset = ScanOffset(in);
  if (!offset || !in.rest().empty()) return std::nullopt;
  return Time{*date} + *clock - *offset;
}

/// Go's limit of time.Duration, about 292 years.
constexpr double kMaxDurationMillis = 9223372036854.0;

struct Unit {
  std::string_view name;
  double millis;
};
// Longer names first, so that "ms" is not read as minutes.
constexpr std::array<Unit, 8> kUnits{{{"ns", 1e-6},
                                      {"us", 1e-3},
                                      {"\xC2\xB5s", 1e-3},
                                      {"\xCE\xBCs", 1e-3},
                                      {"ms", 1},
                                      {"s", 1e3},
                                      {"m", 6e4},
                                      {"h", 3.6e6}}};

std::optional<double> ScanUnit(Scanner& in) {
  for (const auto& unit : kUnits) {
    if (!in.rest().starts_with(unit.name)) continue;
    in.Skip(unit.name.size());
    return unit.millis;
  }
  return std::nullopt;
}

/// Digits with an optional fraction. Beyond any duration that is accepted, the exact value does not
/// matter.
std::optional<double> ScanNumber(Scanner& in) {
  const auto whole = in.DigitRun();
  std::string_view fraction;
  if (in.Take('.')) fraction = in.DigitRun();
  if (whole.empty() && fraction.empty()) return std::nullopt;
  double value = 0;
  for (const char c : whole) value = value * 10 + (c - '0');
  double scale = 0.1;
  for (const char c : fraction) {
    value += (c - '0') * scale;
    scale /= 10;
  }
  return value;
}

std::optional<double> ScanDuration(std::string_view text) {
  Scanner in(text);
  in.Take('+');
  if (in.rest().empty()) return std::nullopt;
  double total = 0;
  for (bool first = true; !in.rest().empty(); first = false) {
    const auto number = ScanNumber(in);
    if (!number) return std::nullopt;
    if (first && in.rest().empty()) return *number * 1e3;  // a bare number is seconds
    const auto unit = ScanUnit(in);
    if (!unit) return std::nullopt;
    total += *number * *unit;
  }
  return total;
}

std::string OneOrTwo(std::int64_t big, std::string_view big_unit, std::int64_t small,
                     std::string_view small_unit) {
  if (small == 0) return fmt::format("{}{}", big, big_unit);
  return fmt::format("{}{}{}{}", big, big_unit, small, small_unit);
}

}  // namespace

Result<Time> ParseTime(std::string_view text) {
  if (const auto time = ScanTime(text)) return *time;
  return Fail(Error::InvalidInput(fmt::format("{} is not a time", Quoted(text)),
                                  "write it as RFC 3339 has it, like 2026-11-26T03:09:25Z"));
}

std::string FormatTime(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  const auto millis = clock.subseconds().count();
  const auto fraction = millis == 0 ? std::string{} : fmt::format(".{:03}", millis);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     fraction);
}

Result<Millis> ParseDuration(std::string_view text) {
  const auto millis = ScanDuration(text);
  if (!millis) {
    return Fail(Error::InvalidInput(fmt::format("{} is not a duration", Quoted(text)),
                                    "write it like 90s, 5m or 1h30m"));
  }
  if (*millis > kMaxDurationMillis) {
    return Fail(Error::InvalidInput(fmt::format("the duration {} is too long", Quoted(text)),
                                    "write it like 90s, 5m or 1h30m"));
  }
  return Millis{std::llround(*millis)};
}

// The steps are those of k8s.io/apimachinery's duration.HumanDuration.
std::string FormatAge(Millis age) {
  const std::int64_t seconds = std::max<std::int64_t>(0, age.count() / 1000);
  if (seconds < 120) return fmt::format("{}s", seconds);
  const std::int64_t minutes = seconds / 60;
  if (minutes < 10) return OneOrTwo(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return fmt::format("{}m", minutes);
  const std::int64_t hours = minutes / 60;
  if (hours < 8) return OneOrTwo(hours, "h", minutes % 60, "m");
  if (hours < 48) return fmt::format("{}h", hours);
  const std::int64_t days = hours / 24;
  if (days < 8) return OneOrTwo(days, "d", hours % 24, "h");
  if (days < 730) return fmt::format("{}d", days);
  if (days < 2920) return OneOrTwo(days / 365, "y", days % 365, "d");
  return fmt::format("{}y", days / 365);
}

std::string FormatDuration(Millis duration) {
  if (duration.count() == 0) return "0s";
  const bool negative = duration.count() < 0;
  std::uint64_t rest = static_cast<std::uint64_t>(duration.count());
  if (negative) rest = 0 - rest;
  std::string out = negative ? "-" : "";
  const std::array<std::pair<std::uint64_t, std::string_view>, 4> units{
      {{3'600'000, "h"}, {60'000, "m"}, {1'000, "s"}, {1, "ms"}}};
  for (const auto& [millis, name] : units) {
    if (rest >= millis) out += fmt::format("{}{}", rest / millis, name);
    rest %= millis;
  }
  return out;
}

}  // namespace datafly

#include "common/core/base/quantity.h"

#include <limits>
#include <optional>

#include "common/core/base/text.h"

namespace datafly {
namespace {

// Wide enough for 19 digits times 2^60 times 1000, with saturation before that.
__extension__ typedef unsigned __int128 Wide;

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

/// value = digits * 10^exponent10 * 2^exponent2
struct Scaled {
  std::uint64_t digits = 0;
  int exponent10 = 0;
  int exponent2 = 0;
  bool inexact = false;  ///< further digits other than zero were dropped
};

struct Suffix {
  std::string_view name;
  int exponent10;
  int exponent2;
};
constexpr std::array<Suffix, 16> kSuffixes{{{"", 0, 0},
                                            {"n", -9, 0},
                                            {"u", -6, 0},
                                            {"m", -3, 0},
                                            {"k", 3, 0},
                                            {"M", 6, 0},
                                            {"G", 9, 0},
                                            {"T", 12, 0},
                                            {"P", 15, 0},
                                            {"E", 18, 0},
                                            {"Ki", 0, 10},
                                            {"Mi", 0, 20},
                                            {"Gi", 0, 30},
                                            {"Ti", 0, 40},
                                            {"Pi", 0, 50},
                                            {"Ei", 0, 60}}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// Adds one digit; beyond 19 significant ones, which is what 64 bits hold, only the magnitude is
/// kept.
void AddDigit(Scaled& number, char c, bool fraction) {
  constexpr std::uint64_t kFull = 1'000'000'000'000'000'000;
  if (number.digits >= kFull) {
    number.inexact |= c != '0';
    if (!fraction) ++number.exponent10;
    return;
  }
  number.digits = number.digits * 10 + static_cast<std::uint64_t>(c - '0');
  if (fraction) --number.exponent10;
}

/// "12", "1.5", "5.", ".5"; takes what it reads from `rest`.
std::optional<Scaled> TakeNumber(std::string_view& rest) {
  Scaled number;
  bool any = false;
  bool fraction = false;
  std::size_t i = 0;
  for (; i < rest.size() && (IsDigit(rest[i]) || (rest[i] == '.' && !fraction)); ++i) {
    if (rest[i] == '.') {
      fraction = true;
    } else {
      AddDigit(number, rest[i], fraction);
      any = true;
    }
  }
  rest.remove_prefix(i);
  if (!any) return std::nullopt;
  return number;
}

/// "e3", "E-2": at most three digits, which is far beyond both bounds.
std::optional<int> ReadExponent(std::string_view text) {
  if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) return std::nullopt;
  text.remove_prefix(1);
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  if (text.empty() || text.size() > 3 || !std::all_of(text.begin(), text.end(), IsDigit))
    return std::nullopt;
  int value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return negative ? -value : value;
}

bool ApplySuffix(Scaled& number, std::string_view suffix) {
  for (const auto& known : kSuffixes) {
    if (known.name != suffix) continue;
    number.exponent10 += known.exponent10;
    number.exponent2 += known.exponent2;
    return true;
  }
  const auto exponent = ReadExponent(suffix);
  if (exponent) number.exponent10 += *exponent;
  return exponent.has_value();
}

/// In thousandths, rounded up, saturated.
std::int64_t ToMilli(const Scaled& number) {
  if (number.digits == 0 && !number.inexact) return 0;
  Wide value = Wide{number.digits} << number.exponent2;
  bool inexact = number.inexact;
  int exponent = number.exponent10 + 3;
  for (; exponent > 0; --exponent) {
    if (value > static_cast<Wide>(kMax)) return kMax;
    value *= 10;
  }
  for (; exponent < 0 && value != 0; ++exponent) {
    inexact |= value % 10 != 0;
    value /= 10;
  }
  if (inexact) ++value;
  return value > static_cast<Wide>(kMax) ? kMax : static_cast<std::int64_t>(value);
}

Error NotAQuantity(std::string_view text) {
  return Error::InvalidInput(
      fmt::format("\"{}\" is not a quantity", Truncate(EscapeForTerminal(text.substr(0, 80)), 40)),
      "write it like 250m, 2, 512Mi or 1Gi");
}

std::string OneDecimal(std::int64_t bytes, std::size_t power, std::string_view unit) {
  const double value = static_cast<double>(bytes) / static_cast<double>(std::int64_t{1} << power);
  return fmt::format("{:.1f}{}", value, unit);
}

}  // namespace

Result<Quantity> Quantity::Parse(std::string_view text) {
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (!rest.empty() && (negative || rest.front() == '+')) rest.remove_prefix(1);
  if (text.size() > 256) return Fail(NotAQuantity(text));
  auto number = TakeNumber(rest);
  if (!number || !ApplySuffix(*number, rest)) return Fail(NotAQuantity(text));
  const std::int64_t milli = ToMilli(*number);
  return Quantity{negative ? -milli : milli};
}

Quantity Quantity::FromUnits(std::int64_t units) { return Quantity{1000} * units; }

std::int64_t Quantity::Units() const { return milli / 1000 + (milli % 1000 > 0 ? 1 : 0); }

Quantity operator+(Quantity a, Quantity b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a.milli, b.milli, &sum)) return Quantity{sum};
  return Quantity{a.milli > 0 ? kMax : kMin};
}

Quantity operator-(Quantity a, Quantity b) {
  std::int64_t difference = 0;
  if (!__builtin_sub_overflow(a.milli, b.milli, &difference)) return Quantity{difference};
  return Quantity{b.milli > 0 ? kMin : kMax};
}

Quantity operator*(Quantity a, std::int64_t times) {
  std::int64_t product = 0;
  if (!__builtin_mul_overflow(a.milli, times, &product)) return Quantity{product};
  return Quantity{(a.milli > 0) == (times > 0) ? kMax : kMin};
}

Quantity& Quantity::operator+=(Quantity other) { return *this = *this + other; }

std::string FormatCpu(Quantity quantity) {
  if (quantity.milli % 1000 == 0) return fmt::format("{}", quantity.milli / 1000);
  return fmt::format("{}m", quantity.milli);
}

std::string FormatBytes(Quantity quantity) {
  constexpr std::array<std::string_view, 6> kUnits{"Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  // Beyond this many of a unit, a rounded figure of a larger one says more.
  constexpr std::int64_t kReadable = 10'000;
  const std::int64_t bytes = quantity.Units();
  const std::int64_t magnitude = bytes < 0 ? -bytes : bytes;
  if (magnitude < 1024) return fmt::format("{}", bytes);
  std::size_t largest = 0;
  std::size_t exact = 0;  // 1 + the index of the largest unit that divides
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    const std::int64_t unit = std::int64_t{1} << (10 * (i + 1));
    if (magnitude >= unit) largest = i;
    if (bytes % unit == 0) exact = i + 1;
  }
  if (exact > 0) {
    const std::int64_t count = bytes / (std::int64_t{1} << (10 * exact));
    if (std::abs(count) < kReadable) return fmt::format("{}{}", count, kUnits[exact - 1]);
  }
  return OneDecimal(bytes, 10 * (largest + 1), kUnits[largest]);
}

}  // namespace datafly

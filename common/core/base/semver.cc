#include "common/core/base/semver.h"

#include <limits>
#include <optional>

#include "common/core/base/text.h"

namespace datafly {
namespace {

constexpr std::size_t kMaxLength = 256;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsIdentifierChar(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}
bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

/// Digits without a leading zero that fit 64 bits.
std::optional<std::uint64_t> ReadNumber(std::string_view text) {
  if (!AllDigits(text) || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (__builtin_mul_overflow(value, std::uint64_t{10}, &value)) return std::nullopt;
    if (__builtin_add_overflow(value, static_cast<std::uint64_t>(c - '0'), &value))
      return std::nullopt;
  }
  return value;
}

/// Dot-separated identifiers; in a prerelease, numeric ones have no leading zero.
bool AreIdentifiers(std::string_view text, bool prerelease) {
  for (const auto part : Split(text, '.')) {
    if (part.empty() || !std::all_of(part.begin(), part.end(), IsIdentifierChar)) return false;
    if (prerelease && AllDigits(part) && part.size() > 1 && part[0] == '0') return false;
  }
  return true;
}

/// A version of which minor and patch may be missing or a wildcard, as constraints have them.
struct Partial {
  SemVer version;
  int numbers = 0;  ///< how many of major, minor, patch are given
};

bool IsWildcard(std::string_view part) { return part == "x" || part == "X" || part == "*"; }

bool ReadNumbers(std::string_view core, Partial& partial) {
  const auto parts = Split(core, '.');
  if (parts.empty() || parts.size() > 3) return false;
  const std::array<std::uint64_t*, 3> targets{&partial.version.major, &partial.version.minor,
                                              &partial.version.patch};
  bool wild = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    wild |= IsWildcard(parts[i]);
    if (IsWildcard(parts[i])) continue;
    const auto number = ReadNumber(parts[i]);
    if (!number) return false;
    if (wild) continue;  // "1.x.3": nothing after a wildcard counts
    *targets[i] = *number;
    partial.numbers = static_cast<int>(i) + 1;
  }
  return true;
}

std::optional<Partial> ReadPartial(std::string_view text) {
  if (text.size() > kMaxLength) return std::nullopt;
  if (text.starts_with('v')) text.remove_prefix(1);
  Partial partial;
  if (const auto plus = text.find('+'); plus != std::string_view::npos) {
    partial.version.build = text.substr(plus + 1);
    if (!AreIdentifiers(partial.version.build, false)) return std::nullopt;
    text = text.substr(0, plus);
  }
  if (const auto dash = text.find('-'); dash != std::string_view::npos) {
    partial.version.prerelease = text.substr(dash + 1);
    if (!AreIdentifiers(partial.version.prerelease, true)) return std::nullopt;
    text = text.substr(0, dash);
  }
  if (!ReadNumbers(text, partial)) return std::nullopt;
  return partial;
}

int Sign(bool less, bool greater) { return less ? -1 : (greater ? 1 : 0); }
template <class T>
int CompareValues(const T& a, const T& b) {
  return Sign(a < b, b < a);
}

int CompareIdentifiers(std::string_view a, std::string_view b) {
  const bool a_number = AllDigits(a);
  const bool b_number = AllDigits(b);
  if (a_number != b_number) return a_number ? -1 : 1;
  // Without leading zeros, the longer number is the larger one: no overflow to fear.
  if (a_number && a.size() != b.size()) return CompareValues(a.size(), b.size());
  return CompareValues(a, b);
}

int ComparePrerelease(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return Sign(!a.empty() && b.empty(), a.empty() && !b.empty());
  const auto a_parts = Split(a, '.');
  const auto b_parts = Split(b, '.');
  for (std::size_t i = 0; i < std::min(a_parts.size(), b_parts.size()); ++i) {
    const int order = CompareIdentifiers(a_parts[i], b_parts[i]);
    if (order != 0) return order;
  }
  return CompareValues(a_parts.size(), b_parts.size());
}

std::uint64_t Next(std::uint64_t number) {
  return number == std::numeric_limits<std::uint64_t>::max() ? number : number + 1;
}

/// The end, exclusive, of all versions that share the first `numbers` numbers. "-0" is the lowest
/// prerelease, so that those of the next step are out.
SemVer AfterAll(const SemVer& version, int numbers) {
  SemVer end{version.major, 0, 0, "0", {}};
  if (numbers <= 1) {
    end.major = Next(version.major);
    return end;
  }
  end.minor = numbers == 2 ? Next(version.minor) : version.minor;
  if (numbers >= 3) end.patch = Next(version.patch);
  return end;
}

/// The end of what is equal to the version, or shares the numbers that are given.
SemVer EndOf(const Partial& partial) {
  if (partial.version.prerelease.empty()) return AfterAll(partial.version, partial.numbers);
  SemVer end = partial.version;
  end.prerelease += ".0";  // the very next one in precedence
  return end;
}

SemVer TildeEnd(const Partial& partial) {
  return AfterAll(partial.version, std::min(partial.numbers, 2));
}

/// Up to the next step of the first given number that is not zero.
SemVer CaretEnd(const Partial& partial) {
  const SemVer& version = partial.version;
  if (version.major > 0 || partial.numbers <= 1) return AfterAll(version, 1);
  if (version.minor > 0 || partial.numbers <= 2) return AfterAll(version, 2);
  return AfterAll(version, 3);
}

}  // namespace

Result<SemVer> SemVer::Parse(std::string_view text) {
  const auto partial = ReadPartial(text);
  if (partial && partial->numbers == 3) return partial->version;
  return Fail(Error::InvalidInput(
      fmt::format("\"{}\" is not a version", Truncate(EscapeForTerminal(text.substr(0, 80)), 40)),
      "write it as major.minor.patch, like 1.3.0"));
}

std::string SemVer::ToString() const {
  std::string out = fmt::format("{}.{}.{}", major, minor, patch);
  if (!prerelease.empty()) out += "-" + prerelease;
  if (!build.empty()) out += "+" + build;
  return out;
}

int Compare(const SemVer& a, const SemVer& b) {
  if (const int order = CompareValues(a.major, b.major); order != 0) return order;
  if (const int order = CompareValues(a.minor, b.minor); order != 0) return order;
  if (const int order = CompareValues(a.patch, b.patch); order != 0) return order;
  return ComparePrerelease(a.prerelease, b.prerelease);
}

std::string_view ToString(VersionStep step) {
  switch (step) {
    case VersionStep::Same:
      return "same";
    case VersionStep::Patch:
      return "patch";
    case VersionStep::Minor:
      return "minor";
    case VersionStep::Major:
      return "major";
    case VersionStep::Downgrade:
      return "downgrade";
  }
  return "same";
}

VersionStep ClassifyStep(const SemVer& from, const SemVer& to) {
  const int order = Compare(from, to);
  if (order == 0) return VersionStep::Same;
  if (order > 0) return VersionStep::Downgrade;
  if (from.major != to.major) return VersionStep::Major;
  if (from.minor != to.minor) return VersionStep::Minor;
  return VersionStep::Patch;
}

namespace {

/// The words of one comma- or space-separated list, with an operator joined to the version that
/// follows it (">= 1.28" is one word).
std::vector<std::string> Words(std::string_view list) {
  std::vector<std::string> words;
  bool joins = false;
  std::string word;
  const auto flush = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  for (const char c : list) {
    const bool space = c == ' ' || c == '\t' || c == ',';
    const bool is_operator = std::string_view("=<>!~^").find(c) != std::string_view::npos;
    if (space) {
      if (!joins || c == ',') flush();
      joins = joins && c != ',';
      continue;
    }
    if (is_operator && !joins) flush();
    joins = is_operator;
    word.push_back(c);
  }
  flush();
  return words;
}

std::string_view TakeOperator(std::string_view& word) {
  for (const std::string_view op :
       {">=", "=>", "<=", "=<", "!=", "~>", "==", "=", ">", "<", "~", "^"}) {
    if (!word.starts_with(op)) continue;
    word.remove_prefix(op.size());
    return op;
  }
  return {};
}

Error NotARange(std::string_view text) {
  return Error::InvalidInput(fmt::format("\"{}\" is not a version range",
                                         Truncate(EscapeForTerminal(text.substr(0, 200)), 80)),
                             "write it like \">=1.28.0\", \"~1.3\" or \"1.2 - 1.4\"");
}

constexpr std::size_t kMaxRangeLength = 1024;

}  // namespace

bool SemVerRange::AddComparator(AllOf& list, std::string_view word) {
  const auto op = TakeOperator(word);
  const auto partial = ReadPartial(word);
  if (!partial) return false;
  const SemVer& version = partial->version;
  list.names_prerelease |= !version.prerelease.empty();
  Interval interval;
  if (op == "!=") {
    interval = {version, EndOf(*partial), true};
    if (partial->numbers == 0) interval.to.reset();
  } else if (partial->numbers == 0) {
    return true;  // "*", ">=*": everything
  } else if (op == "~" || op == "~>") {
    interval = {version, TildeEnd(*partial)};
  } else if (op == "^") {
    interval = {version, CaretEnd(*partial)};
  } else if (op == ">=" || op == "=>") {
    interval.from = version;
  } else if (op == ">") {
    interval.from = EndOf(*partial);
  } else if (op == "<") {
    interval.to = version;
  } else if (op == "<=" || op == "=<") {
    interval.to = EndOf(*partial);
  } else {
    interval = {version, EndOf(*partial)};
  }
  list.intervals.push_back(std::move(interval));
  return true;
}

bool SemVerRange::AddList(std::string_view text) {
  const auto words = Words(text);
  AllOf list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool hyphen = i + 2 < words.size() && words[i + 1] == "-";
    if (!AddComparator(list, hyphen ? ">=" + words[i] : words[i])) return false;
    if (!hyphen) continue;
    i += 2;
    if (!AddComparator(list, "<=" + words[i])) return false;
  }
  any_of_.push_back(std::move(list));
  return !words.empty();
}

Result<SemVerRange> SemVerRange::Parse(std::string_view text) {
  SemVerRange range;
  std::string_view rest = text.size() > kMaxRangeLength ? std::string_view{} : text;
  for (bool more = true; more;) {
    const auto bar = rest.find("||");
    if (!range.AddList(rest.substr(0, bar))) return Fail(NotARange(text));
    more = bar != std::string_view::npos;
    if (more) rest.remove_prefix(bar + 2);
  }
  return range;
}

bool SemVerRange::Interval::Contains(const SemVer& version) const {
  const bool inside = (!from || Compare(version, *from) >= 0) && (!to || Compare(version, *to) < 0);
  return inside != excluded;
}

bool SemVerRange::Contains(const SemVer& version) const {
  return std::any_of(any_of_.begin(), any_of_.end(), [&](const AllOf& list) {
    if (!version.prerelease.empty() && !list.names_prerelease) return false;
    return std::all_of(list.intervals.begin(), list.intervals.end(),
                       [&](const Interval& interval) { return interval.Contains(version); });
  });
}

}  // namespace datafly

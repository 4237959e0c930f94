#include "common/core/kinds/selector.h"

#include "common/core/base/text.h"

namespace datafly::kinds {
namespace {

using Expression = LabelSelector::Expression;

bool IsLabelCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-' || c == '/';
}

bool IsLabelText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), IsLabelCharacter);
}

Error Unreadable(std::string_view part) {
  return Error::InvalidInput(
      fmt::format("cannot read the selector at \"{}\"", EscapeForTerminal(part)),
      "for example: -l 'team=data,env in (prod,stage),!paused'");
}

/// At commas outside of parentheses.
std::vector<std::string_view> SplitRequirements(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (text[i] != ',' || depth > 0) continue;
    parts.push_back(Trim(text.substr(start, i - start)));
    start = i + 1;
  }
  parts.push_back(Trim(text.substr(start)));
  return parts;
}

Result<Expression> Make(std::string_view part, std::string_view key, std::string op,
                        std::vector<std::string> values) {
  if (key.empty() || !IsLabelText(key)) return Fail(Unreadable(part));
  for (const std::string& value : values) {
    if (!IsLabelText(value)) return Fail(Unreadable(part));
  }
  return Expression{std::string(key), std::move(op), std::move(values)};
}

/// "key in (a, b)" or "key notin (a, b)".
Result<Expression> ReadSet(std::string_view part, std::size_t open) {
  const std::string_view head = Trim(part.substr(0, open));
  const auto blank = head.find_last_of(" \t");
  if (blank == std::string_view::npos || part.back() != ')') return Fail(Unreadable(part));
  const std::string_view word = head.substr(blank + 1);
  if (word != "in" && word != "notin") return Fail(Unreadable(part));
  std::vector<std::string> values;
  for (const std::string_view value : Split(part.substr(open + 1, part.size() - open - 2), ',')) {
    values.emplace_back(Trim(value));
  }
  return Make(part, Trim(head.substr(0, blank)), word == "in" ? "In" : "NotIn", std::move(values));
}

Result<Expression> ReadRequirement(std::string_view part) {
  if (const auto open = part.find('('); open != std::string_view::npos) return ReadSet(part, open);
  const auto equals = part.find('=');
  if (equals == std::string_view::npos) {
    if (part.starts_with('!')) return Make(part, Trim(part.substr(1)), "DoesNotExist", {});
    return Make(part, part, "Exists", {});
  }
  const bool differs = equals > 0 && part[equals - 1] == '!';
  const bool twice = equals + 1 < part.size() && part[equals + 1] == '=';
  const std::string_view key = Trim(part.substr(0, equals - (differs ? 1 : 0)));
  const std::string_view value = Trim(part.substr(equals + (twice && !differs ? 2 : 1)));
  return Make(part, key, differs ? "NotIn" : "In", {std::string(value)});
}

}  // namespace

Result<LabelSelector> ParseSelector(std::string_view text) {
  LabelSelector selector;
  if (Trim(text).empty()) return selector;
  for (const std::string_view part : SplitRequirements(text)) {
    if (part.empty()) return Fail(Unreadable(text));
    ASSIGN_OR_RETURN(Expression expression, ReadRequirement(part));
    selector.expressions.push_back(std::move(expression));
  }
  return selector;
}

}  // namespace datafly::kinds

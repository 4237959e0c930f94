#include "common/core/diff/template_scan.h"

#include <algorithm>
#include <array>

namespace datafly::diff {
namespace {

constexpr std::array<std::string_view, 19> kRotating{"randAlphaNum",
                                                     "randAlpha",
                                                     "randNumeric",
                                                     "randAscii",
                                                     "randBytes",
                                                     "randInt",
                                                     "uuidv4",
                                                     "now",
                                                     "genPrivateKey",
                                                     "genCA",
                                                     "genCAWithKey",
                                                     "genSignedCert",
                                                     "genSelfSignedCert",
                                                     "genSelfSignedCertWithKey",
                                                     "genSignedCertWithKey",
                                                     "bcrypt",
                                                     "htpasswd",
                                                     "encryptAES",
                                                     "shuffle"};

// A map's keys and values come in another order at each call (Go's maps), unless they are sorted.
constexpr std::array<std::string_view, 2> kUnordered{"keys", "values"};
constexpr std::string_view kSorted = "sortAlpha";

bool IsWordChar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

template <std::size_t N>
bool Contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool IsRotating(std::string_view word) {
  return word == "getHostByName" || word == "ago" || Contains(kRotating, word);
}

/// The words of one action, between "{{" and "}}"; one behind a dot or a dollar is a value's name.
/// `visit` gets each with whether it stands in a string: there it may be what tpl renders.
template <class Visit>
void ForEachWord(std::string_view action, Visit visit) {
  char quote = '\0';
  for (std::size_t i = 0; i < action.size();) {
    std::size_t end = i;
    while (end < action.size() && IsWordChar(action[end])) ++end;
    if (end > i) {
      const bool is_field = i > 0 && (action[i - 1] == '.' || action[i - 1] == '$');
      if (!is_field) visit(action.substr(i, end - i), quote != '\0');
      i = end;
      continue;
    }
    const char c = action[i];
    if (c == '\\') {
      i += 2;  // "\n" in a string; \" in a template within JSON
      continue;
    }
    const bool is_quote = c == '"' || c == '`';
    if (is_quote && quote == '\0')
      quote = c;
    else if (c == quote)
      quote = '\0';
    ++i;
  }
}

bool ActionListsUnordered(std::string_view action) {
  bool unordered = false, sorted = false;
  ForEachWord(action, [&](std::string_view word, bool in_string) {
    unordered = unordered || (!in_string && Contains(kUnordered, word));
    sorted = sorted || word == kSorted;
  });
  return unordered && !sorted;
}

bool ActionRotates(std::string_view action) {
  bool rotates = false;
  ForEachWord(action, [&](std::string_view word, bool) { rotates = rotates || IsRotating(word); });
  return rotates || ActionListsUnordered(action);
}

bool ActionCallsTpl(std::string_view action) {
  bool calls = false;
  ForEachWord(action, [&](std::string_view word, bool in_string) {
    calls = calls || (!in_string && word == "tpl");
  });
  return calls;
}

/// What stands between "{{" and "}}", without the "-" that trims.
std::string_view ActionAt(std::string_view text, std::size_t open) {
  const auto close = std::min(text.find("}}", open), text.size());
  std::string_view action = text.substr(open + 2, close - open - 2);
  if (action.starts_with('-')) action.remove_prefix(1);
  return action;
}

/// Comments are left out: they often show how a template is used.
template <class Predicate>
bool AnyAction(std::string_view text, Predicate predicate) {
  for (auto open = text.find("{{"); open != std::string_view::npos;) {
    const std::string_view action = ActionAt(text, open);
    const auto begins = action.find_first_not_of(" \t\r\n");
    const bool is_comment =
        begins != std::string_view::npos && action.substr(begins).starts_with("/*");
    if (!is_comment && predicate(action)) return true;
    const auto from = is_comment ? text.find("*/", open) : open + 2;
    if (from == std::string_view::npos) return false;
    open = text.find("{{", from);
  }
  return false;
}

}  // namespace

bool MayRotate(std::string_view template_text) { return AnyAction(template_text, ActionRotates); }

bool ListsUnordered(std::string_view template_text) {
  return AnyAction(template_text, ActionListsUnordered);
}

bool CallsTpl(std::string_view template_text) { return AnyAction(template_text, ActionCallsTpl); }

}  // namespace datafly::diff

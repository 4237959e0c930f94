#include "common/core/report/markup.h"

#include <vector>

#include "common/core/base/text.h"

namespace datafly::report {

namespace {

/// U+FFFE and U+FFFF are well-formed UTF-8 but no XML characters.
bool IsNoncharacter(std::string_view text, std::size_t at) {
  std::string_view sequence = text.substr(at, 3);
  return sequence == "\xEF\xBF\xBE" || sequence == "\xEF\xBF\xBF";
}

std::string_view Entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

std::string JoinLines(std::string_view text, std::string (*safe)(std::string_view)) {
  std::vector<std::string> lines;
  for (std::string_view line : Split(text, '\n')) lines.push_back(safe(line));
  return fmt::format("{}", fmt::join(lines, "\n"));
}

std::size_t LongestRunOfBackticks(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

std::string XmlText(std::string_view text) {
  std::string safe = EscapeForTerminal(text);
  std::string out;
  out.reserve(safe.size());
  for (std::size_t at = 0; at < safe.size(); ++at) {
    if (IsNoncharacter(safe, at)) {
      at += 2;
      continue;
    }
    std::string_view entity = Entity(safe[at]);
    entity.empty() ? out += safe[at] : out += entity;
  }
  return out;
}

std::string XmlLines(std::string_view text) { return JoinLines(text, XmlText); }

std::string MarkdownText(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_[]#|~";
  std::string out;
  for (char c : EscapeForTerminal(text)) {
    if (c == '@') {
      out += "&#64;";  // no mention
    } else if (std::string_view entity = Entity(c); !entity.empty() && c != '"' && c != '\'') {
      out += entity;
    } else {
      if (kSpecial.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string MarkdownBlock(std::string_view text, std::string_view language) {
  std::string safe = JoinLines(text, [](std::string_view line) { return EscapeForTerminal(line); });
  std::string fence(std::max<std::size_t>(3, LongestRunOfBackticks(safe) + 1), '`');
  return fmt::format("{}{}\n{}\n{}\n", fence, language, safe, fence);
}

std::string Anchor(std::string_view text) {
  std::string out;
  for (char c : ToLower(text)) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) out += c;
    if (!plain && !out.empty() && out.back() != '-') out += '-';
  }
  return out.empty() ? "x" : out;
}

}  // namespace datafly::report

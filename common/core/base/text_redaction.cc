// RedactCredentials: error texts of libraries and servers may quote a URL or a connection string.
#include "common/core/base/text.h"

namespace datafly {
namespace {

constexpr std::string_view kMask = "***";

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsKeyChar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-' || c == '.';
}
bool EndsWord(char c) { return IsSpace(c) || c == '"' || c == '\'' || c == '<' || c == '>'; }
bool EndsValue(char c) {
  return EndsWord(c) || c == '&' || c == ';' || c == ',' || c == '}' || c == ')' || c == ']';
}

std::size_t EndOf(std::string_view text, std::size_t from, bool (*ends)(char)) {
  while (from < text.size() && !ends(text[from])) ++from;
  return from;
}

/// Where the password of `scheme://user:password@…` starts and ends, given the place after "://";
/// nothing when there is none.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};
std::optional<Span> FindUrlPassword(std::string_view text, std::size_t authority) {
  const std::size_t end = EndOf(text, authority, EndsWord);
  const auto url = text.substr(authority, end - authority);
  const auto colon = url.find(':');
  // A password may hold an unescaped '@' or '/': the last '@' ends it.
  const auto at = url.rfind('@');
  if (at == std::string_view::npos || colon == std::string_view::npos || colon > at) return {};
  // But "host:8080/a@b" has none.
  const auto host_end = std::min(url.find_first_of("/?#"), url.size());
  const auto port = host_end > colon ? url.substr(colon + 1, host_end - colon - 1) : url;
  if (port.find_first_not_of("0123456789") == std::string_view::npos && host_end < at) return {};
  return Span{authority + colon + 1, authority + at};
}

/// The quote that closes the one at `open`; one behind a backslash closes nothing.
std::size_t FindClosingQuote(std::string_view text, std::size_t open) {
  std::size_t at = open + 1;
  while (at < text.size() && text[at] != text[open]) at += text[at] == '\\' ? 2 : 1;
  return std::min(at, text.size());
}

std::size_t SkipBackslashes(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of('\\', at), text.size());
}

/// The end of a value whose opening quote at `open` has `depth` backslashes before it, as in JSON
/// that a JSON string holds: the next quote behind just as many.
std::size_t FindEscapedClosingQuote(std::string_view text, std::size_t open, std::size_t depth) {
  std::size_t backslashes = 0;
  for (std::size_t at = open + 1; at < text.size(); ++at) {
    if (text[at] == text[open] && backslashes == depth) return at - depth;
    backslashes = text[at] == '\\' ? backslashes + 1 : 0;
  }
  return text.size();
}

/// The end of the list or map that opens at `open`: `passwords: [a, b]` is one value.
std::size_t EndOfBrackets(std::string_view text, std::size_t open) {
  std::size_t depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"' || c == '\'') at = FindClosingQuote(text, at);
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && --depth == 0) return at + 1;
  }
  return text.size();
}

/// The value that starts at `from`: a quoted one without its quotes, a whole list or map, else up
/// to a separator; "Bearer x" and "Basic x" count as one.
Span FindValue(std::string_view text, std::size_t from) {
  while (from < text.size() && text[from] == ' ') ++from;
  if (from < text.size() && (text[from] == '"' || text[from] == '\''))
    return {from + 1, FindClosingQuote(text, from)};
  const std::size_t quote = SkipBackslashes(text, from);
  if (quote > from && quote < text.size() && text[quote] == '"')
    return {quote + 1, FindEscapedClosingQuote(text, quote, quote - from)};
  if (from < text.size() && (text[from] == '[' || text[from] == '{'))
    return {from, EndOfBrackets(text, from)};
  const auto rest = ToLower(text.substr(from, 7));
  std::size_t begin = from;
  if (rest.starts_with("bearer ")) begin += 7;
  if (rest.starts_with("basic ")) begin += 6;
  return {begin, EndOf(text, begin, EndsValue)};
}

/// The place after the `=` or `:` that follows a key ending at `at`; nothing when none does. "key":
/// as JSON has it counts too.
std::optional<std::size_t> AfterSeparator(std::string_view text, std::size_t at) {
  const std::size_t quote = SkipBackslashes(text, at);
  if (quote < text.size() && (text[quote] == '"' || text[quote] == '\'')) at = quote + 1;
  std::size_t equals = at;
  while (equals < text.size() && text[equals] == ' ') ++equals;
  if (equals < text.size() && text[equals] == '=') at = equals;
  if (at >= text.size() || (text[at] != '=' && text[at] != ':')) return std::nullopt;
  if (text.substr(at).starts_with("://")) return std::nullopt;
  return at + 1;
}

/// "read token: permission denied" is prose about a secret, not the secret.
bool IsProse(std::string_view text, std::string_view key, std::size_t value_at, Span value) {
  const std::string lower = ToLower(key);
  const bool noun = lower == "token" || lower == "secret" || lower == "credential" ||
                    lower == "tokens" || lower == "secrets" || lower == "credentials";
  if (!noun || text[value_at - 1] != ':' || value.begin != value_at + 1) return false;
  const auto word = text.substr(value.begin, value.end - value.begin);
  return std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string RedactPairs(std::string_view text, bool (*smells)(std::string_view)) {
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (!IsKeyChar(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && IsKeyChar(text[end])) ++end;
    const auto value_at = AfterSeparator(text, end);
    const auto key = text.substr(at, end - at);
    at = end;
    if (!value_at || !smells(key)) continue;
    const Span value = FindValue(text, *value_at);
    if (value.begin >= value.end || IsProse(text, key, *value_at, value)) continue;
    out += text.substr(copied, value.begin - copied);
    out += kMask;
    copied = at = value.end;
  }
  out += text.substr(copied);
  return out;
}

}  // namespace

bool SmellsOfSecret(std::string_view key) {
  const std::string lower = ToLower(key);
  for (const std::string_view smell : {"password",
                                       "passwd",
                                       "passphrase",
                                       "pwd",
                                       "secret",
                                       "token",
                                       "api_key",
                                       "api-key",
                                       "apikey",
                                       "access_key",
                                       "access-key",
                                       "accesskey",
                                       "private_key",
                                       "private-key",
                                       "privatekey",
                                       "encryption_key",
                                       "encryption-key",
                                       "encryptionkey",
                                       "credential",
                                       "authorization",
                                       "dsn"}) {
    if (lower.find(smell) != std::string::npos) return true;
  }
  return false;
}

std::string RedactUrlPasswords(std::string_view text) {
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = text.find("://"); at != std::string_view::npos;
       at = text.find("://", at + 3)) {
    const auto password = FindUrlPassword(text, at + 3);
    if (!password || password->begin < copied) continue;
    out += text.substr(copied, password->begin - copied);
    out += kMask;
    copied = password->end;
  }
  out += text.substr(copied);
  return out;
}

std::string RedactCredentials(std::string_view text, bool (*smells)(std::string_view key)) {
  return RedactPairs(RedactUrlPasswords(text), smells);
}

}  // namespace datafly

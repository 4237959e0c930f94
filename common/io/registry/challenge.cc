#include "common/io/registry/challenge.h"

#include "common/core/base/text.h"

namespace datafly::registry {
namespace {

void SkipSpaceAndCommas(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == ',')) {
    text.remove_prefix(1);
  }
}

std::string TakeToken(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && text[n] != ' ' && text[n] != '=' && text[n] != ',' && text[n] != '"')
    ++n;
  std::string token(text.substr(0, n));
  text.remove_prefix(n);
  return token;
}

std::string TakeQuoted(std::string_view& text) {
  std::string value;
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    if (text.front() == '\\' && text.size() > 1) text.remove_prefix(1);
    value += text.front();
    text.remove_prefix(1);
  }
  if (!text.empty()) text.remove_prefix(1);
  return value;
}

void SetParameter(Challenge& challenge, const std::string& name, const std::string& value) {
  if (name == "realm") challenge.realm = value;
  if (name == "service") challenge.service = value;
  if (name == "scope") challenge.scope = value;
}

void TakeParameters(std::string_view& text, Challenge& challenge) {
  for (;;) {
    SkipSpaceAndCommas(text);
    const std::string_view before = text;
    const std::string name = ToLower(TakeToken(text));
    if (name.empty() || text.empty() || text.front() != '=') {
      text = before;  // a further scheme's name, or the end
      return;
    }
    text.remove_prefix(1);
    const std::string value =
        !text.empty() && text.front() == '"' ? TakeQuoted(text) : TakeToken(text);
    SetParameter(challenge, name, value);
  }
}

std::string PercentEncode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", byte);
  }
  return out;
}

}  // namespace

std::optional<Challenge> ParseChallenge(std::string_view header) {
  constexpr std::size_t kMaxHeader = 8192;
  std::string_view text = header.substr(0, kMaxHeader);
  while (!text.empty()) {
    SkipSpaceAndCommas(text);
    const std::string scheme = ToLower(TakeToken(text));
    if (scheme.empty()) return std::nullopt;
    Challenge challenge;
    TakeParameters(text, challenge);
    if (scheme == "bearer") {
      challenge.scheme = Challenge::Scheme::Bearer;
      return challenge;
    }
    if (scheme == "basic") return challenge;
  }
  return std::nullopt;
}

std::string TokenUrl(const Challenge& challenge, std::string_view account,
                     std::string_view default_scope) {
  const std::string_view realm = challenge.realm;
  if (realm.substr(0, 8) != "https://" && realm.substr(0, 7) != "http://") return {};
  std::string url(realm);
  char separator = realm.find('?') == std::string_view::npos ? '?' : '&';
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    url += fmt::format("{}{}={}", std::exchange(separator, '&'), name, PercentEncode(value));
  };
  add("service", challenge.service);
  add("scope", challenge.scope.empty() ? default_scope : std::string_view(challenge.scope));
  add("account", account);
  return url;
}

}  // namespace datafly::registry

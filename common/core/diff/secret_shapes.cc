#include "common/core/diff/secret_shapes.h"

#include <re2/re2.h>

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/diff/harmless.h"
#include "common/core/diff/secret_keys.h"

namespace datafly::diff {
namespace {

constexpr std::string_view kMask = "***";

/// A private key, whether its lines end in "\n" or in the escape of it; to the end of the text when
/// its END is missing.
std::string MaskPrivateKeys(std::string_view text) {
  static const RE2 kPattern(
      R"((?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----.*?(-----END [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----|$))");
  std::string out(text);
  if (text.find("PRIVATE KEY") != std::string_view::npos) RE2::GlobalReplace(&out, kPattern, "***");
  return out;
}

void MaskTokens(std::string& text) {
  static const RE2 kPattern(
      R"(\beyJ[\w-]{8,}\.[\w-]{8,}(\.[\w-]*){0,3})"         // JWT, JWE
      R"(|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,})"        // GitHub
      R"(|\bgl(pat|dt|rt|ptt|cbt|soat|ft|oas)-[\w-]{16,})"  // GitLab
      R"(|\b(AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16,})"  // AWS
      R"(|\bxox[a-z]-[\w-]{8,}|\bxapp-[\w-]{8,})"           // Slack
      R"(|\b(sk|rk|pk)[-_](live|test|ant|proj|or|svcacct)[-_][\w-]{8,}|\bsk-[A-Za-z0-9]{16,})"
      R"(|\bAIza[\w-]{30,}|\bya29\.[\w-]{16,})"  // Google
      R"(|\b(hv[sbr]|s)\.[A-Za-z0-9_-]{24,})"    // Vault
      R"(|\bdop_v1_\w{32,}|\bnpm_\w{30,}|\bpypi-[\w-]{30,}|\bSG\.[\w-]{16,}\.[\w-]{16,})"
      R"(|\bdckr_pat_[\w-]{16,}|\bAGE-SECRET-KEY-1\w{20,}|\bglsa_\w{20,}|\bshpat_\w{20,})"
      R"(|https://(hooks\.slack\.com/services|[\w.-]*webhook\.office\.com|discord(app)?\.com/api/webhooks)/[^\s"']+)"
      R"(|\$(2[abxy]|5|6|apr1|argon2id?|pbkdf2[\w-]*)\$[\w./$=,+-]{16,})");  // digests of passwords
  RE2::GlobalReplace(&text, kPattern, "***");
}

/// Whether a match of (name)…(value) is one of a secret; `after` is the text behind the value.
using Hides = bool (*)(std::string_view name, std::string_view value, std::string_view after);

/// Replaces the second group of each match where `hides` says so.
void MaskGroups(std::string& text, const RE2& pattern, Hides hides) {
  const std::string_view whole = text;
  re2::StringPiece input(text);
  re2::StringPiece name, value;
  std::string out;
  std::size_t copied = 0;
  while (RE2::FindAndConsume(&input, pattern, &name, &value)) {
    const auto at = static_cast<std::size_t>(value.data() - whole.data());
    if (!hides({name.data(), name.size()}, {value.data(), value.size()},
               whole.substr(at + value.size()))) {
      // What looked like its value may be the next name.
      input = re2::StringPiece(value.data(), whole.size() - at);
      continue;
    }
    out += whole.substr(copied, at - copied);
    out += kMask;
    copied = at + value.size();
  }
  out += whole.substr(copied);
  text = std::move(out);
}

bool NameHides(std::string_view name, std::string_view, std::string_view) {
  return NamesSecret(name);
}
bool Always(std::string_view, std::string_view, std::string_view) { return true; }
/// "Basic authentication" is prose.
bool IsNoWord(std::string_view, std::string_view value, std::string_view) {
  return value.find_first_of("0123456789=+/_-.") != std::string_view::npos ||
         value.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1) != std::string_view::npos;
}
bool IsUserInfo(std::string_view user, std::string_view, std::string_view after) {
  return user != "mailto" && !after.starts_with("@sha256:");
}

/// "user:password@host", "user:password@tcp(host)"; not "image:tag@sha256:…", not "mailto:a@b".
void MaskBareUserInfo(std::string& text) {
  static const RE2 kPattern(R"(([\w.+%-]+):([^\s:/@"'<>,;]+)@[\w.-])");
  if (text.find('@') == std::string::npos) return;
  MaskGroups(text, kPattern, IsUserInfo);
}

/// What a flag, a scheme, an element or a statement says is a secret.
void MaskByNeighbour(std::string& text) {
  static const RE2 kScheme(R"((?i)\b(bearer|basic|apikey)\s+["']?([\w.~+/=:-]{6,}))");
  static const RE2 kStatement(R"((?i)\b(identified\s+by|password)\s+'([^']+)')");
  // How go-yaml says what it could not read.
  static const RE2 kScalar(R"((!!\w+) `([^`]*)`)");
  static const RE2 kMysql(
      R"(\b(mysql|mysqldump|mysqladmin|mariadb|sshpass)\b[^\n]*?\s-p([^\s"']+))");
  static const RE2 kRedis(
      R"(\b(redis-cli|valkey-cli|keydb-cli)\b[^\n]*?\s-a\s+["']?([^\s"'-][^\s"']*))");
  static const RE2 kCurlUser(R"((\s(?:-u|--user|--proxy-user)[\s=]+["']?[^\s:"']+:)([^\s"']+))");
  MaskGroups(text, kScheme, IsNoWord);
  if (text.find('\'') != std::string::npos) MaskGroups(text, kStatement, Always);
  if (text.find('`') != std::string::npos) MaskGroups(text, kScalar, Always);
  if (text.find('-') == std::string::npos) return;
  MaskGroups(text, kMysql, Always);
  MaskGroups(text, kRedis, Always);
  MaskGroups(text, kCurlUser, Always);
  static const RE2 kFlag(
      R"((?:^|[\s"'\[,])--?([A-Za-z][\w.-]*)["']?[\s,]+["']?([^\s"'-][^\s"']*))");
  MaskGroups(text, kFlag, NameHides);
}

void MaskElements(std::string& text) {
  static const RE2 kElement(R"(<([\w.:-]+)[^<>]*>([^<>]+)</)");
  // <property name="password" value="x"/>, <entry key="password">x</entry>
  static const RE2 kProperty(
      R"((?:name|key|id)\s*=\s*["']([\w.:-]+)["']\s+value\s*=\s*["']([^"']+)["'])");
  static const RE2 kEntry(R"((?:name|key|id)\s*=\s*["']([\w.:-]+)["'][^<>]*>([^<>]+)</)");
  if (text.find('<') == std::string::npos) return;
  for (const RE2* pattern : {&kElement, &kProperty, &kEntry}) MaskGroups(text, *pattern, NameHides);
}

bool IsRunChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '-' || c == '_' || c == '=';
}

/// The digest of an image is to be seen: "app@sha256:…".
bool IsDigest(std::string_view text, std::size_t at) {
  return text.substr(0, at).ends_with("@sha256:");
}

void MaskRandom(std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && IsRunChar(text[end])) ++end;
    const auto word = std::string_view(text).substr(at, end - at);
    if (LooksRandom(word) && !IsDigest(text, at))
      out += kMask;
    else
      out += word;
    if (end < text.size()) out += text[end++];
    at = end;
  }
  text = std::move(out);
}

/// Strings under keys that name a secret, in a document.
void CollectFrom(const nlohmann::json& value, bool secret, int depth,
                 std::vector<std::string>& out) {
  if (depth == 0) return;
  if (value.is_string() && secret) out.push_back(value.get<std::string>());
  if (value.is_number() && secret) out.push_back(value.dump());
  if (value.is_array())
    for (const auto& item : value) CollectFrom(item, secret, depth - 1, out);
  if (value.is_object())
    for (const auto& [key, item] : value.items())
      CollectFrom(item, secret || NamesSecret(key), depth - 1, out);
}

/// Each "***" of `masked` against what stands there in `text`.
void CollectMasked(std::string_view text, std::string_view masked, std::vector<std::string>& out) {
  while (!masked.empty()) {
    const auto mark = masked.find(kMask);
    if (mark == std::string_view::npos || text.substr(0, mark) != masked.substr(0, mark)) return;
    text.remove_prefix(mark);
    masked.remove_prefix(mark + kMask.size());
    const auto next = masked.substr(0, std::min(masked.find(kMask), std::size_t{16}));
    const auto end = next.empty() ? text.size() : text.find(next);
    if (end == std::string_view::npos) return;
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

}  // namespace

std::string MaskCertain(std::string_view text) {
  std::string out = RedactUrlPasswords(MaskPrivateKeys(text));
  MaskTokens(out);
  MaskBareUserInfo(out);
  return out;
}

std::string MaskNamed(std::string_view line) {
  std::string out = MaskCertain(line);
  MaskByNeighbour(out);
  MaskElements(out);
  return RedactCredentials(out, NamesSecret);
}

std::string MaskLikely(std::string_view line) {
  std::string out = MaskNamed(line);
  MaskRandom(out);
  return out;
}

std::vector<std::string> SecretsWithin(std::string_view text) {
  constexpr int kDeepest = 32;
  std::vector<std::string> out;
  if (!text.empty() && (text.front() == '{' || text.front() == '['))
    CollectFrom(nlohmann::json::parse(text, nullptr, false), false, kDeepest, out);
  for (const auto line : Split(text, '\n')) {
    CollectMasked(line, RedactUrlPasswords(line), out);
    CollectMasked(line, RedactCredentials(line, NamesSecret), out);
    std::string bare(line);
    MaskBareUserInfo(bare);
    CollectMasked(line, bare, out);
  }
  return out;
}

}  // namespace datafly::diff

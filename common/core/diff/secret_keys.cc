#include "common/core/diff/secret_keys.h"

#include "common/core/base/text.h"

namespace datafly::diff {
namespace {

template <std::size_t N>
bool IsOneOf(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Each is a secret as a word of its own, where it would be too common as a part of one.
constexpr std::array kSecretWords{
    std::string_view{"pw"},       std::string_view{"pgpass"},      std::string_view{"jwt"},
    std::string_view{"salt"},     std::string_view{"pepper"},      std::string_view{"cred"},
    std::string_view{"creds"},    std::string_view{"pin"},         std::string_view{"otp"},
    std::string_view{"totp"},     std::string_view{"htpasswd"},    std::string_view{"dockercfg"},
    std::string_view{"jaas"},     std::string_view{"bearer"},      std::string_view{"hmac"},
    std::string_view{"passcode"}, std::string_view{"passphrases"}, std::string_view{"kubeconfig"},
    std::string_view{"netrc"},    std::string_view{"pgpassfile"}};

// Each is a secret as the last word of a key: "dbPass", "dockerAuth", "slack.webhook",
// "datafly.licence".
constexpr std::array kSecretLastWords{
    std::string_view{"auth"},        std::string_view{"webhook"},    std::string_view{"pass"},
    std::string_view{"requirepass"}, std::string_view{"masterauth"}, std::string_view{"license"},
    std::string_view{"licence"}};

// "signing_key", "tls.key", "ssh-keys": what makes a key a secret one.
constexpr std::array kKeyOwners{
    std::string_view{"signing"},     std::string_view{"signature"},
    std::string_view{"master"},      std::string_view{"license"},
    std::string_view{"licence"},     std::string_view{"account"},
    std::string_view{"shared"},      std::string_view{"session"},
    std::string_view{"cookie"},      std::string_view{"ssh"},
    std::string_view{"tls"},         std::string_view{"ssl"},
    std::string_view{"rsa"},         std::string_view{"crypt"},
    std::string_view{"crypto"},      std::string_view{"cipher"},
    std::string_view{"client"},      std::string_view{"server"},
    std::string_view{"root"},        std::string_view{"unseal"},
    std::string_view{"storage"},     std::string_view{"app"},
    std::string_view{"application"}, std::string_view{"instrumentation"},
    std::string_view{"fernet"},      std::string_view{"aes"},
    std::string_view{"ca"}};

// The last word of a key that speaks about a secret.
constexpr std::array kAboutWords{
    std::string_view{"name"},       std::string_view{"names"},    std::string_view{"ref"},
    std::string_view{"refs"},       std::string_view{"file"},     std::string_view{"path"},
    std::string_view{"dir"},        std::string_view{"mount"},    std::string_view{"ttl"},
    std::string_view{"seconds"},    std::string_view{"minutes"},  std::string_view{"hours"},
    std::string_view{"days"},       std::string_view{"ms"},       std::string_view{"expiry"},
    std::string_view{"expiration"}, std::string_view{"lifetime"}, std::string_view{"validity"},
    std::string_view{"timeout"},    std::string_view{"interval"}, std::string_view{"length"},
    std::string_view{"size"},       std::string_view{"limit"},    std::string_view{"max"},
    std::string_view{"min"},        std::string_view{"enabled"},  std::string_view{"type"},
    std::string_view{"algorithm"},  std::string_view{"secrets"},  std::string_view{"policy"},
    std::string_view{"namespace"},  std::string_view{"provider"}, std::string_view{"method"}};

// Keys of a Secret whose values are ordinary words: a user "datafly" is no reason to take that word
// out of every name.
constexpr std::array kOrdinaryWords{
    std::string_view{"user"},      std::string_view{"username"}, std::string_view{"host"},
    std::string_view{"hostname"},  std::string_view{"port"},     std::string_view{"database"},
    std::string_view{"dbname"},    std::string_view{"db"},       std::string_view{"name"},
    std::string_view{"namespace"}, std::string_view{"type"},     std::string_view{"region"},
    std::string_view{"endpoint"},  std::string_view{"sslmode"},  std::string_view{"bucket"},
    std::string_view{"login"},     std::string_view{"email"},    std::string_view{"server"},
    std::string_view{"engine"},    std::string_view{"schema"},   std::string_view{"protocol"}};

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// Where a new word starts: "dbPass", "JWTToken".
bool StartsWord(std::string_view key, std::size_t at) {
  if (at == 0 || !IsUpper(key[at])) return false;
  return !IsUpper(key[at - 1]) || (at + 1 < key.size() && IsLower(key[at + 1]));
}

bool HasSecretWord(const std::vector<std::string>& words) {
  // But "passThrough", "auth.json" and "webhook.enabled" are other things.
  const auto last = std::find_if(words.rbegin(), words.rend(), [](const std::string& word) {
    return word.find_first_not_of("0123456789") != std::string::npos;
  });
  if (last != words.rend() && IsOneOf(*last, kSecretLastWords)) return true;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (IsOneOf(words[i], kSecretWords)) return true;
    if (words[i] == "licensekey" || words[i] == "licencekey") return true;
    const bool key = words[i] == "key" || words[i] == "keys";
    if (key && i > 0 && IsOneOf(words[i - 1], kKeyOwners)) return true;
    if (words[i].starts_with("connectionstr") || words[i] == "dockerconfigjson") return true;
    if (i > 0 && words[i - 1] == "connection" && words[i].starts_with("str")) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> WordsOf(std::string_view key) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  for (std::size_t at = 0; at < key.size(); ++at) {
    const bool part = IsUpper(key[at]) || IsLower(key[at]) || IsDigit(key[at]);
    if (!part || StartsWord(key, at)) end_word();
    if (part) word += IsUpper(key[at]) ? static_cast<char>(key[at] - 'A' + 'a') : key[at];
  }
  end_word();
  return words;
}

KeyKind KindOfKey(std::string_view key) {
  const auto words = WordsOf(key);
  if (words.empty()) return KeyKind::Plain;
  // "PASSWORD1" and "DB_PASSWORD_2" are passwords as well.
  if (!SmellsOfSecret(key) && !HasSecretWord(words)) return KeyKind::Plain;
  if (words.size() > 1 && IsOneOf(words.back(), kAboutWords)) return KeyKind::AboutSecret;
  if (words.front() == "automount" || words.front() == "existing") return KeyKind::AboutSecret;
  return KeyKind::Secret;
}

bool NamesSecret(std::string_view key) { return KindOfKey(key) == KeyKind::Secret; }

bool NamesNoSecret(std::string_view key) {
  const auto words = WordsOf(key);
  return !words.empty() && IsOneOf(words.back(), kOrdinaryWords) &&
         KindOfKey(key) == KeyKind::Plain;
}

bool NamesDigest(std::string_view key) {
  for (const auto& word : WordsOf(key)) {
    if (word.starts_with("sha256") || word.starts_with("sha1") || word.starts_with("sha512") ||
        word.starts_with("md5") || word == "checksum" || word == "hash" || word == "digest")
      return true;
  }
  return false;
}

}  // namespace datafly::diff

#include "common/core/plan/envelope.h"

#include <nlohmann/json.hpp>

#include "common/core/base/base64.h"
#include "common/core/base/gzip.h"
#include "common/core/plan/cipher.h"
#include "common/core/plan/document.h"

namespace datafly::plan {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kCipher = "AES-256-GCM";
constexpr std::string_view kKdf = "scrypt";
constexpr std::size_t kBlock = 4096;  // what is encrypted tells its length only so precisely
constexpr std::size_t kSaltSize = 16;
constexpr std::size_t kLengthSize = 8;

Error Damaged() {
  return Error::InvalidInput("the encrypted part of the plan is damaged",
                             "take the file as it was saved, or make a new plan");
}

Error WrongKey() {
  return Error::InvalidInput(
      "the key does not open the plan: it is not the one that the plan was saved with, or somebody "
      "changed the plan and sealed it anew",
      "give the key that it was saved with (--plan-key FILE), or make a new plan");
}

/// Length, content, zeros up to the end of a block.
std::string Pad(std::string_view content) {
  std::string out;
  for (std::size_t i = kLengthSize; i-- > 0;)
    out += static_cast<char>(std::uint64_t{content.size()} >> (8 * i) & 0xff);
  out += content;
  out.resize((out.size() + kBlock - 1) / kBlock * kBlock);
  return out;
}

Result<std::string_view> Unpad(std::string_view padded) {
  if (padded.size() < kLengthSize) return Fail(Damaged());
  std::uint64_t length = 0;
  for (const char c : padded.substr(0, kLengthSize))
    length = length << 8 | static_cast<unsigned char>(c);
  padded.remove_prefix(kLengthSize);
  if (length > padded.size()) return Fail(Damaged());
  return padded.substr(0, length);
}

/// All of the document that is not encrypted, in the form that is authenticated.
std::string Authenticated(Json document) {
  Json& encrypted = document["encrypted"];
  for (const char* key : {"nonce", "tag", "ciphertext"}) encrypted.erase(key);
  document.erase("seal");
  return CanonicalText(document);
}

Result<std::string> ReadBytes(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string()) return Fail(Damaged());
  auto bytes = DecodeBase64(found->get_ref<const std::string&>());
  if (!bytes) return Fail(Damaged());
  return std::move(*bytes);
}

Result<std::uint64_t> ReadNumber(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_unsigned()) return Fail(Damaged());
  return found->get<std::uint64_t>();
}

Result<Scrypt> ReadScrypt(const Json& encrypted) {
  const auto kdf = encrypted.find("kdf");
  if (kdf == encrypted.end() || !kdf->is_object()) return Fail(Damaged());
  if (encrypted.value("cipher", Json()) != kCipher || kdf->value("name", Json()) != kKdf)
    return Fail(Error::Unsupported("the plan is encrypted in a way that is not known here",
                                   "use the version of helm signal that saved it"));
  Scrypt scrypt;
  ASSIGN_OR_RETURN(scrypt.n, ReadNumber(*kdf, "n"));
  ASSIGN_OR_RETURN(scrypt.r, ReadNumber(*kdf, "r"));
  ASSIGN_OR_RETURN(scrypt.p, ReadNumber(*kdf, "p"));
  ASSIGN_OR_RETURN(scrypt.salt, ReadBytes(*kdf, "salt"));
  return scrypt;
}

}  // namespace

Result<SecretString> UsableKey(const SecretString& key) {
  std::string_view text = key.Reveal();
  if (text.ends_with('\n')) text.remove_suffix(text.ends_with("\r\n") ? 2 : 1);
  if (text.size() < kShortestKey)
    return Fail(Error::InvalidInput(
        fmt::format("the key of the plan is too short: {} bytes at least", kShortestKey),
        "make one: openssl rand -base64 32 > plan.key"));
  return SecretString(std::string(text));
}

Result<Json> WithEncrypted(Json document, std::string_view content, const SecretString& key) {
  Scrypt scrypt;
  ASSIGN_OR_RETURN(scrypt.salt, RandomBytes(kSaltSize));
  ASSIGN_OR_RETURN(const SecretString usable, UsableKey(key));
  ASSIGN_OR_RETURN(const SecretString aes_key, DeriveKey(usable.Reveal(), scrypt));
  ASSIGN_OR_RETURN(const std::string compressed, Gzip(content));
  const Json kdf = {{"name", kKdf},
                    {"n", scrypt.n},
                    {"r", scrypt.r},
                    {"p", scrypt.p},
                    {"salt", EncodeBase64(scrypt.salt)}};
  document["encrypted"] = Json{{"cipher", kCipher}, {"kdf", kdf}};
  ASSIGN_OR_RETURN(const Encrypted made,
                   EncryptGcm(aes_key, Authenticated(document), Pad(compressed)));
  Json& encrypted = document["encrypted"];
  encrypted["nonce"] = EncodeBase64(made.nonce);
  encrypted["tag"] = EncodeBase64(made.tag);
  encrypted["ciphertext"] = EncodeBase64(made.ciphertext);
  return document;
}

Result<std::string> Decrypted(const Json& document, const SecretString& key) {
  ASSIGN_OR_RETURN(const SecretString usable, UsableKey(key));
  const Json& encrypted = document.at("encrypted");
  if (!encrypted.is_object()) return Fail(Damaged());
  ASSIGN_OR_RETURN(const Scrypt scrypt, ReadScrypt(encrypted));
  Encrypted parts;
  ASSIGN_OR_RETURN(parts.nonce, ReadBytes(encrypted, "nonce"));
  ASSIGN_OR_RETURN(parts.tag, ReadBytes(encrypted, "tag"));
  ASSIGN_OR_RETURN(parts.ciphertext, ReadBytes(encrypted, "ciphertext"));
  ASSIGN_OR_RETURN(const SecretString aes_key, DeriveKey(usable.Reveal(), scrypt));
  const auto padded = DecryptGcm(aes_key, Authenticated(document), parts);
  if (!padded) return Fail(WrongKey());
  ASSIGN_OR_RETURN(const std::string_view compressed, Unpad(*padded));
  return Gunzip(compressed, kMaxSize);
}

}  // namespace datafly::plan

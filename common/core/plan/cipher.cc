#include "common/core/plan/cipher.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <bit>

namespace datafly::plan {
namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;

unsigned char* Bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());  // NOLINT
}
const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());  // NOLINT
}

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

enum class Direction { Decrypt = 0, Encrypt = 1 };

/// Ready for the text; nullptr when OpenSSL refuses.
Context Begin(Direction direction, const SecretString& key, std::string_view nonce,
              std::string_view header) {
  Context context(EVP_CIPHER_CTX_new());
  int length = 0;
  const bool ready = context && key.Reveal().size() == kKeySize && nonce.size() == kNonceSize &&
                     EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr,
                                       Bytes(std::string_view(key.Reveal())), Bytes(nonce),
                                       static_cast<int>(direction)) == 1 &&
                     EVP_CipherUpdate(context.get(), nullptr, &length, Bytes(header),
                                      static_cast<int>(header.size())) == 1;
  return ready ? std::move(context) : nullptr;
}

/// `tag` must have been set for decryption: Final compares it.
std::optional<std::string> Run(EVP_CIPHER_CTX* context, std::string_view in) {
  std::string out(in.size(), '\0');
  int length = 0;
  int rest = 0;
  unsigned char none[EVP_MAX_BLOCK_LENGTH];  // GCM has nothing left at its end
  if (EVP_CipherUpdate(context, Bytes(out), &length, Bytes(in), static_cast<int>(in.size())) != 1 ||
      EVP_CipherFinal_ex(context, none, &rest) != 1)
    return std::nullopt;
  return out;
}

Error DoesNotOpen() { return Error::InvalidInput("the key does not open the plan"); }

}  // namespace

Result<std::string> RandomBytes(std::size_t size) {
  std::string bytes(size, '\0');
  if (RAND_bytes(Bytes(bytes), static_cast<int>(size)) != 1)
    return Fail(Error::Internal("the system gives no random bytes"));
  return bytes;
}

Result<SecretString> DeriveKey(std::string_view passphrase, const Scrypt& scrypt) {
  const bool fits = scrypt.n >= 2 && scrypt.n <= kMaxN && std::has_single_bit(scrypt.n) &&
                    scrypt.r >= 1 && scrypt.r <= kMaxR && scrypt.p >= 1 && scrypt.p <= kMaxP;
  if (!fits)
    return Fail(Error::InvalidInput(
        fmt::format("the plan asks for scrypt with n={} r={} p={}, which is out of bounds",
                    scrypt.n, scrypt.r, scrypt.p)));
  std::string key(kKeySize, '\0');
  const std::uint64_t memory = 128 * scrypt.r * (scrypt.n + scrypt.p + 2) + 4096;
  if (EVP_PBE_scrypt(passphrase.data(), passphrase.size(), Bytes(std::string_view(scrypt.salt)),
                     scrypt.salt.size(), scrypt.n, scrypt.r, scrypt.p, memory, Bytes(key),
                     kKeySize) != 1)
    return Fail(Error::Internal("no key could be made: scrypt failed"));
  return SecretString(std::move(key));
}

Result<Encrypted> EncryptGcm(const SecretString& aes_key, std::string_view header,
                             std::string_view plaintext) {
  Encrypted encrypted;
  ASSIGN_OR_RETURN(encrypted.nonce, RandomBytes(kNonceSize));
  const Context context = Begin(Direction::Encrypt, aes_key, encrypted.nonce, header);
  auto ciphertext = context ? Run(context.get(), plaintext) : std::nullopt;
  encrypted.tag.resize(kTagSize);
  if (!ciphertext || EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagSize,
                                         encrypted.tag.data()) != 1)
    return Fail(Error::Internal("the plan could not be encrypted"));
  encrypted.ciphertext = std::move(*ciphertext);
  return encrypted;
}

Result<std::string> DecryptGcm(const SecretString& aes_key, std::string_view header,
                               const Encrypted& encrypted) {
  // A shorter tag would be taken, and be easier to guess.
  if (encrypted.tag.size() != kTagSize) return Fail(DoesNotOpen());
  const Context context = Begin(Direction::Decrypt, aes_key, encrypted.nonce, header);
  std::string tag = encrypted.tag;
  if (!context ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()) != 1)
    return Fail(DoesNotOpen());
  auto plaintext = Run(context.get(), encrypted.ciphertext);
  if (!plaintext) return Fail(DoesNotOpen());
  return std::move(*plaintext);
}

}  // namespace datafly::plan

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/core/base/result.h"
#include "common/core/base/secret.h"

/// OpenSSL's part in a saved plan. Internal to this room.
namespace datafly::plan {

/// scrypt (RFC 7914). What is written: 32 MiB and about a tenth of a second a try.
struct Scrypt {
  std::uint64_t n = std::uint64_t{1} << 15;
  std::uint64_t r = 8;
  std::uint64_t p = 1;
  std::string salt;
};

/// Bounds of what a file may ask for: at most 128 MiB, and some seconds.
inline constexpr std::uint64_t kMaxN = std::uint64_t{1} << 17;
inline constexpr std::uint64_t kMaxR = 8;
inline constexpr std::uint64_t kMaxP = 4;

/// An AES-256 key. Errors: InvalidInput for parameters beyond the bounds or that are none of
/// scrypt's, before anything is computed.
Result<SecretString> DeriveKey(std::string_view passphrase, const Scrypt& scrypt);

struct Encrypted {
  std::string nonce, tag, ciphertext;
};

/// AES-256-GCM under a fresh nonce. Errors: Internal (no random bytes to be had).
Result<Encrypted> EncryptGcm(const SecretString& aes_key, std::string_view header,
                             std::string_view plaintext);
/// Errors: InvalidInput when key, header, nonce, tag and ciphertext do not belong together.
Result<std::string> DecryptGcm(const SecretString& aes_key, std::string_view header,
                               const Encrypted& encrypted);

/// From the system's generator. Errors: Internal.
Result<std::string> RandomBytes(std::size_t size);

}  // namespace datafly::plan

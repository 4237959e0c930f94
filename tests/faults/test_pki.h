#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

namespace datafly::testing {

struct Identity {
  std::string cert_pem;
  std::string key_pem;
};

/// What a leaf certificate says. Times are in days from now.
struct LeafSpec {
  std::string common_name = "server";
  std::vector<std::string> names = {"IP:127.0.0.1", "DNS:localhost"};
  int from_days = -1;
  int to_days = 1;
};

/// A certificate authority that lives in memory; P-256 throughout.
class TestCa {
 public:
  explicit TestCa(const std::string& common_name = "test CA");
  [[nodiscard]] const std::string& pem() const { return pem_; }
  [[nodiscard]] Identity Issue(const LeafSpec& spec = {}) const;
  /// The name under which OpenSSL looks for it in a certificate directory ("1a2b3c4d.0").
  [[nodiscard]] std::string HashName() const;

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* cert) const { X509_free(cert); }
  };
  std::unique_ptr<EVP_PKEY, Free> key_;
  std::unique_ptr<X509, Free> cert_;
  std::string pem_;
};

}  // namespace datafly::testing

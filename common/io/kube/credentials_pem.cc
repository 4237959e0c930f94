#include "common/io/kube/credentials_pem.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <climits>
#include <ctime>

#include "common/io/kube/openssl_ptr.h"

namespace datafly::kube {
namespace {

constexpr std::size_t kMaxPem = 16U << 20U;

/// A view of the text; null for what OpenSSL cannot take.
BioPtr Open(const std::string& pem) {
  if (pem.size() > kMaxPem) return nullptr;
  return BioPtr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

/// Without this OpenSSL would ask for the password on the terminal.
int RefusePassword(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

/// The first certificate, or null. Leaves OpenSSL's error queue empty.
X509Ptr ReadCertificate(const std::string& pem) {
  BioPtr bio = Open(pem);
  bool asked = false;
  X509Ptr certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, RefusePassword, &asked)
                          : nullptr);
  ERR_clear_error();
  return certificate;
}

Result<KeyPtr> ReadKey(const SecretString& pem) {
  BioPtr bio = Open(pem.Reveal());
  bool asked = false;
  KeyPtr key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, RefusePassword, &asked) : nullptr);
  ERR_clear_error();
  if (key) return key;
  if (asked) {
    return Fail(Error::InvalidInput("the private key is encrypted, which kubeconfig cannot express",
                                    "give an unencrypted key, or use an exec credential plugin"));
  }
  return Fail(Error::InvalidInput("failed to find any PEM data in key input"));
}

Result<Time> ToTime(const ASN1_TIME* date) {
  std::tm utc{};
  if (ASN1_TIME_to_tm(date, &utc) != 1) {
    return Fail(Error::InvalidInput("the certificate's dates cannot be read"));
  }
  return Time(std::chrono::seconds(::timegm(&utc)));
}

Result<CertificateLife> LifeOf(const X509* certificate) {
  CertificateLife life;
  ASSIGN_OR_RETURN(life.not_before, ToTime(X509_get0_notBefore(certificate)));
  ASSIGN_OR_RETURN(life.not_after, ToTime(X509_get0_notAfter(certificate)));
  return life;
}

}  // namespace

Result<void> CheckCaBundle(const std::string& pem) {
  if (ReadCertificate(pem)) return {};
  return Fail(Error::InvalidInput(
      "unable to load root certificates: unable to parse bytes as PEM block",
      "the certificate authority must be one or more PEM certificates (-----BEGIN CERTIFICATE)"));
}

Result<CertificateLife> CheckClientCertificate(const std::string& certificate_pem,
                                               const SecretString& key_pem) {
  X509Ptr certificate = ReadCertificate(certificate_pem);
  if (!certificate) {
    return Fail(Error::InvalidInput("failed to find any PEM data in certificate input"));
  }
  ASSIGN_OR_RETURN(KeyPtr key, ReadKey(key_pem));
  bool match = X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (!match) return Fail(Error::InvalidInput("private key does not match public key"));
  return LifeOf(certificate.get());
}

std::string CertificateTrouble(const CertificateLife& life, Time now) {
  if (now > life.not_after) {
    return "your client certificate expired on " + FormatTime(life.not_after);
  }
  if (now < life.not_before) {
    return "your client certificate is not valid before " + FormatTime(life.not_before);
  }
  return {};
}

}  // namespace datafly::kube

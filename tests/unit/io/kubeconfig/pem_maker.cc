#include "tests/unit/io/kubeconfig/pem_maker.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace datafly::kube {
namespace {

template <class Write>
std::string ToPem(Write write) {
  BIO* bio = BIO_new(BIO_s_mem());
  write(bio);
  char* data = nullptr;
  long size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return pem;
}

void SetName(X509* certificate, const std::string& common_name) {
  std::string copy = common_name;
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             static_cast<const unsigned char*>(static_cast<void*>(copy.data())), -1,
                             -1, 0);
  X509_set_issuer_name(certificate, name);
}

}  // namespace

PemPair MakePemPair(const std::string& common_name, Time not_after) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  ASN1_TIME_set(X509_getm_notBefore(certificate), 0);
  ASN1_TIME_set(
      X509_getm_notAfter(certificate),
      std::chrono::duration_cast<std::chrono::seconds>(not_after.time_since_epoch()).count());
  X509_set_pubkey(certificate, key);
  SetName(certificate, common_name);
  X509_sign(certificate, key, EVP_sha256());
  std::string password = "hunter2";
  PemPair pair;
  pair.certificate = ToPem([&](BIO* bio) { PEM_write_bio_X509(bio, certificate); });
  pair.key = ToPem(
      [&](BIO* bio) { PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
  pair.encrypted_key = ToPem([&](BIO* bio) {
    PEM_write_bio_PKCS8PrivateKey(bio, key, EVP_aes_128_cbc(), password.data(),
                                  static_cast<int>(password.size()), nullptr, nullptr);
  });
  X509_free(certificate);
  EVP_PKEY_free(key);
  return pair;
}

}  // namespace datafly::kube

#include "tests/faults/test_pki.h"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace datafly::testing {

namespace {

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

template <class Write>
std::string Pem(Write write) {
  const std::unique_ptr<BIO, BioFree> bio(BIO_new(BIO_s_mem()));
  write(bio.get());
  char buffer[8192];
  const int size = BIO_read(bio.get(), buffer, sizeof buffer);
  return {buffer, static_cast<std::size_t>(std::max(size, 0))};
}

std::string CertPem(X509* cert) {
  return Pem([cert](BIO* bio) { PEM_write_bio_X509(bio, cert); });
}

std::string KeyPem(EVP_PKEY* key) {
  return Pem([key](BIO* bio) {
    PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

void AddExtension(X509* cert, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  X509_add_ext(cert, extension, -1);
  X509_EXTENSION_free(extension);
}

void SetName(X509_NAME* name, const std::string& common_name) {
  X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
}

X509* NewCert(EVP_PKEY* key, const std::string& common_name, int from_days, int to_days) {
  X509* cert = X509_new();
  X509_set_version(cert, 2);
  std::uint32_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set(X509_get_serialNumber(cert), static_cast<long>(serial >> 1U));
  X509_gmtime_adj(X509_getm_notBefore(cert), 86400L * from_days);
  X509_gmtime_adj(X509_getm_notAfter(cert), 86400L * to_days);
  X509_set_pubkey(cert, key);
  SetName(X509_get_subject_name(cert), common_name);
  return cert;
}

}  // namespace

TestCa::TestCa(const std::string& common_name) : key_(EVP_EC_gen("P-256")) {
  cert_.reset(NewCert(key_.get(), common_name, -30, 30));
  X509_set_issuer_name(cert_.get(), X509_get_subject_name(cert_.get()));
  AddExtension(cert_.get(), cert_.get(), NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(cert_.get(), cert_.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  X509_sign(cert_.get(), key_.get(), EVP_sha256());
  pem_ = CertPem(cert_.get());
}

Identity TestCa::Issue(const LeafSpec& spec) const {
  const std::unique_ptr<EVP_PKEY, Free> key(EVP_EC_gen("P-256"));
  const std::unique_ptr<X509, Free> cert(
      NewCert(key.get(), spec.common_name, spec.from_days, spec.to_days));
  X509_set_issuer_name(cert.get(), X509_get_subject_name(cert_.get()));
  AddExtension(cert.get(), cert_.get(), NID_basic_constraints, "CA:FALSE");
  if (!spec.names.empty()) {
    AddExtension(cert.get(), cert_.get(), NID_subject_alt_name,
                 fmt::format("{}", fmt::join(spec.names, ",")));
  }
  X509_sign(cert.get(), key_.get(), EVP_sha256());
  return {CertPem(cert.get()), KeyPem(key.get())};
}

std::string TestCa::HashName() const {
  return fmt::format("{:08x}.0", X509_subject_name_hash(cert_.get()));
}

}  // namespace datafly::testing

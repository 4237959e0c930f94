#include "common/io/kube/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>

#include "common/io/kube/openssl_ptr.h"

namespace datafly::kube {
namespace {

using NamesPtr = std::unique_ptr<GENERAL_NAMES, OpenSslDeleter<GENERAL_NAMES_free>>;

/// A Secret holds no more.
constexpr std::size_t kMaxPem = 2U << 20U;
/// Enough to know a certificate by; a wide one names thousands.
constexpr std::size_t kMostNames = 20;

/// Without this OpenSSL would ask for a password on the terminal.
int RefusePassword(char*, int, int, void*) { return -1; }

Result<Time> ToTime(const ASN1_TIME* date) {
  std::tm utc{};
  if (ASN1_TIME_to_tm(date, &utc) != 1)
    return Fail(Error::InvalidInput("the certificate's dates cannot be read"));
  return Time(std::chrono::seconds(::timegm(&utc)));
}

std::vector<std::string> DnsNames(const X509* certificate) {
  std::vector<std::string> out;
  const NamesPtr names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS || out.size() == kMostNames) continue;
    const ASN1_STRING* text = name->d.dNSName;
    out.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                     static_cast<std::size_t>(ASN1_STRING_length(text)));
  }
  return out;
}

}  // namespace

Result<kinds::Certificate> ReadCertificate(const std::string& pem) {
  const BioPtr bio(
      pem.size() > kMaxPem ? nullptr : BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const X509Ptr leaf(bio ? PEM_read_bio_X509(bio.get(), nullptr, RefusePassword, nullptr)
                         : nullptr);
  ERR_clear_error();
  if (!leaf) return Fail(Error::InvalidInput("tls.crt is no PEM certificate"));
  kinds::Certificate certificate;
  ASSIGN_OR_RETURN(certificate.not_before, ToTime(X509_get0_notBefore(leaf.get())));
  ASSIGN_OR_RETURN(certificate.not_after, ToTime(X509_get0_notAfter(leaf.get())));
  certificate.dns_names = DnsNames(leaf.get());
  ERR_clear_error();
  return certificate;
}

}  // namespace datafly::kube

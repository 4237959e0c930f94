#include "common/io/http/tls_trace.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>

#include <ctime>

namespace datafly::http {

namespace {

/// Names come from the peer: printable ASCII only, and short.
std::string Clean(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 120)) out += (c >= 0x20 && c < 0x7f) ? c : '?';
  return out;
}

std::string CommonName(X509_NAME* name) {
  char text[128] = {};
  if (X509_NAME_get_text_by_NID(name, NID_commonName, text, sizeof text) > 0) return Clean(text);
  return {};
}

std::string Date(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return {};
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts);
  return text;
}

std::string Address(const unsigned char* bytes, int size) {
  char text[INET6_ADDRSTRLEN] = {};
  if (size != 4 && size != 16) return {};
  inet_ntop(size == 4 ? AF_INET : AF_INET6, bytes, text, sizeof text);
  return text;
}

std::string NameText(const GENERAL_NAME& name) {
  if (name.type == GEN_DNS) {
    const auto* data = ASN1_STRING_get0_data(name.d.dNSName);
    const auto size = static_cast<std::size_t>(ASN1_STRING_length(name.d.dNSName));
    return Clean(std::string(data, data + size));
  }
  if (name.type == GEN_IPADD) {
    return Address(ASN1_STRING_get0_data(name.d.iPAddress), ASN1_STRING_length(name.d.iPAddress));
  }
  return {};
}

}  // namespace

void TlsTrace::Attach(SSL_CTX* context) {
  ++handshakes_;
  SSL_CTX_set_app_data(context, this);
  SSL_CTX_set_verify(context, SSL_CTX_get_verify_mode(context), &TlsTrace::OnVerify);
}

int TlsTrace::OnVerify(int ok, X509_STORE_CTX* store) {
  auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  if (ssl == nullptr) return ok;
  if (auto* trace = static_cast<TlsTrace*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)))) {
    trace->Record(ok, store);
  }
  return ok;
}

void TlsTrace::Record(int ok, X509_STORE_CTX* store) {
  X509* leaf = X509_STORE_CTX_get0_cert(store);
  if (leaf != nullptr && leaf != leaf_.get()) {
    X509_up_ref(leaf);
    leaf_.reset(leaf);
    verify_error_ = X509_V_OK;
  }
  if (ok == 1 || verify_error_ != X509_V_OK) return;
  verify_error_ = X509_STORE_CTX_get_error(store);
  X509* current = X509_STORE_CTX_get_current_cert(store);
  if (current == nullptr) return;
  subject_ = CommonName(X509_get_subject_name(current));
  issuer_ = CommonName(X509_get_issuer_name(current));
  not_before_ = Date(X509_get0_notBefore(current));
  not_after_ = Date(X509_get0_notAfter(current));
}

std::string TlsTrace::reason() const { return X509_verify_cert_error_string(verify_error_); }

std::vector<std::string> TlsTrace::LeafNames() const {
  std::vector<std::string> names;
  if (!leaf_) return names;
  auto* all = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(leaf_.get(), NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(all); ++i) {
    auto text = NameText(*sk_GENERAL_NAME_value(all, i));
    if (!text.empty() && names.size() < 8) names.push_back(std::move(text));
  }
  GENERAL_NAMES_free(all);
  return names;
}

}  // namespace datafly::http

#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace datafly::http {

/// What OpenSSL saw of the peer's certificate on the latest handshake of an endpoint, for error
/// messages: libcurl itself keeps only a number. Watches the verification; never changes its
/// outcome.
class TlsTrace {
 public:
  /// To be called from CURLOPT_SSL_CTX_FUNCTION; the trace must outlive the connection.
  void Attach(SSL_CTX* context);
  /// How many handshakes have begun: libcurl does not tell a waiting TCP connection from a waiting
  /// handshake.
  [[nodiscard]] int handshakes() const { return handshakes_; }

  /// X509_V_ERR_… of the first certificate that was refused, or X509_V_OK.
  [[nodiscard]] int verify_error() const { return verify_error_; }
  [[nodiscard]] std::string reason() const;
  /// Subject and validity of the refused certificate ("2026-01-02"), or empty.
  [[nodiscard]] const std::string& subject() const { return subject_; }
  [[nodiscard]] const std::string& issuer() const { return issuer_; }
  [[nodiscard]] const std::string& not_before() const { return not_before_; }
  [[nodiscard]] const std::string& not_after() const { return not_after_; }
  /// The names and addresses that the server's certificate is valid for.
  [[nodiscard]] std::vector<std::string> LeafNames() const;

 private:
  static int OnVerify(int ok, X509_STORE_CTX* store);
  void Record(int ok, X509_STORE_CTX* store);

  struct X509Deleter {
    void operator()(X509* x) const { X509_free(x); }
  };
  std::unique_ptr<X509, X509Deleter> leaf_;
  int verify_error_ = 0;
  int handshakes_ = 0;
  std::string subject_, issuer_, not_before_, not_after_;
};

}  // namespace datafly::http

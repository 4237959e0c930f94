#include "common/io/http/curl_error.h"

#include <openssl/x509_vfy.h>

#include <cerrno>
#include <system_error>

#include "common/io/http/client.h"

namespace datafly::http {

namespace {

constexpr std::string_view kCheckServer = "check the server's address, your network and VPN";

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Text from libcurl and OpenSSL on one bounded line.
std::string Detail(const Failure& failure, CURLcode code) {
  std::string_view text = failure.detail;
  if (text.empty()) text = curl_easy_strerror(code);
  std::string line;
  for (const char c : text.substr(0, 200)) line += (c >= 0x20 && c < 0x7f) ? c : ' ';
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string Via(const Failure& failure) {
  return failure.proxy.empty() ? std::string()
                               : fmt::format(" through the proxy {}", failure.proxy);
}

std::string Quoted(const std::string& name) {
  return name.empty() ? std::string() : fmt::format(" \"{}\"", name);
}

Error ConnectionLost(const Failure& failure, std::string_view what) {
  Error error =
      Error::Unreachable(fmt::format("{} by {}{}", what, failure.url.HostPort(), Via(failure)),
                         std::string(kCheckServer));
  error.server_reason = kConnectionLost;
  return error;
}

Error UnknownAuthority(const Failure& failure) {
  const std::string by = failure.tls ? Quoted(failure.tls->issuer()) : std::string();
  if (failure.own_ca) {
    return Error::Tls(
        fmt::format("the server's certificate is not signed by the kubeconfig's certificate "
                    "authority ({} presents one issued by{})",
                    failure.url.HostPort(), by.empty() ? " somebody else" : by),
        "check that certificate-authority and server in the kubeconfig belong to the same cluster; "
        "a proxy that opens TLS connections on the way has the same effect");
  }
  return Error::Tls(
      fmt::format("the certificate of {} is issued by{}, which this machine does not trust",
                  failure.url.HostPort(), by.empty() ? " an unknown authority" : by),
      "add the certificate authority to the kubeconfig (certificate-authority-data) or to the "
      "machine's trust store");
}

Error Expired(const Failure& failure) {
  return Error::Tls(
      fmt::format("the certificate{} of {} has expired on {}", Quoted(failure.tls->subject()),
                  failure.url.HostPort(), failure.tls->not_after()),
      "renew the server's certificate; if it is fresh, check this machine's clock");
}

Error NotYetValid(const Failure& failure) {
  return Error::Tls(
      fmt::format("the certificate{} of {} is valid only from {}", Quoted(failure.tls->subject()),
                  failure.url.HostPort(), failure.tls->not_before()),
      "check this machine's clock");
}

Error WrongName(const Failure& failure) {
  const auto names = failure.tls ? failure.tls->LeafNames() : std::vector<std::string>();
  return Error::Tls(
      fmt::format("the certificate of {} is not valid for {}, only for {}", failure.url.HostPort(),
                  failure.peer_name,
                  names.empty() ? "no name at all" : fmt::format("{}", fmt::join(names, ", "))),
      "use one of these names in the kubeconfig's server, or set tls-server-name");
}

Error BadPeer(CURLcode code, const Failure& failure) {
  const int reason = failure.tls ? failure.tls->verify_error() : X509_V_OK;
  switch (reason) {
    case X509_V_OK:
      return WrongName(failure);
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Expired(failure);
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return NotYetValid(failure);
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return UnknownAuthority(failure);
    default:
      return Error::Tls(fmt::format("the certificate of {} is refused: {} ({})",
                                    failure.url.HostPort(), failure.tls->reason(),
                                    Detail(failure, code)));
  }
}

Error Handshake(CURLcode code, const Failure& failure) {
  if (Contains(failure.detail, "wrong version number") ||
      Contains(failure.detail, "http request")) {
    return Error::Tls(
        fmt::format("{} does not speak TLS", failure.url.HostPort()),
        "check the port in the kubeconfig's server; http:// in place of https:// may be meant");
  }
  if (Contains(failure.detail, "alert")) {
    Error error = Error::Tls(fmt::format("{} refused the TLS connection: {}",
                                         failure.url.HostPort(), Detail(failure, code)),
                             "check the client certificate of the kubeconfig's user");
    error.server_reason = kTlsRefusal;
    return error;
  }
  if (failure.os_error != 0 || Contains(failure.detail, "SSL_ERROR_SYSCALL") ||
      Contains(failure.detail, "unexpected eof")) {
    return ConnectionLost(failure, "the connection was closed during the TLS handshake");
  }
  return Error::Tls(
      fmt::format("no TLS connection to {}: {}", failure.url.HostPort(), Detail(failure, code)));
}

Error CannotConnect(CURLcode code, const Failure& failure) {
  const std::string peer = failure.proxy.empty() ? failure.url.HostPort() : failure.proxy;
  if (failure.os_error == ECONNREFUSED) {
    return Error::Unreachable(fmt::format("connection refused by {}", peer),
                              std::string(kCheckServer));
  }
  const std::string why = failure.os_error != 0 ? std::generic_category().message(failure.os_error)
                                                : Detail(failure, code);
  return Error::Unreachable(fmt::format("cannot connect to {}: {}", peer, why),
                            std::string(kCheckServer));
}

std::string_view Doing(Phase phase) {
  switch (phase) {
    case Phase::Waiting:
    case Phase::Connecting:
      return "still connecting";
    case Phase::Resolving:
      return "the name server does not answer";
    case Phase::Handshaking:
      return "it does not complete the TLS handshake";
    case Phase::Sent:
      return "the connection stands, the reply is missing";
  }
  return "";
}

Error TimedOut(const Failure& failure) {
  const bool connecting = failure.phase < Phase::Sent;
  const Millis limit =
      connecting && failure.connect_timeout.count() > 0 &&
              (failure.timeout.count() == 0 || failure.connect_timeout < failure.timeout)
          ? failure.connect_timeout
          : failure.timeout;
  return Error::TimedOut(
      fmt::format("no answer from {}{} within {:.3g} s ({})", failure.url.HostPort(), Via(failure),
                  static_cast<double>(limit.count()) / 1000.0, Doing(failure.phase)),
      std::string(kCheckServer));
}

Error Other(CURLcode code, const Failure& failure) {
  return Error::Protocol(
      fmt::format("the exchange with {} failed: {}", failure.url.HostPort(), Detail(failure, code)),
      std::string(kCheckServer));
}

Error BadTrust(const Failure& failure) {
  if (!failure.own_ca) {
    return Error::Tls(
        "this machine's certificate authorities cannot be read",
        "install the package ca-certificates, or name a certificate-authority in the kubeconfig");
  }
  return Error::Tls("the kubeconfig's certificate authority is not a PEM certificate",
                    "check certificate-authority or certificate-authority-data");
}

/// A read or write that failed: a TLS alert says that our certificate was not liked, all else is a
/// lost connection.
Error Broken(CURLcode code, const Failure& failure) {
  if (Contains(failure.detail, "alert")) return Handshake(code, failure);
  return ConnectionLost(failure, "the connection was closed");
}

}  // namespace

bool IsTlsRefusal(const Error& error) {
  return error.http_status == 0 && error.server_reason == kTlsRefusal;
}

bool IsConnectionLost(const Error& error) {
  return error.http_status == 0 && error.server_reason == kConnectionLost;
}

std::string ProxyHostPort(const std::string& proxy_url) {
  std::string_view rest = proxy_url;
  if (const auto scheme = rest.find("://"); scheme != std::string_view::npos) {
    rest.remove_prefix(scheme + 3);
  }
  rest = rest.substr(0, rest.find('/'));
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
  return std::string(rest);
}

Error LateError(const Failure& failure) {
  return Error::TimedOut(fmt::format("no answer from {}{} within the deadline ({})",
                                     failure.url.HostPort(), Via(failure), Doing(failure.phase)),
                         std::string(kCheckServer));
}

Error FromCurl(CURLcode code, const Failure& failure) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return Error::Unreachable(fmt::format("cannot resolve {}", failure.url.host),
                                std::string(kCheckServer));
    case CURLE_COULDNT_RESOLVE_PROXY:
      return Error::Unreachable(
          fmt::format("cannot resolve the proxy {}", failure.proxy),
          "check proxy-url in the kubeconfig and the environment's https_proxy");
    case CURLE_COULDNT_CONNECT:
      return CannotConnect(code, failure);
    case CURLE_PROXY:
      return Error::Unreachable(fmt::format("the proxy {} does not pass the connection on: {}",
                                            failure.proxy, Detail(failure, code)));
    case CURLE_OPERATION_TIMEDOUT:
      return TimedOut(failure);
    case CURLE_PEER_FAILED_VERIFICATION:
      return BadPeer(code, failure);
    case CURLE_SSL_CONNECT_ERROR:
      return Handshake(code, failure);
    case CURLE_SSL_CERTPROBLEM:
      return Error::Tls(
          fmt::format("the kubeconfig's client certificate and key cannot be used: {}",
                      Detail(failure, code)),
          "both must be PEM, belong together and need no passphrase");
    case CURLE_SSL_CACERT_BADFILE:
      return BadTrust(failure);
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      return Broken(code, failure);
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return ConnectionLost(failure, "the reply was cut");
    case CURLE_BAD_CONTENT_ENCODING:
      return Error::Protocol(
          fmt::format("the reply of {} claims to be gzip and is not", failure.url.HostPort()));
    case CURLE_OUT_OF_MEMORY:
      return Error::Internal("out of memory");
    default:
      return Other(code, failure);
  }
}

}  // namespace datafly::http

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/base/secret.h"
#include "common/io/http/observer.h"
#include "common/io/loop/loop.h"

namespace datafly::http {

/// Trust, identity and route for one endpoint; everything in memory. Two requests share a
/// connection only when they use the same Endpoint object.
struct Endpoint {
  std::string
      ca_pem;  ///< if not empty: the ONLY trust root (CAINFO_BLOB with CAPATH and CAINFO off)
  std::string ca_file;  ///< used when ca_pem is empty: path of the system's PEM bundle (CAINFO,
                        ///< CAPATH off); "" = libcurl's default
  bool insecure_skip_tls_verify = false;
  std::string tls_server_name;  ///< SNI and the name that is verified, if not the URL's host
  std::string client_cert_pem;
  SecretString client_key_pem;
  std::string proxy_url;    ///< http, https, socks5(h); "" = none (environment already resolved by
                            ///< the caller)
  bool compression = true;  ///< ask for gzip
  bool http2 = true;
  Millis connect_timeout{30000};         ///< covers DNS, TCP and TLS
  bool allow_plain_credentials = false;  ///< send Authorization to http:// (never set for the API
                                         ///< server; the lab's registry uses it)
};

using Header = std::pair<std::string, std::string>;

struct Request {
  std::shared_ptr<const Endpoint> endpoint;
  std::string method = "GET";
  std::string url;              ///< https://host:port/path?query; http and https only
  std::vector<Header> headers;  ///< without credentials; CR and LF are refused
  SecretString authorization;   ///< the value of the Authorization header, or empty
  std::string body;
  Millis timeout{0};  ///< of this request in all; 0 = none but the Wait's deadline
  std::size_t max_body =
      256U << 20U;  ///< a longer (decoded) body ends the request with Error::TooLarge
  /// A POST or PATCH that may reach the server twice without harm. Any other write gets a
  /// connection of its own, because libcurl re-sends a request of any method when a kept connection
  /// turns out to be dead (knowledge: a POST that the server had read was sent twice). GET and HEAD
  /// always may.
  bool replayable = false;
  bool connect_only = false;  ///< for WebSocket alone: connect, speak TLS, send nothing
  /// If set, the body of a 2xx reply goes here as it comes and Response::body stays empty (the body
  /// of any other status still goes there); a false return ends the request with
  /// Error::Interrupted. May start and cancel requests.
  std::function<bool(std::string_view)> on_data;
};

/// The connection broke after the request may have been sent (reset, end of stream, GOAWAY): a GET
/// may be tried again.
[[nodiscard]] bool IsConnectionLost(const Error& error);

/// The peer ended the TLS handshake with an alert: it does not like us (most often our client
/// certificate).
[[nodiscard]] bool IsTlsRefusal(const Error& error);

/// Any HTTP status is a Response; an Error means that no whole reply came.
struct Response {
  int status = 0;
  std::vector<Header> headers;  ///< names in lower case
  std::string body;
  std::uint64_t wire_bytes = 0;  ///< body bytes as transferred
  int http_version = 0;          ///< 11 or 2
  [[nodiscard]] std::string_view FindHeader(std::string_view lower_case_name) const;
};

/// libcurl through curl_multi_socket_action on the loop. Redirects are not followed, netrc is not
/// read, no environment variable is consulted.
class Client {
 public:
  /// `observer`, if there is one, is told of every request.
  explicit Client(Loop& loop, Observer* observer = nullptr);
  virtual ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  /// Virtual: tests put a recording fake here.
  virtual Pending<Response> Start(Request request);
  /// How many TCP connections were opened so far (the budget tests read it).
  [[nodiscard]] std::uint64_t connections_opened() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace datafly::http

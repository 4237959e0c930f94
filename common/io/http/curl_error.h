#pragma once

#include <curl/curl.h>

#include <string>

#include "common/core/base/error.h"
#include "common/core/base/time.h"
#include "common/io/http/tls_trace.h"
#include "common/io/http/url.h"

namespace datafly::http {

/// How far a transfer came; the order is the order in time.
enum class Phase { Waiting, Resolving, Connecting, Handshaking, Sent };

/// What is known of a transfer that failed.
struct Failure {
  UrlParts url;
  std::string peer_name;  ///< the name that TLS verifies (tls_server_name or the URL's host)
  std::string proxy;      ///< "host:port" of the proxy, or empty
  std::string detail;     ///< libcurl's error buffer
  int os_error = 0;
  Phase phase = Phase::Waiting;
  Millis connect_timeout{0};
  Millis timeout{0};
  bool own_ca = false;  ///< the endpoint brought its own certificate authority
  const TlsTrace* tls = nullptr;
};

/// The one place that turns a CURLcode into words for people.
Error FromCurl(CURLcode code, const Failure& failure);

/// What to say when a holder's deadline comes while the transfer is still in `phase`.
Error LateError(const Failure& failure);

/// "host:port" of a proxy URL, without its user and password.
std::string ProxyHostPort(const std::string& proxy_url);

/// The `server_reason` of an error for a connection that broke in mid-request
/// (http::IsConnectionLost).
inline constexpr std::string_view kConnectionLost = "ConnectionLost";
/// The same for http::IsTlsRefusal.
inline constexpr std::string_view kTlsRefusal = "TlsRefusal";

}  // namespace datafly::http

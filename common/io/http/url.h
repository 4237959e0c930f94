#pragma once

#include <string>
#include <string_view>

#include "common/core/base/result.h"

namespace datafly::http {

/// What we need to know of a URL; parsed by libcurl's own parser, so that both of us see the same
/// host.
struct UrlParts {
  std::string scheme;  ///< "https" or "http"
  std::string host;    ///< without the brackets of an IPv6 address
  std::string port;    ///< always set
  [[nodiscard]] bool IsTls() const { return scheme == "https"; }
  /// "host:port", an IPv6 host in brackets.
  [[nodiscard]] std::string HostPort() const;
};

/// Fails with Error::InvalidInput for anything but an absolute http or https URL without user
/// information.
Result<UrlParts> ParseUrl(const std::string& url);

/// "127.0.0.0/8", "::1" and "localhost".
bool IsLoopback(std::string_view host);

/// The same URL with another host (a name or an IP address); for tls_server_name.
Result<std::string> WithHost(const std::string& url, const std::string& host);

/// True when the text has a control character (CR, LF, NUL …), which must not reach a request.
bool HasControl(std::string_view text);

}  // namespace datafly::http

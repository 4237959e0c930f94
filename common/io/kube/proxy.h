#pragma once

#include <string>
#include <string_view>

#include "common/core/base/result.h"
#include "common/io/system/system.h"

namespace datafly::kube {

/// The proxy that the environment names for this target, as Go's net/http decides: HTTPS_PROXY or
/// https_proxy for https, HTTP_PROXY or http_proxy for http, never for loopback, never what
/// NO_PROXY or no_proxy covers (names, .suffixes, addresses, CIDR ranges, each with an optional
/// port, "*"). ALL_PROXY is not read. Gives a URL for http::Endpoint::proxy_url, or "" for none. An
/// unusable proxy address is an error that names its variable. `host` is without brackets.
Result<std::string> ProxyFromEnvironment(const Environment& environment, bool https,
                                         std::string_view host, int port);

/// A kubeconfig's proxy-url, checked (http, https and socks5 only), in the form that
/// http::Endpoint::proxy_url takes: socks5 becomes socks5h, since the name is resolved at the
/// proxy.
Result<std::string> ProxyFromUrl(std::string_view url);

/// Whether `no_proxy` (a comma-separated list) covers the target.
bool NoProxyCovers(std::string_view no_proxy, std::string_view host, int port);

/// localhost, 127.0.0.0/8, ::1 (also as an IPv4-mapped address). Names are not resolved.
bool IsLoopbackHost(std::string_view host);

}  // namespace datafly::kube

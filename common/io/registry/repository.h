#pragma once

#include <memory>
#include <optional>
#include <string>

#include "common/io/registry/authorized.h"
#include "common/io/registry/reference.h"

namespace datafly::registry {

/// What the requests about one repository have in common: the connection, the identity (a token
/// that was asked for once serves all of them) and the address. Copies share the identity.
struct Repository {
  http::Client& http;
  std::shared_ptr<Endpoints> endpoints;
  std::shared_ptr<Authority> authority;
  std::string base;  ///< "https://host/v2/NAME"

  /// `plain_http_host`: see Trust.
  static Repository Open(http::Client& http, std::shared_ptr<Endpoints> endpoints,
                         const std::string& plain_http_host, const ImageReference& image,
                         std::optional<PullCredential> credential);

  /// `accept` may be nullptr. A 401 is answered once.
  [[nodiscard]] Pending<http::Response> Start(const char* method, const std::string& path,
                                              const char* accept) const {
    return StartUrl(method, base + path, accept);
  }
  [[nodiscard]] Pending<http::Response> StartUrl(const char* method, const std::string& url,
                                                 const char* accept) const;
  /// A registry on the loopback that does not speak TLS is asked again in plain HTTP, as containerd
  /// does. True when there is another way to try.
  bool FallBackToPlainHttp();
};

/// {"errors":[{"code":"MANIFEST_UNKNOWN","message":"…"}]} -> "HTTP 404: MANIFEST_UNKNOWN: …", or
/// the status alone. Safe to show.
std::string DetailOf(const http::Response& response);

/// The error of a reply that is not 200: NotFound, Unauthorized with how to log in, else
/// Unreachable; "the registry answered HTTP 429: …".
Error RefusalOf(const http::Response& response, const std::string& base);

}  // namespace datafly::registry

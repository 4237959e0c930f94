#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "common/io/http/client.h"
#include "common/io/registry/challenge.h"
#include "common/io/registry/client.h"

namespace datafly::registry {

/// One Endpoint a host, so that requests to it share a connection.
class Endpoints {
 public:
  explicit Endpoints(Trust trust) : trust_(std::move(trust)) {}
  std::shared_ptr<const http::Endpoint> For(const std::string& url, bool plain_credentials);

 private:
  Trust trust_;
  std::map<std::string, std::shared_ptr<const http::Endpoint>> by_origin_;
};

/// The identity that the requests about one repository share: the credential and, once asked for,
/// the header that carries it.
struct Authority {
  std::optional<PullCredential> credential;
  SecretString authorization;
  std::string default_scope;  ///< "repository:NAME:pull"
  bool challenged = false;    ///< a 401 was answered once; a second one stands
  bool loopback = false;
  bool plain_credentials = false;  ///< may go over plain HTTP: loopback, or the user's word
};

/// Sends the request with the authority's header; on a first 401 answers the challenge (Basic at
/// once, Bearer by asking its realm) and sends it again. The reply of the second try is given
/// whatever it is.
Pending<http::Response> StartAuthorized(http::Client& http, std::shared_ptr<Endpoints> endpoints,
                                        std::shared_ptr<Authority> authority,
                                        http::Request request);

}  // namespace datafly::registry

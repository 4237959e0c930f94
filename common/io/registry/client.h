#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/io/http/client.h"
#include "common/io/registry/pull_secrets.h"
#include "common/io/registry/reference.h"

namespace datafly::registry {

/// How to reach registries: own CAs and proxies of the user's environment; one Endpoint a host,
/// made by the client.
struct Trust {
  std::string ca_pem;   ///< extra trust: replaces the system's roots when not empty
  std::string ca_file;  ///< the system's bundle
  std::function<std::string(const std::string& url)> proxy_for;  ///< "" = none
  /// The user's own word: this registry ("host:port") is served without TLS. Empty: none. Others
  /// keep TLS, so that no other registry's password goes out in the clear.
  std::string plain_http_host;
  /// For this registry ("host:port") alone, by the user's word: its certificate is not verified,
  /// or it gets a client certificate.
  std::string own_host;
  bool insecure_skip_tls_verify = false;
  std::string client_cert_pem;
  SecretString client_key_pem;
};

/// What a registry answers about one image.
struct ImageAnswer {
  enum class State { Exists, NotFound, Refused } state = State::Exists;
  int http_status = 200;
  std::string detail;  ///< the registry's own words, safe to show
  std::string digest;
  std::vector<std::string> platforms;  ///< "linux/amd64"; empty when the manifest does not say
};

/// The OCI distribution API, reading only: manifest HEAD and GET, the config for the platform of a
/// single manifest, tags. Basic and Bearer challenges are answered with the credential; it goes to
/// the registry's own host and to the realm it names over https (plain HTTP only on the loopback).
/// An Error means that the registry gave no definite answer: unreachable, TLS, 5xx, 429.
class Client {
 public:
  Client(http::Client& http, const Trust& trust);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Pending<ImageAnswer> StartLookUp(const ImageReference& image,
                                   std::optional<PullCredential> credential);
  /// Every tag of a repository, following Link headers (at most 10,000 tags; more is
  /// Error::TooLarge).
  Pending<std::vector<std::string>> StartTags(const ImageReference& repository,
                                              std::optional<PullCredential> credential);

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace datafly::registry

#include "common/io/registry/authorized.h"

#include <nlohmann/json.hpp>

#include "common/core/base/base64.h"
#include "common/core/base/text.h"

namespace datafly::registry {
namespace {

constexpr std::size_t kMaxTokenReply = 1U << 20U;
constexpr Millis kRequestTimeout{20000};

// "https://host:port" of a URL.
std::string OriginOf(const std::string& url) {
  const auto scheme = url.find("://");
  const auto slash = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  return url.substr(0, slash);
}

SecretString BasicHeader(const PullCredential& credential) {
  return SecretString("Basic " +
                      EncodeBase64(credential.username + ":" + credential.password.Reveal()));
}

// {"token": …} by the token specification, {"access_token": …} by OAuth2.
SecretString TokenIn(const std::string& body) {
  const auto reply = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!reply.is_object()) return {};
  for (const char* key : {"token", "access_token"}) {
    const auto found = reply.find(key);
    if (found != reply.end() && found->is_string())
      return SecretString("Bearer " + found->get<std::string>());
  }
  return {};
}

/// One request and, after a 401, the steps to its second try. Lives as long as the Pending or the
/// step under way.
class AuthorizedRequest : public std::enable_shared_from_this<AuthorizedRequest> {
 public:
  AuthorizedRequest(http::Client& http, std::shared_ptr<Endpoints> endpoints,
                    std::shared_ptr<Authority> authority, http::Request request)
      : http_(http),
        endpoints_(std::move(endpoints)),
        authority_(std::move(authority)),
        request_(std::move(request)) {}

  Pending<http::Response> Start() {
    out_ = std::make_shared<PendingState<http::Response>>();
    out_->SetCancel([self = shared_from_this()] { self->step_ = Pending<http::Response>(); });
    Send();
    return Pending<http::Response>(out_);
  }

 private:
  void Send() {
    http::Request request = request_;
    request.authorization = authority_->authorization;
    Step(std::move(request), &AuthorizedRequest::OnReply);
  }

  void Step(http::Request request, void (AuthorizedRequest::*next)(Result<http::Response>)) {
    step_ = http_.Start(std::move(request));
    step_.state()->OnDone(
        [self = shared_from_this(), next] { (self.get()->*next)(self->step_.Take()); });
  }

  void OnReply(Result<http::Response> reply) {
    if (!reply || reply->status != 401 || authority_->challenged) return Finish(std::move(reply));
    authority_->challenged = true;
    const auto challenge = ParseChallenge(reply->FindHeader("www-authenticate"));
    if (!challenge) return Finish(std::move(reply));
    if (challenge->scheme == Challenge::Scheme::Bearer)
      return AskForToken(*challenge, std::move(*reply));
    if (!authority_->credential) return Finish(std::move(reply));
    authority_->authorization = BasicHeader(*authority_->credential);
    Send();
  }

  void AskForToken(const Challenge& challenge, http::Response refusal) {
    refusal_ = std::move(refusal);
    const auto& credential = authority_->credential;
    const std::string url =
        TokenUrl(challenge, credential ? credential->username : "", authority_->default_scope);
    const bool plain = url.rfind("http://", 0) == 0;
    if (url.empty() || (plain && !authority_->plain_credentials))
      return Finish(std::move(refusal_));
    http::Request request;
    request.endpoint = endpoints_->For(url, authority_->plain_credentials);
    request.url = url;
    request.timeout = kRequestTimeout;
    request.max_body = kMaxTokenReply;
    if (credential) request.authorization = BasicHeader(*credential);
    Step(std::move(request), &AuthorizedRequest::OnToken);
  }

  void OnToken(Result<http::Response> reply) {
    if (!reply) return Finish(Fail(reply.error().Within("the registry's token server")));
    if (reply->status == 401 || reply->status == 403) return Finish(std::move(refusal_));
    authority_->authorization = reply->status == 200 ? TokenIn(reply->body) : SecretString();
    if (authority_->authorization.empty()) {
      return Finish(Fail(Error::Protocol(
          fmt::format("the registry's token server answered {} without a token", reply->status))));
    }
    Send();
  }

  void Finish(Result<http::Response> result) {
    auto out = out_;
    out->Resolve(std::move(result));
  }

  http::Client& http_;
  std::shared_ptr<Endpoints> endpoints_;
  std::shared_ptr<Authority> authority_;
  http::Request request_;
  http::Response refusal_;
  Pending<http::Response> step_;
  std::shared_ptr<PendingState<http::Response>> out_;
};

}  // namespace

std::shared_ptr<const http::Endpoint> Endpoints::For(const std::string& url,
                                                     bool plain_credentials) {
  const std::string origin = OriginOf(url);
  auto& slot = by_origin_[origin];
  if (slot) return slot;
  auto endpoint = std::make_shared<http::Endpoint>();
  endpoint->ca_pem = trust_.ca_pem;
  endpoint->ca_file = trust_.ca_file;
  endpoint->allow_plain_credentials = plain_credentials;
  endpoint->connect_timeout = Millis(10000);
  if (trust_.proxy_for) endpoint->proxy_url = trust_.proxy_for(url);
  if (!trust_.own_host.empty() && origin == "https://" + trust_.own_host) {
    endpoint->insecure_skip_tls_verify = trust_.insecure_skip_tls_verify;
    endpoint->client_cert_pem = trust_.client_cert_pem;
    endpoint->client_key_pem = trust_.client_key_pem;
  }
  slot = std::move(endpoint);
  return slot;
}

Pending<http::Response> StartAuthorized(http::Client& http, std::shared_ptr<Endpoints> endpoints,
                                        std::shared_ptr<Authority> authority,
                                        http::Request request) {
  return std::make_shared<AuthorizedRequest>(http, std::move(endpoints), std::move(authority),
                                             std::move(request))
      ->Start();
}

}  // namespace datafly::registry

#include "common/io/registry/client.h"

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/io/registry/authorized.h"

namespace datafly::registry {

using nlohmann::json;

struct Client::Shared {
  http::Client& http;
  std::shared_ptr<Endpoints> endpoints;
  std::string plain_http_host;
};

namespace {

constexpr std::size_t kMaxManifest = 4U << 20U;
constexpr std::size_t kMaxTags = 10000;
constexpr Millis kRequestTimeout{20000};
constexpr const char* kManifestTypes =
    "application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json";

/// What the requests about one repository have in common.
struct Repository {
  http::Client& http;
  std::shared_ptr<Endpoints> endpoints;
  std::shared_ptr<Authority> authority;
  std::string base;  ///< "https://host/v2/NAME"

  [[nodiscard]] Pending<http::Response> Start(const char* method, const std::string& path,
                                              const char* accept) const {
    return StartUrl(method, base + path, accept);
  }
  /// A registry on the loopback that does not speak TLS is asked again in plain HTTP, as containerd
  /// does. True when there is another way to try.
  bool FallBackToPlainHttp() {
    constexpr std::string_view kTls = "https://";
    if (!authority->loopback || base.compare(0, kTls.size(), kTls) != 0) return false;
    base = "http://" + base.substr(kTls.size());
    return true;
  }
  [[nodiscard]] Pending<http::Response> StartUrl(const char* method, const std::string& url,
                                                 const char* accept) const {
    http::Request request;
    request.endpoint = endpoints->For(url, authority->plain_credentials);
    request.method = method;
    request.url = url;
    request.timeout = kRequestTimeout;
    request.max_body = kMaxManifest;
    if (accept != nullptr) request.headers.emplace_back("Accept", accept);
    return StartAuthorized(http, endpoints, authority, std::move(request));
  }
};

// {"errors":[{"code":"MANIFEST_UNKNOWN","message":"…"}]} -> "MANIFEST_UNKNOWN: …", or the status
// alone.
std::string DetailOf(const http::Response& response) {
  const json body = json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  std::string detail = fmt::format("HTTP {}", response.status);
  if (!body.is_object() || !body.contains("errors") || !body["errors"].is_array() ||
      body["errors"].empty())
    return detail;
  const json& first = body["errors"].front();
  if (!first.is_object()) return detail;
  for (const char* key : {"code", "message"}) {
    if (first.contains(key) && first[key].is_string()) {
      detail +=
          ": " + RedactCredentials(EscapeForTerminal(Truncate(first[key].get<std::string>(), 200)));
    }
  }
  return detail;
}

std::string PlatformOf(const json& object) {
  if (!object.is_object()) return {};
  const std::string os = object.value("os", "");
  const std::string architecture = object.value("architecture", "");
  if (os.empty() || architecture.empty() || os == "unknown") return {};
  const std::string variant = object.value("variant", "");
  return variant.empty() ? os + "/" + architecture : os + "/" + architecture + "/" + variant;
}

std::vector<std::string> PlatformsOfIndex(const json& index) {
  std::vector<std::string> platforms;
  if (!index.contains("manifests") || !index["manifests"].is_array()) return platforms;
  for (const json& entry : index["manifests"]) {
    if (!entry.is_object() || !entry.contains("platform")) continue;
    std::string platform = PlatformOf(entry["platform"]);
    if (!platform.empty()) platforms.push_back(std::move(platform));
  }
  return platforms;
}

// nlohmann throws on a member of an unexpected type; a hostile manifest then simply names no
// platform.
template <class Read>
auto Guarded(Read read) -> decltype(read()) {
  try {
    return read();
  } catch (const json::exception&) {
    return {};
  }
}

std::string ConfigDigest(const json& manifest) {
  const auto config = manifest.find("config");
  if (config == manifest.end() || !config->is_object()) return {};
  const std::string digest = config->value("digest", "");
  return digest.rfind("sha256:", 0) == 0 && digest.size() == 71 ? digest : std::string();
}

/// HEAD of the manifest, then GET of it and, for a single image, of its config.
class LookUp : public std::enable_shared_from_this<LookUp> {
 public:
  LookUp(Repository repository, std::string target)
      : repository_(std::move(repository)), target_(std::move(target)) {}

  Pending<ImageAnswer> Start() {
    out_ = std::make_shared<PendingState<ImageAnswer>>();
    out_->SetCancel([self = shared_from_this()] { self->step_ = Pending<http::Response>(); });
    Step("HEAD", "/manifests/" + target_, &LookUp::OnHead);
    return Pending<ImageAnswer>(out_);
  }

 private:
  void Step(const char* method, const std::string& path,
            void (LookUp::*next)(Result<http::Response>)) {
    step_ = repository_.Start(method, path, kManifestTypes);
    step_.state()->OnDone(
        [self = shared_from_this(), next] { (self.get()->*next)(self->step_.Take()); });
  }

  void OnHead(Result<http::Response> reply) {
    if (!reply && repository_.FallBackToPlainHttp())
      return Step("HEAD", "/manifests/" + target_, &LookUp::OnHead);
    if (!reply) return Finish(Fail(reply.error()));
    answer_.http_status = reply->status;
    answer_.digest = reply->FindHeader("docker-content-digest");
    switch (reply->status) {
      case 200:
        return Step("GET", "/manifests/" + target_, &LookUp::OnManifest);
      case 404:
        return Settle(ImageAnswer::State::NotFound, *reply);
      case 401:
      case 403:
        return Settle(ImageAnswer::State::Refused, *reply);
      default:
        return Finish(
            Fail(Error::Unreachable(fmt::format("the registry answered {}", DetailOf(*reply)))));
    }
  }

  void OnManifest(Result<http::Response> reply) {
    if (!reply || reply->status != 200)
      return Finish(answer_);  // the HEAD has answered the question; platforms stay unknown
    const json manifest = json::parse(reply->body, nullptr, /*allow_exceptions=*/false);
    if (!manifest.is_object()) return Finish(answer_);
    answer_.platforms = Guarded([&] { return PlatformsOfIndex(manifest); });
    const std::string config = Guarded([&] { return ConfigDigest(manifest); });
    if (!answer_.platforms.empty() || config.empty()) return Finish(answer_);
    Step("GET", "/blobs/" + config, &LookUp::OnConfig);
  }

  void OnConfig(Result<http::Response> reply) {
    if (reply && reply->status == 200) {
      const json config = json::parse(reply->body, nullptr, /*allow_exceptions=*/false);
      const std::string platform = Guarded([&] { return PlatformOf(config); });
      if (!platform.empty()) answer_.platforms.push_back(platform);
    }
    Finish(answer_);
  }

  void Settle(ImageAnswer::State state, const http::Response& reply) {
    answer_.state = state;
    answer_.detail = DetailOf(reply);
    Finish(answer_);
  }

  void Finish(Result<ImageAnswer> result) {
    auto out = out_;
    out->Resolve(std::move(result));
  }

  Repository repository_;
  std::string target_;
  ImageAnswer answer_;
  Pending<http::Response> step_;
  std::shared_ptr<PendingState<ImageAnswer>> out_;
};

// Link: </v2/NAME/tags/list?last=x&n=100>; rel="next" -> the URL on the same origin, or "".
std::string NextPage(std::string_view link, const std::string& base) {
  const auto open = link.find('<');
  const auto close = link.find('>');
  if (open != 0 || close == std::string_view::npos ||
      link.find("rel=\"next\"") == std::string_view::npos)
    return {};
  const std::string_view path = link.substr(1, close - 1);
  if (path.empty() || path.front() != '/') return {};
  return base.substr(0, base.find('/', base.find("://") + 3)) + std::string(path);
}

/// The pages of /tags/list.
class TagList : public std::enable_shared_from_this<TagList> {
 public:
  explicit TagList(Repository repository) : repository_(std::move(repository)) {}

  Pending<std::vector<std::string>> Start() {
    out_ = std::make_shared<PendingState<std::vector<std::string>>>();
    out_->SetCancel([self = shared_from_this()] { self->step_ = Pending<http::Response>(); });
    Ask(repository_.base + "/tags/list");
    return Pending<std::vector<std::string>>(out_);
  }

 private:
  void Ask(const std::string& url) {
    step_ = repository_.StartUrl("GET", url, nullptr);
    step_.state()->OnDone([self = shared_from_this()] { self->OnPage(self->step_.Take()); });
  }

  void OnPage(Result<http::Response> reply) {
    if (!reply && repository_.FallBackToPlainHttp()) return Ask(repository_.base + "/tags/list");
    if (!reply) return Finish(Fail(reply.error()));
    if (reply->status == 404)
      return Finish(Fail(Error::NotFound(
          fmt::format("the registry has no such repository ({})", DetailOf(*reply)))));
    if (reply->status != 200)
      return Finish(
          Fail(Error::Unauthorized(fmt::format("the registry answered {}", DetailOf(*reply)))));
    const json page = json::parse(reply->body, nullptr, /*allow_exceptions=*/false);
    if (!page.is_object())
      return Finish(Fail(Error::Protocol("the registry's list of tags is not JSON")));
    const auto tags = page.find("tags");
    if (tags != page.end() && tags->is_array()) {
      for (const json& tag : *tags) {
        if (tag.is_string() && tags_.size() < kMaxTags) tags_.push_back(tag.get<std::string>());
      }
    }
    const std::string next = NextPage(reply->FindHeader("link"), repository_.base);
    if (next.empty() || tags_.size() >= kMaxTags || ++pages_ > kMaxPages)
      return Finish(std::move(tags_));
    Ask(next);
  }

  void Finish(Result<std::vector<std::string>> result) {
    auto out = out_;
    out->Resolve(std::move(result));
  }

  static constexpr int kMaxPages = 100;
  Repository repository_;
  std::vector<std::string> tags_;
  int pages_ = 0;
  Pending<http::Response> step_;
  std::shared_ptr<PendingState<std::vector<std::string>>> out_;
};

Repository Open(http::Client& http, std::shared_ptr<Endpoints> endpoints,
                const std::string& plain_http_host, const ImageReference& image,
                std::optional<PullCredential> credential) {
  auto authority = std::make_shared<Authority>();
  authority->credential = std::move(credential);
  authority->default_scope = fmt::format("repository:{}:pull", image.repository);
  const bool plain = image.Host() == plain_http_host;
  authority->loopback = image.OnLoopback();
  authority->plain_credentials = plain || authority->loopback;
  const char* scheme = plain ? "http" : "https";
  return Repository{http, std::move(endpoints), std::move(authority),
                    fmt::format("{}://{}/v2/{}", scheme, image.Host(), image.repository)};
}

}  // namespace

Client::Client(http::Client& http, Trust trust)
    : shared_(std::make_shared<Shared>(
          Shared{http, std::make_shared<Endpoints>(trust), trust.plain_http_host})) {}
Client::~Client() = default;

Pending<ImageAnswer> Client::StartLookUp(ImageReference image,
                                         std::optional<PullCredential> credential) {
  Repository repository = Open(shared_->http, shared_->endpoints, shared_->plain_http_host, image,
                               std::move(credential));
  return std::make_shared<LookUp>(std::move(repository), image.Target())->Start();
}

Pending<std::vector<std::string>> Client::StartTags(ImageReference image,
                                                    std::optional<PullCredential> credential) {
  Repository repository = Open(shared_->http, shared_->endpoints, shared_->plain_http_host, image,
                               std::move(credential));
  return std::make_shared<TagList>(std::move(repository))->Start();
}

}  // namespace datafly::registry

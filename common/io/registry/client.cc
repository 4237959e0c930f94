#include "common/io/registry/client.h"

#include <nlohmann/json.hpp>

#include "common/io/registry/repository.h"
#include "common/io/registry/tags.h"

namespace datafly::registry {

using nlohmann::json;

struct Client::Shared {
  http::Client& http;
  std::shared_ptr<Endpoints> endpoints;
  std::string plain_http_host;
};

namespace {

constexpr const char* kManifestTypes =
    "application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json";

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

}  // namespace

Client::Client(http::Client& http, const Trust& trust)
    : shared_(std::make_shared<Shared>(
          Shared{http, std::make_shared<Endpoints>(trust), trust.plain_http_host})) {}
Client::~Client() = default;

Pending<ImageAnswer> Client::StartLookUp(const ImageReference& image,
                                         std::optional<PullCredential> credential) {
  Repository repository = Repository::Open(shared_->http, shared_->endpoints,
                                           shared_->plain_http_host, image, std::move(credential));
  return std::make_shared<LookUp>(std::move(repository), image.Target())->Start();
}

Pending<std::vector<std::string>> Client::StartTags(const ImageReference& image,
                                                    std::optional<PullCredential> credential) {
  return ListTags(Repository::Open(shared_->http, shared_->endpoints, shared_->plain_http_host,
                                   image, std::move(credential)));
}

}  // namespace datafly::registry

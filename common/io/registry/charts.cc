#include "common/io/registry/charts.h"

#include <nlohmann/json.hpp>

#include "common/core/base/digest.h"
#include "common/io/http/url.h"
#include "common/io/registry/repository.h"
#include "common/io/registry/tags.h"

namespace datafly::registry {
namespace {

using nlohmann::json;

constexpr const char* kManifestType = "application/vnd.oci.image.manifest.v1+json";
constexpr const char* kConfigType = "application/vnd.cncf.helm.config.v1+json";
constexpr const char* kCreated = "org.opencontainers.image.created";
constexpr std::string_view kSha256 = "sha256:";
constexpr Millis kRequestTimeout{20000};
constexpr std::size_t kMaxConfig = 4U << 20U;

/// What a chart's manifest tells.
struct Manifest {
  std::string config_digest;  ///< "sha256:…"
  std::optional<Time> created;
};

const json* MemberOf(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::string TextOf(const json* value) {
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

Result<Manifest> ParseManifest(const std::string& body) {
  const json document = json::parse(body, nullptr, /*allow_exceptions=*/false);
  const json* config = MemberOf(document, "config");
  if (config == nullptr) return Fail(Error::Protocol("the registry's manifest cannot be read"));
  if (TextOf(MemberOf(*config, "mediaType")) != kConfigType)
    return Fail(Error::Protocol("it is no chart"));
  Manifest manifest;
  manifest.config_digest = TextOf(MemberOf(*config, "digest"));
  const bool sound = manifest.config_digest.rfind(kSha256, 0) == 0 &&
                     manifest.config_digest.size() == kSha256.size() + 64 &&
                     manifest.config_digest.find_first_not_of("0123456789abcdef", kSha256.size()) ==
                         std::string::npos;
  if (!sound) return Fail(Error::Protocol("the registry's manifest names no config by sha256"));
  const json* annotations = MemberOf(document, "annotations");
  const auto created = ParseTime(annotations ? TextOf(MemberOf(*annotations, kCreated)) : "");
  if (created) manifest.created = *created;
  return manifest;
}

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// Manifest, config, and the config's other address.
class ChartRead : public std::enable_shared_from_this<ChartRead> {
 public:
  ChartRead(Repository repository, SemVer version)
      : repository_(std::move(repository)), version_(std::move(version)) {}

  Pending<charts::ChartMetadata> Start() {
    out_ = std::make_shared<PendingState<charts::ChartMetadata>>();
    out_->SetCancel([self = shared_from_this()] { self->step_ = Pending<http::Response>(); });
    AskForManifest();
    return Pending<charts::ChartMetadata>(out_);
  }

 private:
  using Next = void (ChartRead::*)(Result<http::Response>);
  void Follow(Pending<http::Response> step, Next next) {
    step_ = std::move(step);
    step_.state()->OnDone(
        [self = shared_from_this(), next] { (self.get()->*next)(self->step_.Take()); });
  }

  void AskForManifest() {
    Follow(repository_.Start("GET", "/manifests/" + charts::TagOf(version_), kManifestType),
           &ChartRead::OnManifest);
  }

  void OnManifest(Result<http::Response> reply) {
    if (!reply && repository_.FallBackToPlainHttp()) return AskForManifest();
    if (!reply) return Finish(Fail(reply.error()));
    if (reply->status != 200) return Finish(Fail(RefusalOf(*reply, repository_.base)));
    auto manifest = ParseManifest(reply->body);
    if (!manifest) return Finish(Fail(manifest.error()));
    manifest_ = *std::move(manifest);
    Follow(repository_.Start("GET", "/blobs/" + manifest_.config_digest, nullptr),
           &ChartRead::OnConfig);
  }

  void OnConfig(Result<http::Response> reply) {
    if (reply && IsRedirect(reply->status)) return AskElsewhere(*reply);
    OnBlob(std::move(reply));
  }

  void AskElsewhere(const http::Response& redirect) {
    std::string url(redirect.FindHeader("location"));
    const std::string& base = repository_.base;
    if (!url.empty() && url.front() == '/')
      url.insert(0, base.substr(0, base.find('/', base.find("://") + 3)));
    const auto parts = http::ParseUrl(url);
    const bool local = parts && repository_.authority->loopback && http::IsLoopback(parts->host);
    if (!parts || (!parts->IsTls() && !local)) {
      return Finish(Fail(Error::Protocol(
          "the registry sends on to an address that is not https, which is not followed")));
    }
    http::Request request;
    request.endpoint = repository_.endpoints->For(url, false);
    request.url = url;
    request.timeout = kRequestTimeout;
    request.max_body = kMaxConfig;
    Follow(repository_.http.Start(std::move(request)), &ChartRead::OnBlob);
  }

  void OnBlob(Result<http::Response> reply) {
    if (!reply) return Finish(Fail(reply.error()));
    if (reply->status != 200) return Finish(Fail(RefusalOf(*reply, repository_.base)));
    if (Sha256Hex(reply->body) != manifest_.config_digest.substr(kSha256.size()))
      return Finish(Fail(Error::Protocol("the chart's config does not have its digest")));
    auto metadata = charts::ParseChartConfig(reply->body);
    if (metadata) metadata->created = manifest_.created;
    if (metadata && metadata->version != version_.ToString())
      return Finish(Fail(Error::Protocol("the chart calls itself another version")));
    Finish(std::move(metadata));
  }

  void Finish(Result<charts::ChartMetadata> result) {
    auto out = out_;
    out->Resolve(std::move(result));
  }

  Repository repository_;
  SemVer version_;
  Manifest manifest_;
  Pending<http::Response> step_;
  std::shared_ptr<PendingState<charts::ChartMetadata>> out_;
};

}  // namespace

struct ChartRepository::Shared {
  Repository repository;
};

ChartRepository::ChartRepository(http::Client& http, Trust trust, const ImageReference& repository,
                                 std::optional<PullCredential> credential) {
  const std::string plain_http_host = trust.plain_http_host;
  shared_ = std::make_shared<Shared>(
      Shared{Repository::Open(http, std::make_shared<Endpoints>(std::move(trust)), plain_http_host,
                              repository, std::move(credential))});
}
ChartRepository::~ChartRepository() = default;

Pending<std::vector<std::string>> ChartRepository::StartTags() {
  return ListTags(shared_->repository);
}

Pending<charts::ChartMetadata> ChartRepository::StartChart(const SemVer& version) {
  return std::make_shared<ChartRead>(shared_->repository, version)->Start();
}

}  // namespace datafly::registry

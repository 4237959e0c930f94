#include "common/gather/chart_source.h"

#include "common/core/base/text.h"
#include "common/core/charts/repositories.h"
#include "common/gather/chart_index_source.h"
#include "common/gather/target_images.h"
#include "common/io/http/url.h"
#include "common/io/registry/charts.h"
#include "common/io/registry/logins.h"

namespace datafly::gather {
namespace {

constexpr std::string_view kOci = "oci://";
constexpr std::size_t kMaxPem = 1U << 20U;
constexpr std::size_t kMaxRepositories = 4U << 20U;

class OciSource final : public ChartSource {
 public:
  OciSource(http::Client& http, registry::Trust trust, const registry::ImageReference& repository,
            std::optional<registry::PullCredential> credential, std::string shown)
      : ChartSource(std::move(shown)),
        repository_(http, std::move(trust), repository, std::move(credential)),
        tags_(repository_.StartTags()) {}

  [[nodiscard]] bool Done() const override { return tags_.Done(); }
  Result<ChartListing> Take() override {
    ASSIGN_OR_RETURN(const auto tags, tags_.Take());
    return ChartListing{charts::OffersOfTags(tags), 0, {}};
  }
  Pending<charts::ChartMetadata> StartMetadata(const SemVer& version) override {
    return repository_.StartChart(version);
  }

 private:
  registry::ChartRepository repository_;
  Pending<std::vector<std::string>> tags_;
};

Result<std::string> ReadPem(const System& system, const std::string& file) {
  if (file.empty()) return std::string();
  return system.files.Read(file, kMaxPem);
}

Result<std::unique_ptr<ChartSource>> StartOci(http::Client& http, const System& system,
                                              const Profile& profile,
                                              const ChartSourceRequest& request,
                                              const std::string& chart) {
  ASSIGN_OR_RETURN(const auto reference,
                   registry::ImageReference::Parse(chart.substr(kOci.size())));
  registry::Trust trust = RegistryTrust(system, profile);
  if (request.plain_http) trust.plain_http_host = reference.Host();
  ASSIGN_OR_RETURN(trust.ca_pem, ReadPem(system, request.ca_file));
  ASSIGN_OR_RETURN(trust.client_cert_pem, ReadPem(system, request.cert_file));
  ASSIGN_OR_RETURN(std::string key, ReadPem(system, request.key_file));
  trust.client_key_pem = SecretString(std::move(key));
  trust.own_host = reference.Host();
  trust.insecure_skip_tls_verify = request.insecure_skip_tls_verify;
  std::optional<registry::PullCredential> credential;
  if (!request.username.empty()) {
    credential = registry::PullCredential{request.username, request.password, {}};
  } else {
    ASSIGN_OR_RETURN(credential, registry::FindLogin(system, request.login_files, reference));
  }
  // Without a tag or digest: those are of one version.
  std::string shown = fmt::format("oci://{}/{}", reference.registry, reference.repository);
  return std::make_unique<OciSource>(http, std::move(trust), reference, std::move(credential),
                                     std::move(shown));
}

Result<std::unique_ptr<ChartSource>> StartIndex(http::Client& http, const System& system,
                                                const Profile& profile,
                                                const charts::Repository& repository,
                                                const std::string& chart,
                                                const std::string& cache) {
  const std::string url = charts::IndexUrl(repository.url);
  ASSIGN_OR_RETURN(const auto parts, http::ParseUrl(url));
  const registry::Trust trust = RegistryTrust(system, profile);
  auto endpoint = std::make_shared<http::Endpoint>();
  endpoint->ca_file = trust.ca_file;
  endpoint->proxy_url = trust.proxy_for(url);
  endpoint->connect_timeout = Millis(10000);
  endpoint->insecure_skip_tls_verify = repository.insecure_skip_tls_verify;
  ASSIGN_OR_RETURN(endpoint->ca_pem, ReadPem(system, repository.ca_file));
  ASSIGN_OR_RETURN(endpoint->client_cert_pem, ReadPem(system, repository.cert_file));
  ASSIGN_OR_RETURN(std::string key, ReadPem(system, repository.key_file));
  endpoint->client_key_pem = SecretString(std::move(key));
  endpoint->allow_plain_credentials = http::IsLoopback(parts.host);
  if (!repository.username.empty() && !parts.IsTls() && !endpoint->allow_plain_credentials) {
    return Fail(Error::InvalidInput("a password is not sent to a repository without https",
                                    "name its https address, or go without the login"));
  }
  return StartIndexSource(http, system.files, std::move(endpoint), url, repository, chart, cache);
}

// repo/name, of Helm's repositories.
Result<std::unique_ptr<ChartSource>> StartNamed(http::Client& http, const System& system,
                                                const Profile& profile,
                                                const ChartSourceRequest& request,
                                                const std::string& chart) {
  const auto slash = chart.find('/');
  const std::string repo = chart.substr(0, slash);
  const std::string& config = request.repository_config;
  auto text = system.files.Read(config, kMaxRepositories);
  if (!text) {
    Error error = text.error();
    error.remedy = fmt::format("add the repository: helm repo add {} URL; or name it with --repo",
                               ShellQuote(repo));
    return Fail(std::move(error));
  }
  ASSIGN_OR_RETURN(const auto repository, charts::FindRepository(*text, config, repo));
  const std::string cache = fmt::format("{}/{}-index.yaml", request.repository_cache, repo);
  return StartIndex(http, system, profile, repository, chart.substr(slash + 1), cache);
}

bool IsUrl(const std::string& text) {
  return text.starts_with("https://") || text.starts_with("http://");
}

Error HasNoList(const std::string& chart) {
  return Error::InvalidInput(
      fmt::format("{} has no list of versions", RedactCredentials(EscapeForTerminal(chart))),
      "name oci://HOST/PATH, REPOSITORY/NAME, or a repository's address with --repo URL");
}

charts::Repository RepositoryOf(const ChartSourceRequest& request, const std::string& url) {
  return {{},
          url,
          request.username,
          request.password,
          request.ca_file,
          request.cert_file,
          request.key_file,
          request.insecure_skip_tls_verify};
}

}  // namespace

Result<std::unique_ptr<ChartSource>> ChartSource::Start(http::Client& http, const System& system,
                                                        const Profile& profile,
                                                        const ChartSourceRequest& request) {
  const std::string chart = request.chart.empty() ? profile.chart_ref : request.chart;
  if (!request.repo.empty()) {
    if (!request.chart.empty() && request.chart.find('/') != std::string::npos)
      return Fail(Error::InvalidInput("with --repo, --chart is the chart's name alone"));
    return StartIndex(http, system, profile, RepositoryOf(request, request.repo),
                      request.chart.empty() ? profile.chart : request.chart, {});
  }
  if (chart.starts_with(kOci)) return StartOci(http, system, profile, request, chart);
  if (chart.ends_with(".tgz") || system.files.Exists(chart) ||
      chart.find('/') == std::string::npos || chart.front() == '.' || chart.front() == '/')
    return Fail(HasNoList(chart));
  if (IsUrl(chart))
    return StartIndex(http, system, profile, RepositoryOf(request, chart), profile.chart, {});
  return StartNamed(http, system, profile, request, chart);
}

Result<void> DescribeOffers(Loop& loop, Instant deadline, ChartSource& source, std::size_t most,
                            std::vector<charts::Offer>& offers) {
  std::vector<std::pair<charts::Offer*, Pending<charts::ChartMetadata>>> reads;
  for (std::size_t i = 0; i < std::min(most, offers.size()); ++i) {
    if (!offers[i].metadata)
      reads.emplace_back(&offers[i], source.StartMetadata(offers[i].version));
  }
  TRY(loop.RunUntil(deadline, [&] {
    return std::all_of(reads.begin(), reads.end(),
                       [](const auto& read) { return read.second.Done(); });
  }));
  for (auto& [offer, read] : reads) {
    auto metadata = read.Take();
    if (metadata)
      offer->metadata = *std::move(metadata);
    else
      offer->metadata = Absence::From(metadata.error());
  }
  return {};
}

}  // namespace datafly::gather

#include "common/gather/chart_index_source.h"

#include "common/core/base/base64.h"
#include "common/core/base/text.h"
#include "common/core/charts/index.h"

namespace datafly::gather {
namespace {

/// The largest public ones are a fifth of that.
constexpr std::size_t kMaxIndex = 128U << 20U;
constexpr std::size_t kMaxShown = 200;

// What a person may see of an address: no user name, no password, no query.
std::string Shown(std::string_view url) {
  return RedactCredentials(EscapeForTerminal(Truncate(url.substr(0, url.find('?')), kMaxShown)));
}

Error RefusalOf(const http::Response& reply) {
  const std::string answered = fmt::format("the repository answered HTTP {}", reply.status);
  if (reply.status >= 300 && reply.status < 400) {
    return Error::Unsupported(fmt::format("the repository sends on to {}, which is not followed",
                                          Shown(reply.FindHeader("location"))),
                              "name that address, if you trust it: --repo URL");
  }
  switch (reply.status) {
    case 401:
    case 403:
      return Error::Unauthorized(answered,
                                 "log in with --username and --password, or by "
                                 "helm repo add");
    case 404:
      return Error::NotFound(fmt::format("{}: there is no index.yaml", answered));
    default:
      return Error::Unreachable(answered);
  }
}

class IndexSource final : public ChartSource {
 public:
  IndexSource(std::string shown, Pending<http::Response> reply, const FileSystem& files,
              std::string chart, std::string cache)
      : ChartSource(std::move(shown)),
        reply_(std::move(reply)),
        files_(files),
        chart_(std::move(chart)),
        cache_(std::move(cache)) {}

  [[nodiscard]] bool Done() const override { return reply_.Done(); }

  Result<ChartListing> Take() override {
    auto reply = reply_.Take();
    std::optional<Error> failure;
    if (!reply)
      failure = reply.error();
    else if (reply->status != 200)
      failure = RefusalOf(*reply);
    if (failure) return FromCache(*failure);
    ASSIGN_OR_RETURN(auto entry, charts::ReadIndexEntry(reply->body, chart_));
    return ChartListing{std::move(entry.offers), entry.unreadable, {}};
  }

  // An index tells everything at once.
  Pending<charts::ChartMetadata> StartMetadata(const SemVer&) override {
    return Pending<charts::ChartMetadata>::Of(Fail(Error::NotFound("the index does not tell")));
  }

 private:
  // A refusal is an answer: what Helm once kept is no way round it.
  Result<ChartListing> FromCache(const Error& failure) const {
    const bool silent =
        failure.kind == ErrorKind::Unreachable || failure.kind == ErrorKind::TimedOut;
    if (!silent || cache_.empty() || !files_.Exists(cache_)) return Fail(failure);
    ASSIGN_OR_RETURN(const std::string text, files_.Read(cache_, kMaxIndex));
    auto entry = charts::ReadIndexEntry(text, chart_);
    if (!entry) return Fail(entry.error().Within(cache_));
    const auto generated = charts::GeneratedAt(text);
    const std::string when =
        generated ? "as of " + FormatTime(*generated) : std::string("of an unknown age");
    return ChartListing{
        std::move(entry->offers), entry->unreadable,
        fmt::format("{}; listed from Helm's cached index, {}", failure.message, when)};
  }

  Pending<http::Response> reply_;
  const FileSystem& files_;
  std::string chart_;
  std::string cache_;
};

}  // namespace

std::unique_ptr<ChartSource> StartIndexSource(http::Client& http, const FileSystem& files,
                                              std::shared_ptr<const http::Endpoint> endpoint,
                                              const std::string& url,
                                              const charts::Repository& repository,
                                              std::string chart, std::string cache) {
  http::Request request;
  request.endpoint = std::move(endpoint);
  request.url = url;
  request.max_body = kMaxIndex;
  if (!repository.username.empty()) {
    request.authorization =
        SecretString("Basic " + EncodeBase64(fmt::format("{}:{}", repository.username,
                                                         repository.password.Reveal())));
  }
  std::string shown = fmt::format("{} in {}", chart, Shown(repository.url));
  return std::make_unique<IndexSource>(std::move(shown), http.Start(std::move(request)), files,
                                       std::move(chart), std::move(cache));
}

}  // namespace datafly::gather

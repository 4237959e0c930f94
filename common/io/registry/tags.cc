#include "common/io/registry/tags.h"

#include <nlohmann/json.hpp>

namespace datafly::registry {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxTags = 10000;
constexpr int kMaxPages = 100;

// Link: </v2/NAME/tags/list?last=x&n=100>; rel="next" -> the URL, which must be on the same origin;
// "" for the last page.
Result<std::string> NextPage(std::string_view link, const std::string& base) {
  if (link.find("rel=\"next\"") == std::string_view::npos &&
      link.find("rel=next") == std::string_view::npos)
    return std::string();
  const std::string origin = base.substr(0, base.find('/', base.find("://") + 3));
  const auto open = link.find('<');
  const auto close = link.find('>');
  if (open == 0 && close != std::string_view::npos) {
    const std::string target(link.substr(1, close - 1));
    if (!target.empty() && target.front() == '/') return origin + target;
    if (target.rfind(origin + "/", 0) == 0) return target;
  }
  return Fail(Error::Protocol("the registry's list of tags goes on at a place of its own"));
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
    if (reply->status != 200) return Finish(Fail(RefusalOf(*reply, repository_.base)));
    if (auto added = Add(reply->body); !added) return Finish(Fail(added.error()));
    auto next = NextPage(reply->FindHeader("link"), repository_.base);
    if (!next) return Finish(Fail(next.error()));
    if (next->empty()) return Finish(std::move(tags_));
    if (++pages_ == kMaxPages) return Finish(Fail(TooMany()));
    Ask(*next);
  }

  Result<void> Add(const std::string& body) {
    const json page = json::parse(body, nullptr, /*allow_exceptions=*/false);
    if (!page.is_object()) return Fail(Error::Protocol("the registry's list of tags is not JSON"));
    const auto tags = page.find("tags");
    if (tags == page.end() || !tags->is_array()) return {};  // null: there is none
    for (const json& tag : *tags) {
      if (!tag.is_string()) continue;
      if (tags_.size() == kMaxTags) return Fail(TooMany());
      tags_.push_back(tag.get<std::string>());
    }
    return {};
  }

  static Error TooMany() {
    return Error::TooLarge(
        fmt::format("the repository has more than {} tags, or lists them on more than {} pages",
                    kMaxTags, kMaxPages),
        "name the version that is wanted");
  }

  void Finish(Result<std::vector<std::string>> result) {
    auto out = out_;
    out->Resolve(std::move(result));
  }

  Repository repository_;
  std::vector<std::string> tags_;
  int pages_ = 0;
  Pending<http::Response> step_;
  std::shared_ptr<PendingState<std::vector<std::string>>> out_;
};

}  // namespace

Pending<std::vector<std::string>> ListTags(Repository repository) {
  return std::make_shared<TagList>(std::move(repository))->Start();
}

}  // namespace datafly::registry

#include "common/gather/live_secrets.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "common/core/diff/learn_secrets.h"
#include "common/gather/lists.h"

namespace datafly::gather {
namespace {

/// In base64 more than KnownSecrets learns of all values together.
constexpr std::size_t kMostJson = 16U << 20U;

}  // namespace

struct LiveSecrets::Kept {
  kinds::Decoder decoder;
  std::vector<nlohmann::json> secrets;
  std::size_t bytes = 0;  ///< of JSON, of the pages before
  bool all = true;

  Result<void> Take(kube::Client::PageBuffer page) {
    TRY(decoder.Items({page.data, page.size, page.capacity},
                      [this](std::string_view, const std::function<nlohmann::json()>& tree) {
                        all = all && bytes <= kMostJson;
                        if (all) secrets.push_back(tree());
                      }));
    bytes += page.size;
    return {};
  }
};

LiveSecrets::LiveSecrets(Io& io, const std::string& name_space)
    : kept_(std::make_shared<Kept>()),
      list_(io.kube.StartList(
          {"v1", "secrets", name_space}, WithoutHelmRecords(),
          [kept = kept_](kube::Client::PageBuffer page) { return kept->Take(page); })) {}

LiveSecrets::~LiveSecrets() = default;

Result<void> LiveSecrets::Learn(diff::KnownSecrets& secrets) {
  for (const nlohmann::json& secret : kept_->secrets) diff::LearnSecretData(secret, secrets);
  kept_->secrets.clear();
  if (const auto listed = list_.Take(); !listed) return Fail(listed.error());
  if (kept_->all && !secrets.full()) return {};
  return Fail(Error::TooLarge("they are too many to be known by heart",
                              "keep large files in a volume instead of a Secret"));
}

}  // namespace datafly::gather

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/core/base/fact.h"
#include "common/core/kinds/decode.h"
#include "common/io/kube/client.h"

namespace datafly::gather {

/// Pods and workloads are up to 10 KB of JSON each: two pages under way and the parser's index of
/// one are most of what a large namespace costs in memory. Half of client-go's page keeps thousands
/// of them below 64 MiB.
inline constexpr int kPageOfLargeObjects = 250;

/// For Secrets: Helm's own records are most of the bytes of a namespace's, and no business of who
/// looks at the others.
inline kube::ListOptions WithoutHelmRecords() {
  kube::ListOptions options;
  options.field_selector = "type!=helm.sh/release.v1";
  return options;
}

/// A list under way: its items are decoded page by page as they come. The decoder (one for all
/// lists of a gatherer, so that its buffers are shared) and the Listing must outlive the Wait.
template <class T>
class Listing {
 public:
  using Decode = std::function<Result<void>(kinds::PaddedJson, std::vector<T>&)>;

  // The decoder is moved on, which clang-tidy does not see in a template.
  // NOLINTNEXTLINE(performance-unnecessary-value-param)
  Listing(kube::Client& kube, const kube::Resource& resource, const kube::ListOptions& options,
          Decode decode)
      : needs_(DescribeNeed(resource)), items_(std::make_shared<std::vector<T>>()) {
    pending_ = kube.StartList(
        resource, options,
        [items = items_, decode = std::move(decode)](kube::Client::PageBuffer page) {
          return decode({page.data, page.size, page.capacity}, *items);
        },
        [items = items_] { items->clear(); });
  }

  /// A list that is not asked for.
  explicit Listing(Absence why) : absence_(std::move(why)) {}

  [[nodiscard]] bool Done() const { return absence_ || pending_.Done(); }
  /// The items, or why they are missing with the verb that would give them.
  Fact<std::vector<T>> Take() {
    if (absence_) return *absence_;
    auto outcome = pending_.Take();
    if (!outcome) return Absence::From(outcome.error(), needs_);
    return std::move(*items_);
  }

 private:
  static std::string DescribeNeed(const kube::Resource& resource) {
    return resource.name_space.empty()
               ? fmt::format("list {}", resource.plural)
               : fmt::format("list {} in {}", resource.plural, resource.name_space);
  }
  std::optional<Absence> absence_;
  std::string needs_;
  std::shared_ptr<std::vector<T>> items_;
  Pending<kube::ListOutcome> pending_;
};

}  // namespace datafly::gather

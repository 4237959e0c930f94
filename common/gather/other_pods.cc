#include "common/gather/other_pods.h"

namespace datafly::gather {
namespace {

void AddPod(const kinds::Pod& pod, std::map<std::string, kinds::ResourceList>& sums) {
  if (pod.node.empty()) return;
  kinds::ResourceList& sum = sums[pod.node];
  for (const auto& [resource, amount] : pod.requests) sum[resource] += amount;
  sum["pods"] += Quantity::FromUnits(1);
}

}  // namespace

OtherPods::OtherPods(Io& io, const std::string& name_space) {
  kube::ListOptions options;
  options.field_selector = fmt::format(
      "metadata.namespace!={},status.phase!=Succeeded,status.phase!=Failed", name_space);
  auto decoder = std::make_shared<kinds::Decoder>();
  pending_ = io.kube.StartList(
      kube::Resource{"v1", "pods", ""}, options,
      [decoder, sums = sums_](kube::Client::PageBuffer page) -> Result<void> {
        std::vector<kinds::Pod> pods;
        TRY(decoder->Pods({page.data, page.size, page.capacity}, pods));
        for (const kinds::Pod& pod : pods) AddPod(pod, *sums);
        return {};
      },
      [sums = sums_] { sums->clear(); });
}

Fact<std::map<std::string, kinds::ResourceList>> OtherPods::Take() {
  auto outcome = pending_.Take();
  if (!outcome) return Absence::From(outcome.error(), "list pods in all namespaces");
  return std::move(*sums_);
}

}  // namespace datafly::gather

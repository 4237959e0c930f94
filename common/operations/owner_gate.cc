#include "common/operations/owner_gate.h"

#include "common/core/base/text.h"
#include "common/core/checks/families.h"

namespace datafly::operations {
namespace {

constexpr std::chrono::seconds kLooks{60};

/// The check of the owner tells the steps towards a target.
Finding StepsOf(const Facts& facts, const Profile& profile, const std::string& version) {
  Facts reduced;
  reduced.scope = facts.scope;
  reduced.owner = facts.owner;
  TargetFacts target;
  target.chart_version = version.empty() ? "the wanted version" : version;
  reduced.target = std::move(target);
  return checks::kOwnerFamily.judge({reduced, profile}).front();
}

}  // namespace

Result<void> RefuseForeignOwner(const Facts& facts, const Profile& profile,
                                const std::string& version) {
  if (!facts.owner || facts.owner->kind == OwnerFacts::Kind::Helm) return {};
  const Finding finding = StepsOf(facts, profile, version);
  std::string steps = "first: " + finding.remedy;
  for (const std::string& step : finding.evidence) steps += "; " + step;
  return Fail(Error::Unsupported(
      fmt::format("the release is {}, which would undo the change", finding.seen),
      std::move(steps)));
}

Result<void> RefuseForeignOwner(const Work& work) {
  gather::Io io{work.io.loop, work.io.http, work.io.kube, work.io.system,
                std::min(work.io.deadline, work.io.loop.Now() + kLooks)};
  ASSIGN_OR_RETURN(const auto cluster,
                   gather::GatherCluster(io, work.profile, {work.name_space, work.release}));
  return RefuseForeignOwner(cluster.facts, work.profile, {});
}

}  // namespace datafly::operations

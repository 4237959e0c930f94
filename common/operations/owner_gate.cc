#include "common/operations/owner_gate.h"

#include "common/core/base/text.h"
#include "common/core/checks/families.h"
#include "common/gather/owner.h"

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

Result<void> RefuseForeignOwner(gather::Io& outside, const Scope& scope) {
  gather::Io io{outside.loop, outside.http, outside.kube, outside.system,
                std::min(outside.deadline, outside.loop.Now() + kLooks)};
  Facts facts;
  facts.scope = scope;
  ASSIGN_OR_RETURN(facts.owner, gather::ReadOwner(io, scope.name_space, scope.release));
  return RefuseForeignOwner(facts, Profile{}, {});
}

}  // namespace datafly::operations

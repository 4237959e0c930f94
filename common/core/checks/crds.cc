#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/target.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

constexpr std::string_view kSource =
    "helm.sh/docs/chart_best_practices/custom_resource_definitions: crds/ is installed once and "
    "never upgraded";

constexpr std::array kSpecs = {
    CheckSpec{"SIG-CRD-001", "Every CRD of the target exists in the cluster", Requirement::Advisory,
              true,
              "helm upgrade leaves the chart's crds/ folder alone: a CRD that is new in the target "
              "is not installed, and its objects fail to apply.",
              "Apply the target's CRDs before the upgrade: helm show crds CHART --version VERSION "
              "| kubectl apply --server-side -f -",
              kSource},
    CheckSpec{"SIG-CRD-002", "The CRDs in the cluster are those of the target",
              Requirement::Advisory, true,
              "A CRD keeps the schema of the version that installed it. Fields that only the "
              "target's schema knows are dropped without a word, versions it adds are not served.",
              "Apply the target's CRDs before the upgrade: helm show crds CHART --version VERSION "
              "| kubectl apply --server-side -f -",
              kSource},
};

std::string ApplyCommand(const Input& input) {
  const Scope& scope = input.facts.scope;
  std::string kubectl = "kubectl";
  if (!scope.context.empty()) kubectl += " --context " + ShellQuote(scope.context);
  return fmt::format("helm show crds {} | {} apply --server-side --force-conflicts -f -",
                     ChartArguments(*input.facts.target, input.profile), kubectl);
}

std::vector<std::string> MissingVersions(const CrdFacts& crd) {
  std::vector<std::string> missing;
  for (const std::string& version : crd.target_versions) {
    bool live = std::find(crd.live_versions.begin(), crd.live_versions.end(), version) !=
                crd.live_versions.end();
    if (!live) missing.push_back(version);
  }
  return missing;
}

std::vector<Finding> Missing(const Input& input, const std::vector<CrdFacts>& crds) {
  constexpr std::string_view kCode = "SIG-CRD-001";
  std::vector<Finding> out;
  for (const CrdFacts& crd : crds) {
    if (crd.exists) continue;
    out.push_back(Make(kCode, CheckVerdict::Fail, "CustomResourceDefinition/" + crd.name,
                       "not in the cluster, and helm upgrade does not install it",
                       ApplyCommand(input)));
  }
  if (out.empty()) {
    std::string seen = crds.empty() ? std::string("the target's chart brings none")
                                    : Count(std::ssize(crds), "CRD");
    out.push_back(Make(kCode, CheckVerdict::Pass, {}, seen));
  }
  return out;
}

Finding Differing(const Input& input, const CrdFacts& crd) {
  constexpr std::string_view kCode = "SIG-CRD-002";
  std::string object = "CustomResourceDefinition/" + crd.name;
  std::vector<std::string> missing = MissingVersions(crd);
  if (!missing.empty()) {
    return Make(kCode, CheckVerdict::Fail, object,
                fmt::format("the cluster's has no version {}", fmt::join(missing, ", ")),
                ApplyCommand(input));
  }
  return Make(kCode, CheckVerdict::Warn, object,
              "the cluster's differs from the target's, and helm upgrade does not update it",
              ApplyCommand(input));
}

std::vector<Finding> Same(const Input& input, const std::vector<CrdFacts>& crds) {
  constexpr std::string_view kCode = "SIG-CRD-002";
  std::vector<Finding> out;
  for (const CrdFacts& crd : crds) {
    if (crd.exists && !crd.same) out.push_back(Differing(input, crd));
  }
  if (out.empty())
    out.push_back(Make(kCode, CheckVerdict::Pass, {},
                       crds.empty() ? "the target's chart brings none"
                                    : Count(std::ssize(crds), "CRD") + " alike"));
  return out;
}

std::vector<Finding> JudgeCrds(const Input& input) {
  const Facts& facts = input.facts;
  if (!facts.target) {
    return {SkippedWithoutTarget("SIG-CRD-001", facts), SkippedWithoutTarget("SIG-CRD-002", facts)};
  }
  const auto& crds = facts.target->crds;
  if (!crds) {
    return {MakeUnknown("SIG-CRD-001", {}, crds.absence(), facts.scope),
            MakeSkipped("SIG-CRD-002", "the cluster's CRDs are not known (SIG-CRD-001)")};
  }
  std::vector<Finding> out = Missing(input, *crds);
  for (Finding& finding : Same(input, *crds)) out.push_back(std::move(finding));
  return out;
}

}  // namespace

const Family kCrdsFamily{"crds", "Custom resource definitions", kSpecs, JudgeCrds};

}  // namespace datafly::checks

#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"

namespace datafly::checks {

namespace {

constexpr std::array kSpecs = {
    CheckSpec{"SIG-OWN-001", "Nobody else's controller owns the release", Requirement::Required,
              true,
              "Flux and Argo CD put back what differs from their source. An upgrade by hand is "
              "undone at their next reconciliation, perhaps in its middle.",
              "Change the version in the owner's Git repository by a pull request; or suspend the "
              "owner for as long as the work takes.",
              "labels helm.toolkit.fluxcd.io/name, argocd.argoproj.io/instance and their like"},
};

struct NamedObject {
  std::string name_space;
  std::string name;
};

/// Where Argo CD runs by default: its marks name no namespace for the Applications of its own.
constexpr std::string_view kArgosNamespace = "argocd";

/// "HelmRelease flux-system/datafly" -> flux-system, datafly.
NamedObject ParseObject(std::string_view object, std::string_view default_namespace) {
  std::string_view path = object.substr(object.find(' ') + 1);
  auto slash = path.find('/');
  if (slash == std::string_view::npos) return {std::string(default_namespace), std::string(path)};
  return {std::string(path.substr(0, slash)), std::string(path.substr(slash + 1))};
}

std::string SuspendFlux(const OwnerFacts& owner, const Scope& scope) {
  NamedObject object = ParseObject(owner.object, scope.name_space);
  std::string command = fmt::format("flux suspend helmrelease {} -n {}", ShellQuote(object.name),
                                    ShellQuote(object.name_space));
  if (!scope.context.empty()) command += " --context " + ShellQuote(scope.context);
  return command;
}

std::string SuspendArgo(const OwnerFacts& owner, const Scope& scope) {
  NamedObject object = ParseObject(owner.object, kArgosNamespace);
  Scope there = scope;
  there.name_space = object.name_space;
  return fmt::format(
      "{} patch applications.argoproj.io {} --type merge -p "
      "'{{\"spec\":{{\"syncPolicy\":{{\"automated\":null}}}}}}'",
      Kubectl(there), ShellQuote(object.name));
}

std::vector<std::string> FluxSteps(const OwnerFacts& owner, const Facts& facts) {
  NamedObject object = ParseObject(owner.object, facts.scope.name_space);
  return {fmt::format("better: set spec.chart.spec.version of {} to {} in its Git repository, by a "
                      "pull request",
                      owner.object, facts.target->chart_version),
          fmt::format("afterwards: flux resume helmrelease {} -n {}", ShellQuote(object.name),
                      ShellQuote(object.name_space))};
}

std::vector<std::string> ArgoSteps(const OwnerFacts& owner, const Facts& facts) {
  return {fmt::format("better: set spec.source.targetRevision of {} to {} in its Git repository, "
                      "by a pull request",
                      owner.object, facts.target->chart_version),
          "Argo CD renders the chart itself: helm has no release record of it to upgrade or to "
          "roll back"};
}

Finding Foreign(const OwnerFacts& owner, const Facts& facts) {
  constexpr std::string_view kCode = "SIG-OWN-001";
  std::string seen = fmt::format("owned by {} ({})", owner.object, owner.evidence);
  if (!facts.target) return Make(kCode, CheckVerdict::Pass, ReleaseObject(facts), seen);
  bool flux = owner.kind == OwnerFacts::Kind::Flux;
  Finding finding = Make(kCode, CheckVerdict::Fail, ReleaseObject(facts), seen,
                         flux ? SuspendFlux(owner, facts.scope) : SuspendArgo(owner, facts.scope));
  finding.evidence = flux ? FluxSteps(owner, facts) : ArgoSteps(owner, facts);
  return finding;
}

std::vector<Finding> JudgeOwner(const Input& input) {
  constexpr std::string_view kCode = "SIG-OWN-001";
  const Facts& facts = input.facts;
  if (!facts.owner) {
    return {MakeUnknown(kCode, ReleaseObject(facts), facts.owner.absence(), facts.scope)};
  }
  if (facts.owner->kind != OwnerFacts::Kind::Helm) return {Foreign(*facts.owner, facts)};
  // "Helm's own" says that no other owner was seen, which is nothing where no release was seen.
  if (!facts.release) return {SkippedWithoutRelease(kCode)};
  return {Make(kCode, CheckVerdict::Pass, ReleaseObject(facts), "Helm's own")};
}

}  // namespace

const Family kOwnerFamily{"owner", "Owner", kSpecs, JudgeOwner};

}  // namespace datafly::checks

#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

using kinds::Condition;
using kinds::Hpa;
using kinds::Workload;

constexpr std::string_view kTarget = "SIG-HPA-001";
constexpr std::string_view kMetrics = "SIG-HPA-002";
constexpr std::string_view kMaximum = "SIG-HPA-003";
constexpr std::string_view kReplicas = "SIG-HPA-004";
constexpr std::string_view kSsa = "SIG-HPA-005";
constexpr std::string_view kAmbiguous = "SIG-HPA-006";

constexpr std::array kSpecs = {
    CheckSpec{kTarget, "Every autoscaler finds what it scales", Requirement::Required, true,
              "An autoscaler whose target was renamed or removed scales nothing, and nobody "
              "notices until the load comes.",
              "Correct scaleTargetRef in the values, or delete the autoscaler.",
              "autoscaling/v2 condition AbleToScale: FailedGetScale, FailedUpdateScale"},
    CheckSpec{kMetrics, "Every autoscaler has its metrics", Requirement::Required, true,
              "Without metrics the number of replicas is frozen: the surge of load after an "
              "upgrade meets the pods of a quiet hour.",
              "Look at the metrics server and at the CPU requests of the pods with kubectl "
              "describe hpa.",
              "autoscaling/v2 condition ScalingActive and its reasons; metrics.k8s.io in /apis"},
    CheckSpec{kMaximum, "No autoscaler is at its maximum", Requirement::Required, true,
              "The load already wants more pods than are allowed; a rollout takes some of them "
              "away.",
              "Raise maxReplicas, or upgrade at a quieter time.",
              "autoscaling/v2 condition ScalingLimited: TooManyReplicas"},
    CheckSpec{kReplicas, "The manifest leaves the replicas to the autoscaler",
              Requirement::Required, true,
              "A spec.replicas in the manifest is applied at each upgrade and undoes what the "
              "autoscaler did: with fewer than run today, pods are stopped under load.",
              "Leave replicas out of the manifest when the autoscaler is on.",
              "kubernetes.io: migrating Deployments to horizontal autoscaling; Helm's three-way "
              "merge"},
    CheckSpec{kSsa, "No field is owned by both Helm and the autoscaler", Requirement::Required,
              true,
              "With server-side apply a spec.replicas that differs from the autoscaler's is a "
              "conflict: helm upgrade stops with an error.",
              "Leave replicas out of the manifest when the autoscaler is on.",
              "server-side apply conflicts; the release record's apply_method"},
    CheckSpec{kAmbiguous, "No two autoscalers scale the same pods", Requirement::Required, true,
              "Two autoscalers on the same pods both stop working.", "Delete one of the two.",
              "autoscaling/v2 condition ScalingActive: AmbiguousSelector"},
};

std::string Id(const Hpa& hpa) { return "HorizontalPodAutoscaler/" + hpa.meta.name; }

std::string Describe(const Hpa& hpa, const Scope& scope) {
  return fmt::format("{} describe hpa {}", Kubectl(scope), ShellQuote(hpa.meta.name));
}

bool Names(const std::vector<Hpa>& hpas, const std::string& name) {
  return std::any_of(hpas.begin(), hpas.end(),
                     [&](const Hpa& hpa) { return hpa.meta.name == name; });
}

/// The release's own, and others that scale a workload of the release.
std::vector<const Hpa*> HpasOfRelease(const Input& input) {
  const Facts& facts = input.facts;
  const auto workloads = WorkloadsOfRelease(facts, input.profile.part_of_label);
  std::vector<const Hpa*> out;
  for (const Hpa& hpa : *facts.hpas) {
    const bool scales_ours =
        std::any_of(workloads.begin(), workloads.end(), [&](const Workload* workload) {
          return workload->kind == hpa.target_kind && workload->meta.name == hpa.target_name;
        });
    const bool is_ours = facts.release && Names(facts.release->rendered.hpas, hpa.meta.name);
    if (scales_ours || is_ours) out.push_back(&hpa);
  }
  return out;
}

const Workload* LiveTarget(const Facts& facts, const Hpa& hpa) {
  if (!facts.workloads) return nullptr;
  for (const Workload& workload : *facts.workloads) {
    if (workload.kind == hpa.target_kind && workload.meta.name == hpa.target_name) {
      return &workload;
    }
  }
  return nullptr;
}

bool IsWorkloadKind(std::string_view kind) { return kind == "Deployment" || kind == "StatefulSet"; }

std::optional<Finding> JudgeTarget(const Hpa& hpa, const Facts& facts) {
  const Condition* able = FindCondition(hpa.conditions, "AbleToScale");
  const bool refused = able != nullptr && able->status == "False";
  const bool gone =
      facts.workloads && IsWorkloadKind(hpa.target_kind) && LiveTarget(facts, hpa) == nullptr;
  if (!refused && !gone) return std::nullopt;
  const std::string target = hpa.target_kind + "/" + hpa.target_name;
  Finding finding = Make(
      kTarget, CheckVerdict::Fail, Id(hpa),
      gone ? "there is no " + target : fmt::format("cannot scale {}: {}", target, able->reason),
      gone ? fmt::format("{} delete hpa {}", Kubectl(facts.scope), ShellQuote(hpa.meta.name))
           : Describe(hpa, facts.scope));
  if (refused && !able->message.empty()) finding.evidence.push_back(OneLine(able->message));
  return finding;
}

struct MetricsFault {
  std::string seen;
  bool passes_by_itself = false;  ///< normal while pods are new or not ready
};

/// What the message of ScalingActive means, by its tail.
MetricsFault ExplainMetrics(const Condition& active) {
  const std::string& message = active.message;
  const auto says = [&](std::string_view words) {
    return message.find(words) != std::string::npos;
  };
  const std::size_t lacking = message.find("missing request for ");
  if (lacking != std::string::npos) {
    return {OneLine(message.substr(lacking)) + ": utilization cannot be computed"};
  }
  if (says("custom metrics API") || says("external metrics API")) {
    return {"nobody serves the metric that it wants (" + active.reason + ")"};
  }
  if (says("could not find the requested resource")) {
    return {"metrics.k8s.io is not served: there is no metrics server"};
  }
  if (says("currently unable to handle the request")) return {"the metrics server is down"};
  if (says("no metrics returned") || says("did not receive metrics")) {
    return {"no metrics of its pods yet", true};
  }
  if (says("no pods returned by selector")) return {"its selector finds no pods", true};
  return {"no metrics: " + active.reason};
}

bool IsFresh(const Condition& condition, Time now) {
  constexpr Millis kSettling{5 * 60 * 1000};
  return condition.last_transition && now - *condition.last_transition < kSettling;
}

bool AllPodsReady(const Facts& facts, const Hpa& hpa) {
  const Workload* target = LiveTarget(facts, hpa);
  return target != nullptr && target->available_replicas >= target->DesiredReplicas();
}

Finding InactiveFinding(const Hpa& hpa, const Condition& active, const Facts& facts) {
  if (active.reason == "ScalingDisabled") {
    return Make(kMetrics, CheckVerdict::Warn, Id(hpa),
                "its target is scaled to zero: it does nothing",
                fmt::format("{} scale {} --replicas={}", Kubectl(facts.scope),
                            ShellQuote(ToLower(hpa.target_kind) + "/" + hpa.target_name),
                            std::max<std::int64_t>(1, hpa.min_replicas)));
  }
  const MetricsFault fault = ExplainMetrics(active);
  const bool settles =
      fault.passes_by_itself && (IsFresh(active, facts.taken_at) || !AllPodsReady(facts, hpa));
  Finding finding = Make(kMetrics, settles ? CheckVerdict::Warn : CheckVerdict::Fail, Id(hpa),
                         fault.seen, Describe(hpa, facts.scope));
  if (!active.message.empty()) finding.evidence.push_back(OneLine(active.message));
  return finding;
}

/// Nothing when its metrics are there.
std::optional<Finding> JudgeMetrics(const Hpa& hpa, const Facts& facts) {
  const Condition* active = FindCondition(hpa.conditions, "ScalingActive");
  if (active != nullptr && active->status == "True") return std::nullopt;
  if (active != nullptr && active->reason == "AmbiguousSelector") return std::nullopt;
  if (active != nullptr) return InactiveFinding(hpa, *active, facts);
  // The controller has never computed it: because it cannot find the target (another code says so),
  // …
  if (JudgeTarget(hpa, facts)) return std::nullopt;
  if (facts.metrics_served && !*facts.metrics_served) {
    return Make(kMetrics, CheckVerdict::Fail, Id(hpa),
                "metrics.k8s.io is not served: there is no metrics server",
                "kubectl get apiservice v1beta1.metrics.k8s.io");
  }
  return Make(kMetrics, CheckVerdict::Warn, Id(hpa), "its controller has not looked at it yet",
              Describe(hpa, facts.scope));
}

std::optional<Finding> JudgeMaximum(const Hpa& hpa, const Facts& facts) {
  const Condition* limited = FindCondition(hpa.conditions, "ScalingLimited");
  const bool limit =
      limited != nullptr && limited->status == "True" && limited->reason == "TooManyReplicas";
  if (!limit || hpa.min_replicas == hpa.max_replicas) return std::nullopt;
  return Make(kMaximum, CheckVerdict::Warn, Id(hpa),
              fmt::format("at its maximum of {}, and the load wants more",
                          Count(hpa.max_replicas, "replica")),
              fmt::format("{} patch hpa {} -p '{{\"spec\":{{\"maxReplicas\":{}}}}}'",
                          Kubectl(facts.scope), ShellQuote(hpa.meta.name), hpa.max_replicas * 2));
}

std::optional<Finding> JudgeAmbiguous(const Hpa& hpa, const Facts& facts) {
  const Condition* active = FindCondition(hpa.conditions, "ScalingActive");
  const bool ambiguous = active != nullptr && active->reason == "AmbiguousSelector";
  if (!ambiguous) return std::nullopt;
  Finding finding =
      Make(kAmbiguous, CheckVerdict::Fail, Id(hpa), "another autoscaler selects the same pods",
           Kubectl(facts.scope) + " get hpa");
  finding.evidence.push_back(OneLine(active->message));
  return finding;
}

const Workload* FindRendered(const Rendered& rendered, const Hpa& hpa) {
  for (const Workload& workload : rendered.workloads) {
    if (workload.kind == hpa.target_kind && workload.meta.name == hpa.target_name) {
      return &workload;
    }
  }
  return nullptr;
}

/// What the next apply does to the replicas of an autoscaled workload.
struct Apply {
  const Hpa* hpa;
  std::int64_t live;                  ///< replicas that run today
  std::optional<std::int64_t> today;  ///< written in the release's manifest
  std::optional<std::int64_t> next;   ///< written in the manifest that will be applied
  bool is_removed = false;            ///< the target no longer has the workload
};

std::optional<std::int64_t> Written(const Rendered& rendered, const Hpa& hpa) {
  const Workload* workload = FindRendered(rendered, hpa);
  return workload == nullptr ? std::nullopt : workload->replicas;
}

Apply PlanApply(const Hpa& hpa, const Facts& facts) {
  const Workload* live = LiveTarget(facts, hpa);
  Apply apply{&hpa, live != nullptr ? live->DesiredReplicas() : hpa.current_replicas, {}, {}};
  apply.today = Written(facts.release->rendered, hpa);
  apply.next = apply.today;
  if (facts.target) {
    apply.next = Written(facts.target->rendered, hpa);
    apply.is_removed = FindRendered(facts.target->rendered, hpa) == nullptr;
  }
  return apply;
}

std::string LeaveOut(const Apply& apply) {
  return fmt::format(
      "Leave replicas of {}/{} out of the manifest while the autoscaler is on; until then set it "
      "to at least {} in the values.",
      apply.hpa->target_kind, apply.hpa->target_name, apply.live);
}

/// Today's manifest cannot be changed any more, and a target that leaves replicas out is right.
std::string BearOnce(const Apply& apply) {
  return fmt::format(
      "It happens once: upgrade when one replica of {}/{} bears the load until the autoscaler "
      "looks "
      "again, with --skip {}.",
      apply.hpa->target_kind, apply.hpa->target_name, kReplicas);
}

std::string WhichManifest(const Facts& facts) {
  return facts.target ? "the target's manifest" : "the release's manifest";
}

/// Client-side apply: Helm's three-way merge sets what the manifest says, and resets what it no
/// longer says to the API's default.
std::optional<Finding> JudgeReplicas(const Apply& apply, const Facts& facts) {
  if (apply.is_removed) return std::nullopt;
  if (!apply.next && apply.today && apply.live > 1) {
    return Make(kReplicas, CheckVerdict::Fail, Id(*apply.hpa),
                fmt::format("the target drops the replicas that today's manifest writes: the "
                            "upgrade resets {} to 1",
                            apply.live),
                BearOnce(apply));
  }
  if (!apply.next) return std::nullopt;
  const bool shrinks = *apply.next < apply.live;
  return Make(kReplicas, shrinks ? CheckVerdict::Fail : CheckVerdict::Warn, Id(*apply.hpa),
              fmt::format("{} writes replicas: {}, {} run today", WhichManifest(facts), *apply.next,
                          apply.live),
              LeaveOut(apply));
}

/// Forced, the upgrade does not stop, and is as one that is applied client-side: fewer replicas
/// than run today are a loss until the autoscaler looks again.
std::optional<Finding> JudgeSsa(const Apply& apply, const Facts& facts, bool forced) {
  if (apply.is_removed || !apply.next) return std::nullopt;
  const bool bad = forced ? *apply.next < apply.live : *apply.next != apply.live;
  Finding finding =
      Make(kSsa, bad ? CheckVerdict::Fail : CheckVerdict::Warn, Id(*apply.hpa),
           fmt::format("server-side apply with replicas: {} in {}, {} set by the autoscaler",
                       *apply.next, WhichManifest(facts), apply.live),
           LeaveOut(apply));
  if (forced && *apply.next != apply.live)
    finding.evidence.emplace_back("helm takes the field over (--force-conflicts)");
  return finding;
}

/// The code that does not apply to the way this release is applied, and the judge of the other.
std::vector<Finding> JudgeApply(const std::vector<const Hpa*>& hpas, const Input& input,
                                std::string_view code) {
  const Facts& facts = input.facts;
  if (!facts.release) return {SkippedWithoutRelease(code)};
  const bool ssa = facts.release->apply_method == "ssa";
  if (ssa != (code == kSsa)) {
    return {MakeSkipped(code, ssa ? "applied by the server; see SIG-HPA-005"
                                  : "the release is not applied by the server")};
  }
  std::vector<Finding> out;
  for (const Hpa* hpa : hpas) {
    const Apply apply = PlanApply(*hpa, facts);
    auto finding =
        ssa ? JudgeSsa(apply, facts, input.forces_conflicts) : JudgeReplicas(apply, facts);
    if (finding) out.push_back(std::move(*finding));
  }
  return out;
}

std::vector<Finding> JudgeCode(const std::vector<const Hpa*>& hpas, const Input& input,
                               std::string_view code) {
  const Facts& facts = input.facts;
  if (code == kReplicas || code == kSsa) return JudgeApply(hpas, input, code);
  const auto judge = code == kTarget    ? JudgeTarget
                     : code == kMetrics ? JudgeMetrics
                     : code == kMaximum ? JudgeMaximum
                                        : JudgeAmbiguous;
  std::vector<Finding> out;
  for (const Hpa* hpa : hpas) {
    if (auto finding = judge(*hpa, facts)) out.push_back(std::move(*finding));
  }
  return out;
}

std::vector<Finding> AllSkipped(Finding first, std::string_view why) {
  std::vector<Finding> out{std::move(first)};
  for (const CheckSpec& spec : std::span(kSpecs).subspan(1)) {
    out.push_back(MakeSkipped(spec.code, std::string(why)));
  }
  return out;
}

std::vector<Finding> JudgeHpas(const Input& input) {
  const Facts& facts = input.facts;
  if (!facts.hpas) {
    return AllSkipped(MakeUnknown(kTarget, "autoscalers", facts.hpas.absence(), facts.scope),
                      "the autoscalers are not known (SIG-HPA-001)");
  }
  const auto hpas = HpasOfRelease(input);
  if (hpas.empty()) {
    constexpr std::string_view kNone = "the release has no autoscaler";
    return AllSkipped(MakeSkipped(kTarget, std::string(kNone)), kNone);
  }
  std::vector<Finding> out;
  for (const CheckSpec& spec : kSpecs) {
    std::vector<Finding> found = JudgeCode(hpas, input, spec.code);
    if (found.empty()) {
      found.push_back(
          Make(spec.code, CheckVerdict::Pass, {}, Count(std::ssize(hpas), "autoscaler")));
    }
    std::move(found.begin(), found.end(), std::back_inserter(out));
  }
  return out;
}

}  // namespace

const Family kHpaFamily{"hpa", "Autoscalers", kSpecs, JudgeHpas};

}  // namespace datafly::checks

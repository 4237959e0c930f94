#include "common/core/rollout/cause.h"

#include <array>

namespace datafly::rollout {

namespace {

using enum CauseClass;
using std::chrono::seconds;

/// Condition -> class -> grace. A grace of 0 is for what no waiting mends; the others are as long
/// as the condition is known to last when it heals: a kubelet that has not yet seen a new Secret
/// (seconds), a registry that restarts, an autoscaler that brings a node, an old pod that lets go
/// of its volume.
constexpr std::array kTable = {
    CauseSpec{ImageNotFound, "image-not-found", "SIG-POD-005", seconds(0),
              "The image is not in its registry",
              "Correct the tag or repository in the values, or push the image."},
    CauseSpec{ImageUnauthorized, "image-unauthorized", "SIG-POD-006", seconds(0),
              "The registry does not let the node in",
              "Check imagePullSecrets in the values and the account behind them."},
    CauseSpec{ImagePullSecretMissing, "image-pull-secret-missing", "SIG-POD-006", seconds(5),
              "The pull secret that the pod names does not exist",
              "Create the Secret, or correct its name in imagePullSecrets."},
    CauseSpec{ImageRateLimited, "image-rate-limited", "SIG-POD-008", seconds(120),
              "The registry limits the rate of pulls",
              "Use a pull secret of an account with a higher limit, or a mirror."},
    CauseSpec{ImageDns, "image-registry-dns", "SIG-POD-007", seconds(20),
              "The node cannot resolve the registry's name",
              "Check the node's DNS; NetworkPolicies do not apply, the node pulls."},
    CauseSpec{ImageNetwork, "image-registry-unreachable", "SIG-POD-007", seconds(30),
              "The node cannot reach the registry",
              "Check the node's firewall, NAT, proxy or mirror; NetworkPolicies do not apply."},
    CauseSpec{ImageTls, "image-registry-tls", "SIG-POD-007", seconds(0),
              "TLS to the registry fails on the node",
              "Check the CAs that the node's container runtime trusts, and the node's clock."},
    CauseSpec{ImageRegistryFails, "image-registry-fails", "SIG-POD-007", seconds(30),
              "The registry fails", "Check the registry's own health."},
    CauseSpec{ImagePlatform, "image-platform", "SIG-POD-009", seconds(0),
              "The image has no variant for the node's platform",
              "Use an image built for the nodes' architecture."},
    CauseSpec{ImageDiskFull, "image-disk-full", "SIG-POD-010", seconds(30),
              "The node's disk is full", "Free space on the node's image file system."},
    CauseSpec{ImageNameInvalid, "image-name-invalid", "SIG-POD-010", seconds(0),
              "The image's name is not valid", "Correct the image's name in the values."},
    CauseSpec{ImageNeverPull, "image-never-pull", "SIG-POD-010", seconds(0),
              "The image is not on the node and may not be pulled",
              "Change imagePullPolicy in the values, or load the image onto the nodes."},
    CauseSpec{ImageSignature, "image-signature", "SIG-POD-010", seconds(0),
              "The image's signature is not accepted",
              "Check the signature policy of the nodes' runtime."},
    CauseSpec{ImageOther, "image-other", "SIG-POD-010", seconds(30), "The image cannot be pulled",
              "Read the pod's events."},

    CauseSpec{ConfigMapMissing, "config-map-missing", "SIG-POD-011", seconds(5),
              "A ConfigMap that the container names does not exist",
              "Create it, or correct its name in the values."},
    CauseSpec{SecretMissing, "secret-missing", "SIG-POD-011", seconds(5),
              "A Secret that the container names does not exist",
              "Create it, or correct its name in the values."},
    CauseSpec{ConfigKeyMissing, "config-key-missing", "SIG-POD-011", seconds(5),
              "A key that the container names is not in its ConfigMap or Secret",
              "Add the key, or correct its name in the values."},
    CauseSpec{RunsAsRoot, "runs-as-root", "SIG-POD-011", seconds(0),
              "The image would run as root, which runAsNonRoot forbids",
              "Set runAsUser in the values, or use an image with a numeric user."},
    CauseSpec{CreateFails, "create-fails", "SIG-POD-011", seconds(10),
              "The container cannot be created", "Read the pod's events."},
    CauseSpec{CommandNotFound, "command-not-found", "SIG-POD-011", seconds(0),
              "The command is not in the image", "Correct command or image in the values."},
    CauseSpec{CommandNotExecutable, "command-not-executable", "SIG-POD-011", seconds(0),
              "The command may not be executed", "Correct the file's mode in the image."},
    CauseSpec{WrongArchitecture, "wrong-architecture", "SIG-POD-009", seconds(0),
              "The program was built for another architecture",
              "Use an image built for the nodes' architecture."},
    CauseSpec{StartFails, "start-fails", "SIG-POD-011", seconds(0),
              "The container cannot be started", "Read the container's last state."},

    CauseSpec{CrashLoop, "crash-loop", "SIG-POD-002", seconds(0),
              "The process ends again and again", "Read the log of its last run (--previous)."},
    CauseSpec{EndsNormally, "ends-normally", "SIG-POD-002", seconds(0),
              "The process ends by itself, without an error",
              "Check the container's command and arguments: a service must not end."},
    CauseSpec{CrashBySignal, "crash-by-signal", "SIG-POD-002", seconds(0),
              "The process crashes (SIGSEGV or SIGABRT)",
              "Read the log of its last run (--previous)."},
    CauseSpec{KilledNotForMemory, "killed", "SIG-POD-002", seconds(0),
              "The process is killed, and not for its memory limit",
              "Look at liveness probes, the grace period and the node."},
    CauseSpec{OomKilled, "oom-killed", "SIG-POD-012", seconds(0),
              "The container is killed for its memory limit",
              "Raise the container's memory limit in the values."},
    CauseSpec{LivenessKilled, "liveness-killed", "SIG-POD-015", seconds(0),
              "The kubelet restarts the container because its liveness probe fails",
              "Read why the probe fails; give it more time or another path in the values."},
    CauseSpec{StartupKilled, "startup-killed", "SIG-POD-015", seconds(0),
              "The kubelet restarts the container because its startup probe fails",
              "Read the log of its last run; give it more time in the values."},
    CauseSpec{InitFails, "init-fails", "SIG-POD-003", seconds(0), "An init container fails",
              "Read its log."},
    CauseSpec{MigrationFails, "migration-fails", "SIG-POD-004", seconds(0),
              "The database migrations fail",
              "Read the migration's log before anything is tried again; the schema may be dirty."},

    CauseSpec{ReadinessFails, "readiness-fails", "SIG-POD-015", seconds(30),
              "The container runs, but its readiness probe fails",
              "Read why the probe fails, and the container's log."},
    CauseSpec{ReadinessGate, "readiness-gate", "SIG-POD-015", seconds(60),
              "A readiness gate holds the pod back",
              "Look at the controller that sets the pod's readiness gate."},

    CauseSpec{InsufficientResources, "insufficient-resources", "SIG-POD-013", seconds(30),
              "No node has room for the pod", "Make room on the nodes, or lower the requests."},
    CauseSpec{SurgeDoesNotFit, "surge-does-not-fit", "SIG-POD-013", seconds(30),
              "No node has room for the surge pod, and no old pod may go before it is ready",
              "Make room on the nodes, or let maxUnavailable be 1 in the values."},
    CauseSpec{UntoleratedTaint, "untolerated-taint", "SIG-POD-013", seconds(30),
              "Every node that could take the pod has a taint that it does not tolerate",
              "Set tolerations in the values, or remove the taint."},
    CauseSpec{NodeSelector, "node-selector", "SIG-POD-013", seconds(30),
              "No node matches the pod's node selector or affinity",
              "Correct nodeSelector in the values, or label a node."},
    CauseSpec{PodAffinity, "pod-affinity", "SIG-POD-013", seconds(30),
              "No node satisfies the pod's affinity to other pods",
              "Add a node, or make the rule a preference in the values."},
    CauseSpec{TopologySpread, "topology-spread", "SIG-POD-013", seconds(30),
              "No node satisfies the pod's topology spread",
              "Add nodes in the missing zone, or let whenUnsatisfiable be ScheduleAnyway."},
    CauseSpec{NodesCordoned, "nodes-cordoned", "SIG-POD-013", seconds(30), "The nodes are cordoned",
              "Uncordon a node."},
    CauseSpec{TooManyPods, "too-many-pods", "SIG-POD-013", seconds(30),
              "The nodes hold as many pods as they may", "Add a node."},
    CauseSpec{HostPorts, "host-ports", "SIG-POD-013", seconds(30),
              "The host port that the pod wants is taken on every node",
              "Change the host port, or use maxSurge 0."},
    CauseSpec{ClaimMissing, "claim-missing", "SIG-POD-013", seconds(10),
              "The PersistentVolumeClaim that the pod names does not exist",
              "Create the claim, or correct its name in the values."},
    CauseSpec{ClaimUnbound, "claim-unbound", "SIG-POD-013", seconds(60),
              "The pod's PersistentVolumeClaim has no volume",
              "Check the claim's storage class and its provisioner."},
    CauseSpec{SchedulingGated, "scheduling-gated", "SIG-POD-013", seconds(60),
              "A scheduling gate holds the pod back",
              "Look at the controller that should remove the gate."},
    CauseSpec{Unschedulable, "unschedulable", "SIG-POD-013", seconds(30), "No node takes the pod",
              "Read the scheduler's words."},
    CauseSpec{VolumeSourceMissing, "volume-source-missing", "SIG-DIA-001", seconds(10),
              "A Secret or ConfigMap that is to be mounted does not exist, or lacks a key",
              "Create what is missing, or correct its name in the values."},
    CauseSpec{VolumeInUse, "volume-in-use", "SIG-DIA-001", seconds(120),
              "The volume is still attached to another node",
              "Wait for the old pod to end; use strategy Recreate for a volume of one node."},
    CauseSpec{VolumeMountFails, "volume-mount-fails", "SIG-DIA-001", seconds(30),
              "A volume cannot be mounted", "Read the pod's events."},
    CauseSpec{SandboxFails, "sandbox-fails", "SIG-DIA-002", seconds(20),
              "The pod gets no sandbox or network on its node",
              "Look at the node's CNI plugin and its free addresses."},

    CauseSpec{Evicted, "evicted", "SIG-POD-014", seconds(60), "The node put the pod off",
              "Look at the node's memory and disk pressure."},
    CauseSpec{PodFailed, "pod-failed", "SIG-POD-014", seconds(0), "The pod failed",
              "Read the pod's status."},
    CauseSpec{StuckTerminating, "stuck-terminating", "SIG-POD-016", seconds(60),
              "An old pod does not go",
              "Look at the pod's node and finalizers before deleting it by force."},

    CauseSpec{QuotaExceeded, "quota-exceeded", "SIG-WRK-005", seconds(10),
              "The namespace's quota has no room for the pod",
              "Raise the quota, or lower requests and limits in the values."},
    CauseSpec{QuotaDemands, "quota-demands", "SIG-WRK-005", seconds(0),
              "The quota wants requests or limits that the pod does not name",
              "Set the container's resources in the values."},
    CauseSpec{LimitRange, "limit-range", "SIG-WRK-005", seconds(0),
              "The pod is outside the namespace's LimitRange",
              "Change the container's resources in the values."},
    CauseSpec{PodSecurity, "pod-security", "SIG-WRK-005", seconds(0),
              "The namespace's Pod Security level refuses the pod",
              "Set the security context that the level asks for."},
    CauseSpec{WebhookDenied, "webhook-denied", "SIG-WRK-005", seconds(0),
              "An admission webhook or policy refuses the pod",
              "Ask who runs the webhook or wrote the policy."},
    CauseSpec{WebhookUnreachable, "webhook-unreachable", "SIG-WRK-005", seconds(15),
              "An admission webhook does not answer",
              "Look at the webhook's Service, or ask who runs it."},
    CauseSpec{ServiceAccountMissing, "service-account-missing", "SIG-WRK-005", seconds(5),
              "The pod's service account does not exist",
              "Create it, or let the chart create it (serviceAccount.create)."},
    CauseSpec{PriorityClassMissing, "priority-class-missing", "SIG-WRK-005", seconds(0),
              "The pod's PriorityClass does not exist", "Correct priorityClassName."},
    CauseSpec{CreateRefused, "create-refused", "SIG-WRK-005", seconds(15),
              "The API server refuses the pods", "Read the server's words."},

    CauseSpec{GenerationStale, "generation-stale", "SIG-WRK-002", seconds(30),
              "The controller has not seen the newest change",
              "Look at the kube-controller-manager."},
    CauseSpec{ProgressDeadline, "progress-deadline", "SIG-WRK-003", seconds(0),
              "The Deployment made no progress within its progressDeadlineSeconds",
              "Look at its newest pods."},
    CauseSpec{Paused, "paused", "SIG-WRK-004", seconds(0), "The rollout is paused",
              "Resume it with kubectl rollout resume."},
    CauseSpec{Starting, "starting", "SIG-POD-001", seconds(300), "The pod is not Ready yet",
              "Read the pod's events."},
};

constexpr bool InOrder() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].id) != i) return false;
  }
  return true;
}
static_assert(InOrder() && kTable.size() == static_cast<std::size_t>(Starting) + 1,
              "a row for each class, in the order of the enumeration");

}  // namespace

std::span<const CauseSpec> AllCauses() { return kTable; }

const CauseSpec& SpecOf(CauseClass id) { return kTable[static_cast<std::size_t>(id)]; }

Cause MakeCause(CauseClass id, std::string container, std::string subject, std::string summary,
                std::string detail) {
  Cause cause;
  cause.id = id;
  cause.container = std::move(container);
  cause.subject = std::move(subject);
  cause.summary = std::move(summary);
  cause.detail = std::move(detail);
  cause.grace = SpecOf(id).grace;
  return cause;
}

}  // namespace datafly::rollout

// Which values stand for none, and which the server fills in: the second half of field_rules.h.
#include <array>
#include <nlohmann/json.hpp>

#include "common/core/diff/field_rules.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// The last steps of the pattern, as Default::tail names them: "livenessProbe.periodSeconds" is
/// "Probe.periodSeconds"; "^type" is the field of the object itself.
bool TailMatches(std::string_view pattern, std::string_view tail) {
  if (tail.starts_with('^')) return pattern == tail.substr(1);
  if (!pattern.ends_with(tail)) return false;
  const auto before = pattern.size() - tail.size();
  return before == 0 || pattern[before - 1] == '.' || tail.starts_with("Probe.");
}

/// Kinds whose strategy takes nil and empty for different specs (reflect.DeepEqual in
/// PrepareForUpdate): their generation moves though nothing else does.
bool TellsNilFromEmpty(std::string_view kind) {
  return IsOneOf(
      kind, {"NetworkPolicy", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"});
}

/// Maps of Go, and structs without a pointer: whether they are empty or absent is the same to the
/// server. All other objects are pointers, which it keeps as {}.
bool IsNoPointer(const Place& place, std::string_view field) {
  if (IsOneOf(field, {"metadata",
                      "spec",
                      "template",
                      "jobTemplate",
                      "labels",
                      "annotations",
                      "matchLabels",
                      "nodeSelector",
                      "data",
                      "binaryData",
                      "stringData",
                      "resources",
                      "limits",
                      "requests",
                      "hard",
                      "capacity",
                      "overhead",
                      "max",
                      "min",
                      "defaultRequest",
                      "strategy",
                      "parameters",
                      "updateStrategy",
                      "maxLimitRequestRatio",
                      "options",
                      "properties",
                      "patternProperties",
                      "volumeAttributes",
                      "roleRef",
                      "names",
                      "conditions",
                      "scaleTargetRef",
                      "clientConfig"}))
    return true;
  // The defaults fill in an empty one (SetDefaults_PodSpec).
  if (field == "securityContext") return place.Is("spec.securityContext");
  if (field == "selector")
    return IsOneOf(place.kind, {"Service", "ReplicationController"}) && place.Is("spec.selector");
  if (field == "podSelector") return place.pattern == "spec.podSelector";
  if (field == "status") return !place.Is("subresources.status");
  return place.Is("limits[].default") || place.Is("service.port");
}

/// Whether an empty map or list is something else than none.
bool EmptyIsSaid(const Place& place, const Json& value) {
  const auto field = place.Field();
  // SetDefaults_NetworkPolicy fills in an empty list too.
  if (TellsNilFromEmpty(place.kind) && !IsOneOf(field, {"metadata", "labels", "annotations"}))
    return field != "policyTypes" && place.pattern != "spec.podSelector";
  return value.is_object() && !IsNoPointer(place, field);
}

/// Texts with a pointer in the API's types: "" is a value there. Those that validation refuses
/// empty are here too, for what is no default must not be taken for one.
bool IsPointerText(const Place& place, std::string_view field) {
  if (IsOneOf(field, {"storageClassName",
                      "volumeAttributesClassName",
                      "ingressClassName",
                      "runtimeClassName",
                      "loadBalancerClass",
                      "appProtocol",
                      "trafficDistribution",
                      "ipFamilyPolicy",
                      "internalTrafficPolicy",
                      "preemptionPolicy",
                      "mountPropagation",
                      "hostnameOverride",
                      "timeZone",
                      "completionMode",
                      "podReplacementPolicy",
                      "managedBy",
                      "nodeAffinityPolicy",
                      "nodeTaintsPolicy",
                      "stopSignal",
                      "procMount",
                      "localhostProfile",
                      "fsGroupChangePolicy",
                      "supplementalGroupsPolicy",
                      "seLinuxChangePolicy",
                      "gmsaCredentialSpec",
                      "gmsaCredentialSpecName",
                      "runAsUserName",
                      "unhealthyPodEvictionPolicy",
                      "volumeMode",
                      "selectPolicy",
                      "reclaimPolicy",
                      "volumeBindingMode",
                      "failurePolicy",
                      "matchPolicy",
                      "sideEffects",
                      "default",
                      "example"}))
    return true;
  if (field == "restartPolicy") return !place.Is("spec.restartPolicy");
  return place.Is("dnsConfig.options[].value") || place.Is("volumes[].csi.fsType") ||
         place.Is("dataSource.apiGroup") || place.Is("dataSourceRef.apiGroup");
}

/// Booleans and numbers without a pointer in the API's types: false and 0 are left out.
bool ZeroIsLeftOut(const Place& place, std::string_view field) {
  if (IsOneOf(field, {"periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold"}))
    return TailMatches(place.pattern, "Probe." + std::string(field));
  if (field == "readOnly") return !place.Is("volumes[].csi.readOnly");
  return IsOneOf(field, {"hostNetwork", "hostPID", "hostIPC", "tty", "stdin", "stdinOnce",
                         "publishNotReadyAddresses", "minReadySeconds", "initialDelaySeconds",
                         "hostPort", "nodePort", "healthCheckNodePort", "targetPort", "paused",
                         "unschedulable", "globalDefault", "nullable", "uniqueItems", "value"});
}

struct Default {
  std::string_view tail;
  std::string_view json;
};

constexpr std::array kDefaults{
    Default{"terminationMessagePath", R"("/dev/termination-log")"},
    Default{"terminationMessagePolicy", R"("File")"},
    Default{"ports[].protocol", R"("TCP")"},
    Default{"Probe.periodSeconds", "10"},
    Default{"Probe.timeoutSeconds", "1"},
    Default{"Probe.successThreshold", "1"},
    Default{"Probe.failureThreshold", "3"},
    Default{"httpGet.scheme", R"("HTTP")"},
    Default{"httpGet.path", R"("/")"},
    Default{"grpc.service", R"("")"},
    Default{"spec.restartPolicy", R"("Always")"},
    Default{"dnsPolicy", R"("ClusterFirst")"},
    Default{"schedulerName", R"("default-scheduler")"},
    Default{"spec.terminationGracePeriodSeconds", "30"},
    Default{"enableServiceLinks", "true"},
    // Of a Pod by admission; a template keeps what it says.
    Default{"^spec.serviceAccountName", R"("default")"},
    Default{"spec.replicas", "1"},
    Default{"progressDeadlineSeconds", "600"},
    Default{"revisionHistoryLimit", "10"},
    Default{"strategy.type", R"("RollingUpdate")"},
    Default{"strategy.rollingUpdate.maxSurge", R"("25%")"},
    Default{"strategy.rollingUpdate.maxUnavailable", R"("25%")"},
    Default{"podManagementPolicy", R"("OrderedReady")"},
    Default{"updateStrategy.type", R"("RollingUpdate")"},
    Default{"updateStrategy.rollingUpdate.partition", "0"},
    Default{"updateStrategy.rollingUpdate.maxUnavailable", "1"},
    Default{"updateStrategy.rollingUpdate.maxSurge", "0"},
    Default{"persistentVolumeClaimRetentionPolicy.whenDeleted", R"("Retain")"},
    Default{"persistentVolumeClaimRetentionPolicy.whenScaled", R"("Retain")"},
    Default{"spec.sessionAffinity", R"("None")"},
    Default{"spec.type", R"("ClusterIP")"},
    Default{"spec.internalTrafficPolicy", R"("Cluster")"},
    Default{"spec.externalTrafficPolicy", R"("Cluster")"},
    Default{"spec.ipFamilyPolicy", R"("SingleStack")"},
    Default{"spec.allocateLoadBalancerNodePorts", "true"},
    Default{"defaultMode", "420"},
    Default{"hostPath.type", R"("")"},
    Default{"volumeMode", R"("Filesystem")"},
    Default{"fieldRef.apiVersion", R"("v1")"},
    Default{"resourceFieldRef.divisor", R"("0")"},
    Default{"serviceAccountToken.expirationSeconds", "3600"},
    Default{"spec.completions", "1"},
    Default{"spec.parallelism", "1"},
    Default{"spec.backoffLimit", "6"},
    Default{"spec.completionMode", R"("NonIndexed")"},
    Default{"spec.suspend", "false"},
    Default{"spec.manualSelector", "false"},
    Default{"spec.podReplacementPolicy", R"("TerminatingOrFailed")"},
    Default{"spec.concurrencyPolicy", R"("Allow")"},
    Default{"spec.successfulJobsHistoryLimit", "3"},
    Default{"spec.failedJobsHistoryLimit", "1"},
    Default{"spec.minReplicas", "1"},
    Default{"behavior.scaleUp.stabilizationWindowSeconds", "0"},
    Default{"behavior.scaleUp.selectPolicy", R"("Max")"},
    Default{"behavior.scaleUp.policies", R"([{"periodSeconds":15,"type":"Pods","value":4},)"
                                         R"({"periodSeconds":15,"type":"Percent","value":100}])"},
    Default{"behavior.scaleDown.selectPolicy", R"("Max")"},
    Default{"behavior.scaleDown.policies",
            R"([{"periodSeconds":15,"type":"Percent","value":100}])"},
    Default{"roleRef.apiGroup", R"("rbac.authorization.k8s.io")"},
    Default{"subjects[].apiGroup", R"("")"},
    Default{"subjects[].apiGroup", R"("rbac.authorization.k8s.io")"},
    Default{"spec.conversion.strategy", R"("None")"},
    Default{"reclaimPolicy", R"("Delete")"},
    Default{"volumeBindingMode", R"("Immediate")"},
    Default{"matchPolicy", R"("Equivalent")"},
    Default{"failurePolicy", R"("Fail")"},
    Default{"webhooks[].timeoutSeconds", "10"},
    Default{"webhooks[].reinvocationPolicy", R"("Never")"},
    Default{"webhooks[].rules[].scope", R"("*")"},
    Default{"clientConfig.service.port", "443"},
    Default{"sessionAffinityConfig.clientIP.timeoutSeconds", "10800"},
    Default{"^preemptionPolicy", R"("PreemptLowerPriority")"},
    Default{"^spec.preemptionPolicy", R"("PreemptLowerPriority")"},
    Default{"^type", R"("Opaque")"},
};

/// kubelet's rule: Always for the tag latest or none, else IfNotPresent.
std::string DefaultPullPolicy(const Json& container) {
  const auto found = container.find("image");
  if (found == container.end() || !found->is_string()) return {};
  const auto& image = found->get_ref<const std::string&>();
  const auto name = image.substr(image.rfind('/') + 1);
  const auto colon = name.find(':');
  if (image.find('@') != std::string::npos) return "IfNotPresent";
  return colon == std::string::npos || name.substr(colon + 1) == "latest" ? "Always"
                                                                          : "IfNotPresent";
}

/// What the server fills in where a volume names no source (SetDefaults_Volume).
bool IsOnlySource(const Json& volume) {
  return !volume.is_object() ||
         std::all_of(volume.items().begin(), volume.items().end(), [](const auto& member) {
           return IsOneOf(member.key(), {"name", "emptyDir"}) || member.value().is_null();
         });
}

/// Pointers that the server fills in as a whole, with each member's default.
bool IsFilledIn(const Place& place, const Json& parent) {
  if (place.Is("volumes[].emptyDir")) return IsOnlySource(parent);
  return place.Is("strategy.rollingUpdate") || place.Is("updateStrategy.rollingUpdate") ||
         place.Is("spec.persistentVolumeClaimRetentionPolicy") || place.Is("spec.conversion") ||
         place.Is("behavior.scaleUp") || place.Is("behavior.scaleDown") ||
         place.Is("spec.sessionAffinityConfig") || place.Is("sessionAffinityConfig.clientIP") ||
         place.Is("webhooks[].namespaceSelector") || place.Is("webhooks[].objectSelector");
}

/// SetDefaults_NetworkPolicy, by the rules that the policy has.
bool IsDefaultOfPolicyTypes(const Json& value, const Json& policy) {
  Json types = Json::array({"Ingress"});
  if (policy.is_object() && policy.contains("egress") && !policy["egress"].empty())
    types.push_back("Egress");
  return value == types;
}

}  // namespace

bool MeansNothing(const Place& place, const Json& value) {
  if (value.is_null()) return true;
  if (!place.typed || place.under_own_key) return false;
  if (value.is_structured()) return value.empty() && !EmptyIsSaid(place, value);
  const auto field = place.Field();
  if (value == Json("")) return !IsPointerText(place, field);
  return (value == Json(false) || value == Json(0)) && ZeroIsLeftOut(place, field);
}

bool IsDefault(const Place& place, const Json& value, const Json& parent) {
  if (MeansNothing(place, value)) return true;
  if (!place.typed || place.under_own_key) return false;
  if (value.is_object()) {
    if (!IsFilledIn(place, parent) && !MeansNothing(place, Json::object())) return false;
    return std::all_of(value.items().begin(), value.items().end(), [&](const auto& member) {
      return IsDefault(place.Member(member.key()), member.value(), value);
    });
  }
  const auto field = place.Field();
  if (field == "imagePullPolicy") return value == Json(DefaultPullPolicy(parent));
  if (field == "targetPort")
    return parent.is_object() && parent.contains("port") && parent["port"] == value;
  if (field == "policyTypes") return IsDefaultOfPolicyTypes(value, parent);
  // A Job's defaults are not filled in where it is a template.
  if (place.Is("jobTemplate.spec." + std::string(field))) return false;
  const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return std::any_of(kDefaults.begin(), kDefaults.end(), [&](const Default& known) {
    return known.json == text && TailMatches(place.pattern, known.tail);
  });
}

bool IsAllocated(const Place& place) {
  return place.typed && (place.Is("spec.clusterIP") || place.Is("spec.clusterIPs") ||
                         place.Is("ports[].nodePort") || place.Is("spec.healthCheckNodePort"));
}

}  // namespace datafly::diff

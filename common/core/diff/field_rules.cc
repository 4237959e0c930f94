#include "common/core/diff/field_rules.h"

#include <array>
#include <nlohmann/json.hpp>

#include "common/core/base/quantity.h"
#include "common/core/base/text.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool IsPlainKey(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-';
  });
}

struct ListRule {
  std::string_view tail;
  std::vector<std::string_view> keys;
  bool merges = false;
};

/// patchMergeKey where `merges`; else the list is atomic, and the keys only tell items apart.
const std::vector<ListRule>& ListRules() {
  static const std::vector<ListRule> kRules{
      {"containers", {"name"}, true},
      {"initContainers", {"name"}, true},
      {"ephemeralContainers", {"name"}, true},
      {"containers[].ports", {"containerPort", "protocol"}, true},
      {"initContainers[].ports", {"containerPort", "protocol"}, true},
      {"spec.ports", {"port", "protocol"}, true},
      {"env", {"name"}, true},
      {"volumes", {"name"}, true},
      {"volumeMounts", {"mountPath"}, true},
      {"volumeDevices", {"devicePath"}, true},
      {"imagePullSecrets", {"name"}, true},
      {"secrets", {"name"}, true},
      {"hostAliases", {"ip"}, true},
      {"topologySpreadConstraints", {"topologyKey", "whenUnsatisfiable"}, true},
      {"schedulingGates", {"name"}, true},
      {"resourceClaims", {"name"}, true},
      {"ownerReferences", {"uid"}, true},
      {"webhooks", {"name"}, true},
      {"spec.versions", {"name"}, false},
      {"spec.rules", {"host"}, false},
      {"http.paths", {"path", "pathType"}, false},
      {"tolerations", {"key", "operator", "value", "effect"}, false},
      {"subjects", {"kind", "name", "namespace"}, false},
      {"volumeClaimTemplates", {"metadata"}, false},
      {"metrics", {"type", "resource"}, false},
      {"items", {"key"}, false},
  };
  return kRules;
}

/// What identifies an item under `key`: a word itself; of an object its name.
std::string KeyText(const Json& item, std::string_view key) {
  const auto found = item.find(key);
  if (found == item.end()) return key == "protocol" ? "TCP" : std::string();
  const Json& value = *found;
  if (value.is_object()) return value.contains("name") ? KeyText(value, "name") : std::string();
  return value.is_string() ? value.get<std::string>() : value.dump();
}

bool AllHave(const Json& items, std::string_view key) {
  return !items.empty() && std::all_of(items.begin(), items.end(), [&](const Json& item) {
    return item.is_object() && item.contains(key) && item[std::string(key)].is_string();
  });
}

std::string_view LastField(std::string_view pattern) {
  const auto dot = pattern.rfind('.');
  auto field = dot == std::string_view::npos ? pattern : pattern.substr(dot + 1);
  while (field.ends_with("[]")) field.remove_suffix(2);
  return field;
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
  const auto field = LastField(place.pattern);
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

bool HoldsQuantities(const Place& place) {
  if (place.under_own_key) return false;
  static constexpr std::array<std::string_view, 14> kMaps{
      "requests.", "limits.", "hard.",    "capacity.", "overhead.",  "default.", "defaultRequest.",
      "max.",      "min.",    "divisor.", "used.",     "allocated.", "used.",    "allocatable."};
  if (IsOneOf(LastField(place.pattern), {"sizeLimit", "averageValue", "divisor", "storage"}))
    return true;
  if (place.Is("target.value")) return true;
  return std::any_of(kMaps.begin(), kMaps.end(), [&](std::string_view map) {
    const auto at = place.pattern.rfind('.');
    return at != std::string::npos && place.pattern.substr(0, at + 1).ends_with(map);
  });
}

/// Whether the keys of this map are the user's, and no fields of a type.
bool HoldsOwnKeys(const Place& map, std::string_view key) {
  static constexpr std::array<std::string_view, 12> kMaps{
      "labels",     "annotations",      "matchLabels", "nodeSelector",     "data",
      "stringData", "binaryData",       "parameters",  "volumeAttributes", "options",
      "properties", "patternProperties"};
  if (map.Is("spec.selector")) return !IsOneOf(key, {"matchLabels", "matchExpressions"});
  const auto field = map.pattern.ends_with(']') ? std::string_view() : LastField(map.pattern);
  return std::find(kMaps.begin(), kMaps.end(), field) != kMaps.end();
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

std::optional<Quantity> QuantityOf(const Json& value) {
  if (!value.is_string() && !value.is_number()) return std::nullopt;
  const auto parsed =
      Quantity::Parse(value.is_string() ? value.get_ref<const std::string&>() : value.dump());
  return parsed ? std::optional<Quantity>(*parsed) : std::nullopt;
}

/// Go's duration ("1h30m", "90s") in nanoseconds.
std::optional<double> DurationOf(const Json& value) {
  if (!value.is_string()) return std::nullopt;
  std::string_view text = value.get_ref<const std::string&>();
  if (text.empty() || text.size() > 64) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    std::size_t digits = 0;
    while (digits < text.size() &&
           ((text[digits] >= '0' && text[digits] <= '9') || text[digits] == '.'))
      ++digits;
    if (digits == 0) return std::nullopt;
    const double number = std::strtod(std::string(text.substr(0, digits)).c_str(), nullptr);
    text.remove_prefix(digits);
    static constexpr std::array<std::pair<std::string_view, double>, 6> kUnits{
        {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}}};
    const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const auto& known) {
      const auto rest = text.substr(std::min(known.first.size(), text.size()));
      return text.starts_with(known.first) &&
             (rest.empty() || (rest.front() >= '0' && rest.front() <= '9'));
    });
    if (unit == kUnits.end()) return std::nullopt;
    total += number * unit->second;
    text.remove_prefix(unit->first.size());
  }
  return total;
}

}  // namespace

Place Place::Member(std::string_view key) const {
  Place place{path, pattern, typed, kind, HoldsOwnKeys(*this, key)};
  if (IsPlainKey(key)) {
    place.path += place.path.empty() ? std::string(key) : fmt::format(".{}", key);
  } else {
    place.path += fmt::format(
        "[{}]", Json(std::string(key)).dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  place.pattern += place.pattern.empty() ? std::string(key) : fmt::format(".{}", key);
  return place;
}

Place Place::Item(std::string_view key) const {
  return {fmt::format("{}[{}]", path, key), pattern + "[]", typed, kind};
}

bool Place::Is(std::string_view pattern_tail) const {
  if (!std::string_view(pattern).ends_with(pattern_tail)) return false;
  const auto before = pattern.size() - pattern_tail.size();
  return before == 0 || pattern[before - 1] == '.';
}

bool IsBuiltInGroup(std::string_view group) {
  return IsOneOf(group, {"",
                         "apps",
                         "batch",
                         "autoscaling",
                         "policy",
                         "extensions",
                         "networking.k8s.io",
                         "rbac.authorization.k8s.io",
                         "storage.k8s.io",
                         "scheduling.k8s.io",
                         "admissionregistration.k8s.io",
                         "apiextensions.k8s.io",
                         "coordination.k8s.io",
                         "discovery.k8s.io",
                         "certificates.k8s.io",
                         "node.k8s.io",
                         "events.k8s.io",
                         "flowcontrol.apiserver.k8s.io",
                         "authentication.k8s.io",
                         "authorization.k8s.io",
                         "resource.k8s.io"});
}

ListIdentity IdentityOf(const Place& list, const Json& items) {
  if (items.empty() || !items.front().is_object()) return {};
  if (list.typed) {
    for (const ListRule& rule : ListRules())
      if (list.Is(rule.tail)) return {rule.keys, rule.merges};
  }
  if (AllHave(items, "name")) return {{"name"}, false};
  return {};
}

std::string ItemKey(const ListIdentity& identity, const Json& item) {
  if (!item.is_object()) return {};
  std::string text;
  for (const auto key : identity.keys) {
    const std::string value = KeyText(item, key);
    // The protocol is told only where it is not the usual one.
    if (value.empty() || (key == "protocol" && value == "TCP")) continue;
    if (!text.empty()) text += ',';
    text += fmt::format("{}={}", key == "metadata" ? "name" : key, value);
  }
  return text;
}

bool MeansNothing(const Place& place, const Json& value) {
  if (value.is_null()) return true;
  if (!place.typed || place.under_own_key) return false;
  if (value.is_structured()) return value.empty() && !EmptyIsSaid(place, value);
  const auto field = LastField(place.pattern);
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
  const auto field = LastField(place.pattern);
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

bool SameStored(const Place& place, const Json& a, const Json& b) {
  if (a == b) return true;
  if (!place.typed || !HoldsQuantities(place)) return false;
  const auto left = QuantityOf(a);
  const auto right = QuantityOf(b);
  return left && right && *left == *right;
}

bool SameByValue(const Json& a, const Json& b) {
  if (a == b) return true;
  if (const auto left = DurationOf(a), right = DurationOf(b); left && right) return *left == *right;
  const auto left = QuantityOf(a);
  const auto right = QuantityOf(b);
  // "1.20" and "1.2" are versions as often as numbers: only with a unit are they quantities.
  const auto has_unit = [](const Json& value) {
    return value.is_string() && !value.get_ref<const std::string&>().empty() &&
           std::isalpha(static_cast<unsigned char>(value.get_ref<const std::string&>().back())) !=
               0;
  };
  return left && right && *left == *right && (has_unit(a) || has_unit(b));
}

}  // namespace datafly::diff

#include "common/core/checks/resource_names.h"

#include <algorithm>
#include <array>

#include "common/core/base/text.h"

namespace datafly::checks {

namespace {

struct Known {
  std::string_view group;
  std::string_view kind;
  std::string_view resource;
  bool namespaced;
};

constexpr std::string_view kRbac = "rbac.authorization.k8s.io";
constexpr std::string_view kAdmission = "admissionregistration.k8s.io";
constexpr std::string_view kMonitoring = "monitoring.coreos.com";

constexpr std::array kKnown = {
    Known{"", "ConfigMap", "configmaps", true},
    Known{"", "Secret", "secrets", true},
    Known{"", "Service", "services", true},
    Known{"", "ServiceAccount", "serviceaccounts", true},
    Known{"", "Pod", "pods", true},
    Known{"", "PersistentVolumeClaim", "persistentvolumeclaims", true},
    Known{"", "Endpoints", "endpoints", true},
    Known{"", "LimitRange", "limitranges", true},
    Known{"", "ResourceQuota", "resourcequotas", true},
    Known{"", "ReplicationController", "replicationcontrollers", true},
    Known{"", "Namespace", "namespaces", false},
    Known{"", "Node", "nodes", false},
    Known{"", "PersistentVolume", "persistentvolumes", false},
    Known{"apps", "Deployment", "deployments", true},
    Known{"apps", "StatefulSet", "statefulsets", true},
    Known{"apps", "DaemonSet", "daemonsets", true},
    Known{"apps", "ReplicaSet", "replicasets", true},
    Known{"batch", "Job", "jobs", true},
    Known{"batch", "CronJob", "cronjobs", true},
    Known{"autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true},
    Known{"policy", "PodDisruptionBudget", "poddisruptionbudgets", true},
    Known{"policy", "PodSecurityPolicy", "podsecuritypolicies", false},
    Known{"networking.k8s.io", "Ingress", "ingresses", true},
    Known{"networking.k8s.io", "IngressClass", "ingressclasses", false},
    Known{"networking.k8s.io", "NetworkPolicy", "networkpolicies", true},
    Known{"discovery.k8s.io", "EndpointSlice", "endpointslices", true},
    Known{kRbac, "Role", "roles", true},
    Known{kRbac, "RoleBinding", "rolebindings", true},
    Known{kRbac, "ClusterRole", "clusterroles", false},
    Known{kRbac, "ClusterRoleBinding", "clusterrolebindings", false},
    Known{"scheduling.k8s.io", "PriorityClass", "priorityclasses", false},
    Known{"storage.k8s.io", "StorageClass", "storageclasses", false},
    Known{"apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions", false},
    Known{"apiregistration.k8s.io", "APIService", "apiservices", false},
    Known{kAdmission, "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", false},
    Known{kAdmission, "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", false},
    Known{kAdmission, "ValidatingAdmissionPolicy", "validatingadmissionpolicies", false},
    Known{kAdmission, "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings",
          false},
    Known{kMonitoring, "ServiceMonitor", "servicemonitors", true},
    Known{kMonitoring, "PodMonitor", "podmonitors", true},
    Known{kMonitoring, "PrometheusRule", "prometheusrules", true},
    Known{"cert-manager.io", "Certificate", "certificates", true},
    Known{"cert-manager.io", "Issuer", "issuers", true},
    Known{"cert-manager.io", "ClusterIssuer", "clusterissuers", false},
    Known{"gateway.networking.k8s.io", "Gateway", "gateways", true},
    Known{"gateway.networking.k8s.io", "HTTPRoute", "httproutes", true},
    Known{"external-secrets.io", "ExternalSecret", "externalsecrets", true},
    Known{"external-secrets.io", "SecretStore", "secretstores", true},
    Known{"external-secrets.io", "ClusterSecretStore", "clustersecretstores", false},
    Known{"keda.sh", "ScaledObject", "scaledobjects", true},
    Known{"autoscaling.k8s.io", "VerticalPodAutoscaler", "verticalpodautoscalers", true},
};

bool EndsWithAny(std::string_view text, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return text.ends_with(ending); });
}

/// meta.UnsafeGuessKindToResource of apimachinery.
std::string GuessPlural(std::string_view kind) {
  std::string lower = ToLower(kind);
  if (lower == "endpoints") return lower;
  if (EndsWithAny(lower, {"s", "x", "ch", "sh"})) return lower + "es";
  if (lower.ends_with('y')) return lower.substr(0, lower.size() - 1) + "ies";
  return lower + "s";
}

}  // namespace

ResourceName ResourceOf(std::string_view api_version, std::string_view kind) {
  auto slash = api_version.find('/');
  std::string_view group =
      slash == std::string_view::npos ? std::string_view{} : api_version.substr(0, slash);
  for (const Known& known : kKnown) {
    if (known.kind == kind && known.group == group) {
      return {std::string(group), std::string(known.resource), known.namespaced, false};
    }
  }
  return {std::string(group), GuessPlural(kind), true, true};
}

}  // namespace datafly::checks

#include "common/core/manifest/resource_names.h"

#include "common/core/base/text.h"

namespace datafly::manifest {
namespace {

struct BuiltIn {
  std::string_view group, kind, plural;
  bool namespaced;
};

constexpr std::array kBuiltIns = {
    BuiltIn{"", "ConfigMap", "configmaps", true},
    BuiltIn{"", "Secret", "secrets", true},
    BuiltIn{"", "Service", "services", true},
    BuiltIn{"", "ServiceAccount", "serviceaccounts", true},
    BuiltIn{"", "PersistentVolumeClaim", "persistentvolumeclaims", true},
    BuiltIn{"", "PersistentVolume", "persistentvolumes", false},
    BuiltIn{"", "Pod", "pods", true},
    BuiltIn{"", "Endpoints", "endpoints", true},
    BuiltIn{"", "LimitRange", "limitranges", true},
    BuiltIn{"", "ResourceQuota", "resourcequotas", true},
    BuiltIn{"", "ReplicationController", "replicationcontrollers", true},
    BuiltIn{"", "Namespace", "namespaces", false},
    BuiltIn{"apps", "Deployment", "deployments", true},
    BuiltIn{"apps", "StatefulSet", "statefulsets", true},
    BuiltIn{"apps", "DaemonSet", "daemonsets", true},
    BuiltIn{"apps", "ReplicaSet", "replicasets", true},
    BuiltIn{"batch", "Job", "jobs", true},
    BuiltIn{"batch", "CronJob", "cronjobs", true},
    BuiltIn{"autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true},
    BuiltIn{"policy", "PodDisruptionBudget", "poddisruptionbudgets", true},
    BuiltIn{"policy", "PodSecurityPolicy", "podsecuritypolicies", false},
    BuiltIn{"networking.k8s.io", "Ingress", "ingresses", true},
    BuiltIn{"networking.k8s.io", "IngressClass", "ingressclasses", false},
    BuiltIn{"networking.k8s.io", "NetworkPolicy", "networkpolicies", true},
    BuiltIn{"extensions", "Ingress", "ingresses", true},
    BuiltIn{"discovery.k8s.io", "EndpointSlice", "endpointslices", true},
    BuiltIn{"rbac.authorization.k8s.io", "Role", "roles", true},
    BuiltIn{"rbac.authorization.k8s.io", "RoleBinding", "rolebindings", true},
    BuiltIn{"rbac.authorization.k8s.io", "ClusterRole", "clusterroles", false},
    BuiltIn{"rbac.authorization.k8s.io", "ClusterRoleBinding", "clusterrolebindings", false},
    BuiltIn{"scheduling.k8s.io", "PriorityClass", "priorityclasses", false},
    BuiltIn{"storage.k8s.io", "StorageClass", "storageclasses", false},
    BuiltIn{"apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions", false},
    BuiltIn{"admissionregistration.k8s.io", "ValidatingWebhookConfiguration",
            "validatingwebhookconfigurations", false},
    BuiltIn{"admissionregistration.k8s.io", "MutatingWebhookConfiguration",
            "mutatingwebhookconfigurations", false},
    BuiltIn{"monitoring.coreos.com", "ServiceMonitor", "servicemonitors", true},
    BuiltIn{"monitoring.coreos.com", "PodMonitor", "podmonitors", true},
    BuiltIn{"monitoring.coreos.com", "PrometheusRule", "prometheusrules", true},
    BuiltIn{"cert-manager.io", "Certificate", "certificates", true},
    BuiltIn{"cert-manager.io", "Issuer", "issuers", true},
};

bool EndsWithVowelY(std::string_view word) {
  return word.size() > 1 &&
         std::string_view("aeiou").find(word[word.size() - 2]) != std::string_view::npos;
}

std::string GuessPlural(std::string_view kind) {
  std::string word = ToLower(kind);
  if (word.empty()) return word;
  const char last = word.back();
  if (last == 'y' && !EndsWithVowelY(word)) return word.substr(0, word.size() - 1) + "ies";
  if (last == 's' || last == 'x' || word.ends_with("ch")) return word + "es";
  return word + "s";
}

}  // namespace

ResourceName ResourceNameOf(std::string_view group, std::string_view kind) {
  for (const BuiltIn& entry : kBuiltIns) {
    if (entry.group == group && entry.kind == kind)
      return {std::string(entry.plural), entry.namespaced, false};
  }
  return {GuessPlural(kind), true, true};
}

}  // namespace datafly::manifest

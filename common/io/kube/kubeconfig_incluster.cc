#include "common/io/kube/kubeconfig_incluster.h"

#include "common/core/base/text.h"
#include "common/io/kube/credentials_pem.h"

namespace datafly::kube {
namespace {

constexpr const char* kTokenFile = "/var/run/secrets/kubernetes.io/serviceaccount/token";
constexpr const char* kCaFile = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";
constexpr const char* kNamespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";
constexpr std::size_t kMaxCaFile = 1U << 20U;
constexpr std::size_t kMaxNamespace = 4096;

std::string Variable(const System& system, const char* name) {
  return system.environment.Get(name).value_or("");
}

std::string ServiceUrl(const System& system) {
  std::string host = Variable(system, "KUBERNETES_SERVICE_HOST");
  bool v6 = host.find(':') != std::string::npos;
  return fmt::format("https://{}{}{}:{}", v6 ? "[" : "", host, v6 ? "]" : "",
                     Variable(system, "KUBERNETES_SERVICE_PORT"));
}

bool HasUsableCa(const System& system) {
  auto pem = system.files.Read(kCaFile, kMaxCaFile);
  return pem.has_value() && CheckCaBundle(*pem).has_value();
}

}  // namespace

bool InClusterPossible(const System& system) {
  return !Variable(system, "KUBERNETES_SERVICE_HOST").empty() &&
         !Variable(system, "KUBERNETES_SERVICE_PORT").empty() && system.files.Exists(kTokenFile);
}

void UseInCluster(const System& system, Selection& selection) {
  selection.cluster.server = ServiceUrl(system);
  bool trust_given = selection.cluster.insecure_skip_tls_verify ||
                     !selection.cluster.certificate_authority.empty();
  if (!trust_given && HasUsableCa(system)) selection.cluster.certificate_authority = kCaFile;
  if (selection.user.token.empty()) selection.user.token_file = kTokenFile;
}

std::string InClusterNamespace(const System& system) {
  std::string name = Variable(system, "POD_NAMESPACE");
  if (!name.empty()) return name;
  auto text = system.files.Read(kNamespaceFile, kMaxNamespace);
  return text ? std::string(Trim(*text)) : std::string();
}

}  // namespace datafly::kube

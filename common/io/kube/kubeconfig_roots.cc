#include "common/io/kube/kubeconfig_roots.h"

namespace datafly::kube {

std::string SystemRootsFile(const System& system) {
  std::string chosen = system.environment.Get("SSL_CERT_FILE").value_or("");
  if (!chosen.empty()) return chosen;
  // Debian; Red Hat (old and new); SUSE; Alpine and BSD.
  for (const char* path : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                           "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                           "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}) {
    if (system.files.Exists(path)) return path;
  }
  return {};
}

}  // namespace datafly::kube

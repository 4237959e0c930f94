#pragma once

#include <string>

#include "common/io/system/system.h"

namespace datafly::kube {

/// The system's bundle of public roots, for http::Endpoint::ca_file: $SSL_CERT_FILE, else the first
/// of the usual places that exists, else "" (libcurl's default). For servers whose kubeconfig names
/// no certificate authority, and for registries.
std::string SystemRootsFile(const System& system);

}  // namespace datafly::kube

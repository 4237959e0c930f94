#pragma once

#include "common/core/kinds/meta.h"

namespace datafly::kinds {

/// networking.k8s.io/v1 Ingress: only whose it is and which Secrets its TLS comes from.
struct Ingress {
  ObjectMeta meta;
  std::vector<std::string> tls_secrets;  ///< spec.tls[].secretName, where given
};

/// What may be known of a certificate: its leaf's dates and names, never the key beside it.
struct Certificate {
  Time not_before;
  Time not_after;
  std::vector<std::string> dns_names;  ///< subjectAltName
};

}  // namespace datafly::kinds

#pragma once

#include <string>

#include "common/core/base/result.h"
#include "common/core/base/secret.h"
#include "common/core/base/time.h"

namespace datafly::kube {

/// At least one certificate in PEM; else "unable to parse bytes as PEM block", as client-go says.
Result<void> CheckCaBundle(const std::string& pem);

struct CertificateLife {
  Time not_before;
  Time not_after;
};

/// A client certificate (its leaf first) and its private key, both PEM: both parse, and the key is
/// the certificate's. Gives the leaf's life. An encrypted key is refused, never asked for. Messages
/// hold nothing of the key.
Result<CertificateLife> CheckClientCertificate(const std::string& certificate_pem,
                                               const SecretString& key_pem);

/// "your client certificate expired on 2026-01-02T03:04:05Z", "… is not valid before …", or "".
std::string CertificateTrouble(const CertificateLife& life, Time now);

}  // namespace datafly::kube

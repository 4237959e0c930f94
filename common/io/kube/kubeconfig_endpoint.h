#pragma once

#include <optional>

#include "common/core/base/result.h"
#include "common/io/http/client.h"
#include "common/io/kube/credentials_pem.h"
#include "common/io/kube/kubeconfig_resolve.h"
#include "common/io/kube/kubeconfig_server.h"
#include "common/io/system/system.h"

namespace datafly::kube {

struct BuiltEndpoint {
  http::Endpoint endpoint;
  std::optional<CertificateLife> client_certificate_life;
};

/// Trust, identity and route of the selected cluster and user: files are read into memory and
/// checked (PEM, key matches certificate). To an http:// server nothing of it goes.
Result<BuiltEndpoint> BuildEndpoint(const Selection& selection, const ServerUrl& server,
                                    const System& system);

}  // namespace datafly::kube

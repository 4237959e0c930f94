#pragma once

#include <string>

#include "common/core/base/result.h"
#include "common/core/kinds/ingress.h"

namespace datafly::kube {

/// The first certificate of a PEM text (of a chain, the server's own). Error::InvalidInput when
/// there is none.
Result<kinds::Certificate> ReadCertificate(const std::string& pem);

}  // namespace datafly::kube

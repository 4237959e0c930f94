#pragma once

#include <string_view>

#include "common/core/base/result.h"
#include "common/io/kube/kubeconfig_model.h"

namespace datafly::kube {

/// One kubeconfig file. Empty text is an empty configuration; unknown fields are ignored; a wrong
/// shape, bad base64 or a name that stands twice is an error for the whole file, also in entries
/// that nobody uses (client-go decodes the file as one object). Pure.
Result<Kubeconfig> ParseKubeconfig(std::string_view text);

}  // namespace datafly::kube

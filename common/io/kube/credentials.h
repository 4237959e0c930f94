#pragma once

#include <memory>
#include <string>

#include "common/core/base/result.h"
#include "common/core/base/secret.h"
#include "common/io/kube/rest_config.h"
#include "common/io/system/system.h"

namespace datafly::kube {

/// No Authorization header (anonymous, or a client certificate).
std::unique_ptr<Credentials> NoCredentials();

/// "Bearer TOKEN", the same for ever. The token must be usable in a header (CheckHeaderSafe).
std::unique_ptr<Credentials> TokenCredentials(const SecretString& token);

/// "Basic …".
std::unique_ptr<Credentials> BasicCredentials(const std::string& username,
                                              const SecretString& password);

/// A bearer token from a file that someone else rotates: read again after 50 s (client-go: a minute
/// less 10 s) and after a 401. When reading fails or the file is empty, the last good token stays,
/// then `fallback`; without either it is an error that names the file.
std::unique_ptr<Credentials> TokenFileCredentials(std::string path, const SecretString& fallback,
                                                  const FileSystem& files, const Clock& clock);

/// A header value must hold no control characters; else an error that names `what`, never the
/// value.
Result<void> CheckHeaderSafe(const SecretString& value, std::string_view what);

}  // namespace datafly::kube

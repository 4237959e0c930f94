#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/core/base/result.h"
#include "common/core/base/secret.h"

namespace datafly::charts {

/// How to reach one chart repository: an entry of repositories.yaml (helm: pkg/repo), or what the
/// flags say. Files by path.
struct Repository {
  std::string name;
  std::string url;
  std::string username;
  SecretString password;
  std::string ca_file, cert_file, key_file;
  bool insecure_skip_tls_verify = false;
};

/// The repository of that name in the text of repositories.yaml. Error::NotFound with the nearest
/// name and the command that adds one; an error of the file names its path, never a value.
Result<Repository> FindRepository(std::string_view repositories_yaml, const std::string& path,
                                  std::string_view name);

/// "https://charts.example/signal/" -> "https://charts.example/signal/index.yaml"; a query stays
/// behind the path.
std::string IndexUrl(std::string_view repository_url);

}  // namespace datafly::charts

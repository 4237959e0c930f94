#include "common/core/charts/repositories.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "common/core/base/text.h"
#include "common/core/manifest/yaml.h"

namespace datafly::charts {
namespace {

using nlohmann::json;

std::string TextOf(const json& entry, const char* key) {
  const auto found = entry.find(key);
  return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Repository ToRepository(const json& entry) {
  Repository repository;
  repository.name = TextOf(entry, "name");
  repository.url = TextOf(entry, "url");
  repository.username = TextOf(entry, "username");
  repository.password = SecretString(TextOf(entry, "password"));
  repository.ca_file = TextOf(entry, "caFile");
  repository.cert_file = TextOf(entry, "certFile");
  repository.key_file = TextOf(entry, "keyFile");
  repository.insecure_skip_tls_verify = TextOf(entry, "insecure_skip_tls_verify") == "true";
  return repository;
}

}  // namespace

Result<Repository> FindRepository(std::string_view text, const std::string& path,
                                  std::string_view name) {
  // As strings, or a password of digits would be a number.
  const auto document = yaml::ParseDocument(text, yaml::Scalars::AsStrings);
  if (!document) return Fail(document.error().Within(path));
  std::vector<std::string> names;
  if (document->is_object() && document->contains("repositories") &&
      (*document)["repositories"].is_array()) {
    for (const json& entry : (*document)["repositories"]) {
      if (!entry.is_object()) continue;
      Repository repository = ToRepository(entry);
      if (repository.name == name && !repository.url.empty()) return repository;
      names.push_back(repository.name);
    }
  }
  const std::string nearest = NearestWord(name, names);
  return Fail(Error::NotFound(
      fmt::format("{} has no repository \"{}\"", path, EscapeForTerminal(name)),
      nearest.empty() ? fmt::format("add it: helm repo add {} URL", ShellQuote(name))
                      : fmt::format("did you mean {}?", EscapeForTerminal(nearest))));
}

std::string IndexUrl(std::string_view url) {
  const auto query = url.find('?');
  std::string path(url.substr(0, query));
  while (!path.empty() && path.back() == '/') path.pop_back();
  path += "/index.yaml";
  return query == std::string_view::npos ? path : path + std::string(url.substr(query));
}

}  // namespace datafly::charts

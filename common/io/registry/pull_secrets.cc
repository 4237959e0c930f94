#include "common/io/registry/pull_secrets.h"

#include <nlohmann/json.hpp>

#include "common/core/base/base64.h"
#include "common/core/base/text.h"

namespace datafly::registry {
namespace {

using nlohmann::json;

// "https://index.docker.io/v1/" -> host "docker.io", path "".
std::pair<std::string, std::string> SplitKey(std::string_view key) {
  for (std::string_view scheme : {"https://", "http://"}) {
    if (key.substr(0, scheme.size()) == scheme) key.remove_prefix(scheme.size());
  }
  while (!key.empty() && key.back() == '/') key.remove_suffix(1);
  const auto slash = key.find('/');
  std::string host(key.substr(0, slash));
  std::string path(slash == std::string_view::npos ? "" : key.substr(slash + 1));
  if (host == "index.docker.io" || host == "registry-1.docker.io") host = "docker.io";
  if (path == "v1" || path == "v2") path.clear();
  return {std::move(host), std::move(path)};
}

// Linear backtracking over the last star only: a hostile pattern costs at most |pattern| x |text|.
bool GlobMatches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

// Each label of the host may hold a glob; a glob never spans a dot (k8s
// pkg/credentialprovider/keyring.go).
bool HostMatches(std::string_view pattern, std::string_view host) {
  constexpr std::size_t kMaxLabel = 64;
  const auto wanted = Split(pattern, '.');
  const auto labels = Split(host, '.');
  if (wanted.size() != labels.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].size() > kMaxLabel || !GlobMatches(wanted[i], labels[i])) return false;
  }
  return true;
}

bool PathMatches(const std::string& path, const std::string& repository) {
  return path.empty() || repository == path || repository.rfind(path + "/", 0) == 0;
}

std::string StringOf(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<PullCredential> ReadEntry(const json& entry) {
  if (!entry.is_object()) return std::nullopt;
  PullCredential credential{StringOf(entry, "username"), SecretString(StringOf(entry, "password")),
                            SecretString(StringOf(entry, "identitytoken"))};
  const auto auth = DecodeBase64(StringOf(entry, "auth"));
  if (auth && !auth->empty()) {
    const auto colon = auth->find(':');
    if (colon == std::string::npos) return std::nullopt;
    credential.username = auth->substr(0, colon);
    credential.password = SecretString(auth->substr(colon + 1));
  }
  if (credential.username.empty() && credential.identity_token.empty()) return std::nullopt;
  return credential;
}

}  // namespace

Result<void> PullSecrets::Add(std::string_view text) {
  const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object())
    return Fail(Error::InvalidInput("the pull secret is not a JSON object"));
  const auto auths = document.find("auths");
  const json& entries = auths != document.end() ? *auths : document;
  if (!entries.is_object())
    return Fail(Error::InvalidInput("the pull secret's \"auths\" is not an object"));
  for (const auto& [key, value] : entries.items()) {
    auto credential = ReadEntry(value);
    if (!credential) continue;
    auto [host, path] = SplitKey(key);
    entries_.push_back({std::move(host), std::move(path), *std::move(credential)});
  }
  return {};
}

std::optional<PullCredential> PullSecrets::Find(const ImageReference& image) const {
  const Entry* best = nullptr;
  for (const Entry& entry : entries_) {
    if (!HostMatches(entry.host, image.registry) || !PathMatches(entry.path, image.repository))
      continue;
    if (best == nullptr || entry.path.size() > best->path.size()) best = &entry;
  }
  if (best == nullptr) return std::nullopt;
  return best->credential;
}

}  // namespace datafly::registry

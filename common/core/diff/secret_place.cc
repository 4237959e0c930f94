#include "common/core/diff/secret_place.h"

#include "common/core/base/text.h"
#include "common/core/diff/secret_keys.h"

namespace datafly::diff {
namespace {

template <std::size_t N>
bool IsOneOf(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// What names a Secret, a key of it or where it is mounted, not what is in it.
constexpr std::array kReferences = std::to_array<std::string_view>(
    {"secretKeyRef", "secretRef", "imagePullSecrets", "valueFrom", "serviceAccountToken",
     "secretStoreRef", "nodePublishSecretRef", "nodeStageSecretRef", "controllerExpandSecretRef",
     "nodeExpandSecretRef", "controllerPublishSecretRef", "remoteRef", "tokenRequests", "sourceRef",
     "certificateRefs", "privateKeySecretRef"});
constexpr std::array kSecretData =
    std::to_array<std::string_view>({"data", "stringData", "encryptedData"});
constexpr std::array kLabels = std::to_array<std::string_view>(
    {"labels", "matchLabels", "nodeSelector", "commonLabels", "podLabels"});
constexpr std::array kImages =
    std::to_array<std::string_view>({"image", "tag", "digest", "repository", "appVersion"});
constexpr std::array kArguments = std::to_array<std::string_view>(
    {"args", "command", "cmd", "entrypoint", "extraArgs", "additionalArgs"});
// Domains whose annotations hold settings, no secrets.
constexpr std::array kSettingDomains = std::to_array<std::string_view>(
    {"helm.sh", "kubernetes.io", "k8s.io", "prometheus.io", "cert-manager.io", "istio.io",
     "linkerd.io", "argoproj.io", "amazonaws.com", "azure.com", "cloud.google.com", "traefik.io",
     "haproxy.org", "openshift.io", "reloader.stakater.com"});

// The annotations that a Secret may show.
constexpr std::array kOfHelm = std::to_array<std::string_view>(
    {"meta.helm.sh/release-name", "meta.helm.sh/release-namespace", "helm.sh/resource-policy",
     "helm.sh/hook", "helm.sh/hook-weight", "helm.sh/hook-delete-policy"});

bool IsEnvKey(std::string_view key) {
  const std::string lower = ToLower(key);
  return lower.ends_with("env") || lower.ends_with("envvars") || lower.ends_with("environment") ||
         lower.ends_with("envs");
}

bool IsOfDomain(std::string_view annotation) {
  const auto domain = annotation.substr(0, annotation.find('/'));
  if (domain.size() == annotation.size()) return false;
  return std::any_of(kSettingDomains.begin(), kSettingDomains.end(), [&](std::string_view known) {
    return domain == known ||
           (domain.ends_with(known) && domain[domain.size() - known.size() - 1] == '.');
  });
}

std::size_t EndOfQuoted(std::string_view path, std::size_t open) {
  std::size_t at = open + 1;
  while (at < path.size() && path[at] != '"') at += path[at] == '\\' ? 2 : 1;
  return std::min(at, path.size());
}

std::string Unquote(std::string_view quoted) {
  std::string out;
  for (std::size_t at = 0; at < quoted.size(); ++at) {
    if (quoted[at] == '\\' && at + 1 < quoted.size()) ++at;
    out += quoted[at];
  }
  return out;
}

/// The bracket that closes an item: the value of its key may hold others.
std::size_t EndOfItem(std::string_view path, std::size_t open) {
  std::size_t at = path.find(']', open);
  while (at < path.size() && at + 1 < path.size() && path[at + 1] != '.' && path[at + 1] != '[')
    at = path.find(']', at + 1);
  return std::min(at, path.size());
}

/// "name=app", "containerPort=80,protocol=TCP", "3".
PathStep ItemStep(std::string_view inside) {
  const auto equals = inside.find('=');
  if (equals == std::string_view::npos) return {PathStep::Kind::Item, std::string(inside), ""};
  return {PathStep::Kind::Item, std::string(inside.substr(equals + 1)),
          std::string(inside.substr(0, equals))};
}

}  // namespace

std::vector<PathStep> ParsePath(std::string_view path) {
  std::vector<PathStep> steps;
  for (std::size_t at = 0; at < path.size();) {
    if (path[at] == '.') {
      ++at;
    } else if (path[at] == '[' && at + 1 < path.size() && path[at + 1] == '"') {
      const auto close = EndOfQuoted(path, at + 1);
      steps.push_back({PathStep::Kind::Key, Unquote(path.substr(at + 2, close - at - 2)), ""});
      at = std::min(path.size(), close + 2);
    } else if (path[at] == '[') {
      const auto close = EndOfItem(path, at);
      steps.push_back(ItemStep(path.substr(at + 1, close - at - 1)));
      at = std::min(path.size(), close + 1);
    } else {
      const auto end = std::min(path.find_first_of(".[", at), path.size());
      steps.push_back({PathStep::Kind::Key, std::string(path.substr(at, end - at)), ""});
      at = end;
    }
  }
  return steps;
}

SecretPlace SecretPlace::OfObject(std::string_view group, std::string_view kind) {
  SecretPlace place;
  // Secret, SealedSecret, and what other controllers make Secrets of.
  place.secret_kind_ = (group.empty() && kind == "Secret") || kind.ends_with("Secret");
  return place;
}

SecretPlace SecretPlace::AsSecret() const {
  SecretPlace place = *this;
  place.at_root_ = place.secret_kind_ = true;
  return place;
}

SecretPlace SecretPlace::OfValues() {
  SecretPlace place;
  place.Require(Treatment::Harmless);
  place.values_ = true;
  place.at_root_ = false;
  return place;
}

SecretPlace SecretPlace::OfDefaults() {
  SecretPlace place;
  place.at_root_ = false;
  return place;
}

void SecretPlace::Require(Treatment least) { floor_ = treatment_ = std::max(floor_, least); }

void SecretPlace::EnterAnnotation(std::string_view key) {
  // kubectl keeps whole objects and command lines in these two.
  const bool copy = key.ends_with("last-applied-configuration") || key.ends_with("/change-cause");
  if (copy || NamesSecret(key) || NamesDigest(key))
    Require(Treatment::Hide);
  else if (secret_kind_ ? !IsOneOf(key, kOfHelm) : !IsOfDomain(key))
    Require(Treatment::Harmless);
}

/// What is below only names a Secret, even in an environment variable.
void SecretPlace::EnterReference() {
  reference_ = true;
  if (!values_ && !below_secret_) floor_ = Treatment::Show;
  Require(Treatment::Pointer);
}

/// A member of an env list's item, or of a map of variables; only harmless words are shown there.
void SecretPlace::EnterEnv(std::string_view key) {
  if (key == "valueFrom") return EnterReference();
  if (key == "name" && !values_) {
    treatment_ = Treatment::ShowName;
    return;
  }
  EnterKey(key);
}

void SecretPlace::EnterKey(std::string_view key) {
  if (secret_item_ && key.starts_with("value")) return Require(Treatment::Hide);
  if (reference_) return;
  if (IsOneOf(key, kReferences) || (below_volumes_ && key == "secret")) return EnterReference();
  switch (KindOfKey(key)) {
    case KeyKind::Secret:
      treatment_ = Treatment::Hide;
      // "auth" may be a whole section; "secrets" and "credentials" hide theirs.
      if (!SmellsOfSecret(key)) return;
      below_secret_ = true;
      return Require(Treatment::Hide);
    case KeyKind::AboutSecret:
      treatment_ = std::max(treatment_, Treatment::Pointer);
      return;
    case KeyKind::Plain:
      if (IsOneOf(key, kImages) && treatment_ == Treatment::Show) treatment_ = Treatment::ShowName;
  }
}

SecretPlace SecretPlace::At(std::string_view key) const {
  SecretPlace next = *this;
  next.at_root_ = next.arguments_ = false;
  next.map_ = Map::None;
  next.treatment_ = floor_;
  if (sealed_) return next;
  if (at_root_ && secret_kind_ && IsOneOf(key, kSecretData)) {
    next.sealed_ = next.below_secret_ = true;
    next.Require(Treatment::Hide);
    return next;
  }
  if (map_ == Map::Annotations) {
    next.EnterAnnotation(key);
    return next;
  }
  if (map_ == Map::Env) {
    next.EnterEnv(key);
    return next;
  }
  if (map_ == Map::Labels && floor_ == Treatment::Show) next.treatment_ = Treatment::ShowName;
  if (key == "annotations" || key.ends_with("Annotations")) {
    next.map_ = Map::Annotations;
    return next;
  }
  if (IsEnvKey(key)) {
    next.map_ = Map::Env;
    next.Require(Treatment::Harmless);
    return next;
  }
  if (IsOneOf(key, kLabels)) next.map_ = Map::Labels;
  if (IsOneOf(key, kArguments)) next.arguments_ = true;
  if (key == "volumes" || key == "sources") next.below_volumes_ = true;
  next.EnterKey(key);
  return next;
}

SecretPlace SecretPlace::AtItem(std::string_view name) const {
  SecretPlace next = *this;
  // env[name=DB_PASSWORD], httpHeaders[name=Authorization]; a container or volume of such a name
  // has no "value".
  if (NamesSecret(name)) next.secret_item_ = true;
  return next;
}

SecretPlace SecretPlace::At(const std::vector<PathStep>& path) const {
  SecretPlace place = *this;
  for (const auto& step : path)
    place = step.kind == PathStep::Kind::Key ? place.At(step.name) : place.AtItem(step.name);
  return place;
}

}  // namespace datafly::diff

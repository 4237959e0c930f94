#include "common/core/rollout/grouping.h"

#include <map>
#include <set>
#include <tuple>

namespace datafly::rollout {

namespace {

using enum CauseClass;

bool IsAboutRegistry(CauseClass id) {
  return id == ImageDns || id == ImageNetwork || id == ImageTls || id == ImageRegistryFails ||
         id == ImageRateLimited || id == ImageUnauthorized || id == ImagePullSecretMissing;
}

/// The subject alone makes the root, whichever workloads it shows on.
bool IsShared(CauseClass id) {
  const bool image = id >= ImageNotFound && id <= ImageOther;
  const bool config = id >= ConfigMapMissing && id <= ConfigKeyMissing;
  const bool place = id >= InsufficientResources && id <= VolumeSourceMissing;
  const bool refused = id >= QuotaExceeded && id <= CreateRefused;
  return image || config || place || refused || id == SandboxFails;
}

/// "registry.example:5000" of "registry.example:5000/app:v2"; Docker Hub for a name without a host
/// (distribution reference: the first part is a host when it has a dot or a colon, or is
/// "localhost").
std::string RegistryOf(std::string_view image) {
  const std::size_t slash = image.find('/');
  const std::string_view first = image.substr(0, slash);
  const bool host = slash != std::string_view::npos &&
                    (first.find_first_of(".:") != std::string_view::npos || first == "localhost");
  return host ? std::string(first) : "docker.io";
}

std::string RootOf(const Cause& cause) {
  if (!IsShared(cause.id)) return {};
  // A missing pull secret's subject is the kubelet's words, which name it.
  if (IsAboutRegistry(cause.id) && cause.id != ImagePullSecretMissing)
    return RegistryOf(cause.subject);
  return cause.subject;
}

using Key = std::tuple<CauseClass, std::string, std::string, std::string>;

Key KeyOf(const Cause& cause) {
  if (IsShared(cause.id)) return {cause.id, RootOf(cause), {}, {}};
  return {cause.id, {}, cause.workload, cause.container};
}

bool IsConsequence(const Cause& cause, const std::vector<Cause>& all) {
  if (cause.id != ProgressDeadline && cause.id != Starting) return false;
  return std::any_of(all.begin(), all.end(), [&](const Cause& other) {
    return other.workload == cause.workload && other.id != cause.id && other.id != Starting;
  });
}

bool ComesBefore(const CauseGroup& a, const CauseGroup& b) {
  const auto rank = [](const CauseGroup& group) {
    return std::tuple(group.members.front().id != MigrationFails, -std::ssize(group.Workloads()),
                      -std::ssize(group.members));
  };
  return rank(a) < rank(b);
}

}  // namespace

std::vector<std::string> CauseGroup::Workloads() const {
  std::set<std::string> names;
  for (const Cause& cause : members) {
    if (!cause.workload.empty()) names.insert(cause.workload);
  }
  return {names.begin(), names.end()};
}

std::vector<CauseGroup> GroupCauses(const std::vector<Cause>& causes) {
  std::map<Key, CauseGroup> groups;
  for (const Cause& cause : causes) {
    if (IsConsequence(cause, causes)) continue;
    CauseGroup& group = groups[KeyOf(cause)];
    group.root = RootOf(cause);
    group.members.push_back(cause);
  }
  std::vector<CauseGroup> out;
  for (auto& [key, group] : groups) out.push_back(std::move(group));
  std::stable_sort(out.begin(), out.end(), ComesBefore);
  return out;
}

}  // namespace datafly::rollout

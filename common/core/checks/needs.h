#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/facts/facts.h"

/// What a command needs to be allowed to do, and what of it is missing: for the check of own
/// permissions and for `permissions COMMAND`.
namespace datafly::checks {

struct Need {
  std::string verb;                ///< "patch"
  std::string group;               ///< "apps"; "" = core
  std::string resource;            ///< "deployments"
  std::string name_space;          ///< "" = cluster-wide
  std::vector<std::string> names;  ///< the objects in question; empty = any
  bool optional = false;           ///< only an advisory answer depends on it
  bool guessed = false;            ///< `resource` is a guess from the kind

  /// "deployments.apps", as kubectl names a resource.
  [[nodiscard]] std::string Resource() const;
};

/// Helm's own calls in an upgrade and the rollback after it: the release records, and get, create,
/// patch, delete on each kind of today's manifest and the target's. Sorted by namespace, group,
/// resource, verb.
std::vector<Need> NeedsOfUpgrade(const Facts& facts);

/// Of one command: "preflight", "health", "rollout", "diagnose", "snapshot" of kubectl signal;
/// "upgrade", "rollback", "history", "unlock" of helm signal. Error::NotFound names the nearest.
Result<std::vector<Need>> NeedsOfCommand(std::string_view command, const Facts& facts);
std::vector<std::string> CommandsWithNeeds();
/// Whether the command looks at many installations with -A.
bool TakesAllNamespaces(std::string_view command);
/// The same needs in every namespace, and what chooses installations by -l: all cluster-wide.
std::vector<Need> AcrossNamespaces(const std::vector<Need>& needs);

/// Whether a rule of the review grants the need. Says something only for needs in the review's
/// namespace.
bool Grants(const AccessReview& review, const Need& need);

enum class Grant { Yes, No, Unknown };
/// By facts.access_answers first, else by facts.access: a rule in the namespace proves a need in
/// that namespace; what no rule grants is denied, unless the review is incomplete. A cluster-wide
/// need is proven by an answer only, since a review mixes in what a RoleBinding grants here.
Grant GrantOf(const Need& need, const Facts& facts);

struct NeedGap {
  Need need;
  Grant grant = Grant::Unknown;  ///< never Yes
};
std::vector<NeedGap> MissingNeeds(const std::vector<Need>& needs, const Facts& facts);

/// The least Role for the needs of `name_space`, and a ClusterRole when some are cluster-wide, as
/// YAML; rules grouped by API group and verbs. Other namespaces get a Role each. `subject`
/// ("User/jane", "Group/ops", "ServiceAccount/ns/name") adds the bindings; empty = none.
std::string RoleYaml(const std::vector<Need>& needs, std::string_view name,
                     std::string_view subject = {});

}  // namespace datafly::checks

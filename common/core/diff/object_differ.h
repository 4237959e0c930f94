#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>

#include "common/core/diff/comparison.h"
#include "common/core/diff/release_diff.h"
#include "common/core/manifest/manifest.h"

namespace datafly::diff {

/// What is compared, and how Helm would bring it to the cluster.
struct DiffRequest {
  std::string release, name_space;
  bool three_way = false;
  ApplyMethod method = ApplyMethod::ClientSide;
  /// The release was applied client-side and now goes over to server-side apply: Helm rewrites
  /// managedFields of every object.
  bool hands_over = false;
  bool force_conflicts = false;  ///< --force-conflicts
  bool replaces = false;         ///< --force, --force-replace
  bool take_ownership = false;   ///< --take-ownership
};

/// One object as the two manifests have it; null where one does not.
struct ObjectPair {
  const manifest::Object* before = nullptr;
  const manifest::Object* after = nullptr;
  /// The new side's, else the old one's.
  [[nodiscard]] const manifest::Object& Any() const { return after != nullptr ? *after : *before; }
};

/// Compares single objects: what Helm does to each, and what that risks.
class ObjectDiffer {
 public:
  explicit ObjectDiffer(const DiffRequest& request) : request_(request) {}

  /// "Deployment/gateway" that an HPA of the new manifest scales.
  void AddScaled(std::string workload) { scaled_.insert(std::move(workload)); }
  /// A CustomResourceDefinition of the cluster: what it does not declare is not stored.
  void AddCrd(const nlohmann::json& crd);

  /// The live object is there.
  [[nodiscard]] ResourceChange WithLive(const manifest::ObjectId& id, const ObjectPair& pair,
                                        const nlohmann::json& live) const;
  /// It is not there (`absence_known`), or nothing is known of it: then the manifests alone tell.
  [[nodiscard]] ResourceChange WithoutLive(const manifest::ObjectId& id, const ObjectPair& pair,
                                           bool absence_known) const;
  /// The paths in which two renderings of one object differ.
  [[nodiscard]] std::set<std::string> PathsThatDiffer(const manifest::ObjectId& id,
                                                      const ObjectPair& renderings) const;

 private:
  struct Manifests;
  static Manifests ManifestsOf(const manifest::Object& before, const manifest::Object& after);
  static void TellReplaced(const nlohmann::json& after, const nlohmann::json& live,
                           ResourceChange& change);
  [[nodiscard]] ComparisonRules RulesFor(const manifest::ObjectId& id) const;
  std::string CompareFields(const ObjectPair& pair, const nlohmann::json& live,
                            ResourceChange& change) const;
  std::string CompareTwoWays(const ObjectPair& pair, ResourceChange& change) const;
  [[nodiscard]] std::vector<std::string> PruneUndeclared(const ResourceChange& change,
                                                         Manifests& both) const;
  void TellUndeclared(const std::vector<std::string>& paths, ResourceChange& change) const;
  void TellTakeOver(ResourceChange& change) const;
  static std::string UnquotedOf(const ObjectPair& pair);
  static void TellUnquoted(const std::string& path, ResourceChange& change);
  void AddRisks(const ObjectPair& pair, const nlohmann::json* live, ResourceChange& change) const;

  const DiffRequest& request_;
  std::set<std::string> scaled_;
  /// By group and kind.
  std::map<std::pair<std::string, std::string>, std::shared_ptr<const nlohmann::json>> crds_;
};

}  // namespace datafly::diff

#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/diff/known_secrets.h"
#include "common/core/diff/object_differ.h"
#include "common/core/diff/release_diff.h"
#include "common/core/manifest/resource_names.h"
#include "common/core/release/record.h"

namespace datafly::diff {

/// One kind of the manifests, as the API lists it.
struct KindToList {
  std::string api_version, kind, plural;
  std::string name_space;  ///< "" = cluster scope
  std::vector<std::string> names;
};

/// The differ of two records. With three_way: Resolve() the kinds that are not Kubernetes' own,
/// hand in the live objects (OnLive) and what could not be listed (OnUnknown), then Finish.
/// Documents that are byte-identical on both sides are parsed only where a live object is compared.
class ReleaseDiffer {
 public:
  /// `before` may be null: nothing is installed yet. Both must outlive the differ. Errors: a
  /// manifest that is not YAML, or holds what is no object.
  static Result<ReleaseDiffer> Make(DiffRequest request, const release::ReleaseRecord* before,
                                    const release::ReleaseRecord& after);
  ReleaseDiffer(ReleaseDiffer&&) noexcept;
  ReleaseDiffer& operator=(ReleaseDiffer&&) noexcept;
  ~ReleaseDiffer();

  /// The apiVersions whose kinds are custom: their plural and scope are the API server's to say.
  [[nodiscard]] std::vector<std::string> CustomGroupVersions() const;
  /// `name` is how the API calls the kind.
  void Resolve(const std::string& api_version, const std::string& kind,
               const manifest::ResourceName& name);
  /// The names of the CRDs of custom kinds ("things.example.com"), to be handed to TakeCrd: what a
  /// CRD does not declare is not stored.
  [[nodiscard]] std::vector<std::string> CrdNames() const;
  void TakeCrd(const nlohmann::json& crd);
  /// The API server did not say how it calls the kinds of this apiVersion: their objects are not
  /// known, since a guessed name that is not found proves nothing.
  void OnUnresolved(const std::string& api_version, const std::string& why);
  /// A CRD could not be read: what it leaves out is not told.
  void OnUnreadCrd(const std::string& name, const std::string& why);
  /// What to list, kind by kind and namespace by namespace; without what is unresolved.
  [[nodiscard]] std::vector<KindToList> ToList() const;
  /// Whether OnLive has a use for the object.
  [[nodiscard]] bool Wants(const KindToList& kind, std::string_view name) const;
  void OnLive(const KindToList& kind, const nlohmann::json& object);
  /// The kind could not be listed: its objects are compared two ways.
  void OnUnknown(const KindToList& kind, const std::string& why);

  /// Whether something that differs may come out otherwise at the next rendering (see
  /// template_scan.h): then a second rendering is worth its time.
  [[nodiscard]] bool MayRotate() const { return FurtherRenderings() > 0; }
  /// How many more prove it.
  [[nodiscard]] std::size_t FurtherRenderings() const;
  /// Marks what differs between the new side and `again`, the same rendered once more. Errors as
  /// Make.
  Result<void> CompareRenderings(const release::ReleaseRecord& again);

  /// Errors: a hook or CRD that is not YAML.
  Result<ReleaseDiff> Finish();
  /// Every secret that was met on the way, for Redact.
  [[nodiscard]] const KnownSecrets& secrets() const;

 private:
  struct State;
  explicit ReleaseDiffer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace datafly::diff

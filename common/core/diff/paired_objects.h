#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/diff/object_differ.h"
#include "common/core/manifest/manifest.h"
#include "common/core/manifest/resource_names.h"

namespace datafly::diff {

/// The objects of two manifests, each with what the other side has of it. Documents that are
/// byte-identical on both sides are parsed only where a live object is compared with them, or where
/// they hold what the rest is judged by.
class PairedObjects {
 public:
  /// One object of either manifest.
  struct Entry : ObjectPair {
    std::optional<ResourceChange> change;  ///< once its live object came
    [[nodiscard]] bool DiffersInText() const {
      return before == nullptr || after == nullptr || before->json != after->json;
    }
  };
  using Entries = std::map<manifest::ObjectId, Entry>;
  /// Lists are per apiVersion, kind and namespace.
  using ListKey = std::tuple<std::string, std::string, std::string>;
  /// Sees each object that is parsed; `is_new`: it stands on the new side.
  using Learn = std::function<void(const manifest::Object&, bool is_new)>;

  /// `name_space`: of objects that name none.
  PairedObjects(std::string name_space, bool three_way)
      : name_space_(std::move(name_space)), three_way_(three_way) {}

  /// Errors: a manifest that is not YAML, or holds what is no object.
  Result<void> Read(std::string_view before, std::string_view after, const Learn& learn);

  [[nodiscard]] manifest::ResourceName NameOfKind(const std::string& api_version,
                                                  const std::string& kind) const;
  /// `name` is how the API calls the kind: its objects may stand in another scope than was guessed.
  void Resolve(const std::string& api_version, const std::string& kind,
               const manifest::ResourceName& name);
  [[nodiscard]] manifest::ObjectId IdOf(const manifest::Object& object) const;
  static ListKey KeyOf(const manifest::ObjectId& id, const Entry& entry) {
    return {entry.Any().api_version, id.kind, id.name_space};
  }

  [[nodiscard]] Entries& entries() { return entries_; }
  [[nodiscard]] const Entries& entries() const { return entries_; }
  /// Documents that were never parsed.
  [[nodiscard]] std::size_t untouched() const { return untouched_; }

 private:
  enum class Side { Before, After, Both };
  Result<void> Take(const manifest::Document& document, Side side, const Learn& learn);
  Result<void> TakeCommon(const std::vector<manifest::Document>& documents, const Learn& learn);
  Result<void> TakeTwins(const std::vector<manifest::Document>& common);

  std::string name_space_;
  bool three_way_;
  std::deque<manifest::Object> objects_;
  Entries entries_;
  std::size_t untouched_ = 0;
  std::map<std::pair<std::string, std::string>, manifest::ResourceName> names_;
};

}  // namespace datafly::diff

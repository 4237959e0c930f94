#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"

/// Rendered manifests: documents and their identity.
namespace datafly::manifest {

/// One object of a rendered manifest. Lists (kind: List) are expanded.
struct Object {
  std::string api_version;
  std::string kind;
  std::string name_space;  ///< "" = the release's
  std::string name;
  std::string source;  ///< template from Helm's "# Source:" comment, or ""
  std::string json;    ///< the whole object as JSON text
};

/// One document of a manifest, as a view into its text: splitting costs next to nothing, so that
/// what two manifests share is never parsed.
struct Document {
  std::string_view text;
  std::string_view source;  ///< as Object::source
};
/// At each line "---"; documents of nothing but white space and comments are left out.
std::vector<Document> SplitDocuments(std::string_view yaml);

/// The same, one after the other.
class DocumentReader {
 public:
  explicit DocumentReader(std::string_view yaml) : yaml_(yaml) {}
  [[nodiscard]] bool AtEnd() const { return begin_ > yaml_.size(); }
  /// Nothing where the next one holds nothing.
  std::optional<Document> Next();
  /// Whether the next document is this text, which was one of another manifest; if so, it is
  /// passed.
  bool TakeIfSame(std::string_view text);

 private:
  std::string_view yaml_;
  std::size_t begin_ = 0;  ///< of the next document: behind the dashes of its line
};

/// The objects of one document: one, or those of a List. Errors as ParseManifest.
Result<std::vector<Object>> ParseDocument(const Document& document);

/// What makes two objects of different manifests the same one: not the version, a Deployment of
/// apps/v1beta1 is that of apps/v1.
struct ObjectId {
  std::string group;
  std::string kind;
  std::string name_space;
  std::string name;
  friend auto operator<=>(const ObjectId&, const ObjectId&) = default;
};
ObjectId IdOf(const Object& object);

/// All objects of a manifest in their order. Documents that hold nothing are skipped; a document
/// without kind or name is an error that names its source.
Result<std::vector<Object>> ParseManifest(std::string_view yaml);

/// Group of an apiVersion: "apps" of "apps/v1", "" of "v1".
std::string_view GroupOf(std::string_view api_version);

/// "Deployment/x".
std::string ObjectName(const Object& object);

/// For a Secret or ConfigMap: each key of data/stringData with a digest of its value (SHA-256,
/// process-local use: compare, never store or show).
struct KeyDigest {
  std::string key;
  std::string digest;
};
Result<std::vector<KeyDigest>> DataDigests(const Object& object);

/// For a workload: each literal env value of each container, as "container/NAME" with its digest.
/// References (valueFrom) digest the reference.
Result<std::vector<KeyDigest>> EnvDigests(const Object& object);

}  // namespace datafly::manifest

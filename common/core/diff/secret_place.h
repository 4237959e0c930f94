#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace datafly::diff {

/// One step of a FieldChange's path.
struct PathStep {
  enum class Kind { Key, Item };
  Kind kind = Kind::Key;
  std::string name;   ///< Key: the key. Item: the value of the item's own key, or its index
  std::string label;  ///< Item: which key that is ("name"), or "" for an index
};
/// spec.containers[name=app].env[name=X].value, metadata.annotations["a.b/c"], args[2]
std::vector<PathStep> ParsePath(std::string_view path);

/// What is to be done with a value.
enum class Treatment {
  Show,      ///< secrets within are masked
  ShowName,  ///< as Show, but a word that looks random is a name here (images, labels)
  Pointer,   ///< only where it is a name, a path or a number
  Harmless,  ///< only where it cannot be a secret
  Hide,
};

/// Where in an object a value stands, and what that says about it. A place is reached step by step,
/// by a path or down a document.
class SecretPlace {
 public:
  static SecretPlace OfObject(std::string_view group, std::string_view kind);
  /// A user's values: only harmless words are shown.
  static SecretPlace OfValues();
  /// The chart's defaults: public, but for what is named a secret.
  static SecretPlace OfDefaults();
  /// A document without a kind (a ConfigMap's text).
  static SecretPlace OfDocument() { return {}; }

  /// What stands here is a Secret of its own (a manifest within a ConfigMap, a template).
  [[nodiscard]] SecretPlace AsSecret() const;
  [[nodiscard]] SecretPlace At(std::string_view key) const;
  /// An item of a list; `name` is what its own key ("name", "key") holds, if it has one.
  [[nodiscard]] SecretPlace AtItem(std::string_view name) const;
  [[nodiscard]] SecretPlace At(const std::vector<PathStep>& path) const;

  [[nodiscard]] Treatment treatment() const { return treatment_; }
  /// A list of arguments: one may be the value of the flag before it.
  [[nodiscard]] bool arguments() const { return arguments_; }
  /// Below here nothing is to be seen, whatever it is.
  [[nodiscard]] bool sealed() const { return sealed_; }

 private:
  void EnterAnnotation(std::string_view key);
  void EnterReference();
  void EnterEnv(std::string_view key);
  void EnterKey(std::string_view key);
  void Require(Treatment least);

  enum class Map { None, Annotations, Labels, Env };
  bool values_ = false;
  bool secret_kind_ = false;
  bool at_root_ = true;
  bool sealed_ = false;  ///< data of a Secret: not even booleans
  bool below_secret_ = false;
  bool below_volumes_ = false;
  bool secret_item_ = false;  ///< in an item whose name says that its value is a secret
  bool reference_ = false;    ///< below "secretKeyRef" and the like: names only
  bool arguments_ = false;
  Map map_ = Map::None;
  Treatment floor_ = Treatment::Show;  ///< what everything below has at least
  Treatment treatment_ = Treatment::Show;
};

}  // namespace datafly::diff

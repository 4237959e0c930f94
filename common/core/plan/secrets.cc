// Whether a plan holds what a diff would hide.
#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/diff/redact_lines.h"
#include "common/core/diff/redact_value.h"
#include "common/core/diff/secret_shapes.h"
#include "common/core/manifest/manifest.h"
#include "common/core/manifest/yaml.h"
#include "common/core/plan/document.h"
#include "common/core/plan/plan.h"

namespace datafly::plan {
namespace {

using Json = nlohmann::json;
using diff::SecretPlace;

constexpr std::size_t kMaxName = 80;

template <class J>
bool Hides(const J& value, const SecretPlace& place) {
  const std::string json = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return diff::RedactValue(json, place, {}) != json;
}

std::string TextOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool HidesObject(const Json& object) {
  const std::string api_version = TextOf(object, "apiVersion");
  return Hides(object,
               SecretPlace::OfObject(manifest::GroupOf(api_version), TextOf(object, "kind")));
}

/// "Secret/datafly-keys"
std::string NameOf(const Json& object) {
  const auto metadata = object.find("metadata");
  const std::string name =
      metadata != object.end() && metadata->is_object() ? TextOf(*metadata, "name") : "";
  return Truncate(
      EscapeForTerminal(diff::MaskLikely(fmt::format("{}/{}", TextOf(object, "kind"), name))),
      kMaxName);
}

/// The objects of a document; those of a List are judged as what they are.
std::vector<Json> ObjectsOf(const Json& document) {
  const auto items = document.find("items");
  if (!TextOf(document, "kind").ends_with("List") || items == document.end() || !items->is_array())
    return {document};
  std::vector<Json> objects;
  for (const Json& item : *items) objects.push_back(item);
  return objects;
}

std::string WhereInDocument(std::string_view text) {
  // Of a key that is there twice, one value would go unseen: refused. What cannot be read may hold
  // anything.
  const auto document =
      yaml::ParseDocument(text, yaml::Scalars::Typed, yaml::DuplicateKeys::Refuse);
  if (!document) return "a manifest that cannot be read";
  if (document->is_null()) return "";
  if (!document->is_object()) return "a manifest that is no object";
  for (const Json& object : ObjectsOf(*document)) {
    if (!object.is_object()) return "a manifest that is no object";
    if (HidesObject(object)) return NameOf(object);
  }
  return "";
}

/// What stands behind the '#' of each line. Of a '#' within a text too much is taken, which is
/// harmless.
std::string CommentsOf(std::string_view manifest) {
  std::string comments;
  for (const std::string_view line : Split(manifest, '\n')) {
    auto at = line.find('#');
    while (at != std::string_view::npos && at > 0 && line[at - 1] != ' ' && line[at - 1] != '\t')
      at = line.find('#', at + 1);
    if (at == std::string_view::npos) continue;
    const auto comment = line.substr(at + 1);
    if (comment.starts_with(" Source: ")) continue;
    comments += std::string(comment) + '\n';
  }
  return comments;
}

std::string WhereInManifest(std::string_view manifest) {
  for (const auto& document : manifest::SplitDocuments(manifest)) {
    if (std::string where = WhereInDocument(document.text); !where.empty()) return where;
  }
  const std::string comments = CommentsOf(manifest);
  return diff::RedactText(comments, {}) == comments ? "" : "a comment of a manifest";
}

bool FlagsHide(const std::vector<std::string>& flags) {
  return Hides(Json(flags), SecretPlace::OfDocument().At("args"));
}

}  // namespace

std::string WhereSecret(const Plan& plan) {
  const auto values = ParseJson(plan.values_json);
  if (!values || Hides(*values, SecretPlace::OfValues())) return "the values";
  for (const auto* manifest : {&plan.manifest, &plan.hooks}) {
    if (std::string where = WhereInManifest(*manifest); !where.empty()) return where;
  }
  for (const auto* flags : {&plan.fetch_flags, &plan.render_flags, &plan.apply_flags}) {
    if (FlagsHide(*flags)) return "the flags";
  }
  if (const auto in_full = HeaderInFull(plan); !in_full.empty())
    return fmt::format("the {}", in_full.begin().key());
  return "";
}

bool HoldsSecrets(const Plan& plan) { return !WhereSecret(plan).empty(); }

}  // namespace datafly::plan

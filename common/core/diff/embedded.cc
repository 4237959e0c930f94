#include "common/core/diff/embedded.h"

#include <nlohmann/json.hpp>

#include "common/core/diff/comparison.h"
#include "common/core/diff/text_lines.h"
#include "common/core/manifest/yaml.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

/// Beyond it a text is compared by its lines alone.
constexpr std::size_t kLargestDocument = std::size_t{1} << 20;

bool HasLines(const std::string& text) {
  const auto newline = text.find('\n');
  return newline != std::string::npos && newline + 1 < text.size();
}

bool MayBeDocument(const std::string& text) {
  if (text.size() > kLargestDocument) return false;
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return false;
  return text[first] == '{' || text[first] == '[' || text.find(':') != std::string::npos;
}

/// A map or list that the text is; null when it is another text. Comments would be lost, so a YAML
/// text with any is compared by its fields only where those differ.
Json DocumentOf(const std::string& text) {
  if (!MayBeDocument(text)) return {};
  auto parsed = yaml::ParseDocument(text);
  return parsed && parsed->is_structured() ? std::move(*parsed) : Json();
}

bool IsSecret(const Json& document) {
  return document.is_object() && document.value("kind", Json()) == "Secret";
}

/// A manifest of a Secret, in a ConfigMap.
void HideData(std::vector<FieldChange>& changes) {
  for (FieldChange& change : changes)
    if (change.path.starts_with("data") || change.path.starts_with("stringData"))
      change.secret = true;
}

}  // namespace

void OpenText(const Json& before, const Json& after, FieldChange& change) {
  if (!before.is_string() || !after.is_string()) return;
  const auto& old_text = before.get_ref<const std::string&>();
  const auto& new_text = after.get_ref<const std::string&>();
  const Json old_document = DocumentOf(old_text);
  const Json new_document = old_document.is_null() ? Json() : DocumentOf(new_text);
  if (!new_document.is_null() && old_document.type() == new_document.type()) {
    ComparisonRules rules;
    rules.typed = false;
    change.inside = CompareObjects({&old_document, &new_document, nullptr}, rules);
    if (IsSecret(old_document) || IsSecret(new_document)) HideData(change.inside);
    change.formatting_only = change.inside.empty();
  } else if (HasLines(old_text) || HasLines(new_text)) {
    change.lines = DiffLines(old_text, new_text);
  } else {
    return;
  }
  // A change of layout alone is shown by its lines.
  if (change.formatting_only) change.lines = DiffLines(old_text, new_text);
  change.old_value.reset();
  change.new_value.reset();
}

}  // namespace datafly::diff

#include <charconv>

#include "common/core/base/text.h"
#include "common/core/kinds/decode.h"
#include "common/core/kinds/decode_readers.h"

namespace datafly::kinds {

using json::Value;

static void ReadJson(const Value& value, OwnerReference& out) {
  value.Field("kind", out.kind);
  value.Field("name", out.name);
  value.Field("uid", out.uid);
}

namespace {

bool IsKept(std::string_view annotation) {
  return std::any_of(kKeptAnnotationPrefixes.begin(), kKeptAnnotationPrefixes.end(),
                     [&](std::string_view prefix) { return annotation.starts_with(prefix); });
}

void ReadAnnotations(const Value& annotations, std::map<std::string, std::string>& out) {
  annotations.ForEachMember([&](std::string_view key, const Value& value) {
    if (IsKept(key)) ReadJson(value, out[std::string(key)]);
  });
}

void ReadController(const Value& meta, std::optional<OwnerReference>& out) {
  meta.ForEachIn("ownerReferences", [&](const Value& owner) {
    bool controls = false;
    owner.Field("controller", controls);
    if (controls) ReadJson(owner, out);
  });
}

}  // namespace

void ReadJson(const Value& value, ObjectMeta& out) {
  value.Field("name", out.name);
  value.Field("namespace", out.name_space);
  value.Field("uid", out.uid);
  value.Field("labels", out.labels);
  if (const auto annotations = value.Child("annotations")) {
    ReadAnnotations(*annotations, out.annotations);
  }
  value.Field("creationTimestamp", out.creation);
  value.Field("deletionTimestamp", out.deletion);
  value.Field("generation", out.generation);
  ReadController(value, out.controller);
}

void ReadWords(const Value& value, std::string_view key, std::string& out) {
  value.Field(key, out);
  if (!out.empty()) out = RedactCredentials(out);
}

void ReadJson(const Value& value, Condition& out) {
  value.Field("type", out.type);
  value.Field("status", out.status);
  value.Field("reason", out.reason);
  ReadWords(value, "message", out.message);
  value.Field("lastTransitionTime", out.last_transition);
}

static void ReadJson(const Value& value, LabelSelector::Expression& out) {
  value.Field("key", out.key);
  value.Field("operator", out.op);
  value.Field("values", out.values);
}

void ReadJson(const Value& value, LabelSelector& out) {
  value.Field("matchLabels", out.match_labels);
  value.Field("matchExpressions", out.expressions);
}

void ReadJson(const Value& value, IntOrPercent& out) {
  std::string_view text;
  out.percent = value.element().get(text) == simdjson::SUCCESS;
  if (!out.percent) return ReadJson(value, out.value);
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, out.value);
  const bool whole = code == std::errc{} && out.value >= 0 && end - stop == 1 && *stop == '%';
  if (!whole) value.Expected("a number or a percentage");
}

}  // namespace datafly::kinds

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/manifest/manifest.h"
#include "common/core/release/record.h"

namespace datafly::release {
namespace {

using Json = nlohmann::json;

/// The hook's events, or none when the object is no hook.
std::vector<std::string> EventsOf(const Json& object) {
  const Json::json_pointer at("/metadata/annotations/helm.sh~1hook");
  if (!object.contains(at) || !object[at].is_string()) return {};
  std::vector<std::string> events;
  for (const auto word : Split(object[at].get_ref<const std::string&>(), ','))
    events.emplace_back(Trim(word));
  return events;
}

/// A document that is a hook; nothing for any other, also for one that cannot be read: the differ
/// will say so.
std::optional<Hook> HookOf(const manifest::Document& document) {
  if (document.text.find("helm.sh/hook") == std::string_view::npos) return std::nullopt;
  const auto objects = manifest::ParseDocument(document);
  if (!objects || objects->size() != 1) return std::nullopt;
  Hook hook;
  hook.events = EventsOf(Json::parse(objects->front().json, nullptr, false));
  if (hook.events.empty()) return std::nullopt;
  hook.name = objects->front().name;
  hook.kind = objects->front().kind;
  hook.path = std::string(document.source);
  hook.manifest = std::string(document.text);
  return hook;
}

}  // namespace

ReleaseRecord FromRenderedText(std::string name, std::string name_space, std::string_view text) {
  ReleaseRecord record;
  record.name = std::move(name);
  record.name_space = std::move(name_space);
  record.partial = true;
  record.chart.default_values_json = record.user_values_json = "{}";
  for (const manifest::Document& document : manifest::SplitDocuments(text)) {
    if (auto hook = HookOf(document)) {
      record.hooks.push_back(*std::move(hook));
    } else {
      record.manifest += fmt::format("---{}", document.text);
    }
  }
  return record;
}

}  // namespace datafly::release

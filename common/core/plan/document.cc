#include "common/core/plan/document.h"

#include <nlohmann/json.hpp>

#include "common/core/base/digest.h"
#include "common/core/base/text.h"
#include "common/core/diff/learn_secrets.h"
#include "common/core/diff/secret_shapes.h"

namespace datafly::plan {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDeepest = 200;  // Json::dump calls itself for each level
constexpr std::size_t kMostKeys = 20'000;

template <class T>
struct Field {
  const char* key;
  T Plan::*member;
};

constexpr std::array<Field<std::string>, 11> kHeaderTexts{{
    {"release", &Plan::release},
    {"namespace", &Plan::name_space},
    {"server", &Plan::server},
    {"releaseUid", &Plan::release_uid},
    {"fromVersion", &Plan::from_version},
    {"chart", &Plan::chart},
    {"chartName", &Plan::chart_name},
    {"chartVersion", &Plan::chart_version},
    {"chartDigest", &Plan::chart_digest},
    {"madeBy", &Plan::made_by},
    {"toolVersion", &Plan::tool_version},
}};
constexpr std::array<Field<std::vector<std::string>>, 3> kFlags{{
    {"fetchFlags", &Plan::fetch_flags},
    {"renderFlags", &Plan::render_flags},
    {"applyFlags", &Plan::apply_flags},
}};
constexpr std::array<Field<std::string>, 2> kManifests{{
    {"manifest", &Plan::manifest},
    {"hooks", &Plan::hooks},
}};

/// A chart's URL may hold a password, and whatever is secret in the values may stand there as well.
class HeaderMask {
 public:
  explicit HeaderMask(const Plan& plan) {
    for (const auto* name : {&plan.release, &plan.name_space, &plan.chart_name})
      known_.Spare(*name);
    known_.AddDocument(plan.values_json);
    diff::LearnManifest(plan.manifest, known_);
    diff::LearnManifest(plan.hooks, known_);
  }
  [[nodiscard]] std::string Shown(const std::string& text) const {
    return known_.Mask(diff::MaskNamed(known_.Mask(text)));
  }

 private:
  diff::KnownSecrets known_;
};

Error Lacks(const char* key) {
  return Error::InvalidInput(fmt::format("the saved plan lacks \"{}\"", key),
                             "use the version of helm signal that saved it, or make a new plan");
}

Result<void> Read(const Json& json, const char* key, std::string& out) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string()) return Fail(Lacks(key));
  out = found->get<std::string>();
  return {};
}

Result<void> Read(const Json& json, const char* key, std::int64_t& out) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_integer()) return Fail(Lacks(key));
  out = found->get<std::int64_t>();
  return {};
}

Result<void> Read(const Json& json, const char* key, Time& out) {
  std::string text;
  TRY(Read(json, key, text));
  const auto time = ParseTime(text);
  if (!time) return Fail(Lacks(key));
  out = *time;
  return {};
}

Result<void> Read(const Json& json, const char* key, std::vector<std::string>& out) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_array()) return Fail(Lacks(key));
  for (const Json& item : *found) {
    if (!item.is_string()) return Fail(Lacks(key));
    out.push_back(item.get<std::string>());
  }
  return {};
}

Result<void> ReadHeader(const Json& header, Plan& plan) {
  for (const auto& field : kHeaderTexts) TRY(Read(header, field.key, plan.*field.member));
  TRY(Read(header, "fromRevision", plan.from_revision));
  return Read(header, "madeAt", plan.made_at);
}

Result<void> ReadContent(const Json& content, Plan& plan) {
  for (const auto& field : kFlags) TRY(Read(content, field.key, plan.*field.member));
  for (const auto& field : kManifests) TRY(Read(content, field.key, plan.*field.member));
  const auto values = content.find("values");
  if (values == content.end() || !values->is_object()) return Fail(Lacks("values"));
  plan.values_json = values->dump();
  const auto in_full = content.find("header");
  if (in_full == content.end() || !in_full->is_object()) return Fail(Lacks("header"));
  for (const auto& field : kHeaderTexts) {
    if (in_full->contains(field.key)) TRY(Read(*in_full, field.key, plan.*field.member));
  }
  return {};
}

}  // namespace

Result<Json> ParseJson(std::string_view text) {
  std::size_t keys = 0;
  bool too_much = false;
  const auto bound = [&](int depth, Json::parse_event_t event, const Json&) {
    if (event == Json::parse_event_t::key) ++keys;
    too_much = too_much || depth > kDeepest || keys > kMostKeys;
    return !too_much;
  };
  Json json = Json::parse(text, bound, /*allow_exceptions=*/false);
  if (too_much) return Fail(Error::TooLarge("JSON of more than 200 levels or 20,000 keys"));
  if (json.is_discarded()) return Fail(Error::InvalidInput("no JSON"));
  return json;
}

Result<void> CheckUtf8(const Plan& plan) {
  std::vector<const std::string*> texts = {&plan.values_json};
  for (const auto& field : kHeaderTexts) texts.push_back(&(plan.*field.member));
  for (const auto& field : kManifests) texts.push_back(&(plan.*field.member));
  for (const auto& field : kFlags) {
    for (const auto& flag : plan.*field.member) texts.push_back(&flag);
  }
  for (const auto* text : texts) {
    if (FindInvalidUtf8(*text))
      return Fail(Error::InvalidInput("the plan holds text that is not UTF-8",
                                      "look at the values, the chart and the flags"));
  }
  return {};
}

Json HeaderOf(const Plan& plan) {
  const HeaderMask mask(plan);
  Json header = Json::object();
  for (const auto& field : kHeaderTexts) header[field.key] = mask.Shown(plan.*field.member);
  header["fromRevision"] = plan.from_revision;
  header["madeAt"] = FormatTime(plan.made_at);
  return header;
}

Json HeaderInFull(const Plan& plan) {
  const HeaderMask mask(plan);
  Json in_full = Json::object();
  for (const auto& field : kHeaderTexts) {
    const std::string& text = plan.*field.member;
    if (mask.Shown(text) != text) in_full[field.key] = text;
  }
  return in_full;
}

Result<Json> ContentOf(const Plan& plan) {
  auto values = ParseJson(plan.values_json);
  if (!values) return Fail(values.error().Within("the values"));
  if (!values->is_object()) return Fail(Error::InvalidInput("the values are no JSON object"));
  Json content = Json::object();
  content["header"] = HeaderInFull(plan);
  for (const auto& field : kFlags) content[field.key] = plan.*field.member;
  content["values"] = std::move(*values);
  for (const auto& field : kManifests) content[field.key] = plan.*field.member;
  return content;
}

Result<Plan> ReadPlan(const Json& header, const Json& content) {
  Plan plan;
  if (!header.is_object()) return Fail(Lacks("header"));
  if (!content.is_object()) return Fail(Lacks("content"));
  TRY(ReadHeader(header, plan));
  TRY(ReadContent(content, plan));
  return plan;
}

std::string CanonicalText(const Json& document) {
  return document.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

std::string SealOf(const Json& document) { return "sha256:" + Sha256Hex(CanonicalText(document)); }

}  // namespace datafly::plan

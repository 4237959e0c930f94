#include "common/core/facts/decode_access.h"

#include "common/core/kinds/json_value.h"

namespace datafly {

using kinds::json::Value;

static void ReadJson(const Value& value, AccessRule& out) {
  value.Field("verbs", out.verbs);
  value.Field("apiGroups", out.groups);
  value.Field("resources", out.resources);
  value.Field("resourceNames", out.names);
}

static void ReadJson(const Value& value, AccessReview& out) {
  const auto status = value.Child("status");
  if (!status) return value.Expected("a SelfSubjectRulesReview with a status");
  status->Field("resourceRules", out.rules);
  status->Field("incomplete", out.incomplete);
}

namespace {

void ReadQuestion(const Value& attributes, AccessAnswer& out) {
  attributes.Field("verb", out.verb);
  attributes.Field("group", out.group);
  attributes.Field("resource", out.resource);
  attributes.Field("namespace", out.name_space);
  attributes.Field("name", out.name);
  std::string subresource;
  attributes.Field("subresource", subresource);
  if (!subresource.empty()) out.resource += "/" + subresource;
}

}  // namespace

static void ReadJson(const Value& value, AccessAnswer& out) {
  if (const auto spec = value.Child("spec")) {
    if (const auto attributes = spec->Child("resourceAttributes")) ReadQuestion(*attributes, out);
  }
  const auto status = value.Child("status");
  if (!status || !status->Has("allowed")) {
    return value.Expected("a SelfSubjectAccessReview with status.allowed");
  }
  status->Field("allowed", out.allowed);
  status->Field("reason", out.reason);
}

namespace {

/// APIGroupList: groups[].versions[].groupVersion.
void ReadGroups(const Value& root, ServedApis& out) {
  root.ForEachIn("groups", [&](const Value& group) {
    group.ForEachIn("versions", [&](const Value& version) {
      std::string name;
      version.Field("groupVersion", name);
      if (!name.empty()) out.group_versions.insert(std::move(name));
    });
  });
}

/// APIGroupDiscoveryList: items[].metadata.name (empty for the core group) and
/// items[].versions[].version.
void ReadDiscovery(const Value& root, ServedApis& out) {
  root.ForEachIn("items", [&](const Value& item) {
    std::string group;
    if (const auto meta = item.Child("metadata")) meta->Field("name", group);
    item.ForEachIn("versions", [&](const Value& version) {
      std::string name;
      version.Field("version", name);
      if (!name.empty()) out.group_versions.insert(group.empty() ? name : group + "/" + name);
    });
  });
}

}  // namespace

static void ReadJson(const Value& root, ServedApis& out) {
  std::string kind;
  root.Field("kind", kind);
  if (kind == "APIGroupList") return ReadGroups(root, out);
  if (kind == "APIGroupDiscoveryList") return ReadDiscovery(root, out);
  if (kind != "APIVersions") return root.Expected("an APIVersions or an APIGroupList");
  std::vector<std::string> versions;
  root.Field("versions", versions);
  out.group_versions.insert(versions.begin(), versions.end());
}

Result<AccessReview> DecodeAccessReview(std::string_view json) {
  return kinds::json::ParseOne<AccessReview>(json);
}

Result<AccessAnswer> DecodeAccessAnswer(std::string_view json) {
  return kinds::json::ParseOne<AccessAnswer>(json);
}

Result<void> AddServedApis(std::string_view json, ServedApis& out) {
  ASSIGN_OR_RETURN(ServedApis found, kinds::json::ParseOne<ServedApis>(json));
  out.group_versions.merge(found.group_versions);
  return {};
}

}  // namespace datafly

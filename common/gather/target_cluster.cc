#include "common/gather/target_cluster.h"

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/manifest/resource_names.h"
#include "common/core/manifest/yaml.h"

namespace datafly::gather {
namespace {

using nlohmann::json;
using Cause = DryRunFacts::Cause;

std::vector<std::string> VersionNames(const json& crd) {
  std::vector<std::string> names;
  const auto versions = crd.value(json::json_pointer("/spec/versions"), json::array());
  for (const json& version : versions) {
    if (version.is_object() && version.contains("name") && version["name"].is_string())
      names.push_back(version["name"].get<std::string>());
  }
  return names;
}

// Everything that `wanted` says stands in `live` too; what the server added as defaults does not
// count.
bool Covers(const json& live, const json& wanted) {
  if (wanted.is_object()) {
    if (!live.is_object()) return false;
    for (const auto& [key, value] : wanted.items()) {
      if (!live.contains(key) || !Covers(live[key], value)) return false;
    }
    return true;
  }
  if (!wanted.is_array()) return live == wanted;
  if (!live.is_array() || live.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!Covers(live[i], wanted[i])) return false;
  }
  return true;
}

// Fields that only the cluster's version has inside the schemas: a property that the target dropped
// is a difference, a default is not.
bool SameSpec(const json& live, const json& wanted) {
  const json::json_pointer versions("/spec/versions");
  const json live_versions = live.value(versions, json::array());
  const json wanted_versions = wanted.value(versions, json::array());
  if (!Covers(live.value("spec", json::object()), wanted.value("spec", json::object())))
    return false;
  for (std::size_t i = 0; i < wanted_versions.size(); ++i) {
    const json::json_pointer schema("/schema");
    if (!Covers(wanted_versions[i].value(schema, json::object()),
                live_versions[i].value(schema, json::object())))
      return false;
  }
  return true;
}

bool Mentions(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

// By the server's own words; Kubernetes has no finer reason codes for these (apimachinery
// pkg/api/errors, apiserver admission).
Cause CauseOf(const Error& error) {
  const std::string_view text = error.message;
  if (error.server_reason == "NotServed") return Cause::NotServed;
  if (Mentions(text, {"exceeded quota", "failed quota"})) return Cause::Quota;
  if (Mentions(text, {"admission webhook", "failed calling webhook", "violates PodSecurity",
                      "ValidatingAdmissionPolicy"}))
    return Cause::Admission;
  if (Mentions(text, {"field is immutable", "may not change once set",
                      "updates to statefulset spec", "cannot change"}))
    return Cause::Immutable;
  switch (error.kind) {
    case ErrorKind::Forbidden:
    case ErrorKind::Unauthorized:
      return Cause::Forbidden;
    case ErrorKind::Conflict:
      return Cause::Conflict;
    case ErrorKind::InvalidInput:
      return Cause::Invalid;
    default:
      return Cause::Other;
  }
}

std::string ObjectPath(const manifest::Object& object, const std::string& release_namespace) {
  const auto name = manifest::ResourceNameOf(manifest::GroupOf(object.api_version), object.kind);
  const std::string name_space = object.name_space.empty() ? release_namespace : object.name_space;
  return kube::Resource{object.api_version, name.plural,
                        name.namespaced ? name_space : std::string()}
             .Path() +
         "/" + object.name;
}

bool IsCrd(const json& document) {
  return document.is_object() && document.value("kind", "") == "CustomResourceDefinition";
}

}  // namespace

struct CrdReads::Read {
  json wanted;
  CrdFacts facts;
  Pending<std::string> reply;
};

CrdReads::CrdReads(Io& io, const release::ChartInfo& chart) {
  const kube::Resource resource{"apiextensions.k8s.io/v1", "customresourcedefinitions", ""};
  for (const release::ChartFile& file : chart.crds) {
    auto documents = yaml::ParseDocuments(file.data);
    if (!documents) continue;
    for (json& document : *documents) {
      if (!IsCrd(document)) continue;
      Read read;
      read.facts.name = document.value(json::json_pointer("/metadata/name"), "");
      read.facts.target_versions = VersionNames(document);
      read.reply = io.kube.StartGet(resource.Path(read.facts.name));
      read.wanted = std::move(document);
      reads_.push_back(std::move(read));
    }
  }
}

CrdReads::~CrdReads() = default;

bool CrdReads::Done() const {
  return std::all_of(reads_.begin(), reads_.end(),
                     [](const Read& read) { return read.reply.Done(); });
}

// The first failure other than "not found" makes the whole fact absent: half a comparison would
// look like a whole one.
Fact<std::vector<CrdFacts>> CrdReads::Take() {
  std::vector<CrdFacts> out;
  for (Read& read : reads_) {
    auto reply = read.reply.Take();
    if (!reply && reply.error().kind != ErrorKind::NotFound)
      return Absence::From(reply.error(), "get customresourcedefinitions");
    read.facts.exists = reply.has_value();
    if (reply) {
      const json live = json::parse(*reply, nullptr, /*allow_exceptions=*/false);
      if (!live.is_object())
        return Absence{AbsenceKind::Invalid, "the server's answer about a CRD is not JSON", {}};
      read.facts.live_versions = VersionNames(live);
      read.facts.same = SameSpec(live, read.wanted);
    }
    out.push_back(std::move(read.facts));
  }
  return out;
}

DryRuns::DryRuns(Io& io, const std::vector<manifest::Object>& objects,
                 const std::string& name_space, bool ssa)
    : objects_(objects) {
  // With client-side releases the live fields belong to other managers by nature: only a forced
  // apply asks the question that is meant.
  for (const manifest::Object& object : objects) {
    replies_.push_back(io.kube.StartDryRunApply(ObjectPath(object, name_space), object.json, "helm",
                                                /*force=*/!ssa));
  }
}

bool DryRuns::Done() const {
  return std::all_of(replies_.begin(), replies_.end(),
                     [](const auto& reply) { return reply.Done(); });
}

Fact<std::vector<DryRunFacts>> DryRuns::Take() {
  std::vector<DryRunFacts> out;
  for (std::size_t i = 0; i < replies_.size(); ++i) {
    DryRunFacts facts;
    facts.object = manifest::ObjectName(objects_[i]);
    auto reply = replies_[i].Take();
    facts.ok = reply.has_value();
    if (!reply) {
      facts.cause = CauseOf(reply.error());
      facts.message = RedactCredentials(EscapeForTerminal(Truncate(reply.error().message, 800)));
    }
    out.push_back(std::move(facts));
  }
  return out;
}

}  // namespace datafly::gather

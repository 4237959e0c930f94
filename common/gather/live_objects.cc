#include "common/gather/live_objects.h"

#include <deque>
#include <nlohmann/json.hpp>

#include "common/core/kinds/decode.h"
#include "common/gather/lists.h"

namespace datafly::gather {
namespace {

using diff::KindToList;
using Json = nlohmann::json;

/// A list costs as much as its namespace is large; a few objects are asked for by name.
constexpr std::size_t kFewNames = 2;

std::string PathOfGroup(const std::string& group_version) {
  return group_version.find('/') == std::string::npos ? "/api/" + group_version
                                                      : "/apis/" + group_version;
}

/// APIResourceList: subresources have a slash in their name.
void ResolveFrom(const std::string& group_version, const std::string& reply,
                 diff::ReleaseDiffer& differ) {
  const Json json = Json::parse(reply, nullptr, false);
  if (!json.is_object() || !json.contains("resources") || !json["resources"].is_array()) return;
  for (const Json& resource : json["resources"]) {
    if (!resource.is_object()) continue;
    const std::string name = resource.value("name", "");
    const std::string kind = resource.value("kind", "");
    if (name.empty() || kind.empty() || name.find('/') != std::string::npos) continue;
    differ.Resolve(group_version, kind, {name, resource.value("namespaced", true), false});
  }
}

Result<void> ResolveCustomKinds(Io& io, diff::ReleaseDiffer& differ) {
  const auto versions = differ.CustomGroupVersions();
  std::vector<Pending<std::string>> replies;
  for (const std::string& version : versions)
    replies.push_back(io.kube.StartGet(PathOfGroup(version)));
  for (auto& reply : replies) TRY(io.loop.Wait(io.deadline, reply));
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const auto reply = replies[i].Take();
    if (reply) {
      ResolveFrom(versions[i], *reply, differ);
    } else if (reply.error().kind != ErrorKind::NotFound) {
      // A version that is not served has no objects, and the lists will say so; of any other
      // nothing is known.
      differ.OnUnresolved(versions[i], reply.error().message);
    }
  }
  return {};
}

Result<void> ReadCrds(Io& io, diff::ReleaseDiffer& differ) {
  const kube::Resource resource{"apiextensions.k8s.io/v1", "customresourcedefinitions", ""};
  const auto names = differ.CrdNames();
  std::vector<Pending<std::string>> replies;
  for (const std::string& name : names) replies.push_back(io.kube.StartGet(resource.Path(name)));
  for (auto& reply : replies) TRY(io.loop.Wait(io.deadline, reply));
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const auto crd = replies[i].Take();
    if (crd) {
      differ.TakeCrd(Json::parse(*crd, nullptr, false));
    } else if (crd.error().kind != ErrorKind::NotFound) {  // an aggregated API has none
      differ.OnUnreadCrd(names[i], crd.error().message);
    }
  }
  return {};
}

kube::ListOptions OptionsFor(const KindToList& kind) {
  kube::ListOptions options;
  if (kind.kind == "Secret" && kind.api_version == "v1") options = WithoutHelmRecords();
  options.page_size = kPageOfLargeObjects;
  return options;
}

/// One kind's objects under way.
class Reading {
 public:
  Reading(Io& io, KindToList kind, kinds::Decoder& decoder, diff::ReleaseDiffer& differ)
      : kind_(std::move(kind)), differ_(differ) {
    const kube::Resource resource{kind_.api_version, kind_.plural, kind_.name_space};
    if (kind_.names.size() <= kFewNames) {
      for (const std::string& name : kind_.names)
        objects_.push_back(io.kube.StartGet(resource.Path(name)));
      return;
    }
    list_ = io.kube.StartList(resource, OptionsFor(kind_), [&](kube::Client::PageBuffer page) {
      return decoder.Items({page.data, page.size, page.capacity},
                           [&](std::string_view name, const std::function<Json()>& tree) {
                             if (differ_.Wants(kind_, name)) differ_.OnLive(kind_, tree());
                           });
    });
  }

  [[nodiscard]] bool Done() const {
    if (objects_.empty()) return list_.Done();
    return std::all_of(objects_.begin(), objects_.end(),
                       [](const auto& object) { return object.Done(); });
  }

  void Finish() {
    if (objects_.empty()) {
      if (const auto outcome = list_.Take(); !outcome) NotRead(outcome.error());
    }
    for (auto& object : objects_) {
      const auto reply = object.Take();
      reply ? differ_.OnLive(kind_, Json::parse(*reply, nullptr, false)) : NotRead(reply.error());
    }
  }

 private:
  void NotRead(const Error& error) {
    // Not there, or a kind that the server does not serve: nothing of it can live.
    if (error.kind != ErrorKind::NotFound) differ_.OnUnknown(kind_, error.message);
  }

  KindToList kind_;
  diff::ReleaseDiffer& differ_;
  std::vector<Pending<std::string>> objects_;
  Pending<kube::ListOutcome> list_;
};

}  // namespace

Result<void> CompareLiveObjects(Io& io, diff::ReleaseDiffer& differ) {
  TRY(ResolveCustomKinds(io, differ));
  TRY(ReadCrds(io, differ));
  kinds::Decoder decoder;
  std::deque<Reading> readings;
  for (KindToList& kind : differ.ToList())
    readings.emplace_back(io, std::move(kind), decoder, differ);
  for (Reading& reading : readings) TRY(io.loop.Wait(io.deadline, reading));
  for (Reading& reading : readings) reading.Finish();
  return {};
}

}  // namespace datafly::gather

#include "common/core/kinds/decode.h"

#include "common/core/kinds/decode_lists.h"
#include "common/core/kinds/decode_readers.h"
#include "common/core/kinds/tree.h"

namespace datafly::kinds {

using json::Value;

struct Decoder::Impl {
  simdjson::dom::parser parser;
};

Decoder::Decoder() : impl_(std::make_unique<Impl>()) {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

namespace {

/// Room for this page's items and for those that the server says are still to come
/// (metadata.remainingItemCount of metav1.ListMeta, an estimate): growing by doubling would hold
/// thousands of structs twice. Bounded, since anybody may claim anything.
template <class T>
void Reserve(const Value& root, std::vector<T>& out) {
  constexpr std::int64_t kMost = 20000;
  simdjson::dom::array items;
  if (root.element()["items"].get(items) != simdjson::SUCCESS) return;
  std::int64_t remaining = 0;
  if (root.element()["metadata"]["remainingItemCount"].get(remaining) != simdjson::SUCCESS)
    remaining = 0;
  remaining = std::clamp<std::int64_t>(remaining, 0, kMost);
  const std::size_t wanted = out.size() + items.size() + static_cast<std::size_t>(remaining);
  if (out.empty()) out.reserve(wanted);
}

/// Calls `begin` with the List, then `read` for each item of it. Null counts as empty (Go writes a
/// nil slice so), a missing "items" does not.
template <class Begin, class Read>
Result<void> ForEachItem(simdjson::dom::parser& parser, PaddedJson list, Begin begin, Read read) {
  const std::string_view text(list.data, list.size);
  return json::Parse(parser, text, list.capacity, [&](const Value& root) {
    simdjson::dom::element items;
    if (root.element()["items"].get(items) != simdjson::SUCCESS) {
      return root.Expected("a List of the API server, with items");
    }
    begin(root);
    root.ForEachIn("items", read);
  });
}

/// Appends items read by ReadItem; `prepare` sets what an item itself does not say.
template <class T, class Prepare>
Result<void> Append(simdjson::dom::parser& parser, PaddedJson list, std::vector<T>& out,
                    Prepare prepare) {
  const std::size_t before = out.size();
  auto done = ForEachItem(
      parser, list, [&](const Value& root) { Reserve(root, out); },
      [&](const Value& item) {
        if (!item.session().Spend(sizeof(T))) return;
        prepare(out.emplace_back());
        ReadItem(item, out.back());
      });
  if (!done && out.size() > before) out.pop_back();  // the item in which the error was found
  return done;
}

template <class T>
Result<void> Append(simdjson::dom::parser& parser, PaddedJson list, std::vector<T>& out) {
  return Append(parser, list, out, [](T&) {});
}

template <class T, class Prepare>
Result<T> DecodeOne(std::string_view text, Prepare prepare) {
  simdjson::dom::parser parser;
  T out{};
  TRY(json::Parse(parser, text, text.size(), [&](const Value& root) {
    prepare(root, out);
    ReadItem(root, out);
  }));
  return out;
}

void ReadWorkloadKind(const Value& root, Workload& out) {
  root.Field("kind", out.kind);
  const bool known =
      out.kind == "Deployment" || out.kind == "StatefulSet" || out.kind == "DaemonSet";
  if (!known) root.Expected("a Deployment, StatefulSet or DaemonSet");
}

template <class T>
Result<T> DecodeOne(std::string_view text) {
  return DecodeOne<T>(text, [](const Value&, T&) {});
}

}  // namespace

Result<void> Decoder::Pods(PaddedJson list, std::vector<Pod>& out) {
  return Append(impl_->parser, list, out);
}

Result<void> Decoder::Workloads(PaddedJson list, std::string_view kind,
                                std::vector<Workload>& out) {
  return Append(impl_->parser, list, out, [&](Workload& workload) { workload.kind = kind; });
}

Result<void> Decoder::Hpas(PaddedJson list, std::vector<Hpa>& out) {
  return Append(impl_->parser, list, out);
}

Result<void> Decoder::Pdbs(PaddedJson list, std::vector<Pdb>& out) {
  return Append(impl_->parser, list, out);
}

Result<void> Decoder::Quotas(PaddedJson list, std::vector<ResourceQuota>& out) {
  return Append(impl_->parser, list, out);
}

Result<void> Decoder::Nodes(PaddedJson list, std::vector<Node>& out) {
  return Append(impl_->parser, list, out);
}

Result<void> Decoder::ReplicaSets(PaddedJson list, std::vector<ReplicaSet>& out) {
  return Append(impl_->parser, list, out);
}

Result<void> Decoder::Events(PaddedJson list, std::vector<Event>& out) {
  return Append(impl_->parser, list, out);
}

Result<void> Decoder::EndpointSlices(PaddedJson list, std::vector<EndpointSlice>& out) {
  return Append(impl_->parser, list, out);
}

Result<void> Decoder::Items(PaddedJson list, const VisitItem& visit) {
  return ForEachItem(
      impl_->parser, list, [](const Value&) {},
      [&](const Value& item) {
        std::string_view name;
        if (item.element()["metadata"]["name"].get(name) != simdjson::SUCCESS)
          return item.Expected("an object with metadata.name");
        visit(name, [&] { return ToTree(item.element()); });
      });
}

Result<void> Decoder::Ingresses(PaddedJson list, std::vector<Ingress>& out) {
  return Append(impl_->parser, list, out);
}

Result<void> Decoder::Metadata(PaddedJson list, std::vector<ObjectMeta>& out) {
  return ForEachItem(
      impl_->parser, list, [](const Value&) {},
      [&](const Value& item) {
        if (!item.session().Spend(sizeof(ObjectMeta))) return;
        ObjectMeta meta;
        item.Field("metadata", meta);
        if (!item.session().failed()) out.push_back(std::move(meta));
      });
}

Result<Workload> DecodeWorkload(std::string_view json) {
  return DecodeOne<Workload>(json, ReadWorkloadKind);
}
Result<Hpa> DecodeHpa(std::string_view json) { return DecodeOne<Hpa>(json); }
Result<Pdb> DecodePdb(std::string_view json) { return DecodeOne<Pdb>(json); }
Result<Pod> DecodePod(std::string_view json) { return DecodeOne<Pod>(json); }
Result<ReplicaSet> DecodeReplicaSet(std::string_view json) { return DecodeOne<ReplicaSet>(json); }
Result<Event> DecodeEvent(std::string_view json) { return DecodeOne<Event>(json); }
Result<ServerVersion> DecodeServerVersion(std::string_view json) {
  return DecodeOne<ServerVersion>(json);
}

}  // namespace datafly::kinds

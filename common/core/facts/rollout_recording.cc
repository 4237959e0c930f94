#include "common/core/facts/rollout_recording.h"

#include "common/core/facts/describe_rollout.h"
#include "common/core/facts/load_described.h"
#include "common/core/facts/save_described.h"

namespace datafly {

namespace {

using kinds::json::Value;

constexpr std::size_t kMaxLine = std::size_t{16} << 20;

std::string_view KindOf(const kinds::Workload&) { return "Workload"; }
std::string_view KindOf(const kinds::ReplicaSet&) { return "ReplicaSet"; }
std::string_view KindOf(const kinds::Pod&) { return "Pod"; }
std::string_view KindOf(const kinds::Event&) { return "Event"; }
std::string_view KindOf(const kinds::Hpa&) { return "HorizontalPodAutoscaler"; }

struct ObjectWriter {
  JsonWriter& out;
  void operator()(const rollout::Removed& removed) const {
    out.String("Removed");
    out.Key("uid");
    out.String(removed.uid);
  }
  template <class T>
  void operator()(const T& object) const {
    out.String(KindOf(object));
    out.Key("object");
    described::Write(out, object);
  }
};

template <class T>
void LoadObject(const Value& line, rollout::Change& change) {
  T object{};
  if (const auto json = line.Child("object")) {
    described::Load(*json, object);
  } else {
    line.Expected("an object");
  }
  change = std::move(object);
}

void LoadLine(const Value& line, RecordedChange& out) {
  line.Field("at", out.at);
  std::string kind;
  line.Field("kind", kind);
  if (kind == "Removed") {
    rollout::Removed removed;
    line.Field("uid", removed.uid);
    out.change = std::move(removed);
  } else if (kind == "Workload") {
    LoadObject<kinds::Workload>(line, out.change);
  } else if (kind == "ReplicaSet") {
    LoadObject<kinds::ReplicaSet>(line, out.change);
  } else if (kind == "Pod") {
    LoadObject<kinds::Pod>(line, out.change);
  } else if (kind == "Event") {
    LoadObject<kinds::Event>(line, out.change);
  } else if (kind == "HorizontalPodAutoscaler") {
    LoadObject<kinds::Hpa>(line, out.change);
  } else {
    line.Expected(
        "a change of kind Workload, ReplicaSet, Pod, Event, HorizontalPodAutoscaler or Removed");
  }
}

}  // namespace

std::string RecordLine(const RecordedChange& recorded) {
  JsonWriter out(false);
  out.BeginObject();
  out.Key("at");
  out.String(FormatTime(recorded.at));
  out.Key("kind");
  std::visit(ObjectWriter{out}, recorded.change);
  out.EndObject();
  return out.Take();
}

Result<std::vector<RecordedChange>> LoadRecording(std::string_view text) {
  std::vector<RecordedChange> changes;
  simdjson::dom::parser parser;
  std::size_t number = 0;
  for (const std::string_view line : Split(text, '\n')) {
    ++number;
    if (Trim(line).empty()) continue;
    if (line.size() > kMaxLine)
      return Fail(Error::TooLarge(fmt::format("line {} is longer than 16 MiB", number)));
    RecordedChange& change = changes.emplace_back();
    const auto done = kinds::json::Parse(parser, line, line.size(),
                                         [&](const Value& root) { LoadLine(root, change); });
    if (!done) return Fail(done.error().Within(fmt::format("line {}", number)));
  }
  return changes;
}

}  // namespace datafly

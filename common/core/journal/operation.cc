#include "common/core/journal/operation.h"

#include <array>
#include <nlohmann/json.hpp>

#include "common/core/base/text.h"

namespace datafly::journal {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;
constexpr std::string_view kObjectKind = "SignalOperation";

constexpr std::array kKinds = {Kind::Upgrade, Kind::Rollback, Kind::Unlock};
constexpr std::array kPhases = {Phase::Planned, Phase::Applying, Phase::Following, Phase::Done};
constexpr std::array kVerdicts = {Verdict::None,    Verdict::Verified,  Verdict::Failed,
                                  Verdict::Stopped, Verdict::Abandoned, Verdict::Overtaken};

template <class E, std::size_t N>
Result<E> Named(std::string_view text, const std::array<E, N>& values, std::string_view what) {
  for (const E value : values) {
    if (ToString(value) == text) return value;
  }
  return Fail(Error::Protocol(fmt::format("the journal has an unknown {}: \"{}\"", what,
                                          Truncate(EscapeForTerminal(text), 40)),
                              "use the version of helm signal that wrote it, or a newer one"));
}

std::string TextOf(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t NumberOf(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

Time TimeOf(const Json& json, const char* key) {
  const auto time = ParseTime(TextOf(json, key));
  return time ? *time : Time{};
}

Json ToData(const ProcessId& process) {
  return Json{{"host", process.host}, {"pid", process.pid}, {"started", process.started}};
}

std::optional<ProcessId> ProcessOf(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_object()) return std::nullopt;
  return ProcessId{TextOf(*found, "host"), NumberOf(*found, "pid"), TextOf(*found, "started")};
}

std::vector<std::string> TextsOf(const Json& json, const char* key) {
  std::vector<std::string> texts;
  const auto found = json.find(key);
  if (found == json.end() || !found->is_array()) return texts;
  for (const Json& item : *found) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  }
  return texts;
}

std::vector<Note> NotesOf(const Json& json) {
  std::vector<Note> notes;
  const auto found = json.find("notes");
  if (found == json.end() || !found->is_array()) return notes;
  for (const Json& item : *found) {
    if (item.is_object() && notes.size() < kMostNotes)
      notes.push_back({TimeOf(item, "at"), TextOf(item, "text")});
  }
  return notes;
}

/// "revision 3 (1.2.0)"
std::string Revision(std::int64_t revision, const std::string& version) {
  return version.empty() ? fmt::format("{}", revision) : fmt::format("{} ({})", revision, version);
}

std::string Steps(const Operation& operation) {
  switch (operation.kind) {
    case Kind::Upgrade:
      return fmt::format("from revision {} to {}",
                         Revision(operation.from_revision, operation.from_version),
                         Revision(operation.to_revision, operation.to_version));
    case Kind::Rollback:
      return fmt::format("from revision {} back to {}",
                         Revision(operation.from_revision, operation.from_version),
                         Revision(operation.back_to, operation.to_version));
    case Kind::Unlock:
      return fmt::format("of revision {}", operation.to_revision);
  }
  return {};
}

}  // namespace

std::string_view ToString(Kind kind) {
  switch (kind) {
    case Kind::Upgrade:
      return "upgrade";
    case Kind::Rollback:
      return "rollback";
    case Kind::Unlock:
      return "unlock";
  }
  return {};
}

std::string_view ToString(Phase phase) {
  switch (phase) {
    case Phase::Planned:
      return "planned";
    case Phase::Applying:
      return "applying";
    case Phase::Following:
      return "following";
    case Phase::Done:
      return "done";
  }
  return {};
}

std::string_view ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::None:
      return "";
    case Verdict::Verified:
      return "verified";
    case Verdict::Failed:
      return "failed";
    case Verdict::Stopped:
      return "stopped";
    case Verdict::Abandoned:
      return "abandoned";
    case Verdict::Overtaken:
      return "overtaken";
  }
  return {};
}

void AddNote(Operation& operation, Time at, std::string text) {
  operation.notes.push_back({at, std::move(text)});
  if (operation.notes.size() > kMostNotes) operation.notes.erase(operation.notes.begin());
}

std::string InWords(const Operation& operation) {
  const bool done = operation.phase == Phase::Done;
  std::string text =
      fmt::format("{} of {} {}: {}", ToString(operation.kind), operation.release, Steps(operation),
                  done ? ToString(operation.verdict) : ToString(operation.phase));
  if (!operation.reason.empty()) text += fmt::format(" ({})", operation.reason);
  return text;
}

std::string ToJson(const Operation& operation) {
  Json data = {{"kind", kObjectKind},
               {"schemaVersion", kSchemaVersion},
               {"id", operation.id},
               {"operation", ToString(operation.kind)},
               {"release", operation.release},
               {"namespace", operation.name_space},
               {"phase", ToString(operation.phase)},
               {"verdict", ToString(operation.verdict)},
               {"fromRevision", operation.from_revision},
               {"toRevision", operation.to_revision},
               {"backTo", operation.back_to},
               {"fromVersion", operation.from_version},
               {"chart", operation.chart},
               {"toVersion", operation.to_version},
               {"chartDigest", operation.chart_digest},
               {"plan", operation.plan},
               {"who", operation.who},
               {"runner", ToData(operation.runner)},
               {"epoch", operation.epoch},
               {"helmTimeoutSeconds", operation.helm_timeout.count() / 1000},
               {"because", operation.because},
               {"reason", operation.reason},
               {"startedAt", FormatTime(operation.started_at)},
               {"changedAt", FormatTime(operation.changed_at)},
               {"acks", operation.acks},
               {"notes", Json::array()}};
  if (operation.helm) data["helm"] = ToData(*operation.helm);
  for (const Note& note : operation.notes)
    data["notes"].push_back(Json{{"at", FormatTime(note.at)}, {"text", note.text}});
  return data.dump(2, ' ', false, Json::error_handler_t::replace);
}

Result<Operation> FromJson(std::string_view json) {
  const Json data = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!data.is_object() || TextOf(data, "kind") != kObjectKind)
    return Fail(Error::Protocol("the journal's entry is not one of helm signal's"));
  if (NumberOf(data, "schemaVersion") > kSchemaVersion)
    return Fail(Error::Unsupported("the journal's entry is from a newer helm signal",
                                   "use that version or a newer one"));
  Operation operation;
  ASSIGN_OR_RETURN(operation.kind, Named(TextOf(data, "operation"), kKinds, "operation"));
  ASSIGN_OR_RETURN(operation.phase, Named(TextOf(data, "phase"), kPhases, "phase"));
  ASSIGN_OR_RETURN(operation.verdict, Named(TextOf(data, "verdict"), kVerdicts, "verdict"));
  operation.id = TextOf(data, "id");
  operation.release = TextOf(data, "release");
  operation.name_space = TextOf(data, "namespace");
  operation.from_revision = NumberOf(data, "fromRevision");
  operation.to_revision = NumberOf(data, "toRevision");
  operation.back_to = NumberOf(data, "backTo");
  operation.from_version = TextOf(data, "fromVersion");
  operation.chart = TextOf(data, "chart");
  operation.to_version = TextOf(data, "toVersion");
  operation.chart_digest = TextOf(data, "chartDigest");
  operation.plan = TextOf(data, "plan");
  operation.who = TextOf(data, "who");
  operation.epoch = NumberOf(data, "epoch");
  operation.helm_timeout = Millis(NumberOf(data, "helmTimeoutSeconds") * 1000);
  operation.because = TextOf(data, "because");
  operation.reason = TextOf(data, "reason");
  operation.started_at = TimeOf(data, "startedAt");
  operation.changed_at = TimeOf(data, "changedAt");
  operation.acks = TextsOf(data, "acks");
  operation.runner = ProcessOf(data, "runner").value_or(ProcessId{});
  operation.helm = ProcessOf(data, "helm");
  operation.notes = NotesOf(data);
  return operation;
}

std::string ObjectName(const Operation& operation) {
  // A release's name is at most 53 characters of DNS-1123 with dots (helm pkg/chart/common/util).
  return fmt::format("signal-{}-r{}-{}-{}", operation.release, operation.to_revision,
                     ToString(operation.kind), operation.id);
}

}  // namespace datafly::journal

#include "common/io/helm/helm_records.h"

#include <nlohmann/json.hpp>

#include "common/io/helm/helm_output.h"

namespace datafly::helm {
namespace {

using Json = nlohmann::json;

/// One helm that only reads; its stdout, or its own words as the error.
Pending<std::string> StartRead(ProcessRunner& processes, const HelmCalls& calls,
                               std::vector<std::string> arguments, Millis timeout) {
  // The namespace is in the variables (ConnectionEnvironment).
  std::vector<std::string> pasted = arguments;
  for (const auto& [name, value] : calls.environment)
    if (name == "HELM_NAMESPACE") pasted.insert(pasted.end(), {"--namespace", value});
  HelmRun run{calls.helm, ByHand(std::move(pasted), calls.environment)};
  Command command;
  command.argv = std::move(arguments);
  command.argv.insert(command.argv.begin(), calls.helm);
  command.env = calls.environment;
  command.timeout = timeout;
  return Transform<std::string>(
      processes.Start(std::move(command)),
      [run = std::move(run)](const Result<CommandOutput>& output) -> Result<std::string> {
        TRY(CheckOutput(output, run));
        return output->out;
      });
}

std::string TextAt(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// helm writes it as a number; `helm list` as a text.
std::int64_t NumberAt(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

Result<release::History> ReadHistory(const std::string& text, const std::string& release) {
  const Json list = Json::parse(text, nullptr, false);
  if (!list.is_array()) return Fail(Error::Protocol("helm history did not give a list"));
  release::History history;
  for (const Json& item : list) {
    if (!item.is_object() || NumberAt(item, "revision") <= 0) continue;
    release::RevisionLabel label;
    label.release = release;
    label.revision = NumberAt(item, "revision");
    label.status = release::ParseStatus(TextAt(item, "status"));
    if (const auto updated = ParseTime(TextAt(item, "updated"))) label.modified_at = *updated;
    history.push_back(std::move(label));
  }
  std::sort(history.begin(), history.end(),
            [](const auto& a, const auto& b) { return a.revision < b.revision; });
  return history;
}

}  // namespace

Pending<release::History> StartHistory(ProcessRunner& processes, const HelmCalls& calls,
                                       const std::string& release, Millis timeout) {
  return Transform<release::History>(
      StartRead(processes, calls, {"history", release, "--max", "256", "-o", "json"}, timeout),
      [release](const Result<std::string>& text) -> Result<release::History> {
        if (!text) return Fail(text.error());
        return ReadHistory(*text, release);
      });
}

RecordByHelm::RecordByHelm(ProcessRunner& processes, const HelmCalls& calls,
                           const std::string& release, std::int64_t revision, Millis timeout)
    : release_(release), revision_(revision) {
  const auto get = [&](const char* what, bool json) {
    std::vector<std::string> arguments = {"get", what, release, "--revision",
                                          std::to_string(revision)};
    if (json) arguments.insert(arguments.end(), {"-o", "json"});
    return StartRead(processes, calls, std::move(arguments), timeout);
  };
  metadata_ = get("metadata", true);
  manifest_ = get("manifest", false);
  hooks_ = get("hooks", false);
  values_ = get("values", true);
}

bool RecordByHelm::Done() const {
  return metadata_.Done() && manifest_.Done() && hooks_.Done() && values_.Done();
}

Result<release::ReleaseRecord> RecordByHelm::Take() {
  ASSIGN_OR_RETURN(const std::string metadata_text, metadata_.Take());
  ASSIGN_OR_RETURN(const std::string manifest, manifest_.Take());
  ASSIGN_OR_RETURN(const std::string hooks, hooks_.Take());
  ASSIGN_OR_RETURN(const std::string values, values_.Take());
  const Json metadata = Json::parse(metadata_text, nullptr, false);
  if (!metadata.is_object()) return Fail(Error::Protocol("helm get metadata did not give JSON"));
  release::ReleaseRecord record =
      release::FromRenderedText(release_, TextAt(metadata, "namespace"), hooks);
  record.manifest = manifest;
  record.revision = revision_;
  record.status = release::ParseStatus(TextAt(metadata, "status"));
  record.apply_method = TextAt(metadata, "applyMethod");
  record.chart.name = TextAt(metadata, "chart");
  record.chart.version = TextAt(metadata, "version");
  record.chart.app_version = TextAt(metadata, "appVersion");
  record.user_values_json = values.starts_with("null") ? "{}" : values;
  record.partial = true;
  return record;
}

}  // namespace datafly::helm

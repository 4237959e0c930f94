#include "common/gather/given_values.h"

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/diff/learn_secrets.h"
#include "common/core/diff/secret_shapes.h"
#include "common/core/manifest/yaml.h"
#include "common/gather/live_secrets.h"

namespace datafly::gather {
namespace {

constexpr std::size_t kLargestFile = std::size_t{4} << 20;

/// "a=x,b=y" of --set-file: the files x and y.
std::vector<std::string> FilesOf(std::string_view argument) {
  std::vector<std::string> paths;
  for (std::string_view part : Split(argument, ',')) {
    if (const auto at = part.find('='); at != std::string_view::npos) part.remove_prefix(at + 1);
    paths.emplace_back(part);
  }
  return paths;
}

using Flag = std::pair<std::string_view, std::string_view>;

/// "--set-string", "a=x" or "--set-string=a=x", each as name and argument.
std::vector<Flag> FlagsOf(const std::vector<std::string>& given) {
  std::vector<Flag> flags;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string_view flag = given[i];
    const auto equals = flag.find('=');
    if (equals != std::string_view::npos)
      flags.emplace_back(flag.substr(0, equals), flag.substr(equals + 1));
    else if (i + 1 < given.size())
      flags.emplace_back(flag, given[i + 1]);
  }
  return flags;
}

void LearnFlags(const FileSystem& files, const std::vector<std::string>& given,
                diff::KnownSecrets& secrets) {
  for (const auto& [name, argument] : FlagsOf(given)) {
    if (name == "--set-file") {
      for (const std::string& path : FilesOf(argument))
        if (const auto text = files.Read(path, kLargestFile)) secrets.Add(*text);
    } else if (name.starts_with("--set")) {
      diff::LearnSet(argument, secrets);
    }
  }
}

/// The folders of a chart's dependencies, which have defaults of their own.
std::vector<std::string> DependenciesOf(const FileSystem& files, const std::string& chart) {
  std::vector<std::string> folders;
  const auto text = files.Read(chart + "/Chart.yaml", kLargestFile);
  if (!text) return folders;
  const auto about = yaml::ParseDocument(*text, yaml::Scalars::AsStrings);
  if (!about || !about->is_object()) return folders;
  const auto dependencies = about->find("dependencies");
  if (dependencies == about->end() || !dependencies->is_array()) return folders;
  for (const auto& one : *dependencies) {
    const auto name = one.is_object() ? one.value("name", nlohmann::json()) : nlohmann::json();
    if (name.is_string()) folders.push_back(chart + "/charts/" + name.get<std::string>());
  }
  return folders;
}

/// The defaults of a chart that is a folder.
void LearnFolder(const FileSystem& files, const std::string& chart, diff::KnownSecrets& secrets) {
  std::vector<std::string> folders = DependenciesOf(files, chart);
  folders.push_back(chart);
  for (const std::string& folder : folders)
    if (const auto text = files.Read(folder + "/values.yaml", kLargestFile))
      diff::LearnNamed(*text, secrets);
}

/// The defaults of a chart wherever it is; nothing where helm cannot read it, since it cannot quote
/// it then either. Errors: interrupted.
Result<void> LearnChart(Io& io, const helm::RenderRequest& request,
                        const std::vector<std::pair<std::string, std::string>>& environment,
                        diff::KnownSecrets& secrets) {
  const auto left = std::chrono::duration_cast<Millis>(io.deadline - io.loop.Now());
  if (left <= Millis(0)) return {};
  helm::RenderRequest show = request;
  show.timeout = left;
  auto shown = helm::StartShowValues(io.system.processes, show, environment);
  const auto waited = io.loop.Wait(io.deadline, shown);
  if (!waited) return waited.error().kind == ErrorKind::Interrupted ? waited : Result<void>();
  if (const auto values = shown.Take()) diff::LearnNamed(*values, secrets);
  return {};
}

}  // namespace

std::vector<std::string> NamedFiles(const std::vector<std::string>& given) {
  std::vector<std::string> paths;
  for (const std::string& list : given) {
    bool quoted = false;
    paths.emplace_back();
    for (const char c : list) {
      if (c == '"')
        quoted = !quoted;
      else if (c == ',' && !quoted)
        paths.emplace_back();
      else
        paths.back() += c;
    }
  }
  return paths;
}

std::vector<std::string> GivenFiles(const helm::RenderRequest& request) {
  std::vector<std::string> paths = NamedFiles(request.values_files);
  for (const auto& [name, argument] : FlagsOf(request.value_flags)) {
    if (name != "--set-file") continue;
    for (std::string& path : FilesOf(argument)) paths.push_back(std::move(path));
  }
  return paths;
}

diff::KnownSecrets GivenValues(const FileSystem& files, const helm::RenderRequest& request,
                               const release::ReleaseRecord* current) {
  diff::KnownSecrets secrets;
  for (const std::string& name :
       {request.release, request.name_space, request.chart, request.ShownChart()})
    secrets.Spare(name);
  for (const std::string& set : request.sets) diff::LearnSet(set, secrets);
  LearnFlags(files, request.value_flags, secrets);
  for (const std::string& path : NamedFiles(request.values_files))
    if (const auto text = files.Read(path, kLargestFile)) diff::LearnValues(*text, secrets);
  diff::LearnValues(request.resolved_values, secrets);
  LearnFolder(files, request.chart, secrets);
  if (current != nullptr) {
    diff::LearnNamed(current->chart.default_values_json, secrets);
    diff::LearnValues(current->user_values_json, secrets);
    diff::LearnManifest(current->manifest, secrets);
  }
  return secrets;
}

Result<void> LearnLiveSecrets(Io& io, const std::string& name_space, diff::KnownSecrets& secrets) {
  LiveSecrets live(io, name_space);
  TRY(io.loop.Wait(io.deadline, live));
  return live.Learn(secrets);
}

void LearnRecord(const release::ReleaseRecord& record, diff::KnownSecrets& secrets) {
  secrets.AddDocument(record.user_values_json);
  diff::LearnNamed(record.chart.default_values_json, secrets);
  diff::LearnManifest(record.manifest, secrets);
}

Result<void> LearnNamedValues(Io& io, const helm::RenderRequest& request,
                              const std::vector<std::pair<std::string, std::string>>& environment,
                              diff::KnownSecrets& secrets) {
  for (const auto* arguments : {&request.sets, &request.value_flags})
    for (const std::string& argument : *arguments) secrets.AddDocument(argument);
  for (const std::string& path : NamedFiles(request.values_files))
    if (const auto text = io.system.files.Read(path, kLargestFile))
      diff::LearnNamed(*text, secrets);
  diff::LearnNamed(request.resolved_values, secrets);
  LearnFolder(io.system.files, request.chart, secrets);
  return LearnChart(io, request, environment, secrets);
}

Result<Error> MaskHelmsError(Io& io, const helm::RenderRequest& request,
                             const std::vector<std::pair<std::string, std::string>>& environment,
                             const release::ReleaseRecord* current, Error error) {
  constexpr std::size_t kMaxMessage = 600;
  diff::KnownSecrets given = GivenValues(io.system.files, request, current);
  TRY(LearnChart(io, request, environment, given));
  const auto learnt = LearnLiveSecrets(io, request.name_space, given);
  if (!learnt && learnt.error().kind == ErrorKind::Interrupted) return Fail(learnt.error());
  error.message = Truncate(diff::MaskLikely(given.Mask(error.message)), kMaxMessage);
  return error;
}

}  // namespace datafly::gather

#include "common/operations/pinned_chart.h"

#include "common/core/base/digest.h"
#include "common/core/base/text.h"
#include "common/core/plan/plan.h"
#include "common/gather/given_values.h"

namespace datafly::operations {
namespace {

/// Of one file of a chart; Helm itself takes none larger than 5 MiB, nor an archive of more than
/// 100 MiB (helm pkg/chart/loader/archive).
constexpr std::size_t kLargestFile = std::size_t{128} << 20;
constexpr std::size_t kMostFiles = 20'000;

Result<std::string> DigestOfFolder(const FileSystem& files, const std::string& folder) {
  ASSIGN_OR_RETURN(const auto names, FilesBelow(folder, kMostFiles));
  std::vector<std::pair<std::string, std::string>> contents;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(std::string bytes,
                     files.Read(fmt::format("{}/{}", folder, name), kLargestFile));
    contents.emplace_back(name, std::move(bytes));
  }
  return plan::FolderDigest(contents);
}

/// The one file that helm pull has made; a chart's signature may lie beside it.
Result<std::string> ArchiveIn(const std::string& folder, const std::string& chart) {
  ASSIGN_OR_RETURN(const auto names, FilesBelow(folder, 100));
  for (const std::string& name : names) {
    if (name.ends_with(".tgz")) return fmt::format("{}/{}", folder, name);
  }
  return Fail(
      Error::Protocol(fmt::format("helm pull of {} has made no archive", EscapeForTerminal(chart)),
                      "the same by hand: helm pull"));
}

/// "" of what cannot be read: Helm takes addresses as well (-f https://…), which it fetches itself.
std::string DigestOfFile(const FileSystem& files, const std::string& path) {
  const auto bytes = files.Read(path, kLargestFile);
  return bytes ? Sha256Hex(*bytes) : std::string();
}

Error Changed(const std::string& what) {
  return {ErrorKind::Conflict,
          fmt::format("{} has changed since it was judged; nothing was done", what),
          "run the command again: it judges it as it is now",
          0,
          {}};
}

}  // namespace

Result<std::string> DigestOfChart(const FileSystem& files, const std::string& path) {
  if (IsFolder(path)) return DigestOfFolder(files, path);
  ASSIGN_OR_RETURN(const std::string bytes, files.Read(path, kLargestFile));
  return "sha256:" + Sha256Hex(bytes);
}

Result<PinnedChart> PinnedChart::Pin(gather::Io& io, helm::RenderRequest& request,
                                     const Environment& environment) {
  PinnedChart pinned;
  // As Helm (LocateChart): what is there as a file or folder is that, even with --repo.
  const bool local = io.system.files.Exists(request.chart);
  if (!local) {
    ASSIGN_OR_RETURN(pinned.folder_, TemporaryFolder::Make(io.system.environment));
    helm::RenderRequest pull = request;
    const auto left = std::chrono::duration_cast<Millis>(io.deadline - io.loop.Now());
    pull.timeout = std::clamp(left, Millis(1), Millis(120'000));
    auto pulling = helm::StartPull(io.system.processes, pull, pinned.folder_.path(), environment);
    TRY(io.loop.Wait(io.deadline, pulling));
    if (const auto pulled = pulling.Take(); !pulled) return Fail(pulled.error());
    ASSIGN_OR_RETURN(const std::string archive, ArchiveIn(pinned.folder_.path(), request.chart));
    request.shown_chart = std::exchange(request.chart, archive);
    request.version.clear();
    request.plain_http = false;
    request.fetch_flags.clear();
  }
  // Once, before it is looked at: helm would write into the folder at each rendering.
  const auto update =
      std::find(request.flags.begin(), request.flags.end(), "--dependency-update=true");
  if (update != request.flags.end()) {
    request.flags.erase(update);
    if (IsFolder(request.chart)) {
      auto updating = helm::StartDependencyUpdate(io.system.processes, request, environment);
      TRY(io.loop.Wait(io.deadline, updating));
      if (const auto updated = updating.Take(); !updated) return Fail(updated.error());
    }
  }
  pinned.path_ = request.chart;
  ASSIGN_OR_RETURN(pinned.digest_, DigestOfChart(io.system.files, pinned.path_));
  for (const std::string& path : gather::GivenFiles(request))
    pinned.values_.emplace_back(path, DigestOfFile(io.system.files, path));
  return pinned;
}

Result<void> PinnedChart::CheckUnchanged(const FileSystem& files) const {
  ASSIGN_OR_RETURN(const std::string now, DigestOfChart(files, path_));
  if (now != digest_) return Fail(Changed("the chart " + EscapeForTerminal(path_)));
  for (const auto& [path, digest] : values_)
    if (DigestOfFile(files, path) != digest)
      return Fail(Changed("the file of values " + EscapeForTerminal(path)));
  return {};
}

}  // namespace datafly::operations

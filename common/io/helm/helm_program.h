#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "common/core/release/record.h"
#include "common/io/kube/kubeconfig.h"
#include "common/io/system/system.h"

namespace datafly::helm {

/// What to render: the arguments of one `helm upgrade --dry-run=server`.
struct RenderRequest {
  std::string helm;  ///< the program
  std::string release, name_space;
  std::string chart;        ///< oci://…, folder, .tgz, repo/name
  std::string shown_chart;  ///< how it is told to people, where `chart` is a copy; "" = `chart`
  std::string version;      ///< --version, or ""
  bool plain_http = false;  ///< --plain-http
  std::vector<std::string> fetch_flags;  ///< where it comes from: "--repo", "https://…"
  std::vector<std::string> values_files, sets;
  std::vector<std::string> value_flags;  ///< further values: "--set-file", "x=y"
  /// Values that were resolved before, as YAML: they go by standard input, where no list of
  /// processes shows them. "" = none.
  std::string resolved_values;
  /// Further arguments that shape the rendering, as the user gave them: "--skip-crds=true".
  std::vector<std::string> flags;
  std::vector<std::string> upgrade_flags;  ///< what `helm template` does not know: "--install"
  /// What becomes of the release's own values: Helm keeps them when no others are given, unless it
  /// is told (--reuse-values, --reset-then-reuse-values; --reset-values).
  enum class OwnValues { Default, Keep, Drop } own_values = OwnValues::Default;
  bool installs = false;  ///< of `helm template`: nothing is installed that it would upgrade
  Millis timeout{120000};
  /// Takes the values that were given out of Helm's own words, before they are cut to a length.
  std::function<std::string(std::string_view words)> mask;
  bool keep_words = false;  ///< Helm's words as long as they are: the caller masks and cuts them

  /// Whether any value is given, by -f or one of --set's kin.
  [[nodiscard]] bool GivesValues() const;
  [[nodiscard]] const std::string& ShownChart() const {
    return shown_chart.empty() ? chart : shown_chart;
  }
};

/// The connection flags as the HELM_* variables that every helm child gets; HELM_DEBUG is switched
/// off, since Helm then says on stderr what it was told, `--set` included. An error names the flag
/// that Helm cannot take.
Result<std::vector<std::pair<std::string, std::string>>> ConnectionEnvironment(
    const kube::ConnectionFlags& flags, const std::string& name_space);

/// The chart's archive from wherever `request` has it into a folder: `helm pull`, by the flags that
/// say where it comes from. It makes one file there. The result of this and the next: helm's words.
Pending<std::string> StartPull(ProcessRunner& processes, const RenderRequest& request,
                               const std::string& folder,
                               std::vector<std::pair<std::string, std::string>> environment);

/// `helm dependency update` of a chart's folder, which it changes.
Pending<std::string> StartDependencyUpdate(
    ProcessRunner& processes, const RenderRequest& request,
    std::vector<std::pair<std::string, std::string>> environment);

/// The default values of a chart in a file or a folder, as YAML: `helm show values`.
Pending<std::string> StartShowValues(ProcessRunner& processes, const RenderRequest& request,
                                     std::vector<std::pair<std::string, std::string>> environment);

/// Chart.yaml of a chart, wherever it is: `helm show chart`.
Pending<std::string> StartShowChart(ProcessRunner& processes, const RenderRequest& request,
                                    std::vector<std::pair<std::string, std::string>> environment);

/// Its version as it says it itself: "v4.1.0+g0000000" (`helm version --short`).
Pending<std::string> StartVersion(ProcessRunner& processes, const std::string& helm,
                                  std::vector<std::pair<std::string, std::string>> environment);

/// Runs helm once: `helm upgrade RELEASE CHART --dry-run=server -o json` changes nothing and gives
/// manifest, chart, values and hooks in one reply (Helm 3.18 and later, Helm 4). Helm's own words
/// become the error, redacted.
Pending<release::ReleaseRecord> StartRender(
    ProcessRunner& processes, const RenderRequest& request,
    std::vector<std::pair<std::string, std::string>> environment);

/// The same by `helm template` (with --is-upgrade unless `installs`), which asks no cluster: for a
/// release that Helm refuses to upgrade because it is pending, or without a cluster. Only manifest
/// and hooks are known of it. `values_yaml` (the release's own values, which `template` cannot
/// reuse) goes by stdin, before the user's.
Pending<release::ReleaseRecord> StartTemplate(
    ProcessRunner& processes, const RenderRequest& request, std::string values_yaml,
    std::vector<std::pair<std::string, std::string>> environment);

}  // namespace datafly::helm

#include "plugins/helm-signal/chart_flags.h"

#include "common/gather/given_values.h"

namespace datafly::commands {
namespace {

constexpr const char* kRendering = "Chart and values (as helm upgrade)";
constexpr const char* kApplying = "Taken as they are, without effect on a diff";

struct Flag {
  const char* names;
  const char* value;  ///< nullptr: takes none
  const char* help;
};

/// Where the chart comes from; handed to helm as they are.
constexpr Flag kFetching[] = {
    {"--repo", "URL", "Repository of the chart"},
    {"--devel", nullptr, "Also development versions"},
    {"--username", "NAME", "User at the chart's repository"},
    {"--password", "PASSWORD", "Password at the chart's repository"},
    {"--pass-credentials", nullptr, "Pass credentials to all domains"},
    {"--ca-file", "FILE", "Certificate authority of the chart's repository"},
    {"--cert-file", "FILE", "Client certificate for it"},
    {"--key-file", "FILE", "Client key for it"},
    {"--insecure-skip-tls-verify", nullptr, "Do not verify its certificate"},
    {"--keyring", "FILE", "Public keys for --verify"},
    {"--verify", nullptr, "Verify the chart's signature"},
};

/// Values beside -f and --set.
constexpr Flag kValues[] = {
    {"--set-string", "KEY=VALUE", "Set a value as text"},
    {"--set-file", "KEY=FILE", "Set a value from a file"},
    {"--set-json", "KEY=JSON", "Set a value as JSON"},
    {"--set-literal", "KEY=VALUE", "Set a value as literal text"},
};

/// What shapes the rendering; handed to helm as they are.
constexpr Flag kShaping[] = {
    {"--dependency-update", nullptr, "Update missing dependencies first"},
    {"--post-renderer", "PROGRAM", "Post-renderer of the manifests"},
    {"--post-renderer-args", "ARGUMENT", "Its arguments"},
    {"--enable-dns", nullptr, "Allow DNS lookups in templates"},
    {"--no-hooks", nullptr, "Leave hooks out"},
    {"--skip-crds", nullptr, "Leave the chart's crds/ out"},
    {"--skip-schema-validation", nullptr, "Do not validate values by the chart's schema"},
    {"--disable-openapi-validation", nullptr, "Do not validate by the OpenAPI schema"},
    {"--render-subchart-notes", nullptr, "Render notes of subcharts"},
};

/// They decide how the upgrade runs, not what it changes.
constexpr Flag kWithoutEffect[] = {
    {"--timeout", "DURATION", "Time for hooks and --wait"},
    {"--description", "TEXT", "Description of the revision"},
    {"--history-max", "N", "Revisions to keep"},
    {"--labels", "KEY=VALUE", "Labels of the record"},
    {"--atomic", nullptr, "Roll back on failure"},
    {"--rollback-on-failure", nullptr, "Roll back on failure"},
    {"--cleanup-on-fail", nullptr, "Delete new objects on failure"},
    {"--create-namespace", nullptr, "Create the namespace with --install"},
    {"--wait", nullptr, "Wait until the objects are ready"},
    {"--wait-for-jobs", nullptr, "Wait for Jobs"},
    {"--hide-notes", nullptr, "Hide notes"},
    {"--dry-run", nullptr, "A diff is one: it changes nothing"},
    {"--hide-secret", nullptr, "Hide Secrets of a dry run"},
};

}  // namespace

void ChartFlags::Declare(cli::CommandLine& line, For purpose) {
  line.AddList("-f,--values", values_files, "Values file (repeatable)", "FILE", kRendering);
  line.AddList("--set", sets, "Set a value (repeatable)", "KEY=VALUE", kRendering);
  line.AddOption("--version", version, "Version of the chart", "VERSION", kRendering);
  line.AddFlag("--plain-http", plain_http, "Fetch the chart by plain HTTP", kRendering);
  line.AddFlag("--reuse-values", reuse_values, "Take the release's values and lay these over them",
               kRendering);
  line.AddFlag("--reset-values", reset_values, "Take the chart's values, not the release's",
               kRendering);
  line.AddFlag("--reset-then-reuse-values", reset_then_reuse_values,
               "The chart's values, the release's own over them, then these", kRendering);
  line.AddOption("--server-side", server_side, "Helm 4: how objects are applied", "true|false|auto",
                 kRendering);
  line.AddFlag("-i,--install", install, "The release need not exist", kRendering);
  line.AddFlag("--take-ownership", take_ownership, "Take over objects that exist", kRendering);
  for (const Flag& flag : kValues) values_.Declare(line, flag.names, flag.value, flag.help);
  for (const Flag& flag : kFetching) fetching_.Declare(line, flag.names, flag.value, flag.help);
  for (const Flag& flag : kShaping) shaping_.Declare(line, flag.names, flag.value, flag.help);
  if (purpose == For::Upgrade) return;
  line.AddFlag("--force,--force-replace", force, "Objects are replaced, not patched", kRendering);
  line.AddFlag("--force-conflicts", force_conflicts, "Server-side apply takes fields over",
               kRendering);
  for (const Flag& flag : kWithoutEffect) {
    if (flag.value != nullptr)
      line.AddList(flag.names, without_effect_.emplace_back(), flag.help, flag.value, kApplying);
    else
      line.AddFlag(flag.names, plain_without_effect_.emplace_back(), flag.help, kApplying);
  }
}

Result<void> ChartFlags::Check() const {
  const auto files = gather::NamedFiles(values_files);
  if (std::find(files.begin(), files.end(), "-") == files.end()) return {};
  return Fail(Error::Unsupported("values cannot be read from standard input (-f -)",
                                 "write them to a file: -f FILE"));
}

helm::RenderRequest ChartFlags::Rendering(std::string helm, std::string release,
                                          std::string name_space, std::string chart) const {
  helm::RenderRequest render;
  render.helm = std::move(helm);
  render.release = std::move(release);
  render.name_space = std::move(name_space);
  render.chart = std::move(chart);
  render.version = version;
  render.plain_http = plain_http;
  render.values_files = values_files;
  render.sets = sets;
  render.fetch_flags = fetching_.Arguments();
  render.value_flags = values_.Arguments();
  render.flags = shaping_.Arguments();
  render.upgrade_flags = UpgradeArguments();
  render.own_values = OwnValues();
  return render;
}

void ChartFlags::Given::Declare(cli::CommandLine& line, const char* name, const char* value,
                                const char* help) {
  if (value != nullptr)
    line.AddList(name, valued_.emplace_back(Valued{name, {}}).given, help, value, kRendering);
  else
    line.AddFlag(name, plain_.emplace_back(Plain{name, {}}).given, help, kRendering);
}

std::vector<std::string> ChartFlags::Given::Arguments() const {
  std::vector<std::string> arguments;
  for (const Valued& flag : valued_)
    for (const std::string& value : flag.given)
      arguments.insert(arguments.end(), {flag.name, value});
  for (const Plain& flag : plain_)
    if (flag.given) arguments.push_back(fmt::format("{}={}", flag.name, *flag.given));
  return arguments;
}

std::vector<std::string> ChartFlags::UpgradeArguments() const {
  std::vector<std::string> arguments;
  if (reuse_values) arguments.emplace_back("--reuse-values");
  if (reset_values) arguments.emplace_back("--reset-values");
  if (reset_then_reuse_values) arguments.emplace_back("--reset-then-reuse-values");
  if (!server_side.empty()) arguments.push_back("--server-side=" + server_side);
  if (install) arguments.emplace_back("--install");
  if (take_ownership) arguments.emplace_back("--take-ownership");
  return arguments;
}

helm::RenderRequest::OwnValues ChartFlags::OwnValues() const {
  using enum helm::RenderRequest::OwnValues;
  // Helm's own order: --reset-values wins over the other two.
  if (reset_values) return Drop;
  return reuse_values || reset_then_reuse_values ? Keep : Default;
}

release::ValuesStep::Rule ChartFlags::ValuesRule() const {
  using enum release::ValuesStep::Rule;
  if (reset_values) return Reset;
  if (reuse_values) return Reuse;
  return reset_then_reuse_values ? ResetThenReuse : Default;
}

}  // namespace datafly::commands

#include "common/io/helm/helm_program.h"

#include "common/io/helm/helm_apply.h"
#include "common/io/helm/helm_output.h"

namespace datafly::helm {
namespace {

void AddSource(const RenderRequest& request, std::vector<std::string>& argv) {
  if (!request.version.empty()) argv.insert(argv.end(), {"--version", request.version});
  if (request.plain_http) argv.emplace_back("--plain-http");
  argv.insert(argv.end(), request.fetch_flags.begin(), request.fetch_flags.end());
}

void AddChartArguments(const RenderRequest& request, std::vector<std::string>& argv) {
  AddSource(request, argv);
  if (!request.resolved_values.empty()) argv.insert(argv.end(), {"--values", "-"});
  for (const std::string& file : request.values_files) argv.insert(argv.end(), {"--values", file});
  for (const std::string& set : request.sets) argv.insert(argv.end(), {"--set", set});
  for (const auto* flags : {&request.value_flags, &request.flags})
    argv.insert(argv.end(), flags->begin(), flags->end());
}

std::vector<std::string> RenderArguments(const RenderRequest& request) {
  std::vector<std::string> argv = {request.helm,       "upgrade",     request.release,
                                   request.chart,      "--namespace", request.name_space,
                                   "--dry-run=server", "--output",    "json"};
  AddChartArguments(request, argv);
  argv.insert(argv.end(), request.upgrade_flags.begin(), request.upgrade_flags.end());
  return argv;
}

std::vector<std::string> TemplateArguments(const RenderRequest& request, bool has_values) {
  std::vector<std::string> argv = {request.helm,  "template",    request.release,
                                   request.chart, "--namespace", request.name_space};
  if (!request.installs) argv.emplace_back("--is-upgrade");
  if (has_values) argv.insert(argv.end(), {"--values", "-"});
  AddChartArguments(request, argv);
  return argv;
}

HelmRun RunOf(const RenderRequest& request, std::string remedy) {
  return {request.helm, std::move(remedy), request.mask, request.keep_words};
}

/// `helm VERB [RELEASE] CHART` by hand, from where the user has the chart. The values stay out:
/// they may be secret.
std::string RenderByHand(const RenderRequest& request, const Environment& environment,
                         std::vector<std::string> words) {
  words.insert(words.end(), {request.release, request.ShownChart()});
  if (!request.version.empty()) words.insert(words.end(), {"--version", request.version});
  if (request.plain_http) words.emplace_back("--plain-http");
  words.insert(words.end(), {"--namespace", request.name_space});
  std::string remedy = ByHand(std::move(words), environment);
  if (request.GivesValues()) remedy += " (and your values)";
  return remedy;
}

/// The same of what only fetches or reads the chart, from no cluster.
std::string ChartByHand(const RenderRequest& request, std::vector<std::string> words) {
  words.push_back(request.ShownChart());
  if (!request.version.empty()) words.insert(words.end(), {"--version", request.version});
  if (request.plain_http) words.emplace_back("--plain-http");
  return ByHand(std::move(words), {});
}

/// Our own standard input is not helm's: it would find nothing there, and render without the
/// values.
Result<void> CheckValues(const RenderRequest& request) {
  if (std::find(request.values_files.begin(), request.values_files.end(), "-") ==
      request.values_files.end())
    return {};
  return Fail(Error::Unsupported("values cannot be read from standard input (-f -)",
                                 "write them to a file: -f FILE"));
}

/// One run whose standard output is the result.
Pending<std::string> StartWords(ProcessRunner& processes, const RenderRequest& request,
                                std::vector<std::string> argv, Environment environment,
                                std::string remedy) {
  Command command;
  command.argv = std::move(argv);
  command.env = std::move(environment);
  command.timeout = request.timeout;
  return Transform<std::string>(processes.Start(std::move(command)),
                                [run = RunOf(request, std::move(remedy))](
                                    const Result<CommandOutput>& output) -> Result<std::string> {
                                  TRY(CheckOutput(output, run));
                                  return output->out;
                                });
}

Result<release::ReleaseRecord> ToRecord(const Result<CommandOutput>& output,
                                        const RenderRequest& request, const std::string& remedy) {
  TRY(CheckOutput(output, RunOf(request, remedy)));
  return release::DecodeReleaseJson(output->out);
}

void Set(Environment& environment, const char* name, const std::optional<std::string>& value) {
  if (value) environment.emplace_back(name, *value);
}

Error CannotTake(const char* flag) {
  return Error::Unsupported(fmt::format("helm cannot take {}", flag),
                            "put it into a kubeconfig context and name that with --context");
}

}  // namespace

bool RenderRequest::GivesValues() const {
  return !values_files.empty() || !sets.empty() || !value_flags.empty() || !resolved_values.empty();
}

Result<Environment> ConnectionEnvironment(const kube::ConnectionFlags& flags,
                                          const std::string& name_space) {
  if (flags.cluster) return Fail(CannotTake("--cluster"));
  if (flags.user) return Fail(CannotTake("--user"));
  if (flags.client_certificate || flags.client_key)
    return Fail(CannotTake("--client-certificate and --client-key"));
  if (flags.as_uid || !flags.as_user_extra.empty())
    return Fail(CannotTake("--as-uid and --as-user-extra"));
  Environment environment;
  Set(environment, "KUBECONFIG", flags.kubeconfig);
  Set(environment, "HELM_KUBECONTEXT", flags.context);
  Set(environment, "HELM_KUBEAPISERVER", flags.server);
  Set(environment, "HELM_KUBEASUSER", flags.as);
  Set(environment, "HELM_KUBECAFILE", flags.certificate_authority);
  Set(environment, "HELM_KUBETLS_SERVER_NAME", flags.tls_server_name);
  if (flags.token) environment.emplace_back("HELM_KUBETOKEN", flags.token->Reveal());
  if (flags.insecure_skip_tls_verify) {
    environment.emplace_back("HELM_KUBEINSECURE_SKIP_TLS_VERIFY",
                             *flags.insecure_skip_tls_verify ? "true" : "false");
  }
  if (!flags.as_groups.empty())
    environment.emplace_back("HELM_KUBEASGROUPS",
                             fmt::format("{}", fmt::join(flags.as_groups, ",")));
  environment.emplace_back("HELM_NAMESPACE", name_space);
  environment.emplace_back("HELM_DEBUG", "false");
  return environment;
}

std::vector<std::string> UpgradeArguments(const RenderRequest& request,
                                          const std::vector<std::string>& apply_flags) {
  std::vector<std::string> arguments = {"upgrade", request.release, request.chart, "--namespace",
                                        request.name_space};
  AddChartArguments(request, arguments);
  for (const auto* flags : {&request.upgrade_flags, &apply_flags})
    arguments.insert(arguments.end(), flags->begin(), flags->end());
  return arguments;
}

Pending<std::string> StartPull(ProcessRunner& processes, const RenderRequest& request,
                               const std::string& folder, Environment environment) {
  std::vector<std::string> argv = {request.helm, "pull", request.chart, "--destination", folder};
  AddSource(request, argv);
  return StartWords(processes, request, std::move(argv), std::move(environment),
                    ChartByHand(request, {"pull"}));
}

Pending<std::string> StartDependencyUpdate(ProcessRunner& processes, const RenderRequest& request,
                                           Environment environment) {
  return StartWords(processes, request, {request.helm, "dependency", "update", request.chart},
                    std::move(environment), ChartByHand(request, {"dependency", "update"}));
}

Pending<std::string> StartShowValues(ProcessRunner& processes, const RenderRequest& request,
                                     Environment environment) {
  std::vector<std::string> argv = {request.helm, "show", "values", request.chart};
  AddSource(request, argv);
  return StartWords(processes, request, std::move(argv), std::move(environment),
                    ChartByHand(request, {"show", "values"}));
}

Pending<std::string> StartShowChart(ProcessRunner& processes, const RenderRequest& request,
                                    Environment environment) {
  std::vector<std::string> argv = {request.helm, "show", "chart", request.chart};
  AddSource(request, argv);
  return StartWords(processes, request, std::move(argv), std::move(environment),
                    ChartByHand(request, {"show", "chart"}));
}

Pending<std::string> StartVersion(ProcessRunner& processes, const std::string& helm,
                                  Environment environment) {
  RenderRequest request;
  request.helm = helm;
  request.timeout = Millis(30'000);
  return StartWords(processes, request, {helm, "version", "--short"}, std::move(environment),
                    ByHand({"version"}, {}));
}

Pending<release::ReleaseRecord> StartRender(ProcessRunner& processes, const RenderRequest& request,
                                            Environment environment) {
  if (auto sound = CheckValues(request); !sound)
    return Pending<release::ReleaseRecord>::Of(Fail(sound.error()));
  std::string remedy = RenderByHand(request, environment, {"upgrade", "--dry-run=server"});
  Command command;
  command.argv = RenderArguments(request);
  command.env = std::move(environment);
  command.stdin_bytes = request.resolved_values;
  command.timeout = request.timeout;
  return Transform<release::ReleaseRecord>(
      processes.Start(std::move(command)),
      [request, remedy = std::move(remedy)](const Result<CommandOutput>& output) {
        return ToRecord(output, request, remedy);
      });
}

Pending<release::ReleaseRecord> StartTemplate(ProcessRunner& processes,
                                              const RenderRequest& request, std::string values_yaml,
                                              Environment environment) {
  if (auto sound = CheckValues(request); !sound)
    return Pending<release::ReleaseRecord>::Of(Fail(sound.error()));
  // Values that were resolved hold the release's own already.
  const bool resolved = !request.resolved_values.empty();
  Command command;
  command.argv = TemplateArguments(request, !resolved && !values_yaml.empty());
  command.env = std::move(environment);
  command.stdin_bytes = std::move(values_yaml);
  if (resolved) command.stdin_bytes = request.resolved_values;
  command.timeout = request.timeout;
  return Transform<release::ReleaseRecord>(
      processes.Start(std::move(command)),
      [request](const Result<CommandOutput>& output) -> Result<release::ReleaseRecord> {
        TRY(CheckOutput(output, RunOf(request, RenderByHand(request, {}, {"template"}))));
        return release::FromRenderedText(request.release, request.name_space, output->out);
      });
}

}  // namespace datafly::helm

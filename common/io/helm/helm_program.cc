#include "common/io/helm/helm_program.h"

#include "common/core/base/text.h"

namespace datafly::helm {
namespace {

using Environment = std::vector<std::pair<std::string, std::string>>;

void AddChartArguments(const RenderRequest& request, std::vector<std::string>& argv) {
  if (!request.version.empty()) argv.insert(argv.end(), {"--version", request.version});
  if (request.plain_http) argv.emplace_back("--plain-http");
  for (const std::string& file : request.values_files) argv.insert(argv.end(), {"--values", file});
  for (const std::string& set : request.sets) argv.insert(argv.end(), {"--set", set});
  argv.insert(argv.end(), request.flags.begin(), request.flags.end());
}

std::vector<std::string> RenderArguments(const RenderRequest& request) {
  std::vector<std::string> argv = {request.helm,       "upgrade",     request.release,
                                   request.chart,      "--namespace", request.name_space,
                                   "--dry-run=server", "--output",    "json"};
  AddChartArguments(request, argv);
  return argv;
}

std::vector<std::string> TemplateArguments(const RenderRequest& request, bool has_values) {
  std::vector<std::string> argv = {request.helm,  "template",    request.release,
                                   request.chart, "--namespace", request.name_space,
                                   "--is-upgrade"};
  if (has_values) argv.insert(argv.end(), {"--values", "-"});
  AddChartArguments(request, argv);
  return argv;
}

// Helm's own error, without the warnings before it: from the last line that begins with "Error: "
// to the end, since an error may span lines; without one, the last line that says something.
std::string ErrorOf(const std::string& text) {
  constexpr std::string_view kPrefix = "Error: ";
  std::string words;
  bool in_error = false;
  for (const auto line : Split(text, '\n')) {
    std::string_view said = Trim(line);
    if (said.empty()) continue;
    const bool begins = said.rfind(kPrefix, 0) == 0;
    if (begins) said.remove_prefix(kPrefix.size());
    if (begins || !in_error) words.clear();
    in_error = in_error || begins;
    words += words.empty() ? std::string(said) : fmt::format(" {}", said);
  }
  return words;
}

/// Helm's words, fit to be shown. What is masked is masked before anything is cut: half a secret is
/// not found.
std::string WordsOf(const std::string& text, const RenderRequest& request) {
  constexpr std::size_t kMaxMessage = 600;
  std::string words = ErrorOf(text);
  if (request.mask) words = request.mask(words);
  words = EscapeForTerminal(RedactCredentials(words));
  return request.keep_words ? words : Truncate(words, kMaxMessage);
}

/// Why helm did not do it, if it did not.
Result<void> CheckOutput(const Result<CommandOutput>& output, const RenderRequest& request,
                         std::string_view by_hand) {
  if (!output) {
    Error error = output.error();
    if (error.kind == ErrorKind::NotFound) {
      error.remedy = "install Helm 3.18 or later, or name it: HELM_BIN=/path/to/helm";
    }
    return Fail(error.Within("helm"));
  }
  if (output->exit_code != 0) {
    std::string words = WordsOf(output->err, request);
    if (words.empty())
      words = fmt::format("{} ended with exit code {} and said nothing", request.helm,
                          output->exit_code);
    return Fail(
        Error::InvalidInput("helm: " + words, fmt::format("the same by hand: {}", by_hand)));
  }
  return {};
}

Result<release::ReleaseRecord> ToRecord(const Result<CommandOutput>& output,
                                        const RenderRequest& request) {
  TRY(CheckOutput(output, request, "helm upgrade --dry-run=server"));
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

Pending<release::ReleaseRecord> StartRender(ProcessRunner& processes, const RenderRequest& request,
                                            Environment environment) {
  Command command;
  command.argv = RenderArguments(request);
  command.env = std::move(environment);
  command.timeout = request.timeout;
  return Transform<release::ReleaseRecord>(
      processes.Start(std::move(command)),
      [request](const Result<CommandOutput>& output) { return ToRecord(output, request); });
}

Pending<release::ReleaseRecord> StartTemplate(ProcessRunner& processes,
                                              const RenderRequest& request, std::string values_yaml,
                                              Environment environment) {
  Command command;
  command.argv = TemplateArguments(request, !values_yaml.empty());
  command.env = std::move(environment);
  command.stdin_bytes = std::move(values_yaml);
  command.timeout = request.timeout;
  return Transform<release::ReleaseRecord>(
      processes.Start(std::move(command)),
      [request](const Result<CommandOutput>& output) -> Result<release::ReleaseRecord> {
        TRY(CheckOutput(output, request, "helm template"));
        return release::FromRenderedText(request.release, request.name_space, output->out);
      });
}

}  // namespace datafly::helm

#include "common/cli/shared_flags.h"

namespace datafly::cli {
namespace {
constexpr const char* kConnection = "Connection (as kubectl)";
constexpr const char* kOutput = "Output";

#if defined(__aarch64__)
constexpr std::string_view kArchitecture = "arm64";
#else
constexpr std::string_view kArchitecture = "amd64";
#endif
}  // namespace

void DeclareConnectionFlagsOfBoth(CommandLine& command, SharedFlags& flags) {
  kube::ConnectionFlags& c = flags.connection;
  command.AddOption("-n,--namespace", c.name_space, "Namespace of the release", "NAME",
                    kConnection);
  command.AddOption("--kubeconfig", c.kubeconfig, "Path to the kubeconfig file", "FILE",
                    kConnection);
  command.AddList("--context", flags.contexts, "Name of the kubeconfig context", "NAME",
                  kConnection);
  command.AddOption("--cluster", c.cluster, "Name of the kubeconfig cluster", "NAME", kConnection);
  command.AddOption("--user", c.user, "Name of the kubeconfig user", "NAME", kConnection);
  command.AddOption("-s,--server", c.server, "Address and port of the API server", "URL",
                    kConnection);
  command.AddOption("--token", flags.token, "Bearer token for the API server", "TOKEN",
                    kConnection);
  command.AddOption("--as", c.as, "User to impersonate", "USER", kConnection);
  command.AddList("--as-group", c.as_groups, "Group to impersonate (repeatable)", "GROUP",
                  kConnection);
  command.AddOption("--as-uid", c.as_uid, "UID to impersonate", "UID", kConnection);
  command.AddList("--as-user-extra", c.as_user_extra,
                  "Extra to impersonate, KEY=VALUE (repeatable)", "KEY=VALUE", kConnection);
  command.AddOption("--certificate-authority", c.certificate_authority,
                    "File with the certificate authority", "FILE", kConnection);
  command.AddOption("--client-certificate", c.client_certificate,
                    "File with the client certificate", "FILE", kConnection);
  command.AddOption("--client-key", c.client_key, "File with the client key", "FILE", kConnection);
  command.AddOption("--tls-server-name", c.tls_server_name,
                    "Name to verify in the server's certificate", "NAME", kConnection);
  command.AddOption("--request-timeout", c.request_timeout,
                    "Longest time for one request (0: none)", "DURATION", kConnection);
  command.AddFlag("--disable-compression", c.disable_compression,
                  "Do not ask for compressed replies", kConnection);
}

void DeclareConnectionFlags(CommandLine& command, SharedFlags& flags) {
  DeclareConnectionFlagsOfBoth(command, flags);
  command.AddFlag("--insecure-skip-tls-verify", flags.connection.insecure_skip_tls_verify,
                  "Do not verify the server's certificate", kConnection);
}

void DeclareOutputFlags(CommandLine& command, SharedFlags& flags) {
  command.AddOption("--release", flags.release,
                    "Helm release (default: the one of the platform's chart in the namespace)",
                    "NAME");
  command.AddOption("--config", flags.config_file, "Profile file, see \"config explain\"", "FILE");
  command.AddOption("--deadline", flags.deadline,
                    "Longest time for the whole command; with --watch or --wait-for, for one look",
                    "DURATION");
  command.AddOption("-o,--output", flags.output, "table, wide, json, yaml, junit, markdown or html",
                    "FORMAT", kOutput);
  command.AddList("--report", flags.reports,
                  "Also write the report to a file, FORMAT=FILE (repeatable)", "FORMAT=FILE",
                  kOutput);
  command.AddFlag("--no-headers", flags.no_headers, "Tables without headings", kOutput);
  command.AddOption("--color", flags.color, "auto, always or never", "WHEN", kOutput);
  command.AddOption("--fail-on", flags.fail_on, "fail: warnings exit 0; warn: warnings exit 4",
                    "LEVEL", kOutput);
  command.AddFlag("-q,--quiet", flags.quiet, "Only what did not pass", kOutput);
  DeclareLogFlags(command, flags);
}

void DeclareLogFlags(CommandLine& command, SharedFlags& flags) {
  command.AddCount("-v,--verbose", flags.verbose,
                   "Say on stderr which requests are made and what takes how long (-vv: also "
                   "queries and protocol); never credentials or bodies",
                   kOutput);
  command.AddOption("--log-format", flags.log_format, "Format of what -v says: text or json",
                    "FORMAT", kOutput);
}

Result<ColorChoice> ResolveColor(const SharedFlags& flags) {
  if (flags.color == "auto") return ColorChoice::Auto;
  if (flags.color == "always") return ColorChoice::Always;
  if (flags.color == "never") return ColorChoice::Never;
  return Fail(Error::InvalidInput("--color must be auto, always or never"));
}

Result<ReportFlag> ParseReportFlag(const std::string& report, const std::string& example) {
  const auto equals = report.find('=');
  if (equals == std::string::npos || equals + 1 == report.size()) {
    return Fail(Error::InvalidInput(
        fmt::format("--report wants FORMAT=FILE, for example --report html={}.html", example)));
  }
  return ReportFlag{report.substr(0, equals), report.substr(equals + 1)};
}

Result<Millis> ResolveDeadline(const SharedFlags& flags) {
  const auto deadline = ParseDuration(flags.deadline);
  if (!deadline || deadline->count() <= 0)
    return Fail(Error::InvalidInput("--deadline wants a duration such as 90s or 5m"));
  return *deadline;
}

Result<void> CheckLogFormat(const SharedFlags& flags) {
  if (flags.log_format != "text" && flags.log_format != "json")
    return Fail(Error::InvalidInput("--log-format must be text or json"));
  return {};
}

Result<OutputPlan> ResolveOutput(const SharedFlags& flags) {
  OutputPlan plan;
  TRY(ResolveColor(flags));
  ASSIGN_OR_RETURN(plan.format, report::ParseFormat(flags.output));
  for (const std::string& report : flags.reports) {
    ASSIGN_OR_RETURN(const ReportFlag flag, ParseReportFlag(report, "preflight"));
    ASSIGN_OR_RETURN(const report::Format format, report::ParseFormat(flag.format));
    plan.files.push_back({format, flag.path});
  }
  if (flags.fail_on != "fail" && flags.fail_on != "warn")
    return Fail(Error::InvalidInput("--fail-on must be fail or warn"));
  TRY(CheckLogFormat(flags));
  plan.fail_on_warn = flags.fail_on == "warn";
  ASSIGN_OR_RETURN(plan.deadline, ResolveDeadline(flags));
  return plan;
}

std::string UserAgent(std::string_view program) {
  return fmt::format("{}/{} (linux/{})", program, SIGNAL_VERSION, kArchitecture);
}

std::string_view ToolVersion() { return SIGNAL_VERSION; }

}  // namespace datafly::cli

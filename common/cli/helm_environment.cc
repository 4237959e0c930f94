#include "common/cli/helm_environment.h"

#include <cmath>

#include "common/core/base/text.h"

namespace datafly::cli {
namespace {

constexpr const char* kHelm = "Helm";
constexpr std::array kWithValue = {
    "-n",
    "--namespace",
    "--kubeconfig",
    "--kube-context",
    "--kube-apiserver",
    "--kube-token",
    "--kube-as-user",
    "--kube-as-group",
    "--kube-ca-file",
    "--kube-tls-server-name",
    "--registry-config",
    "--repository-config",
    "--repository-cache",
    "--content-cache",
    "--burst-limit",
    "--qps",
    "--color",
    "--colour",
};
constexpr std::array kWithoutValue = {"--debug", "--kube-insecure-skip-tls-verify"};
/// They need none of Helm's flags and declare none.
constexpr std::array kPlainCommands = {"version", "completion", "help"};

template <class List>
bool Has(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// How many arguments the flag of Helm at the front takes, itself included; 0 when it is none.
std::size_t LengthOfFlag(const std::string& argument) {
  const bool attached_n = argument.size() > 2 && argument.rfind("-n", 0) == 0;
  const auto equals = argument.find('=');
  const std::string name = argument.substr(0, equals);
  if (attached_n || Has(kWithoutValue, name)) return 1;
  if (!Has(kWithValue, name)) return 0;
  return equals == std::string::npos ? 2 : 1;
}

std::optional<std::string> Get(const Environment& environment, const char* name) {
  auto value = environment.Get(name);
  if (value && value->empty()) return std::nullopt;
  return value;
}

void TakeInto(std::optional<std::string>& flag, const Environment& environment, const char* name) {
  if (!flag) flag = Get(environment, name);
}
void TakeInto(std::string& flag, const Environment& environment, const char* name) {
  if (flag.empty()) flag = Get(environment, name).value_or("");
}

// As Go's strconv.ParseBool, by which Helm reads them; nothing for what it does not take.
std::optional<bool> GetBool(const Environment& environment, const char* name) {
  const std::string text = Get(environment, name).value_or("");
  if (Has(std::array{"1", "t", "T", "TRUE", "true", "True"}, text)) return true;
  if (Has(std::array{"0", "f", "F", "FALSE", "false", "False"}, text)) return false;
  return std::nullopt;
}

std::vector<std::string> DistinctNames(std::string_view list) {
  std::vector<std::string> names;
  for (const std::string_view word : Split(list, ',')) {
    const std::string name(Trim(word));
    if (!name.empty() && !Has(names, name)) names.push_back(name);
  }
  return names;
}

void TakeConnection(const Environment& environment, SharedFlags& flags) {
  kube::ConnectionFlags& c = flags.connection;
  TakeInto(c.name_space, environment, "HELM_NAMESPACE");
  TakeInto(c.server, environment, "HELM_KUBEAPISERVER");
  TakeInto(c.certificate_authority, environment, "HELM_KUBECAFILE");
  TakeInto(c.as, environment, "HELM_KUBEASUSER");
  TakeInto(c.tls_server_name, environment, "HELM_KUBETLS_SERVER_NAME");
  TakeInto(flags.token, environment, "HELM_KUBETOKEN");
  if (c.as_groups.empty())
    c.as_groups = DistinctNames(Get(environment, "HELM_KUBEASGROUPS").value_or(""));
  // "false" is what Helm says when the flag was not given; the kubeconfig may still say true.
  if (!c.insecure_skip_tls_verify &&
      GetBool(environment, "HELM_KUBEINSECURE_SKIP_TLS_VERIFY").value_or(false))
    c.insecure_skip_tls_verify = true;
  const auto context = Get(environment, "HELM_KUBECONTEXT");
  if (flags.contexts.empty() && context) flags.contexts.push_back(*context);
}

// HELM_CONFIG_HOME, XDG_CONFIG_HOME/helm, HOME/.config/helm.
std::string Home(const Environment& environment, const char* helm, const char* xdg,
                 const char* below_home) {
  if (const auto folder = Get(environment, helm)) return *folder;
  if (const auto folder = Get(environment, xdg)) return *folder + "/helm";
  return Get(environment, "HOME").value_or("") + below_home;
}

std::string FirstOf(const std::string& flag, const Environment& environment, const char* name,
                    std::string otherwise) {
  if (!flag.empty()) return flag;
  return Get(environment, name).value_or(std::move(otherwise));
}

void DeclareHelmNames(CommandLine& command, SharedFlags& flags) {
  kube::ConnectionFlags& c = flags.connection;
  command.AddList("--kube-context", flags.contexts, "Name of the kubeconfig context", "NAME",
                  kHelm);
  command.AddOption("--kube-apiserver", c.server, "Address and port of the API server", "URL",
                    kHelm);
  command.AddOption("--kube-token", flags.token, "Bearer token for the API server", "TOKEN", kHelm);
  command.AddOption("--kube-as-user", c.as, "User to impersonate", "USER", kHelm);
  command.AddList("--kube-as-group", c.as_groups, "Group to impersonate (repeatable)", "GROUP",
                  kHelm);
  command.AddOption("--kube-ca-file", c.certificate_authority, "File with the authority", "FILE",
                    kHelm);
  command.AddFlag("--kube-insecure-skip-tls-verify", c.insecure_skip_tls_verify,
                  "Do not verify the server's certificate", kHelm);
  command.AddOption("--kube-tls-server-name", c.tls_server_name,
                    "Name to verify in the server's certificate", "NAME", kHelm);
}

}  // namespace

void DeclareHelmFlags(CommandLine& command, SharedFlags& flags, HelmFlags& helm) {
  DeclareConnectionFlagsOfBoth(command, flags);
  DeclareHelmNames(command, flags);
  command.AddFlag("--debug", helm.debug, "As -v", kHelm);
  command.AddOption("--burst-limit", helm.burst_limit, "For the helm that is run", "NUMBER", kHelm);
  command.AddOption("--qps", helm.qps, "For the helm that is run", "NUMBER", kHelm);
  command.AddOption("--registry-config", helm.registry_config, "File with registry credentials",
                    "FILE", kHelm);
  command.AddOption("--repository-config", helm.repository_config,
                    "File with the names and addresses of repositories", "FILE", kHelm);
  command.AddOption("--repository-cache", helm.repository_cache,
                    "Folder with cached repository indexes", "DIR", kHelm);
  command.AddOption("--content-cache", helm.content_cache, "For the helm that is run", "DIR",
                    kHelm);
  command.AddOption("--colour", flags.color, "As --color", "WHEN", kHelm);
}

void TakeHelmEnvironment(const Environment& environment, SharedFlags& flags, HelmFlags& helm) {
  TakeConnection(environment, flags);
  TakeInto(helm.burst_limit, environment, "HELM_BURST_LIMIT");
  TakeInto(helm.qps, environment, "HELM_QPS");
  TakeInto(helm.content_cache, environment, "HELM_CONTENT_CACHE");
  helm.debug = helm.debug || GetBool(environment, "HELM_DEBUG").value_or(false);
  if (helm.debug) flags.verbose = std::max(flags.verbose, 1);
  const auto color = Get(environment, "HELM_COLOR");
  if (flags.color == SharedFlags().color && color) flags.color = *color;
}

// What came by variable was checked by Helm, or ignored when it made no sense.
Result<void> CheckHelmFlags(const HelmFlags& helm) {
  for (const auto& [flag, text] :
       {std::pair{"--burst-limit", &helm.burst_limit}, std::pair{"--qps", &helm.qps}}) {
    char* end = nullptr;
    const double number = std::strtod(text->c_str(), &end);
    if (*end != '\0' || !std::isfinite(number))
      return Fail(Error::InvalidInput(fmt::format("{} wants a number", flag)));
  }
  return {};
}

std::string HelmProgram(const Environment& environment) {
  return Get(environment, "HELM_BIN").value_or("helm");
}

std::vector<std::pair<std::string, std::string>> HelmChildEnvironment(const HelmFlags& helm) {
  std::vector<std::pair<std::string, std::string>> variables;
  for (const auto& [name, value] :
       {std::pair{"HELM_BURST_LIMIT", &helm.burst_limit}, std::pair{"HELM_QPS", &helm.qps},
        std::pair{"HELM_REGISTRY_CONFIG", &helm.registry_config},
        std::pair{"HELM_REPOSITORY_CONFIG", &helm.repository_config},
        std::pair{"HELM_REPOSITORY_CACHE", &helm.repository_cache},
        std::pair{"HELM_CONTENT_CACHE", &helm.content_cache}}) {
    if (!value->empty()) variables.emplace_back(name, *value);
  }
  return variables;
}

HelmFiles ResolveHelmFiles(const HelmFlags& helm, const Environment& environment) {
  const std::string config =
      Home(environment, "HELM_CONFIG_HOME", "XDG_CONFIG_HOME", "/.config/helm");
  const std::string cache = Home(environment, "HELM_CACHE_HOME", "XDG_CACHE_HOME", "/.cache/helm");
  HelmFiles files;
  files.registry_config = FirstOf(helm.registry_config, environment, "HELM_REGISTRY_CONFIG",
                                  config + "/registry/config.json");
  files.repository_config = FirstOf(helm.repository_config, environment, "HELM_REPOSITORY_CONFIG",
                                    config + "/repositories.yaml");
  files.repository_cache =
      FirstOf(helm.repository_cache, environment, "HELM_REPOSITORY_CACHE", cache + "/repository");
  return files;
}

std::vector<std::string> HelmFlagsBehindCommand(std::vector<std::string> arguments) {
  std::size_t flags = 0;
  while (flags < arguments.size()) {
    const std::size_t length = LengthOfFlag(arguments[flags]);
    if (length == 0) break;
    flags += length;
  }
  if (flags == 0 || flags >= arguments.size()) return arguments;
  const auto first = arguments.begin();
  const auto command = first + static_cast<std::ptrdiff_t>(flags);
  if (Has(kPlainCommands, *command)) {
    arguments.erase(first, command);
    return arguments;
  }
  // Before "--", behind which nothing is a flag.
  const auto dashes = std::find(command, arguments.end(), "--");
  std::rotate(first, command, dashes);
  return arguments;
}

}  // namespace datafly::cli

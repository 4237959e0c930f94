#include "common/io/kube/kubeconfig_resolve.h"

#include "common/core/base/text.h"

namespace datafly::kube {
namespace {

constexpr std::size_t kMaxNamesShown = 12;

template <class Entry>
std::vector<std::string> Names(const std::map<std::string, Entry>& entries) {
  std::vector<std::string> names;
  for (const auto& [name, entry] : entries) names.push_back(name);
  return names;
}

std::string Quoted(std::string_view name) { return fmt::format("\"{}\"", EscapeForTerminal(name)); }

/// "a, b, c, … (40 in all)"
std::string Listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), kMaxNamesShown); ++i) {
    out += (i == 0 ? "" : ", ") + EscapeForTerminal(names[i]);
  }
  if (names.size() > kMaxNamesShown) out += fmt::format(", … ({} in all)", names.size());
  return out;
}

/// "did you mean "prod"? known contexts: prod, test"
std::string NameRemedy(const std::string& wanted, const std::vector<std::string>& names,
                       std::string_view plural) {
  if (names.empty()) return fmt::format("the kubeconfig has no {}", plural);
  std::string nearest = NearestWord(wanted, names);
  std::string guess = nearest.empty() ? "" : fmt::format("did you mean {}? ", Quoted(nearest));
  return fmt::format("{}known {}: {}", guess, plural, Listed(names));
}

template <class Entry>
Error Unknown(const std::string& message, const std::string& wanted,
              const std::map<std::string, Entry>& entries, std::string_view plural) {
  return Error::NotFound(message, NameRemedy(wanted, Names(entries), plural));
}

/// A flag that is given and not empty: kubectl cannot tell an empty flag from none.
const std::string* Given(const std::optional<std::string>& flag) {
  return flag && !flag->empty() ? &*flag : nullptr;
}

void Override(const std::optional<std::string>& flag, std::string& out) {
  if (const std::string* value = Given(flag)) out = *value;
}

Result<void> ChooseContext(const Kubeconfig& config, const ConnectionFlags& flags,
                           Selection& selection) {
  const std::string* wanted = Given(flags.context);
  selection.context_name = wanted != nullptr ? *wanted : config.current_context;
  auto found = config.contexts.find(selection.context_name);
  if (found != config.contexts.end()) {
    selection.cluster_name = found->second.cluster;
    selection.user_name = found->second.user;
    selection.name_space = found->second.name_space;
  } else if (wanted != nullptr) {
    return Fail(Unknown(fmt::format("context {} does not exist", Quoted(*wanted)), *wanted,
                        config.contexts, "contexts"));
  } else if (!selection.context_name.empty()) {
    return Fail(Unknown(
        fmt::format("invalid configuration: context was not found for specified context: {}",
                    EscapeForTerminal(selection.context_name)),
        selection.context_name, config.contexts, "contexts"));
  }
  Override(flags.name_space, selection.name_space);
  return {};
}

Result<void> ChooseCluster(const Kubeconfig& config, const ConnectionFlags& flags,
                           Selection& selection) {
  const std::string* wanted = Given(flags.cluster);
  if (wanted != nullptr) selection.cluster_name = *wanted;
  const std::string& name = selection.cluster_name;
  auto found = config.clusters.find(name);
  if (found != config.clusters.end()) {
    selection.cluster = found->second;
  } else if (wanted != nullptr) {
    return Fail(Unknown(fmt::format("cluster {} does not exist", Quoted(name)), name,
                        config.clusters, "clusters"));
  } else if (!name.empty() && Given(flags.server) == nullptr) {
    return Fail(
        Unknown(fmt::format("invalid configuration: cluster {} was not found for context {}",
                            Quoted(name), Quoted(selection.context_name)),
                name, config.clusters, "clusters"));
  }
  return {};
}

bool FlagsIdentifyUser(const ConnectionFlags& flags) {
  return (flags.token && !flags.token->empty()) || Given(flags.client_certificate) != nullptr;
}

Result<void> ChooseUser(const Kubeconfig& config, const ConnectionFlags& flags,
                        Selection& selection) {
  const std::string* wanted = Given(flags.user);
  if (wanted != nullptr) selection.user_name = *wanted;
  const std::string& name = selection.user_name;
  auto found = config.users.find(name);
  if (found != config.users.end()) {
    selection.user = found->second;
  } else if (wanted != nullptr) {
    return Fail(Unknown(fmt::format("auth info {} does not exist", Quoted(name)), name,
                        config.users, "users"));
  } else if (!name.empty() && !FlagsIdentifyUser(flags)) {
    return Fail(Unknown(fmt::format("invalid configuration: user {} was not found for context {}",
                                    Quoted(name), Quoted(selection.context_name)),
                        name, config.users, "users"));
  }
  return {};
}

void OverrideCluster(const ConnectionFlags& flags, Kubeconfig::Cluster& cluster) {
  const std::string* ca = Given(flags.certificate_authority);
  bool insecure = flags.insecure_skip_tls_verify.value_or(false);
  if (ca != nullptr || insecure) {
    // The trust settings are replaced as one: a flag never mixes with the file's.
    cluster.certificate_authority = ca != nullptr ? *ca : "";
    cluster.certificate_authority_data.clear();
    cluster.insecure_skip_tls_verify = insecure;
  }
  // Another server has another name, unless the flags give one.
  if (Given(flags.server) != nullptr) cluster.tls_server_name.clear();
  Override(flags.tls_server_name, cluster.tls_server_name);
  Override(flags.server, cluster.server);
  if (flags.disable_compression.value_or(false)) cluster.disable_compression = true;
}

void OverrideIdentity(const ConnectionFlags& flags, Kubeconfig::User& user) {
  if (const std::string* path = Given(flags.client_certificate)) {
    user.client_certificate = *path;
    user.client_certificate_data.clear();
  }
  if (const std::string* path = Given(flags.client_key)) {
    user.client_key = *path;
    user.client_key_data = SecretString();
  }
  if (flags.token && !flags.token->empty()) {
    user.token = *flags.token;
    // client-go leaves the file, which then wins over the flag; nobody who gives --token means
    // that.
    user.token_file.clear();
  }
}

Result<void> OverrideImpersonation(const ConnectionFlags& flags, Kubeconfig::User& user) {
  Override(flags.as, user.as);
  Override(flags.as_uid, user.as_uid);
  if (!flags.as_groups.empty()) user.as_groups = flags.as_groups;
  std::map<std::string, std::vector<std::string>> extra;
  for (const std::string& pair : flags.as_user_extra) {
    auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Fail(Error::InvalidInput("--as-user-extra takes KEY=VALUE"));
    }
    extra[pair.substr(0, equals)].push_back(pair.substr(equals + 1));
  }
  for (auto& [key, values] : extra) user.as_user_extra[key] = std::move(values);
  return {};
}

}  // namespace

Result<Selection> SelectContext(const Kubeconfig& config, const ConnectionFlags& flags) {
  Selection selection;
  TRY(ChooseContext(config, flags, selection));
  TRY(ChooseCluster(config, flags, selection));
  TRY(ChooseUser(config, flags, selection));
  OverrideCluster(flags, selection.cluster);
  OverrideIdentity(flags, selection.user);
  TRY(OverrideImpersonation(flags, selection.user));
  return selection;
}

Error ExplainMissingServer(const Kubeconfig& config, const Selection& selection,
                           const std::vector<std::string>& looked_for) {
  if (!selection.cluster_name.empty()) {
    return Error::InvalidInput(
        fmt::format("invalid configuration: no server found for cluster {}",
                    Quoted(selection.cluster_name)),
        "set it: kubectl config set-cluster NAME --server=https://HOST:PORT");
  }
  if (!selection.context_name.empty()) {
    return Error::InvalidInput(
        fmt::format("invalid configuration: cluster was not specified for context {}",
                    Quoted(selection.context_name)),
        NameRemedy("", Names(config.clusters), "clusters"));
  }
  if (!config.contexts.empty()) {
    return Error::NotConfigured(
        "no context chosen: the kubeconfig has no current-context",
        fmt::format(
            "give --context NAME, or run kubectl config use-context NAME; known contexts: {}",
            Listed(Names(config.contexts))));
  }
  return Error::NotConfigured(
      "invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER "
      "environment variable",
      looked_for.empty() ? "give --kubeconfig FILE, or set KUBECONFIG"
                         : fmt::format("give --kubeconfig FILE, or set KUBECONFIG; looked for: {}",
                                       Listed(looked_for)));
}

}  // namespace datafly::kube

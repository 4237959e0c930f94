#include "common/io/kube/kuberc.h"

#include <filesystem>

#include "common/core/base/text.h"
#include "common/core/manifest/yaml.h"
#include "common/io/kube/yaml_fields.h"

namespace datafly::kube {
namespace {

using Json = nlohmann::json;
using Type = PluginPolicy::Type;

constexpr std::size_t kMaxKuberc = 1U << 20U;

Error Misconfigured(std::string message) {
  return Error::InvalidInput("allowlist misconfiguration: " + std::move(message),
                             "see credentialPluginPolicy in the kuberc");
}

std::string Cleaned(const std::string& path) {
  return std::filesystem::path(path).lexically_normal().string();
}

Result<std::string> DecodeEntry(const Json& node, const std::string& path) {
  YamlFields fields(node, path);
  std::string name;  // the older spelling
  std::string command;
  fields.Read("name", name);
  fields.Read("command", command);
  TRY(fields.status());
  if (!name.empty() && !command.empty() && name != command) {
    return Fail(Misconfigured(path + " has both a name and another command"));
  }
  std::string entry = command.empty() ? name : command;
  if (entry.empty()) return Fail(Misconfigured("empty allowlist entry " + path));
  if (Cleaned(entry) != entry) {
    return Fail(
        Misconfigured(fmt::format("non-normalized file path: \"{}\" vs \"{}\"",
                                  EscapeForTerminal(entry), EscapeForTerminal(Cleaned(entry)))));
  }
  return entry;
}

Result<Type> ParseType(const std::string& text) {
  if (text.empty() || text == "AllowAll") return Type::AllowAll;
  if (text == "DenyAll") return Type::DenyAll;
  if (text == "Allowlist") return Type::Allowlist;
  return Fail(Misconfigured(
      fmt::format("unknown plugin policy: \"{}\"", EscapeForTerminal(text.substr(0, 80)))));
}

Result<void> CheckConsistent(const PluginPolicy& policy, const std::string& type, bool has_list) {
  if (policy.type != Type::Allowlist && has_list) {
    return Fail(
        Misconfigured(fmt::format("plugin policy is \"{}\" but there is an allowlist", type)));
  }
  if (policy.type == Type::Allowlist && policy.allowlist.empty()) {
    return Fail(Misconfigured(has_list ? "the allowlist is empty; use \"DenyAll\" instead"
                                       : "policy \"Allowlist\" without credentialPluginAllowlist"));
  }
  return {};
}

Result<PluginPolicy> DecodePolicy(const Json& document) {
  YamlFields fields(document, "");
  PluginPolicy policy;
  std::string type;
  fields.Read("credentialPluginPolicy", type);
  fields.ForEach("credentialPluginAllowlist",
                 [&](const Json& item, const std::string& path) -> Result<void> {
                   ASSIGN_OR_RETURN(std::string entry, DecodeEntry(item, path));
                   policy.allowlist.push_back(std::move(entry));
                   return {};
                 });
  TRY(fields.status());
  ASSIGN_OR_RETURN(policy.type, ParseType(type));
  TRY(CheckConsistent(policy, type, fields.Find("credentialPluginAllowlist") != nullptr));
  return policy;
}

/// Preference of a version that we know.
bool IsPreference(const Json& document) {
  if (!document.is_object() || document.value("kind", Json()) != "Preference") return false;
  Json version = document.value("apiVersion", Json());
  return version == "kubectl.config.k8s.io/v1beta1" || version == "kubectl.config.k8s.io/v1alpha1";
}

/// exec.LookPath: a command with a slash is itself, else the first file of that name in PATH; ""
/// when there is none.
std::string LookPath(const std::string& command, const System& system) {
  if (command.find('/') != std::string::npos) {
    return system.files.Exists(command) ? Cleaned(command) : std::string();
  }
  std::string path = system.environment.Get("PATH").value_or("");
  for (std::string_view folder : Split(path, ':')) {
    if (folder.empty()) continue;
    std::string candidate = Cleaned(std::string(folder) + "/" + command);
    if (system.files.Exists(candidate)) return candidate;
  }
  return {};
}

bool Listed(const PluginPolicy& policy, const std::string& command, const System& system) {
  const auto& list = policy.allowlist;
  if (std::find(list.begin(), list.end(), Cleaned(command)) != list.end()) return true;
  std::string resolved = LookPath(command, system);
  if (resolved.empty()) return false;
  return std::any_of(list.begin(), list.end(), [&](const std::string& entry) {
    return entry == resolved || LookPath(entry, system) == resolved;
  });
}

}  // namespace

Result<PluginPolicy> ParsePluginPolicy(std::string_view text) {
  ASSIGN_OR_RETURN(auto documents, yaml::ParseDocuments(text, yaml::Scalars::AsStrings,
                                                        yaml::DuplicateKeys::LastWins));
  auto found = std::find_if(documents.begin(), documents.end(), IsPreference);
  if (found == documents.end()) return PluginPolicy{};
  return DecodePolicy(*found);
}

Result<PluginPolicy> LoadPluginPolicy(const System& system) {
  std::string chosen = system.environment.Get("KUBERC").value_or("");
  if (chosen == "off") return PluginPolicy{};
  std::string path = chosen;
  if (path.empty()) {
    std::string home = system.environment.Get("HOME").value_or("");
    path = (std::filesystem::path(home) / ".kube" / "kuberc").string();
  }
  auto text = system.files.Read(path, kMaxKuberc);
  if (!text && text.error().kind == ErrorKind::NotFound && chosen.empty()) return PluginPolicy{};
  if (!text) return Fail(text.error().Within("kuberc"));
  auto policy = ParsePluginPolicy(*text);
  if (policy) return policy;
  Error error = policy.error().Within(fmt::format("kuberc: {}", EscapeForTerminal(path)));
  if (error.remedy.empty()) {
    error.remedy = "repair the file; it may forbid credential plugins (KUBERC=off ignores it)";
  }
  return Fail(std::move(error));
}

Result<void> CheckPluginAllowed(const PluginPolicy& policy, const std::string& command,
                                const System& system) {
  std::string shown = EscapeForTerminal(command);
  if (policy.type == Type::AllowAll) return {};
  if (policy.type == Type::DenyAll) {
    return Fail(
        Error::Forbidden(fmt::format("plugin \"{}\" not allowed: policy set to \"DenyAll\"", shown),
                         "your kuberc forbids credential plugins (credentialPluginPolicy)"));
  }
  if (Listed(policy, command, system)) return {};
  return Fail(Error::Forbidden(
      fmt::format("plugin path \"{}\" is not permitted by the credential plugin allowlist", shown),
      "add it to credentialPluginAllowlist in your kuberc, if you trust it"));
}

}  // namespace datafly::kube

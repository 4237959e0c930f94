#include "common/core/base/text.h"
#include "common/core/checks/needs.h"

namespace datafly::checks {

namespace {

constexpr std::string_view kRbacGroup = "rbac.authorization.k8s.io";

/// A scalar that YAML reads as the string it is.
std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string QuotedList(const std::set<std::string>& values) {
  std::vector<std::string> quoted;
  for (const std::string& value : values) quoted.push_back(Quoted(value));
  return fmt::format("[{}]", fmt::join(quoted, ", "));
}

/// The objects a rule is limited to; empty = any. What an upgrade changes has other names in other
/// versions, so only what is read for an advisory answer is limited to its name.
std::set<std::string> NamesOf(const Need& need) {
  if (!need.optional) return {};
  return {need.names.begin(), need.names.end()};
}

struct ResourceKey {
  std::string group, resource;
  std::set<std::string> names;
  auto operator<=>(const ResourceKey&) const = default;
};

struct RuleKey {
  std::string group;
  std::set<std::string> verbs, names;
  auto operator<=>(const RuleKey&) const = default;
};

struct Rule {
  std::set<std::string> resources;
  bool guessed = false;
};

/// One rule per API group, set of verbs and set of names.
std::map<RuleKey, Rule> GroupRules(const std::vector<Need>& needs) {
  std::map<ResourceKey, std::set<std::string>> verbs;
  std::set<ResourceKey> guessed;
  for (const Need& need : needs) {
    const ResourceKey key{need.group, need.resource, NamesOf(need)};
    verbs[key].insert(need.verb);
    if (need.guessed) guessed.insert(key);
  }
  std::map<RuleKey, Rule> rules;
  for (const auto& [key, of_resource] : verbs) {
    Rule& rule = rules[{key.group, of_resource, key.names}];
    rule.resources.insert(key.resource);
    rule.guessed = rule.guessed || guessed.contains(key);
  }
  return rules;
}

std::string Header(std::string_view kind, std::string_view name, std::string_view name_space) {
  std::string out = fmt::format("apiVersion: {}/v1\nkind: {}\nmetadata:\n  name: {}\n", kRbacGroup,
                                kind, Quoted(name));
  if (!name_space.empty()) out += fmt::format("  namespace: {}\n", Quoted(name_space));
  return out;
}

std::string RulesYaml(const std::vector<Need>& needs) {
  std::string out = "rules:\n";
  for (const auto& [key, rule] : GroupRules(needs)) {
    if (rule.guessed) out += "  # the resource's name is guessed from its kind\n";
    if (!key.names.empty())
      out += "  # one can do without: only an advisory answer depends on it\n";
    out += fmt::format("  - apiGroups: [{}]\n    resources: {}\n    verbs: {}\n", Quoted(key.group),
                       QuotedList(rule.resources), QuotedList(key.verbs));
    if (!key.names.empty()) out += fmt::format("    resourceNames: {}\n", QuotedList(key.names));
  }
  return out;
}

/// "User/jane", "Group/ops", "ServiceAccount/ns/name" as an entry of `subjects`.
std::string SubjectYaml(std::string_view subject) {
  auto parts = Split(subject, '/');
  if (parts.size() == 3 && parts[0] == "ServiceAccount") {
    return fmt::format("  - kind: ServiceAccount\n    namespace: {}\n    name: {}\n",
                       Quoted(parts[1]), Quoted(parts[2]));
  }
  std::string_view kind = parts.size() > 1 && parts[0] == "Group" ? "Group" : "User";
  std::string_view name = parts.size() > 1 ? subject.substr(parts[0].size() + 1) : subject;
  return fmt::format("  - apiGroup: {}\n    kind: {}\n    name: {}\n", kRbacGroup, kind,
                     Quoted(name));
}

std::string BindingYaml(std::string_view role_kind, std::string_view name,
                        std::string_view name_space, std::string_view subject) {
  return Header(fmt::format("{}Binding", role_kind), name, name_space) +
         fmt::format("roleRef:\n  apiGroup: {}\n  kind: {}\n  name: {}\nsubjects:\n", kRbacGroup,
                     role_kind, Quoted(name)) +
         SubjectYaml(subject);
}

/// One document, or two with the binding, each after a "---".
std::string RoleAndBinding(const std::vector<Need>& needs, std::string_view name,
                           std::string_view name_space, std::string_view subject) {
  std::string_view kind = name_space.empty() ? "ClusterRole" : "Role";
  std::string out = "---\n";
  bool all_optional =
      std::all_of(needs.begin(), needs.end(), [](const Need& need) { return need.optional; });
  if (all_optional) out += "# Only advisory answers depend on this: one can do without.\n";
  out += Header(kind, name, name_space) + RulesYaml(needs);
  if (!subject.empty()) out += "---\n" + BindingYaml(kind, name, name_space, subject);
  return out;
}

}  // namespace

std::string RoleYaml(const std::vector<Need>& needs, std::string_view name,
                     std::string_view subject) {
  std::map<std::string, std::vector<Need>> by_namespace;
  for (const Need& need : needs) by_namespace[need.name_space].push_back(need);
  std::string out;
  for (const auto& [name_space, of_namespace] : by_namespace) {
    if (!name_space.empty()) out += RoleAndBinding(of_namespace, name, name_space, subject);
  }
  auto cluster_wide = by_namespace.find("");
  if (cluster_wide != by_namespace.end()) {
    out += RoleAndBinding(cluster_wide->second, name, {}, subject);
  }
  return out;
}

}  // namespace datafly::checks

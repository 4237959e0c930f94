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

struct Rule {
  std::set<std::string> resources;
  bool guessed = false;
};

/// One rule per API group and set of verbs.
std::map<std::pair<std::string, std::set<std::string>>, Rule> GroupRules(
    const std::vector<Need>& needs) {
  std::map<std::pair<std::string, std::string>, std::set<std::string>> verbs;
  std::set<std::pair<std::string, std::string>> guessed;
  for (const Need& need : needs) {
    verbs[{need.group, need.resource}].insert(need.verb);
    if (need.guessed) guessed.insert({need.group, need.resource});
  }
  std::map<std::pair<std::string, std::set<std::string>>, Rule> rules;
  for (const auto& [resource, of_resource] : verbs) {
    Rule& rule = rules[{resource.first, of_resource}];
    rule.resources.insert(resource.second);
    rule.guessed = rule.guessed || guessed.contains(resource);
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
    out += fmt::format("  - apiGroups: [{}]\n    resources: {}\n    verbs: {}\n", Quoted(key.first),
                       QuotedList(rule.resources), QuotedList(key.second));
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

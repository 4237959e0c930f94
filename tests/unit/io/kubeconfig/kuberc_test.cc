#include "common/io/kube/kuberc.h"

#include <gmock/gmock.h>

#include "tests/unit/io/kubeconfig/fixture.h"

namespace datafly::kube {
namespace {

using testing::HasSubstr;
using Type = PluginPolicy::Type;

std::string Preference(const std::string& fields, const std::string& version = "v1beta1") {
  return "apiVersion: kubectl.config.k8s.io/" + version + "\nkind: Preference\n" + fields;
}

struct PolicyCase {
  std::string text;
  const char* expected;  ///< type, or part of the error
};

std::string Shown(const Result<PluginPolicy>& policy) {
  if (!policy) return policy.error().message;
  const std::map<Type, const char*> names{
      {Type::AllowAll, "AllowAll"}, {Type::DenyAll, "DenyAll"}, {Type::Allowlist, "Allowlist"}};
  return fmt::format("{} {}", names.at(policy->type), fmt::join(policy->allowlist, ","));
}

TEST(Kuberc, Policies) {
  const std::string list = "credentialPluginAllowlist: ";
  for (const PolicyCase& row : {
           PolicyCase{"", "AllowAll "},
           PolicyCase{Preference(""), "AllowAll "},
           PolicyCase{Preference("aliases: [{name: x, command: get}]"), "AllowAll "},
           PolicyCase{Preference("credentialPluginPolicy: AllowAll"), "AllowAll "},
           PolicyCase{Preference("credentialPluginPolicy: DenyAll"), "DenyAll "},
           PolicyCase{Preference("credentialPluginPolicy: Allowlist\n" + list +
                                 "[{command: aws}, {name: /bin/x}]"),
                      "Allowlist aws,/bin/x"},
           PolicyCase{"kind: Other\n---\n" + Preference("credentialPluginPolicy: DenyAll"),
                      "DenyAll "},
           PolicyCase{Preference("credentialPluginPolicy: DenyAll", "v9") + "\n---\n" +
                          Preference("credentialPluginPolicy: AllowAll"),
                      "AllowAll "},
           PolicyCase{Preference("credentialPluginPolicy: Sometimes"),
                      "unknown plugin policy: \"Sometimes\""},
           PolicyCase{Preference("credentialPluginPolicy: DenyAll\n" + list + "[{command: x}]"),
                      "plugin policy is \"DenyAll\" but there is an allowlist"},
           PolicyCase{Preference(list + "[{command: x}]"),
                      "plugin policy is \"\" but there is an allowlist"},
           PolicyCase{Preference("credentialPluginPolicy: Allowlist"),
                      "without credentialPluginAllowlist"},
           PolicyCase{Preference("credentialPluginPolicy: Allowlist\n" + list + "[]"),
                      "the allowlist is empty"},
           PolicyCase{Preference("credentialPluginPolicy: Allowlist\n" + list + "[{}]"),
                      "empty allowlist entry"},
           PolicyCase{
               Preference("credentialPluginPolicy: Allowlist\n" + list + "[{command: /a/../b}]"),
               "non-normalized file path: \"/a/../b\" vs \"/b\""},
           PolicyCase{
               Preference("credentialPluginPolicy: Allowlist\n" + list + "[{command: a, name: b}]"),
               "both a name and another command"},
           PolicyCase{Preference("credentialPluginPolicy: [x]"),
                      "credentialPluginPolicy is not a string"},
       }) {
    EXPECT_THAT(Shown(ParsePluginPolicy(row.text)), HasSubstr(row.expected)) << row.text;
  }
}

TEST(Kuberc, IsFoundByVariableOrHome) {
  FakeMachine machine;
  EXPECT_EQ(Shown(LoadPluginPolicy(machine.system)), "AllowAll ");
  machine.files.Set("/home/u/.kube/kuberc", Preference("credentialPluginPolicy: DenyAll"));
  EXPECT_EQ(Shown(LoadPluginPolicy(machine.system)), "DenyAll ");
  machine.environment.Set("KUBERC", "/mine");
  EXPECT_THAT(Shown(LoadPluginPolicy(machine.system)), HasSubstr("kuberc: open /mine"))
      << "a file that the variable names must exist";
  machine.files.Set("/mine", Preference("credentialPluginPolicy: AllowAll"));
  EXPECT_EQ(Shown(LoadPluginPolicy(machine.system)), "AllowAll ");
  machine.environment.Set("KUBERC", "off");
  EXPECT_EQ(Shown(LoadPluginPolicy(machine.system)), "AllowAll ");
}

TEST(Kuberc, ABrokenPolicyIsNotSkipped) {
  FakeMachine machine;
  machine.files.Set("/home/u/.kube/kuberc", "a: [");
  auto policy = LoadPluginPolicy(machine.system);
  ASSERT_FALSE(policy);
  EXPECT_THAT(policy.error().message, HasSubstr("kuberc: /home/u/.kube/kuberc"));
  EXPECT_THAT(policy.error().remedy, HasSubstr("KUBERC=off"));
}

struct AllowCase {
  const char* entry;
  const char* command;
  bool allowed;
};

TEST(Kuberc, Allowlist) {
  FakeMachine machine;  // PATH=/usr/bin:/opt/bin
  machine.files.Set("/opt/bin/aws", "");
  machine.files.Set("/home/u/evil/aws", "");
  machine.files.Set("/usr/bin/other", "");
  for (const AllowCase& row : {
           AllowCase{"aws", "aws", true},
           AllowCase{"aws", "/opt/bin/aws", true},
           AllowCase{"/opt/bin/aws", "aws", true},
           AllowCase{"/opt/bin/aws", "/opt/bin/aws", true},
           AllowCase{"/opt/bin/aws", "/opt/bin/../bin/aws", true},
           AllowCase{"aws", "/home/u/evil/aws", false},
           AllowCase{"/opt/bin/aws", "/home/u/evil/aws", false},
           AllowCase{"aws", "other", false},
           AllowCase{"gone", "aws", false},
           AllowCase{"aws", "gone", false},
       }) {
    PluginPolicy policy{Type::Allowlist, {row.entry}};
    EXPECT_EQ(CheckPluginAllowed(policy, row.command, machine.system).has_value(), row.allowed)
        << row.entry << " " << row.command;
  }
  EXPECT_TRUE(CheckPluginAllowed({Type::AllowAll, {}}, "x", machine.system));
  EXPECT_EQ(CheckPluginAllowed({Type::DenyAll, {}}, "x", machine.system).error().kind,
            ErrorKind::Forbidden);
}

}  // namespace
}  // namespace datafly::kube

// What asks for a key, and that nothing of it is to be found in a file that was sealed with one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/core/base/base64.h"
#include "common/core/base/digest.h"
#include "tests/unit/core/plan/samples.h"

namespace datafly::plan {
namespace {

using testing::HasSubstr;

std::string Object(std::string_view body) { return "---\n" + std::string(body); }

TEST(HoldsSecrets, IsFalseForWhatAnybodyMayRead) {
  EXPECT_EQ(WhereSecret(HarmlessPlan()), "");
  EXPECT_FALSE(HoldsSecrets(HarmlessPlan()));
  Plan empty = HarmlessPlan();
  empty.values_json = "{}";
  empty.manifest = "";
  EXPECT_FALSE(HoldsSecrets(empty));
  Plan no_data = HarmlessPlan();
  no_data.manifest = Object("apiVersion: v1\nkind: Secret\nmetadata: {name: empty}\n");
  EXPECT_FALSE(HoldsSecrets(no_data));
}

TEST(HoldsSecrets, SeesThemInManifests) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\ndata: {a: MQ==}\n", "Secret/keys"},
      {"apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {a: on}\n",
       "Secret/keys"},
      {"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: "
       "in-list}\n  data: {a: MQ==}\n",
       "Secret/in-list"},
      {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata:\n  db.password: hunter2\n",
       "ConfigMap/conf"},
      {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata:\n  app.ini: |\n    "
       "[db]\n    password = hunter2\n",
       "ConfigMap/conf"},
      {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata:\n  dsn: "
       "postgres://app:hunter2@db/x\n",
       "ConfigMap/conf"},
      {"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    "
       "env:\n    - {name: PLAIN, value: hunter2}\n",
       "Pod/p"},
      {"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    "
       "args: [--db-password, hunter2]\n",
       "Pod/p"},
      {"apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    example.com/x: "
       "hunter2\n",
       "Pod/p"},
      {"apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    checksum/config: "
       "0123456789abcdef\n",
       "Pod/p"},
      {"# password: hunter2\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\n", "a comment"},
      {"# token:\n#   hunter2\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\n", "a comment"},
      {"apiVersion: v1\nkind: Pod\nmetadata: {name: p} # token: hunter2\n", "a comment"},
      {"a: [\n", "cannot be read"},
      // The first one would stand in the file unseen.
      {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {password: hunter2}\ndata: "
       "{}\n",
       "cannot be read"},
      {"just text\n", "no object"},
      {"apiVersion: v1\nkind: List\nitems: [hunter2]\n", "no object"},
  };
  for (const auto& [manifest, where] : cases) {
    for (std::string Plan::*member : {&Plan::manifest, &Plan::hooks}) {
      Plan plan = HarmlessPlan();
      plan.*member += Object(manifest);
      EXPECT_THAT(WhereSecret(plan), HasSubstr(where)) << manifest;
    }
  }
}

TEST(HoldsSecrets, SeesThemInValuesFlagsAndHeader) {
  const std::vector<std::pair<std::function<void(Plan&)>, std::string>> cases = {
      {[](Plan& plan) { plan.values_json = R"({"db":{"password":"hunter2"}})"; }, "the values"},
      {[](Plan& plan) { plan.values_json = R"({"db":{"word":"hunter2"}})"; }, "the values"},
      {[](Plan& plan) { plan.values_json = R"({"password":123456789})"; }, "the values"},
      {[](Plan& plan) { plan.values_json = "no JSON"; }, "the values"},
      {[](Plan& plan) {
         plan.fetch_flags = {"--password", "hunter2"};
       },
       "the flags"},
      {[](Plan& plan) { plan.render_flags = {"--repo=https://u:hunter2@x.example"}; }, "the flags"},
      {[](Plan& plan) {
         plan.apply_flags = {"--description", "password=hunter2"};
       },
       "the flags"},
      {[](Plan& plan) { plan.chart = "https://u:hunter2@x.example/datafly.tgz"; }, "the chart"},
      {[](Plan& plan) { plan.chart = "https://x.example/a.tgz?token=hunter2"; }, "the chart"},
      {[](Plan& plan) { plan.server = "https://u:hunter2@10.0.0.1"; }, "the server"},
  };
  for (const auto& [change, where] : cases) {
    Plan plan = HarmlessPlan();
    change(plan);
    EXPECT_EQ(WhereSecret(plan), where);
  }
}

TEST(HoldsSecrets, MakesSealPlanAskForAKey) {
  Plan plan = HarmlessPlan();
  plan.values_json = R"({"db":{"password":"hunter2"}})";
  const auto sealed = SealPlan(plan, std::nullopt);
  ASSERT_FALSE(sealed.has_value());
  EXPECT_EQ(sealed.error().kind, ErrorKind::InvalidInput);
  EXPECT_EQ(sealed.error().message,
            "the plan holds what may be secret (the values), and is only saved encrypted");
  EXPECT_EQ(sealed.error().remedy, "--plan-key FILE; make one: openssl rand -base64 32 > plan.key");
}

const std::string kSecret = "Qf7-hunter2!zzTop_99&\"x";

/// What every base64 text of a longer text holds where `bytes` stand in it.
std::vector<std::string> WithinBase64(std::string_view bytes) {
  std::vector<std::string> found;
  for (std::size_t before = 0; before < 3; ++before) {
    const std::string text = EncodeBase64(std::string(before, 'x') + std::string(bytes) + "xxx");
    const std::size_t first = (before * 8 + 5) / 6;
    const std::size_t last = (before + bytes.size()) * 8 / 6;
    found.push_back(text.substr(first, last - first));
  }
  return found;
}

/// The secret as it is, escaped, in base64 once and twice at all alignments, hashed.
std::vector<std::string> TracesOf(const std::string& secret) {
  std::vector<std::string> traces = {secret, nlohmann::json(secret).dump()};
  for (const auto& once : WithinBase64(secret)) {
    traces.push_back(once);
    for (const auto& twice : WithinBase64(once)) traces.push_back(twice);
  }
  traces.push_back(Sha256Hex(secret).substr(0, 12));
  traces.push_back(Sha256Hex(EncodeBase64(secret)).substr(0, 12));
  return traces;
}

/// Every place that a secret can come in by.
Plan PlantedPlan() {
  Plan plan = HarmlessPlan();
  const std::string twice = EncodeBase64(EncodeBase64(kSecret));
  plan.values_json =
      nlohmann::json{{"db", {{"password", kSecret}, {"x", twice}}}, {"list", {kSecret}}}.dump();
  const std::string quoted = nlohmann::json(kSecret).dump();
  plan.manifest += "---\n# password: " + kSecret +
                   "\napiVersion: v1\nkind: Secret\nmetadata: {name: keys}\ndata:\n  a: " +
                   EncodeBase64(kSecret) + "\n  b: " + EncodeBase64("x" + kSecret) +
                   "\n  c: " + EncodeBase64("xx" + kSecret) + "\n  d: " + twice +
                   "\nstringData: {e: " + quoted + "}\n";
  plan.hooks +=
      "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {f: " + quoted + "}\n";
  plan.render_flags = {"--description", kSecret};
  plan.apply_flags = {"--password=" + kSecret};
  plan.chart = "https://user:" + kSecret + "@charts.example.com/datafly-1.3.0.tgz";
  plan.server = "https://u:" + EncodeBase64(kSecret) + "@10.0.0.1:6443";
  plan.made_by = "kim with " + kSecret;
  return plan;
}

TEST(SealedText, HoldsNoTraceOfASecret) {
  const Plan plan = PlantedPlan();
  const auto text = SealPlan(plan, Key());
  ASSERT_TRUE(text.has_value()) << text.error().message;
  for (const auto& trace : TracesOf(kSecret)) {
    EXPECT_EQ(text->find(trace), std::string::npos) << trace;
  }
  for (const auto& whole : {plan.values_json, plan.manifest, plan.hooks})
    EXPECT_EQ(text->find(Sha256Hex(whole).substr(0, 12)), std::string::npos);
  const auto opened = OpenPlan(*text, Key());
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  ExpectSame(*opened, plan);
}

TEST(SealedText, IsSearchedWell) {
  // The traces above are found where the secrets do stand in clear.
  const Plan plan = PlantedPlan();
  const std::string all = plan.values_json + plan.manifest + plan.hooks + plan.chart;
  int found = 0;
  for (const auto& trace : TracesOf(kSecret)) found += all.find(trace) != std::string::npos;
  EXPECT_GE(found, 6);
}

TEST(SealedText, SaysThereIsASecretWhereTheHeaderHasOne) {
  const auto text = SealPlan(PlantedPlan(), Key());
  const auto header = nlohmann::json::parse(*text)["header"];
  EXPECT_EQ(header["chart"], "https://user:***@charts.example.com/datafly-1.3.0.tgz");
  EXPECT_EQ(header["madeBy"], "kim with ***");
  EXPECT_EQ(header["release"], "datafly");
}

TEST(SealedText, TellsNoLengthOfASecret) {
  const auto size_with = [](const std::string& password) {
    Plan plan = HarmlessPlan();
    plan.values_json = nlohmann::json{{"password", password}}.dump();
    const auto text = SealPlan(plan, Key());
    const auto document = nlohmann::json::parse(*text);
    const auto bytes = DecodeBase64(document["encrypted"]["ciphertext"].get<std::string>());
    EXPECT_EQ(bytes->size() % 4096, 0U);
    return text->size();
  };
  EXPECT_EQ(size_with("a"), size_with(Sha256Hex("b") + Sha256Hex("c")));
}

TEST(SealedText, SparesTheReleasesName) {
  Plan plan = HarmlessPlan();
  plan.values_json = R"({"db":{"password":"datafly"}})";
  const auto text = SealPlan(plan, Key());
  EXPECT_EQ(nlohmann::json::parse(*text)["header"]["release"], "datafly");
}

}  // namespace
}  // namespace datafly::plan

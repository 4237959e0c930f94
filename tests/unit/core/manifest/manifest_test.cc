#include "common/core/manifest/manifest.h"

#include <gtest/gtest.h>

#include <random>

namespace datafly::manifest {
namespace {

constexpr std::string_view kManifest = R"(---
# Source: datafly/templates/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: config
data:
  text: |
    not a --- separator
     --- neither
  mode: "0644"
---
# Source: datafly/templates/empty.yaml
# nothing here

---
# Source: datafly/templates/deploy.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: gateway, namespace: edge}
spec:
  replicas: 2
--- # with a comment
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Service, metadata: {name: a}}
  - apiVersion: v1
    kind: List
    items:
      - {apiVersion: v1, kind: Service, metadata: {name: b}}
)";

std::string Described(const Object& object) {
  return fmt::format("{} {} [{}] {}", object.api_version, ObjectName(object), object.name_space,
                     object.source);
}

TEST(Manifest, ObjectsInTheirOrderWithTheirSource) {
  const auto objects = ParseManifest(kManifest);
  ASSERT_TRUE(objects.has_value()) << objects.error().message;
  std::vector<std::string> got;
  for (const auto& object : *objects) got.push_back(Described(object));
  EXPECT_EQ(got, (std::vector<std::string>{"v1 ConfigMap/config [] datafly/templates/config.yaml",
                                           "apps/v1 Deployment/gateway [edge] "
                                           "datafly/templates/deploy.yaml",
                                           "v1 Service/a [] ", "v1 Service/b [] "}));
  EXPECT_EQ((*objects)[0].json,
            R"({"apiVersion":"v1","data":{"mode":"0644","text":"not a --- separator\n ---)"
            R"( neither\n"},"kind":"ConfigMap","metadata":{"name":"config"}})");
}

TEST(Manifest, NothingHoldsNoObjects) {
  for (const std::string_view text : {"", "\n\n", "---\n---\n", "# only\n", "--- # x\n", "---"})
    EXPECT_EQ(ParseManifest(text).value().size(), 0U) << text;
}

TEST(Manifest, ErrorsNameTheTemplate) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"# Source: c/t/x.yaml\napiVersion: v1\nmetadata: {name: x}",
       "template c/t/x.yaml: a document without kind"},
      {"# Source: c/t/x.yaml\nkind: Pod", "template c/t/x.yaml: a document without metadata.name"},
      {"kind: Pod\nmetadata: [1]", "the manifest: a document without metadata.name"},
      {"just text", "the manifest: a document without kind"},
      {"- 1", "the manifest: a document without kind"},
      {"kind: List\nitems: [1]", "the manifest: a document without kind"},
      {"# Source: c/t/x.yaml\na: [", "template c/t/x.yaml: line 2: not YAML"},
      {"# Source: c/t/\x1b[31m.yaml\nkind: Pod",
       "template c/t/^[[31m.yaml: line 1: not YAML: a control character"},
      {"# Source: c/t/\xE2\x80\xAEx.yaml\nkind: Pod", "template c/t/x.yaml: a document"},
  };
  for (const auto& [text, want] : cases) {
    const auto objects = ParseManifest(text);
    ASSERT_FALSE(objects.has_value()) << text;
    EXPECT_EQ(objects.error().kind, ErrorKind::InvalidInput);
    EXPECT_EQ(objects.error().message.substr(0, want.size()), want);
  }
}

TEST(Manifest, RepeatedKeysAreNoErrorBecauseHelmLetsThemPass) {
  const auto objects = ParseManifest("kind: Pod\nmetadata: {name: a, name: b}");
  ASSERT_TRUE(objects.has_value());
  EXPECT_EQ(objects->front().name, "b");
}

TEST(Manifest, SplittingFindsDocumentsWithoutParsing) {
  const auto documents = SplitDocuments("a: 1\r\n---\r\nb: [broken\n--- \n---- no\n---x\nc: 3");
  ASSERT_EQ(documents.size(), 3U);
  EXPECT_EQ(documents[0].text, "a: 1\r\n");
  EXPECT_EQ(documents[1].text, "\r\nb: [broken\n");
  EXPECT_EQ(documents[2].text, " \n---- no\n---x\nc: 3");
}

/// Line by line, as the rule is written.
std::vector<std::string> SplitByLines(const std::string& yaml) {
  std::vector<std::string> documents(1);
  bool holds_something = false;
  const auto end_document = [&] {
    if (!holds_something) documents.pop_back();
    documents.emplace_back();
    holds_something = false;
  };
  for (std::size_t at = 0; at < yaml.size();) {
    const auto end = yaml.find('\n', at);
    const auto next = end == std::string::npos ? yaml.size() : end + 1;
    std::string line = yaml.substr(at, next - at);
    at = next;
    const bool separates =
        line.starts_with("---") &&
        (line.size() == 3 || std::string_view(" \t\r\n").find(line[3]) != std::string_view::npos);
    if (separates) {
      end_document();
      line.erase(0, 3);
    }
    documents.back() += line;
    const auto first = line.find_first_not_of(" \t\r\n\f\v");
    if (first != std::string::npos && line[first] != '#') holds_something = true;
  }
  end_document();
  documents.pop_back();
  return documents;
}

TEST(Manifest, SplittingIsAsByLines) {
  std::mt19937 random(4711);  // NOLINT(*-msc51-cpp): the same cases in each run
  const std::vector<std::string> pieces = {"---\n", "--- #\n", "----\n", "---", "-",      "a: 1\n",
                                           "a: 1",  "\n",      "# c\n",  " ",   "---\r\n"};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto count = random() % 20; count > 0; --count) text += pieces[random() % pieces.size()];
    std::vector<std::string> found;
    for (const auto& document : SplitDocuments(text)) found.emplace_back(document.text);
    ASSERT_EQ(found, SplitByLines(text)) << text;
  }
}

TEST(Manifest, IdentityLeavesTheVersionOut) {
  Object object{"apps/v1beta1", "Deployment", "ns", "x", "", "{}"};
  const auto old_id = IdOf(object);
  object.api_version = "apps/v1";
  EXPECT_EQ(IdOf(object), old_id);
  object.api_version = "extensions/v1beta1";
  EXPECT_NE(IdOf(object), old_id);
  EXPECT_EQ(GroupOf("v1"), "");
  EXPECT_EQ(GroupOf("batch/v1"), "batch");
}

std::vector<KeyDigest> Digests(Result<std::vector<KeyDigest>> (*of)(const Object&),
                               std::string_view yaml) {
  auto digests = of(ParseManifest(yaml).value().front());
  EXPECT_TRUE(digests.has_value());
  return digests.value_or(std::vector<KeyDigest>{});
}

std::string Keys(const std::vector<KeyDigest>& digests) {
  std::string keys;
  for (const auto& digest : digests) keys += digest.key + " ";
  return keys;
}

TEST(Digests, OfSecretsCompareTheBytes) {
  const auto data =
      Digests(&DataDigests, "kind: Secret\nmetadata: {name: s}\ndata: {a: aHVudGVyMg==, b: eA==}");
  const auto plain = Digests(
      &DataDigests, "kind: Secret\nmetadata: {name: s}\nstringData: {a: hunter2, b: other}");
  EXPECT_EQ(Keys(data), "a b ");
  EXPECT_EQ(data[0].digest, plain[0].digest);
  EXPECT_NE(data[1].digest, plain[1].digest);
  EXPECT_EQ(data[0].digest, "f52fbd32b2b3b86ff88ef6c490628285f482af15ddcb29541f94bcf526a3f6c7");
}

TEST(Digests, OfConfigMapsAndOddData) {
  const auto config = Digests(
      &DataDigests, "kind: ConfigMap\nmetadata: {name: s}\ndata: {a: aA==}\nbinaryData: {b: aA==}");
  ASSERT_EQ(Keys(config), "a b ");
  EXPECT_NE(config[0].digest, config[1].digest);
  EXPECT_EQ(Keys(Digests(&DataDigests, "kind: Secret\nmetadata: {name: s}\ndata: [1]")), "");
  EXPECT_EQ(Keys(Digests(&DataDigests, "kind: Secret\nmetadata: {name: s}\ndata: {a: 1, b: '!'}")),
            "a b ");
  EXPECT_FALSE(DataDigests(Object{"v1", "Secret", "", "s", "", "["}).has_value());
}

TEST(Digests, OfEnvironmentsTellValuesFromReferences) {
  const std::string pod =
      "{initContainers: [{name: init, env: [{name: A, value: x}]}], containers: [{name: main, env: "
      "[{name: A, value: x}, {name: B, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: C}]}, "
      "{name: bare}]}";
  const std::string template_of = "{template: {spec: " + pod + "}}";
  const std::vector<std::string> objects{
      "kind: Deployment\nmetadata: {name: d}\nspec: " + template_of,
      "kind: CronJob\nmetadata: {name: d}\nspec: {jobTemplate: {spec: " + template_of + "}}",
      "kind: Pod\nmetadata: {name: d}\nspec: " + pod};
  for (const auto& object : objects) {
    const auto digests = Digests(&EnvDigests, object);
    ASSERT_EQ(Keys(digests), "init/A main/A main/B main/C ");
    EXPECT_EQ(digests[0].digest, digests[1].digest);
    EXPECT_NE(digests[1].digest, digests[2].digest);
  }
  EXPECT_EQ(Keys(Digests(&EnvDigests, "kind: Service\nmetadata: {name: d}\nspec: {}")), "");
}

}  // namespace
}  // namespace datafly::manifest

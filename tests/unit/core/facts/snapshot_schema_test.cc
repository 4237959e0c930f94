#include <fstream>
#include <sstream>

#include "common/core/kinds/decode.h"
#include "tests/unit/core/facts/facts_walk.h"

namespace datafly {
namespace {

std::string FileText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(SnapshotSchemas, DocsHoldTheSchemaOfTheCode) {
  const std::string committed = SIGNAL_SOURCE_DIR "/docs/schemas/snapshot.schema.json";
  const std::string generated = SIGNAL_BINARY_DIR "/snapshot.schema.json";
  if (FileText(committed) == SnapshotSchema()) return;
  std::ofstream(generated, std::ios::binary) << SnapshotSchema();
  ADD_FAILURE() << "the snapshot's structs have changed; review and run: cp " << generated << " "
                << committed;
}

TEST(SnapshotSchemas, NameEveryStructOnce) {
  const std::string schema = SnapshotSchema();
  for (const char* name : {"Pod", "Workload", "Absence", "Target"}) {
    const std::string definition = fmt::format("\n    \"{}\": {{", name);
    const auto first = schema.find(definition);
    ASSERT_NE(first, std::string::npos) << name;
    EXPECT_EQ(schema.find(definition, first + 1), std::string::npos) << name;
  }
}

/// "lastTransitionTimes" -> last, transition, time.
std::vector<std::string> Words(std::string_view name) {
  std::vector<std::string> words(1);
  for (const char c : name) {
    if (c == '.' || (c >= 'A' && c <= 'Z')) words.emplace_back();
    if (c != '.') words.back() += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  for (std::string& word : words) {
    if (word.size() > 3 && word.ends_with('s')) word.pop_back();
  }
  return words;
}

/// Words of names behind which a value of the user's or a secret is to be feared.
const std::set<std::string>& Suspects() {
  static const std::set<std::string> suspects{
      "value", "data",    "password", "secret", "token",    "env",  "credential", "dsn", "url",
      "key",   "payload", "content",  "body",   "argument", "args", "command",    "raw"};
  return suspects;
}

/// Names with a suspect word that hold no value: each was looked at.
const std::set<std::string>& Harmless() {
  static const std::set<std::string> harmless{
      "Container.envNames",                // names of variables, never their values
      "PodTemplate.imagePullSecretNames",  // names of Secrets
      "LabelSelectorRequirement.key",
      "LabelSelectorRequirement.values",  // label values
      "Taint.key",
      "Target.values",           // outcomes of comparisons only
      "Target.releaseNotesUrl",  // from the chart's own metadata
      "Values.unknownKeys",      // dotted paths
      "Values.newKeys",
      "Continuity.key",           // the name of a key of a Secret
      "BackupEvidence.dataTime",  // a time
      "Facts.tlsSecrets",         // dates and DNS names of certificates, which every client sees
      "TlsSecret.secret",         // the name of a Secret
      "Diff.values",              // what differs, as far as a diff may show it (redact.h)
      "DiffField.secret",         // whether the value is one, and then no value is there
      "DiffValue.secret",
  };
  return harmless;
}

bool IsSuspect(const std::string& name) {
  const std::vector<std::string> words = Words(name.substr(name.find('.') + 1));
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return Suspects().contains(word); });
}

TEST(SnapshotRedaction, NoFieldIsNamedLikeAValueOrASecret) {
  const std::set<std::string> names = FieldNamesOfFacts();
  ASSERT_GT(names.size(), 150U);
  std::set<std::string> suspects;
  for (const std::string& name : names) {
    if (IsSuspect(name)) suspects.insert(name);
  }
  EXPECT_EQ(suspects, Harmless())
      << "a snapshot is handed over to others: see that the new field can hold no value of the "
         "user's and no secret, then list it here with the reason";
}

TEST(SnapshotRedaction, TheGuardSmellsWhatItShould) {
  for (const char* name : {"Container.env", "Container.envValue", "Pod.data", "Secret.stringData",
                           "Target.userValues", "Release.payload", "Scope.bearerToken"}) {
    EXPECT_TRUE(IsSuspect(name)) << name;
  }
  EXPECT_FALSE(IsSuspect("Pod.metadata"));
  EXPECT_FALSE(IsSuspect("Values.changedDefaults"));
}

/// Objects as an API server sends them, with the canary wherever a user may keep a secret.
constexpr std::string_view kCanary = "CANARY-7f3a";
constexpr std::string_view kContainer =
    R"({"name":"c","image":"i","args":["--password=CANARY-7f3a"],
  "command":["run","CANARY-7f3a"],"env":[{"name":"JWT_SECRET","value":"CANARY-7f3a"}],
  "livenessProbe":{"httpGet":{"httpHeaders":[{"name":"Authorization","value":"CANARY-7f3a"}]}},
  "lifecycle":{"preStop":{"exec":{"command":["CANARY-7f3a"]}}}})";

std::string ListOfOne() {
  return fmt::format(R"({{"items":[{{"metadata":{{"name":"a","annotations":{{
      "kubectl.kubernetes.io/last-applied-configuration":"CANARY-7f3a",
      "vault.example/token":"CANARY-7f3a"}},
      "managedFields":[{{"manager":"CANARY-7f3a"}}]}},
    "spec":{{"containers":[{0}],"initContainers":[{0}],"template":{{
      "metadata":{{"annotations":{{"checksum/secret":"CANARY-7f3a"}}}},
      "spec":{{"containers":[{0}],"initContainers":[{0}]}}}}}},"status":{{}}}}]}})",
                     kContainer);
}

TEST(SnapshotRedaction, NoSecretOfAnObjectReachesTheFile) {
  std::string text = ListOfOne();
  ASSERT_NE(text.find(kCanary), std::string::npos);
  const kinds::PaddedJson list{text.data(), text.size(), text.size()};
  Snapshot snapshot;
  kinds::Decoder decoder;
  std::vector<kinds::Pod> pods;
  std::vector<kinds::Workload> workloads;
  ASSERT_TRUE(decoder.Pods(list, pods).has_value());
  ASSERT_TRUE(decoder.Workloads(list, "Deployment", workloads).has_value());
  ASSERT_EQ(workloads.at(0).pod.containers.at(0).env_names.at(0), "JWT_SECRET");
  snapshot.facts.pods = std::move(pods);
  snapshot.facts.workloads = std::move(workloads);
  EXPECT_EQ(PlainText(snapshot).find(kCanary), std::string::npos);
}

}  // namespace
}  // namespace datafly

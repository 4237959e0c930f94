#include "common/core/release/record.h"

#include <gtest/gtest.h>

#include "common/core/base/base64.h"
#include "common/core/base/gzip.h"

namespace datafly::release {
namespace {

std::string Packed(std::string_view bytes) { return datafly::Gzip(bytes).value(); }

constexpr std::string_view kRelease = R"({
  "name": "datafly", "namespace": "signal", "version": 7, "apply_method": "ssa",
  "info": {"first_deployed": "2026-11-20T10:00:00.123456789+01:00", "last_deployed": "2026-11-26T03:09:25Z",
           "deleted": "", "description": "Upgrade complete", "status": "deployed", "notes": "secret notes"},
  "chart": {"metadata": {"name": "datafly-signal", "version": "1.2.0", "appVersion": "1.2.0", "kubeVersion": ">=1.28.0-0",
                         "home": "https://example.com", "annotations": {"datafly.io/migrations": "0001,0002"}},
            "templates": [{"name": "templates/x.yaml", "data": "eA=="}],
            "values": {"replicas": 2, "migrations": {"enabled": true}},
            "files": [{"name": "crds/a.yaml", "data": "a2luZDogQ3VzdG9tUmVzb3VyY2VEZWZpbml0aW9u"},
                      {"name": "README.md", "data": "eA=="}, {"name": "a.tpl", "data": "e3sgbm93IH19"}, {"name": "crds/notes.txt", "data": "eA=="}]},
  "config": {"replicas": 3, "password": "hunter2"},
  "manifest": "---\nkind: Pod\n",
  "hooks": [{"name": "test", "kind": "Pod", "path": "t.yaml", "manifest": "kind: Pod", "events": ["test", "pre-upgrade"],
             "weight": -5, "last_run": {"phase": ""}}]
})";

void ExpectTheRelease(const ReleaseRecord& record) {
  EXPECT_EQ(record.name, "datafly");
  EXPECT_EQ(record.name_space, "signal");
  EXPECT_EQ(record.revision, 7);
  EXPECT_EQ(record.status, Status::Deployed);
  EXPECT_EQ(FormatTime(record.first_deployed.value()), "2026-11-20T09:00:00.123Z");
  EXPECT_EQ(FormatTime(record.last_deployed.value()), "2026-11-26T03:09:25Z");
  EXPECT_EQ(record.description, "Upgrade complete");
  EXPECT_EQ(record.apply_method, "ssa");
  EXPECT_EQ(record.user_values_json, R"({"replicas":3,"password":"hunter2"})");
  EXPECT_EQ(record.manifest, "---\nkind: Pod\n");
  EXPECT_EQ(record.chart.name, "datafly-signal");
  EXPECT_EQ(record.chart.version, "1.2.0");
  EXPECT_EQ(record.chart.app_version, "1.2.0");
  EXPECT_EQ(record.chart.kube_version, ">=1.28.0-0");
  EXPECT_EQ(record.chart.home, "https://example.com");
  EXPECT_EQ(record.chart.annotations.at(0).second, "0001,0002");
  EXPECT_EQ(record.chart.default_values_json, R"({"replicas":2,"migrations":{"enabled":true}})");
  ASSERT_EQ(record.chart.crds.size(), 1U);
  EXPECT_EQ(record.chart.crds[0].name, "crds/a.yaml");
  EXPECT_EQ(record.chart.crds[0].data, "kind: CustomResourceDefinition");
  ASSERT_EQ(record.chart.files.size(), 1U) << "only what tpl could make something of";
  EXPECT_EQ(record.chart.files[0].data, "{{ now }}");
  ASSERT_EQ(record.hooks.size(), 1U);
  EXPECT_EQ(record.hooks[0].events, (std::vector<std::string>{"test", "pre-upgrade"}));
  EXPECT_EQ(record.hooks[0].weight, -5);
  EXPECT_EQ(record.hooks[0].manifest, "kind: Pod");
}

TEST(ReleaseRecord, EveryFormOfStorageGivesTheSame) {
  const std::string stored = EncodeBase64(Packed(kRelease));
  const std::string in_secret = EncodeBase64(stored);
  const std::string plain = EncodeBase64(kRelease);
  const std::vector<Result<ReleaseRecord>> records{
      DecodeSecretRelease(in_secret),
      DecodeSecretRelease(EncodeBase64(plain)),
      DecodeConfigMapRelease(stored),
      DecodeConfigMapRelease(plain),
      DecodeReleaseObject(R"({"kind":"Secret","type":"helm.sh/release.v1","data":{"release":")" +
                          in_secret + R"("}})"),
      DecodeReleaseObject(R"({"type":"helm.sh/release.v1","data":{"release":")" + in_secret +
                          R"("}})"),
      DecodeReleaseObject(R"({"kind":"ConfigMap","data":{"release":")" + stored + R"("}})"),
      DecodeReleaseJson(std::string(kRelease)),
      DecodeReleaseJson("W1126 {odd} warning\n" + std::string(kRelease) + "\ntrailing\n"),
  };
  for (const auto& record : records) {
    ASSERT_TRUE(record.has_value()) << record.error().message;
    ExpectTheRelease(*record);
  }
  EXPECT_EQ(records[0]->encoded_size, stored.size());
  EXPECT_EQ(records[2]->encoded_size, stored.size());
  EXPECT_EQ(EncodedSizeOf(kRelease), stored.size());
}

TEST(ReleaseRecord, AbsentPartsAreEmptyNotErrors) {
  for (
      const std::string_view json :
      {R"({"name":"a","version":1})",
       R"({"name":"a","version":1,"info":null,"chart":null,"config":null,"hooks":null})",
       R"({"name":"a","version":1,"info":{"status":"new-in-helm-9","last_deployed":""},"chart":{"values":[]}})",
       R"({"name":"a","version":1,"info":{"first_deployed":"0001-01-01T00:00:00Z","last_deployed":"soon"},"config":[1]})",
       R"({"name":"a","version":1,"info":[],"chart":{"metadata":7,"files":{"x":1}},"manifest":3,"hooks":[1,"x"]})"}) {
    const auto record = DecodeReleaseJson(std::string(json));
    ASSERT_TRUE(record.has_value()) << json << record.error().message;
    EXPECT_EQ(record->status, Status::Unknown);
    EXPECT_EQ(record->user_values_json, "{}");
    EXPECT_EQ(record->chart.default_values_json, "{}");
    EXPECT_EQ(record->last_deployed, std::nullopt);
    EXPECT_EQ(record->first_deployed, std::nullopt);
  }
}

TEST(ReleaseRecord, DamageIsOneClearError) {
  const std::string gzip = Packed(kRelease);
  std::string flipped = gzip;
  flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 0x55);
  const std::string cut = gzip.substr(0, gzip.size() / 2);
  struct Case {
    std::string stored;
    std::string message;
  };
  for (const auto& [stored, want] : std::vector<Case>{
           {"!", "the release record cannot be read: not base64"},
           {EncodeBase64(""), "the release record cannot be read: "},
           {"", "the release record cannot be read: it is empty"},
           {EncodeBase64("{"), "the release record cannot be read: "},
           {EncodeBase64("[]"), "the release record cannot be read: it is not a JSON object"},
           {EncodeBase64("{}"), "the release record cannot be read: it has no name"},
           {EncodeBase64(R"({"name":"a","version":"1"})"),
            "the release record cannot be read: it has no name or no revision"},
           {EncodeBase64(R"({"name":"a","version":0})"),
            "the release record cannot be read: it has"},
           {EncodeBase64("{\"name\":\"\xFF\",\"version\":1}"),
            "the release record cannot be read: "},
           {EncodeBase64(cut), "the release record cannot be read: the compressed data is cut"},
           {EncodeBase64(flipped),
            "the release record cannot be read: the compressed data is damaged"},
           {EncodeBase64(gzip + "x"),
            "the release record cannot be read: the compressed data is damaged"},
           {EncodeBase64("\x1f\x8b\x08"),
            "the release record cannot be read: the compressed data is cut"},
           {EncodeBase64(std::string(100'000, '[')), "the release record cannot be read: "}}) {
    const auto record = DecodeConfigMapRelease(stored);
    ASSERT_FALSE(record.has_value()) << want;
    EXPECT_EQ(record.error().kind, ErrorKind::Protocol) << record.error().message;
    EXPECT_EQ(record.error().message.substr(0, want.size()), want);
  }
  EXPECT_FALSE(DecodeSecretRelease("!").has_value());
  EXPECT_FALSE(DecodeReleaseObject(R"({"kind":"Secret","data":{}})").has_value());
  EXPECT_FALSE(DecodeReleaseObject(R"({"kind":"Secret"})").has_value());
  EXPECT_FALSE(DecodeReleaseObject("").has_value());
  EXPECT_FALSE(DecodeReleaseJson("Error: no").has_value());
  EXPECT_FALSE(DecodeReleaseJson("{").has_value());
}

TEST(ReleaseRecord, BombsAreRefusedBeforeTheyUnpack) {
  const std::string bomb = Packed(std::string(std::size_t{80} << 20, ' '));
  const auto record = DecodeConfigMapRelease(EncodeBase64(bomb));
  ASSERT_FALSE(record.has_value());
  EXPECT_EQ(record.error().kind, ErrorKind::TooLarge);
  EXPECT_EQ(DecodeConfigMapRelease(std::string((16U << 20) + 1, 'A')).error().kind,
            ErrorKind::TooLarge);
}

TEST(Status, NamesComeBack) {
  for (const std::string_view name :
       {"unknown", "deployed", "uninstalled", "superseded", "failed", "uninstalling",
        "pending-install", "pending-upgrade", "pending-rollback"}) {
    EXPECT_EQ(ToString(ParseStatus(name)), name);
    EXPECT_EQ(IsPending(ParseStatus(name)), name.starts_with("pending"));
  }
  EXPECT_EQ(ParseStatus("Deployed"), Status::Unknown);
}

}  // namespace
}  // namespace datafly::release

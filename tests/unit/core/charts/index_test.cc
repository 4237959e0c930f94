#include "common/core/charts/index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace datafly::charts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kAsHelmWrites = R"(apiVersion: v1
entries:
  airflow:
  - apiVersion: v2
    description: |-
      not a key:
        datafly: neither
    version: 9.9.9
  datafly:
  - annotations:
      note: "says: much"
    apiVersion: v2
    appVersion: 1.3.0
    created: "2026-10-01T08:00:00.123456789Z"
    dependencies:
    - name: redis
      version: 1.x.x
    deprecated: true
    kubeVersion: '>=1.28.0-0'
    name: datafly
    urls:
    - datafly-1.3.0.tgz
    version: 1.3.0
  - apiVersion: v2
    appVersion: 1.2
    name: datafly
    version: v1.2.0
  - name: datafly
    version: yesterday's
  zoo:
  - version: 1.0.0
generated: "2026-11-01T00:00:00Z"
)";

std::vector<std::string> VersionsOf(const IndexEntry& entry) {
  std::vector<std::string> versions;
  for (const Offer& offer : entry.offers) versions.push_back(offer.version.ToString());
  return versions;
}

std::string LinesOf(std::string_view index, std::string_view chart) {
  std::vector<std::string> names;
  const auto lines = FindEntryLines(index, chart, names);
  if (!lines) return "error: " + lines.error().message;
  return *lines ? std::string(**lines) : "none";
}

TEST(Index, TellsWhatEachVersionSays) {
  const auto entry = ReadIndexEntry(kAsHelmWrites, "datafly");
  ASSERT_TRUE(entry.has_value()) << entry.error().message;
  EXPECT_THAT(VersionsOf(*entry), ElementsAre("1.3.0", "1.2.0"));
  EXPECT_EQ(entry->unreadable, 1U);
  const ChartMetadata& newest = *entry->offers[0].metadata;
  EXPECT_EQ(newest.name, "datafly");
  EXPECT_EQ(newest.app_version, "1.3.0");
  EXPECT_EQ(newest.kube_version, ">=1.28.0-0");
  EXPECT_TRUE(newest.deprecated);
  EXPECT_EQ(FormatTime(newest.created.value()), "2026-10-01T08:00:00.123Z");
  const ChartMetadata& older = *entry->offers[1].metadata;
  EXPECT_EQ(older.app_version, "1.2") << "written without quotes";
  EXPECT_EQ(older.kube_version, "");
  EXPECT_FALSE(older.created.has_value());
  EXPECT_FALSE(older.deprecated);
}

// What stands in other entries is never parsed: an index of tens of megabytes costs its size only.
TEST(Index, IsReadNoFurtherThanTheEntry) {
  const std::string index =
      "entries:\n  broken:\n  - {[: *\n  datafly:\n  - version: 1.0.0\n  worse:\n  - \"\n";
  const auto entry = ReadIndexEntry(index, "datafly");
  ASSERT_TRUE(entry.has_value()) << entry.error().message;
  EXPECT_THAT(VersionsOf(*entry), ElementsAre("1.0.0"));
}

TEST(Index, IsReadAsJsonWhenItIsJson) {
  const std::string_view index =
      R"({"entries":{"datafly":[{"name":"datafly","version":"1.0.0","kubeVersion":"^1.20"}]}})";
  const auto entry = ReadIndexEntry(index, "datafly");
  ASSERT_TRUE(entry.has_value()) << entry.error().message;
  EXPECT_EQ(entry->offers.at(0).metadata->kube_version, "^1.20");
  EXPECT_EQ(ReadIndexEntry(index, "datafyl").error().remedy, "did you mean datafly?");
}

TEST(Index, NamesTheNearestChart) {
  const auto entry = ReadIndexEntry(kAsHelmWrites, "datafyl");
  ASSERT_FALSE(entry.has_value());
  EXPECT_EQ(entry.error().kind, ErrorKind::NotFound);
  EXPECT_THAT(entry.error().message, HasSubstr("no chart \"datafyl\""));
  EXPECT_EQ(entry.error().remedy, "did you mean datafly?");
  EXPECT_EQ(ReadIndexEntry(kAsHelmWrites, "nothing-like-it").error().remedy, "");
}

// Only the keys of `entries`, never a word in a description or in another list.
TEST(IndexLines, AreThoseOfTheEntryAlone) {
  for (const auto& [index, lines] : std::vector<std::pair<std::string, std::string>>{
           {"entries:\n  a:\n  - x: 1\n  b:\n  - y: 1\n", "  a:\n  - x: 1\n"},
           {"entries:\n  a:\n    - x: 1\n    - x: 2\n  b: []\n", "  a:\n    - x: 1\n    - x: 2\n"},
           {"entries:\n    b:\n    - a:\n        a: 1\n    a: # mine\n    - x: 1\n",
            "    a: # mine\n    - x: 1\n"},
           {"entries: # all\n\n  \"b\":\n  - 1\n\n  'a':\n\n  # why\n  - x: 1\ngenerated: now\n",
            "  'a':\n\n  # why\n  - x: 1\n"},
           {"apiVersion: v1\r\nentries:\r\n  a:\r\n  - x: 1\r\n", "  a:\r\n  - x: 1\r\n"},
           {"a:\n- x: 0\nentries:\n  b:\n  - a:\ngenerated: now\na:\n- x: 1\n", "none"},
           {"entries:\n  b:\n  - 1\n  a:\n  - x: 1", "  a:\n  - x: 1"},
           {"entries:\n", "none"},
           {"entries:\n- a:\n", "none"},
       }) {
    EXPECT_EQ(LinesOf(index, "a"), lines) << index;
  }
}

TEST(IndexLines, OfWhatHelmDoesNotWriteAreRefused) {
  for (const char* index : {"", "no index at all", "<html>\n<body>", "entries: {a: [{x: 1}]}\n",
                            "entries:\n  ? a\n  : - x\n", "entries:\n  b: &x\n  - 1\n  a: *x\n",
                            "  entries:\n    a:\n    - x: 1\n"}) {
    EXPECT_THAT(LinesOf(index, "a"), HasSubstr("error: the index is not written as")) << index;
  }
}

TEST(Index, ThatIsGarbageIsAnError) {
  for (const char* index :
       {"{", "{\"entries\":[]}", "{\"entries\":{}}", "entries:\n  datafly:\n  - {\n",
        "entries:\n  datafly:\n    version: 1.0.0\n", "\xff\xfe\x01"}) {
    EXPECT_FALSE(ReadIndexEntry(index, "datafly").has_value()) << index;
  }
}

TEST(Index, MayHaveAnEntryWithoutVersions) {
  for (const char* index : {"entries:\n  datafly:\n", "{\"entries\":{\"datafly\":[]}}"}) {
    const auto entry = ReadIndexEntry(index, "datafly");
    ASSERT_TRUE(entry.has_value()) << index << entry.error().message;
    EXPECT_THAT(entry->offers, IsEmpty());
  }
}

TEST(Index, SaysWhenItWasMade) {
  EXPECT_EQ(FormatTime(GeneratedAt(kAsHelmWrites).value()), "2026-11-01T00:00:00Z");
  EXPECT_EQ(FormatTime(GeneratedAt("entries:\ngenerated: 2026-11-01T00:00:00Z").value()),
            "2026-11-01T00:00:00Z");
  EXPECT_FALSE(GeneratedAt("entries:\n").has_value());
  EXPECT_FALSE(GeneratedAt("entries:\ngenerated: some day\n").has_value());
}

}  // namespace
}  // namespace datafly::charts

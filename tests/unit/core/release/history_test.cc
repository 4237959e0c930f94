#include "common/core/release/history.h"

#include <gtest/gtest.h>

namespace datafly::release {
namespace {

/// "3:failed" is revision 3 with that status.
History Make(const std::vector<std::pair<int, Status>>& revisions) {
  History history;
  for (const auto& [revision, status] : revisions)
    history.push_back({fmt::format("sh.helm.release.v1.datafly.v{}", revision), "datafly", "ns",
                       revision, status, std::nullopt});
  return history;
}

std::int64_t RevisionOf(const RevisionLabel* label) {
  return label == nullptr ? 0 : label->revision;
}

kinds::ObjectMeta Record(std::map<std::string, std::string> labels) {
  kinds::ObjectMeta meta;
  meta.name = "sh.helm.release.v1.datafly.v7";
  meta.name_space = "ns";
  meta.labels = std::move(labels);
  return meta;
}

TEST(History, ReadsTheLabelsOfARecord) {
  const auto label = ReadRevisionLabel(Record({{"owner", "helm"},
                                               {"name", "datafly"},
                                               {"version", "7"},
                                               {"status", "pending-upgrade"},
                                               {"createdAt", "1732590000"},
                                               {"modifiedAt", "1732590565"}}));
  ASSERT_TRUE(label.has_value());
  EXPECT_EQ(label->object_name, "sh.helm.release.v1.datafly.v7");
  EXPECT_EQ(label->release, "datafly");
  EXPECT_EQ(label->revision, 7);
  EXPECT_EQ(label->status, Status::PendingUpgrade);
  EXPECT_EQ(FormatTime(label->modified_at.value()), "2024-11-26T03:09:25Z");
}

TEST(RevisionLabel, AnObjectIsNoOlderThanItself) {
  // Helm 4 hands the labels on to the next revision.
  auto meta = Record({{"owner", "helm"},
                      {"name", "datafly"},
                      {"version", "3"},
                      {"status", "pending-upgrade"},
                      {"modifiedAt", "1732590565"}});
  meta.creation = ParseTime("2024-11-26T05:00:00Z").value();
  EXPECT_EQ(ReadRevisionLabel(meta)->modified_at, meta.creation);
  meta.creation = ParseTime("2024-11-26T01:00:00Z").value();
  EXPECT_EQ(FormatTime(ReadRevisionLabel(meta)->modified_at.value()), "2024-11-26T03:09:25Z");
}

TEST(History, RefusesWhatIsNotARecord) {
  const std::map<std::string, std::string> good{
      {"owner", "helm"}, {"name", "datafly"}, {"version", "7"}, {"status", "odd"}};
  EXPECT_EQ(ReadRevisionLabel(Record(good))->status, Status::Unknown);
  EXPECT_EQ(ReadRevisionLabel(Record(good))->modified_at, std::nullopt);
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, std::string>>{{"owner", "flux"},
                                                        {"name", ""},
                                                        {"version", "x"},
                                                        {"version", "0"},
                                                        {"version", "-1"},
                                                        {"version", "7 "},
                                                        {"version", "99999999999999999999"}}) {
    auto labels = good;
    labels[key] = value;
    EXPECT_FALSE(ReadRevisionLabel(Record(labels)).has_value()) << key << "=" << value;
  }
}

TEST(History, GroupsReleasesInNumericOrder) {
  std::vector<kinds::ObjectMeta> records;
  for (const auto& [name, version] : std::vector<std::pair<std::string, std::string>>{
           {"b", "10"}, {"a", "1"}, {"b", "9"}, {"b", "x"}})
    records.push_back(Record({{"owner", "helm"}, {"name", name}, {"version", version}}));
  const auto histories = GroupByRelease(records);
  ASSERT_EQ(histories.size(), 2U);
  EXPECT_EQ(histories[0][0].release, "a");
  ASSERT_EQ(histories[1].size(), 2U);
  EXPECT_EQ(histories[1][1].revision, 10);
}

TEST(History, NewestDeployedPendingAndTarget) {
  using enum Status;
  struct Case {
    std::vector<std::pair<int, Status>> history;
    int newest, deployed, pending, target;
  };
  for (const auto& [history, newest, deployed, pending, target] :
       std::vector<Case>{{{}, 0, 0, 0, 0},
                         {{{1, Deployed}}, 1, 1, 0, 0},
                         {{{1, Superseded}, {2, Deployed}}, 2, 2, 0, 1},
                         {{{1, Superseded}, {2, Failed}, {3, Deployed}}, 3, 3, 0, 1},
                         {{{3, Deployed}, {4, Failed}, {5, Failed}}, 5, 3, 0, 3},
                         {{{3, Deployed}, {4, PendingUpgrade}}, 4, 3, 4, 3},
                         {{{2, Deployed}, {3, Superseded}, {4, Failed}}, 4, 2, 0, 2},
                         {{{2, Superseded}, {3, Failed}, {4, Failed}}, 4, 0, 0, 2},
                         {{{3, PendingUpgrade}, {4, Deployed}}, 4, 4, 0, 0},
                         {{{1, PendingInstall}}, 1, 0, 1, 0}}) {
    const auto made = Make(history);
    EXPECT_EQ(RevisionOf(Newest(made)), newest);
    EXPECT_EQ(RevisionOf(NewestDeployed(made)), deployed);
    EXPECT_EQ(RevisionOf(PendingLock(made)), pending);
    EXPECT_EQ(RevisionOf(RollbackTarget(made)), target);
  }
}

TEST(History, PruningKeepsTheLastDeployed) {
  using enum Status;
  const auto history =
      Make({{1, Superseded}, {2, Deployed}, {3, Failed}, {4, Failed}, {5, Failed}});
  struct Case {
    std::int64_t max;
    std::vector<std::int64_t> left;
  };
  for (const auto& [max, left] : std::vector<Case>{{0, {1, 2, 3, 4, 5}},
                                                   {10, {1, 2, 3, 4, 5}},
                                                   {6, {1, 2, 3, 4, 5}},
                                                   {5, {2, 3, 4, 5}},
                                                   {4, {2, 4, 5}},
                                                   {2, {2}},
                                                   {1, {2}}}) {
    std::vector<std::int64_t> got;
    for (const auto& label : AfterPruning(history, max)) got.push_back(label.revision);
    EXPECT_EQ(got, left) << max;
  }
}

}  // namespace
}  // namespace datafly::release

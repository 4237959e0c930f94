#include <gtest/gtest.h>

#include "common/gather/release_reads.h"

namespace datafly::gather {
namespace {

kinds::ObjectMeta Record(const char* release, const char* version, const char* status) {
  kinds::ObjectMeta meta;
  meta.name = fmt::format("sh.helm.release.v1.{}.v{}", release, version);
  meta.labels = {{"owner", "helm"},
                 {"name", release},
                 {"version", version},
                 {"status", status},
                 {"modifiedAt", "1700000000"}};
  return meta;
}

TEST(GroupRecords, SortsByNumberNotByText) {
  const auto groups =
      GroupRecords({Record("datafly", "10", "deployed"), Record("datafly", "9", "superseded"),
                    Record("other", "1", "deployed")});
  ASSERT_EQ(groups.size(), 2U);
  const auto& ours = groups.at("datafly");
  ASSERT_EQ(ours.size(), 2U);
  EXPECT_EQ(ours.front().summary.revision, 9);
  EXPECT_EQ(ours.back().summary.status, "deployed");
  EXPECT_EQ(FormatTime(*ours.back().summary.modified_at), "2023-11-14T22:13:20Z");
}

TEST(GroupRecords, LeavesOutWhatCannotBeARecord) {
  EXPECT_TRUE(GroupRecords({Record("", "1", "deployed"), Record("datafly", "x", "deployed"),
                            Record("datafly", "-1", "deployed"),
                            Record("datafly", "99999999999999999999", "deployed")})
                  .empty());
}

}  // namespace
}  // namespace datafly::gather

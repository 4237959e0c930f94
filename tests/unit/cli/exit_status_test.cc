#include "common/cli/exit_status.h"

#include <gtest/gtest.h>

namespace datafly::cli {
namespace {

TEST(ExitStatus, TheWorstOfSeveralFollowsTheDocumentedPrecedence) {
  using S = ExitStatus;
  EXPECT_EQ(Worst({}), S::Good);
  EXPECT_EQ(Worst({S::Good, S::Differences}), S::Differences);
  EXPECT_EQ(Worst({S::Warnings, S::NotChecked}), S::NotChecked);
  EXPECT_EQ(Worst({S::NotChecked, S::CheckFailed}), S::CheckFailed);
  EXPECT_EQ(Worst({S::CheckFailed, S::RolledBack, S::NeedsPerson}), S::NeedsPerson);
  EXPECT_EQ(Worst({S::NeedsPerson, S::Interrupted}), S::Interrupted);
}

}  // namespace
}  // namespace datafly::cli

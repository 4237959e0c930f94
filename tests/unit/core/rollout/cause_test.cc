#include "common/core/rollout/cause.h"

#include <gtest/gtest.h>

#include <set>

namespace datafly::rollout {
namespace {

TEST(CauseTable, EveryClassHasANameOfItsOwnAndSaysWhatToDo) {
  std::set<std::string_view> names;
  for (const CauseSpec& spec : AllCauses()) {
    EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
    EXPECT_TRUE(spec.code.starts_with("SIG-")) << spec.name;
    EXPECT_FALSE(spec.title.empty()) << spec.name;
    EXPECT_TRUE(spec.hint.ends_with('.')) << spec.name;
    EXPECT_EQ(&SpecOf(spec.id), &spec);
  }
}

}  // namespace
}  // namespace datafly::rollout

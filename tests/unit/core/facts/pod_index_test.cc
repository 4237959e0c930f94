#include "common/core/facts/pod_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace datafly {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

kinds::Pod PodWith(std::string name, std::map<std::string, std::string> labels,
                   std::string phase = "Running") {
  kinds::Pod pod;
  pod.meta.name = std::move(name);
  pod.meta.name_space = "x";
  pod.meta.labels = std::move(labels);
  pod.phase = std::move(phase);
  return pod;
}

kinds::Workload Selecting(std::map<std::string, std::string> labels) {
  kinds::Workload workload;
  workload.meta.name_space = "x";
  workload.selector.match_labels = std::move(labels);
  return workload;
}

std::vector<std::string> Names(const std::vector<const kinds::Pod*>& pods) {
  std::vector<std::string> names;
  for (const kinds::Pod* pod : pods) names.push_back(pod->meta.name);
  return names;
}

Facts SomePods() {
  Facts facts;
  facts.pods = std::vector{PodWith("a", {{"app", "a"}, {"tier", "1"}}),
                           PodWith("b", {{"app", "b"}, {"tier", "1"}}),
                           PodWith("done", {{"app", "a"}, {"tier", "1"}}, "Succeeded"),
                           PodWith("bad", {{"app", "a"}, {"tier", "2"}}, "Failed")};
  return facts;
}

TEST(PodIndex, FindsWhatTheSelectorMatches) {
  const Facts facts = SomePods();
  const PodIndex index(facts);
  EXPECT_THAT(Names(index.Of(Selecting({{"tier", "1"}}))), ElementsAre("a", "b"));
  EXPECT_THAT(Names(index.Of(Selecting({{"tier", "1"}, {"app", "b"}}))), ElementsAre("b"));
  EXPECT_THAT(Names(index.Matching(Selecting({{"app", "a"}}))), ElementsAre("a", "done", "bad"));
  EXPECT_THAT(Names(index.Of(Selecting({{"app", "c"}}))), IsEmpty());
  EXPECT_THAT(Names(index.Of(Selecting({{"app", "a"}, {"tier", "9"}}))), IsEmpty());
}

TEST(PodIndex, ExpressionsAloneLookAtAll) {
  const Facts facts = SomePods();
  kinds::Workload workload = Selecting({});
  EXPECT_THAT(Names(PodIndex(facts).Of(workload)), IsEmpty()) << "no selector selects nothing";
  workload.selector.expressions = {{"app", "In", {"b"}}};
  EXPECT_THAT(Names(PodIndex(facts).Of(workload)), ElementsAre("b"));
}

TEST(PodIndex, AnotherNamespaceIsNotMatched) {
  const Facts facts = SomePods();
  kinds::Workload workload = Selecting({{"app", "a"}});
  workload.meta.name_space = "y";
  EXPECT_THAT(Names(PodIndex(facts).Of(workload)), IsEmpty());
}

TEST(PodIndex, PodsThatAreNotKnownAreNone) {
  EXPECT_THAT(Names(PodIndex(Facts{}).Of(Selecting({{"app", "a"}}))), IsEmpty());
}

}  // namespace
}  // namespace datafly

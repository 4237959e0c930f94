#include <gtest/gtest.h>

#include "common/core/facts/facts.h"

namespace datafly {
namespace {

kinds::Workload Deployment(std::string name) {
  kinds::Workload workload;
  workload.kind = "Deployment";
  workload.meta.name = name;
  workload.meta.name_space = "datafly";
  workload.selector.match_labels = {{"app", name}};
  return workload;
}

kinds::Pod Pod(std::string name, std::string app) {
  kinds::Pod pod;
  pod.meta.name = std::move(name);
  pod.meta.name_space = "datafly";
  pod.meta.labels = {{"app", std::move(app)}};
  pod.phase = "Running";
  return pod;
}

std::vector<std::string> Names(const Facts& facts) {
  std::vector<std::string> names;
  for (const auto* workload : WorkloadsOfRelease(facts, "datafly"))
    names.push_back(workload->meta.name);
  return names;
}

Facts WithRelease(std::vector<kinds::Workload> workloads) {
  Facts facts;
  facts.scope.name_space = "datafly";
  ReleaseFacts release;
  release.name = "datafly";
  release.rendered.objects = {{"apps/v1", "Deployment", "", "named"},
                              {"apps/v1", "StatefulSet", "", "other-kind"},
                              {"apps/v1", "Deployment", "elsewhere", "far"}};
  facts.release = release;
  facts.workloads = std::move(workloads);
  return facts;
}

TEST(WorkloadsOfRelease, AreNamedInTheManifestOrCarryHelmsAnnotation) {
  kinds::Workload annotated = Deployment("annotated");
  annotated.meta.annotations = {{"meta.helm.sh/release-name", "datafly"},
                                {"meta.helm.sh/release-namespace", "datafly"}};
  kinds::Workload other_release = Deployment("other-release");
  other_release.meta.annotations = {{"meta.helm.sh/release-name", "kafka"}};
  kinds::Workload same_name_elsewhere = Deployment("same-name");
  same_name_elsewhere.meta.annotations = {{"meta.helm.sh/release-name", "datafly"},
                                          {"meta.helm.sh/release-namespace", "staging"}};
  kinds::Workload labelled = Deployment("labelled");
  labelled.meta.labels = {{"app.kubernetes.io/part-of", "datafly"}};
  EXPECT_EQ(Names(WithRelease({Deployment("named"), annotated, other_release, same_name_elsewhere,
                               labelled, Deployment("other-kind"), Deployment("far")})),
            (std::vector<std::string>{"named", "annotated"}));
}

TEST(WorkloadsOfRelease, WithoutAReleaseTheLabelDecides) {
  kinds::Workload labelled = Deployment("labelled");
  labelled.meta.labels = {{"app.kubernetes.io/part-of", "datafly"}};
  Facts facts = WithRelease({Deployment("named"), labelled});
  facts.release = Absence{AbsenceKind::Forbidden, "", ""};
  EXPECT_EQ(Names(facts), std::vector<std::string>{"labelled"});
  facts.workloads = Absence{AbsenceKind::Forbidden, "", ""};
  EXPECT_TRUE(Names(facts).empty());
}

TEST(PodsOf, MatchTheSelectorInTheNamespaceAndAreNotFinished) {
  Facts facts;
  std::vector<kinds::Pod> pods = {Pod("a", "x"), Pod("b", "y"), Pod("c", "x"), Pod("d", "x"),
                                  Pod("e", "x")};
  pods[2].phase = "Succeeded";
  pods[3].phase = "Failed";
  pods[4].meta.name_space = "elsewhere";
  facts.pods = pods;
  auto found = PodsOf(facts, Deployment("x"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]->meta.name, "a");
}

TEST(PodsOf, AnEmptySelectorMatchesNothing) {
  Facts facts;
  facts.pods = std::vector<kinds::Pod>{Pod("a", "x")};
  kinds::Workload workload = Deployment("x");
  workload.selector = {};
  EXPECT_TRUE(PodsOf(facts, workload).empty());
  EXPECT_TRUE(PodsOf(Facts{}, Deployment("x")).empty());
}

}  // namespace
}  // namespace datafly

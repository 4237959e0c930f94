#include "common/core/report/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/report/fold.h"
#include "common/core/report/layout.h"
#include "tests/unit/core/report/samples.h"

namespace datafly::report {
namespace {

TEST(Remedy, IsSplitIntoCommandsAndSentences) {
  struct Case {
    std::string remedy;
    std::vector<RemedyPart> parts;
  };
  const Case cases[] = {
      {"", {}},
      {"kubectl get pods", {{true, "kubectl get pods"}}},
      {"Read the release notes.", {{false, "Read the release notes."}}},
      {"Free it: helm rollback datafly 7",
       {{false, "Free it:"}, {true, "helm rollback datafly 7"}}},
      {"a: b: kubectl delete pod x", {{false, "a: b:"}, {true, "kubectl delete pod x"}}},
      {"kubectl get a\n\n  kubectl get b\n", {{true, "kubectl get a"}, {true, "kubectl get b"}}},
      {"helm", {{false, "helm"}}},
      {"kubectlx get", {{false, "kubectlx get"}}},
      {"raise spec.replicas to 2", {{false, "raise spec.replicas to 2"}}},
  };
  for (const Case& c : cases) EXPECT_EQ(ParseRemedy(c.remedy), c.parts) << c.remedy;
}

TEST(Counts, LeaveOutZerosAndNameTheWorstFirst) {
  EXPECT_EQ(CountsInWords({}), "nothing was checked");
  EXPECT_EQ(CountsInWords({.pass = 38, .warn = 1, .fail = 2, .unknown = 1, .skipped = 3}),
            "2 failed, 1 warning, 1 unknown, 38 passed, 3 skipped");
  EXPECT_EQ(CountsInWords({.warn = 2}), "2 warnings");
}

TEST(OverallVerdict, FollowsFindingsAndExitCode) {
  Document document = samples::Healthy();
  EXPECT_EQ(OverallVerdict(document), CheckVerdict::Pass);
  document.exit_code = 5;
  EXPECT_EQ(OverallVerdict(document), CheckVerdict::Unknown);
  document.exit_code = 4;
  EXPECT_EQ(OverallVerdict(document), CheckVerdict::Warn);
  document.exit_code = 1;
  EXPECT_EQ(OverallVerdict(document), CheckVerdict::Fail);
  EXPECT_EQ(OverallVerdict(samples::Troubled()), CheckVerdict::Fail);
}

TEST(OverallVerdict, NothingKnownIsNeverAPass) {
  Document document;
  document.sections = {{"pods", "Pods", std::vector<ReportedFinding>{}}};
  EXPECT_EQ(OverallVerdict(document), CheckVerdict::Unknown);
  document.sections = {{"pods", "Pods", Table{}}};
  EXPECT_EQ(OverallVerdict(document), CheckVerdict::Pass) << "a table has nothing to check";
}

TEST(Wrap, BreaksAtSpacesAndCutsOnlyLongWords) {
  struct Case {
    std::string text;
    std::size_t width, max_lines;
    std::vector<std::string> lines;
  };
  const Case cases[] = {
      {"", 10, 0, {""}},
      {"a b", 0, 0, {"a b"}},
      {"one two three", 7, 0, {"one two", "three"}},
      {"one two three", 3, 0, {"one", "two", "thr", "ee"}},
      {"one two three", 3, 2, {"one", "tw…"}},
      {"one two three", 8, 1, {"one two…"}},
      {"日本語 日本", 4, 0, {"日本", "語", "日本"}},
      {"日", 1, 0, {"日"}},
      {"   spaced    out  ", 20, 0, {"spaced out"}},
  };
  for (const Case& c : cases) EXPECT_EQ(Wrap(c.text, c.width, c.max_lines), c.lines) << c.text;
}

TEST(Fold, NamesTheKindThatAllShare) {
  std::vector<ReportedFinding> findings = {samples::Passing("A", "Pod/a", "", ""),
                                           samples::Passing("A", "Pod/b", "", "")};
  std::vector<const ReportedFinding*> pointers = {&findings[0], &findings[1]};
  EXPECT_EQ(NounOf(pointers), "Pods");
  findings[1].finding.object = "Deployment/b";
  EXPECT_EQ(NounOf(pointers), "objects");
  findings[0].finding.object = findings[1].finding.object = "NetworkPolicy/x";
  EXPECT_EQ(NounOf(pointers), "NetworkPolicies");
  findings[0].finding.object = findings[1].finding.object = "Ingress/x";
  EXPECT_EQ(NounOf(pointers), "Ingresses");
}

TEST(Fold, KeepsFailuresApartAndInFrontOfFoldedPasses) {
  std::vector<ReportedFinding> findings = {samples::Passing("A", "Pod/a", "ok", "T"),
                                           samples::Passing("A", "Pod/b", "ok", "T"),
                                           samples::Passing("A", "Pod/c", "ok", "T")};
  findings[1].finding.verdict = CheckVerdict::Fail;
  std::vector<FindingLine> lines = FoldFindings(findings, {});
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].object, "Pod/b");
  EXPECT_EQ(lines[1].object, "2 other Pods");
  FoldRules all;
  all.fold = false;
  EXPECT_EQ(FoldFindings(findings, all).size(), 3U);
}

TEST(Fold, NeverHidesASingleFindingBehindACount) {
  std::vector<ReportedFinding> findings(6, samples::Passing("A", "Pod/a", "bad", "T"));
  for (ReportedFinding& reported : findings) reported.finding.verdict = CheckVerdict::Fail;
  FoldRules rules;
  rules.max_like = 5;
  EXPECT_EQ(FoldFindings(findings, rules).size(), 6U);
  findings.push_back(findings[0]);
  EXPECT_EQ(FoldFindings(findings, rules).size(), 6U) << "five and \"2 more\"";
}

}  // namespace
}  // namespace datafly::report

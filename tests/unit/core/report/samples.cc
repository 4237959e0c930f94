#include "tests/unit/core/report/samples.h"

namespace datafly::report::samples {

namespace {

constexpr std::string_view kDeployments[] = {"ingestion-gateway", "event-processor",
                                             "delivery-workers",  "identity-hub",
                                             "management-api",    "management-ui"};

constexpr char kControls[] =
    "a\0b \x01 \x7f \r\n second line ]]> </failure> ```\n# heading\n- item";

Time TakenAt() { return ParseTime("2026-11-26T03:09:25Z").value(); }

std::string Docs(const std::string& code) {
  std::string anchor = code;
  for (char& c : anchor) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return "docs/checks.md#" + anchor;
}

Document Preflight(std::string verdict, std::string detail, int exit_code) {
  Document document;
  document.kind = "PreflightReport";
  document.title = "Preflight of release datafly for 1.3.0";
  document.tool_version = "0.1.0";
  document.taken_at = TakenAt();
  document.context = {{"context", "prod"},
                      {"server", "https://10.0.0.1:6443"},
                      {"namespace", "datafly"},
                      {"release", "datafly (1.2.0, revision 7)"}};
  document.verdict = std::move(verdict);
  document.verdict_detail = std::move(detail);
  document.exit_code = exit_code;
  return document;
}

ReportedFinding Report(CheckVerdict verdict, std::string code, std::string object, std::string seen,
                       std::string title) {
  ReportedFinding reported;
  reported.finding.code = code;
  reported.finding.verdict = verdict;
  reported.finding.object = std::move(object);
  reported.finding.seen = std::move(seen);
  reported.title = std::move(title);
  reported.why = "What is not well before an upgrade is seldom better after it.";
  reported.docs = Docs(code);
  return reported;
}

std::vector<ReportedFinding> PerDeployment(std::string code, std::string seen, std::string title) {
  std::vector<ReportedFinding> findings;
  for (std::string_view name : kDeployments) {
    findings.push_back(Passing(code, fmt::format("Deployment/{}", name), seen, title));
  }
  return findings;
}

std::vector<ReportedFinding> Join(std::vector<std::vector<ReportedFinding>> lists) {
  std::vector<ReportedFinding> all;
  for (std::vector<ReportedFinding>& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

Section ReleaseSection() {
  return {
      "release", "Release",
      std::vector<ReportedFinding>{
          Passing("SIG-REL-001", "release datafly", "found: chart datafly 1.2.0, revision 7",
                  "The release is found"),
          Passing("SIG-REL-002", "release datafly", "Helm owns it", "Helm owns the release"),
          Passing("SIG-REL-003", "release datafly", "deployed", "The release is deployed"),
          Passing("SIG-REL-004", "release datafly", "no revision is pending", "No lock is held"),
          Passing("SIG-REL-005", "release datafly", "7 revisions of at most 10",
                  "The last good revision survives")}};
}

Section WorkloadSection() {
  return {
      "workloads", "Workloads",
      Join({PerDeployment("SIG-WRK-001", "complete for its generation",
                          "Every workload is complete"),
            PerDeployment("SIG-WRK-002", "RollingUpdate", "Every workload rolls without a gap")})};
}

ReportedFinding CrashingPod() {
  ReportedFinding pod =
      Report(CheckVerdict::Fail, "SIG-POD-002", "Pod/event-processor-7c9f6d8b5-x2x7k",
             "CrashLoopBackOff of container event-processor: exit code 1, 14 restarts, the last "
             "one 2m ago",
             "Every pod of the release is Running and Ready");
  pod.finding.remedy =
      "kubectl --context prod -n datafly logs event-processor-7c9f6d8b5-x2x7k -c event-processor "
      "--previous";
  pod.finding.evidence = {"panic: dial tcp 10.0.3.7:9092: connect: connection refused",
                          "Warning BackOff 2m ago (x14): Back-off restarting failed container"};
  return pod;
}

ReportedFinding UnknownNodes(Requirement requirement, std::string code) {
  ReportedFinding nodes =
      Report(CheckVerdict::Unknown, std::move(code), "nodes",
             "forbidden: user jane may not list nodes", "The surge pods fit the nodes");
  nodes.finding.needs = "list nodes";
  nodes.finding.requirement = requirement;
  nodes.finding.remedy = "kubectl signal permissions preflight -o yaml";
  return nodes;
}

ReportedFinding AcknowledgedNotes() {
  ReportedFinding notes =
      Report(CheckVerdict::Warn, "SIG-VER-005", "version 1.3.0",
             "nobody has said that the release notes were read", "The release notes were read");
  notes.finding.acknowledged = "read by jane, ticket OPS-4711";
  return notes;
}

ReportedFinding LockedRelease() {
  ReportedFinding lock = Report(CheckVerdict::Fail, "SIG-REL-004", "release datafly",
                                "revision 8 is pending-upgrade since 3d4h", "No lock is held");
  lock.finding.remedy =
      "Nobody is upgrading any more, as far as can be seen. Free the lock: helm --kube-context "
      "prod -n datafly rollback datafly 7\n"
      "Then look again.";
  return lock;
}

std::vector<ReportedFinding> SkippedTargets() {
  std::vector<ReportedFinding> skipped;
  for (int i = 1; i <= 4; ++i) {
    skipped.push_back(Report(CheckVerdict::Skipped, fmt::format("SIG-IMG-00{}", i), "",
                             "no target was named (--to)", "An image check"));
  }
  return skipped;
}

}  // namespace

ReportedFinding Passing(std::string code, std::string object, std::string seen, std::string title) {
  return Report(CheckVerdict::Pass, std::move(code), std::move(object), std::move(seen),
                std::move(title));
}

Document Healthy() {
  Document document = Preflight("go", "44 checks passed", 0);
  document.sections = {ReleaseSection(), WorkloadSection()};
  constexpr std::string_view kFamilies[] = {"Pods",        "Autoscaling", "Versions",
                                            "Images",      "Capacity",    "Platform",
                                            "Permissions", "Values",      "Backups"};
  int number = 0;
  for (std::string_view family : kFamilies) {
    std::vector<ReportedFinding> findings;
    for (int i = 1; i <= 3; ++i) {
      findings.push_back(Passing(fmt::format("SIG-F{:02}-00{}", number, i), "release datafly",
                                 fmt::format("{}: check {} is well", family, i), "A check"));
    }
    document.sections.push_back(
        {fmt::format("family{}", number++), std::string(family), std::move(findings)});
  }
  return document;
}

Document Troubled() {
  Document document = Preflight("no-go", "2 checks failed", 3);
  std::vector<ReportedFinding> pods = {CrashingPod()};
  for (int i = 0; i < 7; ++i)
    pods.push_back(Passing("SIG-POD-002", fmt::format("Pod/ingestion-gateway-{}", i),
                           "Running and Ready", "Every pod of the release is Running and Ready"));
  document.sections = {
      {"release", "Release",
       std::vector<ReportedFinding>{
           Passing("SIG-REL-001", "release datafly", "found: chart datafly 1.2.0, revision 8",
                   "The release is found"),
           LockedRelease()}},
      {"version", "Version", std::vector<ReportedFinding>{AcknowledgedNotes()}},
      WorkloadSection(),
      {"pods", "Pods", std::move(pods)},
      {"capacity", "Capacity",
       std::vector<ReportedFinding>{UnknownNodes(Requirement::Required, "SIG-CAP-001"),
                                    UnknownNodes(Requirement::Advisory, "SIG-CAP-002")}},
      {"images", "Images", SkippedTargets()},
  };
  return document;
}

Document Tables() {
  Document document = Preflight("good", "", 0);
  document.kind = "HealthReport";
  document.title = "Health of release datafly";
  Table table;
  table.columns = {{"SERVICE"},
                   {"READY", false, true},
                   {"VERSION", false, false, 1},
                   {"NEWEST WARNING", false, false, 2},
                   {"NODES", true}};
  table.rows = {
      {{"ingestion-gateway"}, {"2/2", Cell::Tone::Good}, {"v1.2.0"}, {""}, {"node-1, node-2"}},
      {{"event-processor"},
       {"1/2", Cell::Tone::Bad},
       {"v1.2.0"},
       {"BackOff: Back-off restarting failed container event-processor in pod "
        "event-processor-7c9f6d8b5-x2x7k",
        Cell::Tone::Warn},
       {"node-3"}},
      {{"identity-hub"}, {"1/1", Cell::Tone::Good}, {"v1.2.0"}, {"‒", Cell::Tone::Dim}},
  };
  document.sections = {
      {"services", "Services", table},
      {"notes", "Notes",
       Text{"Lag was not measured.\n\n  Prometheus is not configured (profile: prometheus.url)."}}};
  return document;
}

Document Hostile() {
  Document document = Preflight("no-go\x1b[2J",
                                "<script>alert(1)</script> \xE2\x80\xAE"
                                "evil",
                                3);
  document.title = "A </title><script>alert(1)</script> \x1b]0;owned\x07 \xff\xfe | `x`";
  document.context.emplace_back("release\x1b[31m",
                                "<img src=x onerror=alert(1)> ]]> \xC2\x9B"
                                "31m | a");
  ReportedFinding bad = Report(CheckVerdict::Fail, "SIG-POD-002", "Pod/\x1b[31mred\x1b[0m|`<b>\"'&",
                               std::string(kControls, sizeof kControls - 1), "Title <i>| `tick`");
  bad.finding.remedy =
      "kubectl logs '<script>alert(1)</script>' `rm -rf /`\nSay | [link](javascript:alert(1)) "
      "\x1b[2K";
  bad.finding.evidence = {"\xed\xa0\x80 surrogate", "\xEF\xBF\xBE noncharacter",
                          "![img](http://evil.example/x.png)", "\xE2\x81\xA6isolate\xE2\x81\xA9"};
  bad.why = "<style>*{display:none}</style>";
  bad.docs = "javascript:alert(1)\" onclick=\"alert(1)";
  Table table;
  table.columns = {{"NA\x1b[0mME|"}, {"NAME"}, {"name"}};
  table.rows = {{{"<td>|`\n\x1b[1m"}, {"\xff"}, {"]]>"}}, {{"short row"}}};
  document.sections = {{"pods\"><x", "Pods <b>", std::vector<ReportedFinding>{bad}},
                       {"t", "T", table},
                       {"x", "X", Text{"<pre>\n\x1b[5mblink\n```"}}};
  return document;
}

Document Many() {
  Document many = Preflight("no-go", "1 no-go, 1 not known, 1 go", 3);
  many.context.clear();
  many.title = "Preflight";
  Table rows{{{"NAMESPACE"}, {"VERDICT"}}, {{{"a"}, {"go"}}, {{"b"}, {"no-go"}}}};
  many.sections.push_back({"installations", "Installations", std::move(rows)});
  Document unread;
  unread.title = "Not looked at";
  unread.context = {{"context", "prod"}, {"namespace", "c"}, {"release", "datafly"}};
  unread.verdict = "not known";
  unread.verdict_detail = "forbidden: needs get on secrets in c <b>";
  unread.exit_code = 5;
  unread.sections.push_back({"reason", "Reason", Text{unread.verdict_detail}});
  many.installations = {Healthy(), Troubled(), unread};
  return many;
}

Document ManyAlike(std::size_t count) {
  Document document = Preflight("no-go", "", 3);
  std::vector<ReportedFinding> pods;
  for (std::size_t i = 0; i < count; ++i) {
    pods.push_back(Report(CheckVerdict::Fail, "SIG-POD-002",
                          fmt::format("Pod/event-processor-{}", i), "Pending: no node fits",
                          "Every pod is Ready"));
    pods.back().finding.remedy = "kubectl -n datafly describe pods";
  }
  document.sections = {{"pods", "Pods", std::move(pods)}};
  return document;
}

}  // namespace datafly::report::samples

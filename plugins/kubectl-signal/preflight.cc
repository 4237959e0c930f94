#include "common/cli/cluster.h"
#include "common/cli/profile_source.h"
#include "common/cli/report_output.h"
#include "common/core/facts/snapshot.h"
#include "common/core/report/judgement.h"
#include "common/gather/gather.h"
#include "common/gather/target.h"
#include "plugins/kubectl-signal/commands.h"
#include "plugins/kubectl-signal/facts_source.h"

namespace datafly::commands {
namespace {

struct Options {
  cli::SharedFlags shared;
  FactsSource source;
  checks::Selection selection;
  std::vector<std::string> acks;
  std::string wait_for;
  std::string claim;
};

void Declare(cli::CommandLine& line, Options& options) {
  line.AddOption("--to", options.source.to,
                 "Judge the step too: VERSION, a chart (oci://…, folder, .tgz, repo/name), latest, "
                 "latest-minor or latest-patch",
                 "TARGET");
  line.AddList("-f,--values", options.source.values_files,
               "Values file for the target, as helm upgrade -f (repeatable)", "FILE");
  line.AddList("--set", options.source.sets,
               "Value for the target, as helm upgrade --set (repeatable)", "KEY=VALUE");
  line.AddOption("--from", options.source.snapshot_file,
                 "Judge a snapshot instead of a live cluster", "FILE");
  line.AddList("--only", options.selection.only,
               "Only these codes or prefixes: SIG-POD (repeatable)", "CODE");
  line.AddList("--skip", options.selection.skip, "Not these codes or prefixes (repeatable)",
               "CODE");
  line.AddList("--ack", options.acks,
               "Acknowledge a finding, recorded in the report: CODE=REASON (repeatable)",
               "CODE=REASON");
  line.AddOption("--backup-taken-at", options.claim,
                 "Claim that a backup was taken at that time (shown as a claim)", "TIME");
  line.AddOption("--wait-for", options.wait_for, "Judge again until it is good, at most so long",
                 "DURATION");
  cli::DeclareOutputFlags(line, options.shared);
  cli::DeclareConnectionFlags(line, options.shared);
  line.SetFooter(
      "Examples:\n"
      "  kubectl signal preflight -n datafly\n"
      "  kubectl signal preflight -n datafly --to 1.3.0 -f values-production.yaml\n"
      "  kubectl signal preflight -n datafly --to latest-minor -o html > preflight.html\n"
      "  kubectl signal preflight --from incident.snapshot");
}

Result<std::vector<checks::Acknowledgement>> ParseAcks(const std::vector<std::string>& texts) {
  std::vector<checks::Acknowledgement> acks;
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals + 1 == text.size()) {
      return Fail(Error::InvalidInput(
          "--ack wants CODE=REASON, for example --ack SIG-NOTE-001='read by Kim'"));
    }
    const std::string code = text.substr(0, equals);
    const checks::CheckSpec* spec = checks::FindSpec(code);
    if (spec == nullptr)
      return Fail(Error::InvalidInput(fmt::format("--ack: no check has the code \"{}\"", code)));
    if (!spec->ackable)
      return Fail(Error::InvalidInput(fmt::format("--ack: {} cannot be acknowledged", code)));
    acks.push_back({code, text.substr(equals + 1)});
  }
  return acks;
}

// A code, or the beginning of one: "SIG-POD".
bool NamesAnyCode(const std::string& prefix) {
  for (const checks::Family& family : checks::AllFamilies()) {
    for (const checks::CheckSpec& spec : family.catalogue) {
      if (spec.code.starts_with(prefix)) return true;
    }
  }
  return false;
}

Result<void> CheckSelection(const checks::Selection& selection) {
  for (const auto* list : {&selection.only, &selection.skip}) {
    for (const std::string& code : *list) {
      if (!NamesAnyCode(code)) {
        return Fail(Error::InvalidInput(fmt::format("no check has the code or prefix \"{}\"", code),
                                        "list them: kubectl signal explain"));
      }
    }
  }
  return {};
}

std::string TitleOf(const Facts& facts) {
  const std::string release =
      facts.scope.release.empty() ? "" : " of release " + facts.scope.release;
  return facts.target ? fmt::format("Preflight{} for {}", release, facts.target->chart_version)
                      : "Preflight" + release;
}

struct Judged {
  report::Document document;
  bool good = false;
};

Judged JudgeFacts(const Options& options, const Profile& profile, const Facts& facts,
                  std::span<const checks::Acknowledgement> acks, bool fail_on_warn) {
  const auto results = checks::JudgeAll({facts, profile}, options.selection, acks);
  Judged judged{
      report::JudgementDocument("PreflightReport", TitleOf(facts), facts, results, fail_on_warn),
      false};
  judged.good = judged.document.exit_code == 0;
  return judged;
}

// Gathers and judges, again every few seconds until it is good or the time is over; only the last
// judgement is shown.
Result<report::Document> JudgeUntilGood(Options& options, const Profile& profile,
                                        const cli::OutputPlan& plan,
                                        std::span<const checks::Acknowledgement> acks,
                                        Millis wait_for, cli::Session& session) {
  constexpr auto kBetween = std::chrono::seconds(5);
  const Instant end = session.loop.Now() + wait_for;
  for (;;) {
    ASSIGN_OR_RETURN(const Facts facts,
                     GatherFacts(session, options.shared, options.source, profile, plan.deadline));
    Judged judged = JudgeFacts(options, profile, facts, acks, plan.fail_on_warn);
    if (judged.good || session.loop.Now() >= end) return std::move(judged.document);
    session.terminal.Err(fmt::format(
        "{}: {}; trying again for {} more", judged.document.verdict, judged.document.verdict_detail,
        FormatAge(std::chrono::duration_cast<Millis>(end - session.loop.Now()))));
    TRY(session.loop.RunUntil(std::min(end, session.loop.Now() + kBetween), [] { return false; }));
  }
}

cli::ExitStatus Run(Options& options, cli::Session& session) {
  const auto plan = cli::ResolveOutput(options.shared);
  if (!plan) return cli::ReportUsage(session, plan.error());
  const auto acks = ParseAcks(options.acks);
  if (!acks) return cli::ReportUsage(session, acks.error());
  if (const auto known = CheckSelection(options.selection); !known)
    return cli::ReportUsage(session, known.error());
  const auto wait_for = ParseDuration(options.wait_for.empty() ? "0" : options.wait_for);
  if (!wait_for) return cli::ReportUsage(session, wait_for.error().Within("--wait-for"));
  if (wait_for->count() > 0 && !options.source.snapshot_file.empty()) {
    return cli::ReportUsage(
        session,
        Error::InvalidInput("--wait-for needs a live cluster; a snapshot does not change"));
  }
  auto profile = cli::LoadProfile(options.shared, session);
  if (!profile) return cli::Report(session, profile.error());
  if (!options.claim.empty()) profile->backup_claim = options.claim;

  const auto document = JudgeUntilGood(options, *profile, *plan, *acks, *wait_for, session);
  if (!document) return cli::Report(session, document.error());
  return cli::Show(session, options.shared, *plan, *document);
}

}  // namespace

cli::Command PreflightCommand() {
  auto options = std::make_shared<Options>();
  cli::Command command;
  command.name = "preflight";
  command.group = "Before an upgrade";
  command.summary = "The go/no-go before an upgrade: judge today's state, and with --to the step";
  command.shared = &options->shared;
  command.declare = [options](cli::CommandLine& line) { Declare(line, *options); };
  command.run = [options](cli::Session& session) { return Run(*options, session); };
  return command;
}

}  // namespace datafly::commands

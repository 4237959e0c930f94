#include "common/cli/profile_source.h"
#include "common/core/base/text.h"
#include "common/core/base/time.h"
#include "common/core/report/judgement.h"
#include "plugins/kubectl-signal/commands.h"
#include "plugins/kubectl-signal/judging.h"

namespace datafly::commands {
namespace {

struct Options {
  JudgingFlags judging;
  checks::Selection selection;
  std::vector<std::string> acks;
  std::string claim;
};

void Declare(cli::CommandLine& line, Options& options) {
  line.AddOption("--to", options.judging.source.to,
                 "Judge the step too: VERSION, a chart (oci://…, folder, .tgz, repo/name), latest, "
                 "latest-minor or latest-patch",
                 "TARGET");
  line.AddList("-f,--values", options.judging.source.values_files,
               "Values file for the target, as helm upgrade -f (repeatable)", "FILE");
  line.AddList("--set", options.judging.source.sets,
               "Value for the target, as helm upgrade --set (repeatable)", "KEY=VALUE");
  line.AddList("--only", options.selection.only,
               "Only these codes or prefixes: SIG-POD (repeatable)", "CODE");
  line.AddList("--skip", options.selection.skip, "Not these codes or prefixes (repeatable)",
               "CODE");
  line.AddList("--ack", options.acks,
               "Acknowledge a finding, recorded in the report: CODE=REASON (repeatable)",
               "CODE=REASON");
  line.AddOption(
      "--backup-taken-at", options.claim,
      "Claim that a backup was taken at that time, 2026-11-26T03:09:25Z (shown as a claim)",
      "TIME");
  DeclareJudgingFlags(line, options.judging);
  line.SetFooter(
      "Examples:\n"
      "  kubectl signal preflight -n datafly\n"
      "  kubectl signal preflight -n datafly --to 1.3.0 -f values-production.yaml\n"
      "  kubectl signal preflight -n datafly --to latest-minor -o html > preflight.html\n"
      "  kubectl signal preflight -A --context prod-eu --context prod-us\n"
      "  kubectl signal preflight -n datafly --watch\n"
      "  kubectl signal preflight --from incident.snapshot\n\n"
      "With -A, -l or several --context: one row for each installation (-o wide: each report, "
      "too), "
      "the full findings\n"
      "in json, yaml, junit, markdown and html, and the worst exit code. One that cannot be looked "
      "at is a row with\n"
      "the reason and counts as 5; if none can be, the exit code is 1. -A wants list on Helm's "
      "records (secrets) in\n"
      "the whole cluster.");
}

Result<void> CheckSelection(const checks::Selection& selection) {
  for (const auto* list : {&selection.only, &selection.skip}) {
    for (const std::string& code : *list) {
      if (!checks::NamesAnyCode(code)) {
        return Fail(Error::InvalidInput(fmt::format("no check has the code or prefix \"{}\"", code),
                                        "list them: kubectl signal explain"));
      }
    }
  }
  return {};
}

/// A word that is no time would pass as a claim whose age nobody can judge.
Result<void> CheckClaim(const std::string& claim) {
  if (claim.empty() || ParseTime(Trim(claim))) return {};
  return Fail(Error::InvalidInput(
      fmt::format("--backup-taken-at: \"{}\" is not a time", EscapeForTerminal(claim)),
      "write it like 2026-11-26T03:09:25Z; a claim without a time is backups.claim of the "
      "profile"));
}

std::string TitleOf(const Facts& facts) {
  const std::string release =
      facts.scope.release.empty() ? "" : " of release " + facts.scope.release;
  return facts.target ? fmt::format("Preflight{} for {}", release, facts.target->chart_version)
                      : "Preflight" + release;
}

report::Document JudgeFacts(const Options& options, const Profile& profile, const Facts& facts,
                            std::span<const checks::Acknowledgement> acks, bool fail_on_warn) {
  const auto results = checks::JudgeAll({facts, profile}, options.selection, acks);
  report::Document document =
      report::JudgementDocument("PreflightReport", TitleOf(facts), facts, results, fail_on_warn);
  report::AddChanges(document, facts);
  return document;
}

cli::ExitStatus Run(const Options& options, cli::Session& session) {
  const auto plan = ResolveJudging(options.judging);
  if (!plan) return cli::ReportUsage(session, plan.error());
  const auto acks = checks::ParseAcknowledgements(options.acks);
  if (!acks) return cli::ReportUsage(session, acks.error());
  if (const auto known = CheckSelection(options.selection); !known)
    return cli::ReportUsage(session, known.error());
  if (const auto time = CheckClaim(options.claim); !time)
    return cli::ReportUsage(session, time.error());
  if (const auto target =
          CheckTargetFlags(options.judging.source, !options.judging.source.to.empty());
      !target)
    return cli::ReportUsage(session, target.error());
  auto profile = cli::LoadProfile(options.judging.shared, session);
  if (!profile) return cli::Report(session, profile.error());
  if (!options.claim.empty()) profile->backup_claim = options.claim;

  const std::string& to = options.judging.source.to;
  const Judging judging{
      "PreflightReport", to.empty() ? "Preflight" : "Preflight for " + to, [&](const Facts& facts) {
        return JudgeFacts(options, *profile, facts, *acks, plan->output.fail_on_warn);
      }};
  return RunJudging(session, options.judging, *plan, *profile, judging);
}

}  // namespace

cli::Command PreflightCommand() {
  auto options = std::make_shared<Options>();
  cli::Command command;
  command.name = "preflight";
  command.group = "Before an upgrade";
  command.summary = "The go/no-go before an upgrade: judge today's state, and with --to the step";
  command.shared = &options->judging.shared;
  command.many = true;
  command.declare = [options](cli::CommandLine& line) { Declare(line, *options); };
  command.run = [options](cli::Session& session) { return Run(*options, session); };
  return command;
}

}  // namespace datafly::commands

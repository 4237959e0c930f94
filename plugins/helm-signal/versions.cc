#include "common/cli/cluster.h"
#include "common/cli/profile_source.h"
#include "common/cli/report_output.h"
#include "common/core/report/versions_document.h"
#include "common/gather/chart_source.h"
#include "common/gather/release_today.h"
#include "common/io/registry/logins.h"
#include "plugins/helm-signal/commands.h"

namespace datafly::commands {
namespace {

/// How many of the newest are asked what they say about themselves: two requests each.
constexpr std::size_t kMostDescribed = 30;

struct Options {
  cli::SharedFlags shared;
  cli::HelmFlags helm;
  gather::ChartSourceRequest source;
  std::string password;
  std::string release;
  bool all = false;
  bool devel = false;
};

void DeclareSource(cli::CommandLine& line, Options& options) {
  constexpr const char* kSource = "Source (as helm)";
  gather::ChartSourceRequest& source = options.source;
  line.AddOption("--chart", source.chart,
                 "oci://…, REPOSITORY/NAME or a repository's URL (default: the profile's)", "CHART",
                 kSource);
  line.AddOption("--repo", source.repo, "URL of the repository; --chart is then the chart's name",
                 "URL", kSource);
  line.AddOption("--username", source.username, "User of the repository or registry", "NAME",
                 kSource);
  line.AddOption("--password", options.password, "Password of that user", "PASSWORD", kSource);
  line.AddOption("--ca-file", source.ca_file, "Verify its certificate by this bundle", "FILE",
                 kSource);
  line.AddOption("--cert-file", source.cert_file, "Client certificate for it", "FILE", kSource);
  line.AddOption("--key-file", source.key_file, "Key of the client certificate", "FILE", kSource);
  line.AddFlag("--insecure-skip-tls-verify", source.insecure_skip_tls_verify,
               "Do not verify its certificate", kSource);
  line.AddFlag("--plain-http", source.plain_http, "The registry is served without TLS", kSource);
}

void Declare(cli::CommandLine& line, Options& options) {
  line.AddPositional("RELEASE", options.release,
                     "Helm release (default: the one of the platform's chart in the namespace)",
                     false);
  line.AddFlag("-l,--versions", options.all, "Every version, not only newer ones");
  line.AddFlag("--devel", options.devel, "Pre-releases, too");
  DeclareSource(line, options);
  cli::DeclareOutputFlags(line, options.shared);
  cli::DeclareHelmFlags(line, options.shared, options.helm);
  line.SetFooter(fmt::format(
      "Newest first; CLASS is the step from today's version, RUNS HERE holds the chart's "
      "Kubernetes range against the\n"
      "cluster. The {} newest are asked for what they say about themselves; \"?\" is what is not "
      "known.\n\n"
      "Credentials are Helm's: helm registry login, helm repo add (credential helpers, too).\n\n"
      "Examples:\n"
      "  helm signal versions -n datafly\n"
      "  helm signal versions -n datafly --versions --devel -o json\n"
      "  helm signal versions datafly --chart oci://registry.example/charts/datafly\n"
      "  helm signal versions --repo https://charts.example --chart datafly\n\n"
      "Exit codes: 0 listed, 1 the source could not be asked, 5 listed, but today's version is not "
      "known (or the release\n"
      "holds another chart), or the list is Helm's cached one, 64 wrong usage, 130 interrupted.",
      kMostDescribed));
}

// -v: where the time of a command went.
void SayTook(cli::Session& session, std::string_view what, Instant since) {
  const auto took = std::chrono::duration_cast<Millis>(session.loop.Now() - since);
  session.log.Say(cli::Log::Level::Info, what, {{"took_ms", took.count()}});
}

// A cluster that does not answer must not use up the time that the source needs.
Instant HalfOf(Instant now, Instant deadline) { return now + (deadline - now) / 2; }

gather::ReleaseToday Nothing(const Error& error) {
  gather::ReleaseToday today;
  today.server_version = Absence::From(error);
  today.chart = Absence::From(error);
  return today;
}

/// Fails only when interrupted: the list is worth something without a cluster.
Result<gather::ReleaseToday> AskCluster(cli::Session& session, const Options& options,
                                        const Profile& profile, Instant deadline) {
  const Instant started = session.loop.Now();
  const auto cluster = cli::Connect(session, options.shared);
  if (!cluster) return Nothing(cluster.error());
  const System system{session.files, session.environment, session.clock, session.processes,
                      session.loop};
  gather::Io io{session.loop, *cluster->http, *cluster->kube, system, HalfOf(started, deadline)};
  auto today = gather::GatherReleaseToday(
      io, profile, {cluster->config().default_namespace, options.shared.release});
  SayTook(session, "asked the API server", started);
  return today;
}

gather::ChartSourceRequest SourceOf(const Options& options, const cli::Session& session) {
  gather::ChartSourceRequest source = options.source;
  source.password = SecretString(options.password);
  const cli::HelmFiles files = cli::ResolveHelmFiles(options.helm, session.environment);
  source.repository_config = files.repository_config;
  source.repository_cache = files.repository_cache;
  source.login_files = {files.registry_config, registry::DockerConfigFile(session.environment)};
  return source;
}

/// The chart that a source offers: as it says itself, else as it is asked for ("datafly in
/// https://charts.example"). An OCI repository's last name is the chart's: Helm pushes it so
/// (helm pkg/registry).
std::string ChartOf(const std::vector<charts::Offer>& offers, const std::string& source) {
  for (const charts::Offer& offer : offers)
    if (offer.metadata && !offer.metadata->name.empty()) return offer.metadata->name;
  if (source.starts_with("oci://")) return source.substr(source.rfind('/') + 1);
  return source.substr(0, source.find(" in "));
}

/// Today's version, if it is one of the chart that is offered: those of another chart cannot be
/// newer.
Fact<std::string> VersionToday(const gather::ReleaseToday& today, const std::string& offered) {
  if (!today.chart) return today.chart.absence();
  if (offered.empty() || today.chart->name == offered) return today.chart->version;
  return Absence{AbsenceKind::NotFound,
                 fmt::format("release {} holds chart {} {}, and {} is another chart",
                             today.scope.release, today.chart->name, today.chart->version, offered),
                 {}};
}

Result<report::VersionsReport> Gather(cli::Session& session, const Options& options,
                                      const Profile& profile, Millis time) {
  const Instant started = session.loop.Now();
  const Instant deadline = started + time;
  const System system{session.files, session.environment, session.clock, session.processes,
                      session.loop};
  http::Client http(session.loop, &session.log);
  ASSIGN_OR_RETURN(const auto source,
                   gather::ChartSource::Start(http, system, profile, SourceOf(options, session)));
  // Both are asked at once: the source's first request is under way while the cluster answers.
  ASSIGN_OR_RETURN(const auto today, AskCluster(session, options, profile, deadline));
  TRY(session.loop.Wait(deadline, *source));
  SayTook(session, "the chart's source answered", started);
  const Instant listing = session.loop.Now();
  auto listed = source->Take();
  if (!listed) return Fail(listed.error().Within(source->shown()));
  SayTook(session, "read the list of versions", listing);
  if (listed->offers.empty())
    return Fail(Error::NotFound(source->shown() + " offers no version of the chart"));

  report::VersionsReport report;
  report.taken_at = session.clock.Now();
  report.tool_version = std::string(cli::ToolVersion());
  report.scope = today.scope;
  report.source = source->shown();
  report.server_version = today.server_version;
  report.today = VersionToday(today, ChartOf(listed->offers, source->shown()));
  report.unreadable = listed->unreadable;
  report.stale = listed->stale;
  const auto version = SemVer::Parse(report.today ? *report.today : "");
  report.chosen = charts::ChooseOffers(
      std::move(listed->offers),
      {version ? std::optional<SemVer>(*version) : std::nullopt, options.all, options.devel});
  const Instant describing = session.loop.Now();
  TRY(gather::DescribeOffers(session.loop, deadline, *source, kMostDescribed,
                             report.chosen.offers));
  SayTook(session, "asked the versions about themselves", describing);
  return report;
}

Result<void> CheckOptions(Options& options) {
  if (!options.release.empty()) {
    if (!options.shared.release.empty() && options.shared.release != options.release)
      return Fail(Error::InvalidInput("two releases are named: by RELEASE and by --release"));
    options.shared.release = options.release;
  }
  if (options.source.username.empty() != options.password.empty())
    return Fail(Error::InvalidInput("--username and --password go together"));
  return {};
}

cli::ExitStatus Run(Options& options, cli::Session& session) {
  const auto plan = cli::ResolveOutput(options.shared);
  if (!plan) return cli::ReportUsage(session, plan.error());
  if (const auto sound = CheckOptions(options); !sound)
    return cli::ReportUsage(session, sound.error());
  const auto profile = cli::LoadProfile(options.shared, session);
  if (!profile) return cli::Report(session, profile.error());
  const auto report = Gather(session, options, *profile, plan->deadline);
  if (!report) return cli::Report(session, report.error());
  return cli::Show(session, options.shared, *plan, report::VersionsDocument(*report));
}

}  // namespace

cli::Command VersionsCommand() {
  auto options = std::make_shared<Options>();
  cli::Command command;
  command.name = "versions";
  command.group = "Before an upgrade";
  command.summary = "What the chart's registry or repository offers beyond today's version";
  command.shared = &options->shared;
  command.helm = &options->helm;
  command.declare = [options](cli::CommandLine& line) { Declare(line, *options); };
  command.run = [options](cli::Session& session) { return Run(*options, session); };
  return command;
}

}  // namespace datafly::commands

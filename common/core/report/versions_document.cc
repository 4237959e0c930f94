#include "common/core/report/versions_document.h"

#include "common/core/report/judgement.h"

namespace datafly::report {

namespace {

using charts::Offer;
using charts::Runs;

constexpr const char* kUnknown = "?";

struct Row {
  const Offer& offer;
  std::optional<VersionStep> step;  ///< from today
  Runs runs = Runs::Unknown;
};

std::optional<SemVer> TodayOf(const VersionsReport& report) {
  auto today = SemVer::Parse(report.today ? *report.today : "");
  if (!today) return std::nullopt;
  return *std::move(today);
}

Row Judge(const Offer& offer, const std::optional<SemVer>& today, const std::string& server) {
  Row row{offer, std::nullopt, Runs::Unknown};
  if (today) row.step = ClassifyStep(*today, offer.version);
  if (offer.metadata) row.runs = charts::RunsOn(*offer.metadata, server);
  return row;
}

std::string ClassOf(const Row& row) {
  if (!row.step) return kUnknown;
  if (*row.step == VersionStep::Same) return "today";
  if (*row.step == VersionStep::Downgrade) return "older";
  return std::string(ToString(*row.step));
}

Cell RunsCell(Runs runs) {
  switch (runs) {
    case Runs::Yes:
      return {"yes", Cell::Tone::Good};
    case Runs::No:
      return {"no", Cell::Tone::Bad};
    case Runs::Unknown:
      break;
  }
  return {kUnknown, Cell::Tone::Dim};
}

Cell TextCell(const Fact<charts::ChartMetadata>& metadata, std::string charts::ChartMetadata::*text,
              const char* when_empty) {
  if (!metadata) return {kUnknown, Cell::Tone::Dim};
  const std::string& value = (*metadata).*text;
  return {value.empty() ? when_empty : value};
}

std::string CreatedOf(const Fact<charts::ChartMetadata>& metadata) {
  return metadata && metadata->created ? FormatTime(*metadata->created) : kUnknown;
}

bool IsDeprecated(const Row& row) { return row.offer.metadata && row.offer.metadata->deprecated; }

Cell NoteOf(const Row& row) {
  std::vector<std::string> notes;
  const auto& metadata = row.offer.metadata;
  if (!row.offer.version.prerelease.empty()) notes.emplace_back("pre-release");
  if (IsDeprecated(row)) notes.emplace_back("deprecated");
  if (!metadata) notes.push_back(metadata.absence().reason);
  return {fmt::format("{}", fmt::join(notes, ", ")),
          IsDeprecated(row) ? Cell::Tone::Warn : Cell::Tone::Plain};
}

Table ToTable(const std::vector<Row>& rows) {
  Table table;
  table.columns = {{"VERSION"},
                   {"CLASS"},
                   {"APP VERSION", false, false, 2},
                   {"KUBERNETES", false, false, 1},
                   {"RUNS HERE"},
                   {"CREATED", false, false, 3},
                   {"NOTE", false, false, 4},
                   {"PRE-RELEASE", true, false, 0, "preRelease"},
                   {"DEPRECATED", true}};
  for (const Row& row : rows) {
    const auto& metadata = row.offer.metadata;
    const char* deprecated = !metadata ? kUnknown : metadata->deprecated ? "yes" : "no";
    table.rows.push_back({{row.offer.version.ToString()},
                          {ClassOf(row)},
                          TextCell(metadata, &charts::ChartMetadata::app_version, "-"),
                          TextCell(metadata, &charts::ChartMetadata::kube_version, "any"),
                          RunsCell(row.runs),
                          {CreatedOf(metadata)},
                          NoteOf(row),
                          {row.offer.version.prerelease.empty() ? "no" : "yes"},
                          {deprecated}});
  }
  return table;
}

/// The newest release of a class that may run here and is not given up by its authors; where there
/// is none, the newest.
const Row* NewestOf(VersionStep step, const std::vector<Row>& rows) {
  const Row* newest = nullptr;
  for (const Row& row : rows) {
    if (row.step != step || !row.offer.version.prerelease.empty()) continue;
    if (newest == nullptr) newest = &row;
    if (row.runs != Runs::No && !IsDeprecated(row)) return &row;
  }
  return newest;
}

std::string ReservationsOf(const Row& row) {
  std::vector<std::string_view> words;
  if (row.runs == Runs::No) words.emplace_back("not on this Kubernetes");
  if (IsDeprecated(row)) words.emplace_back("deprecated");
  return words.empty() ? std::string() : fmt::format(" ({})", fmt::join(words, ", "));
}

// "minor 1.3.0, major 2.0.0 (not on this Kubernetes)".
std::string NewestOfEach(const std::vector<Row>& rows) {
  std::vector<std::string> words;
  for (const VersionStep step : {VersionStep::Patch, VersionStep::Minor, VersionStep::Major}) {
    const Row* newest = NewestOf(step, rows);
    if (newest == nullptr) continue;
    words.push_back(fmt::format("{} {}{}", ToString(step), newest->offer.version.ToString(),
                                ReservationsOf(*newest)));
  }
  return words.empty() ? "pre-releases only" : fmt::format("{}", fmt::join(words, ", "));
}

std::string HowMany(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

void AddNotes(const VersionsReport& report, const std::optional<SemVer>& today,
              std::vector<std::string>& notes) {
  if (!report.stale.empty()) notes.push_back(report.stale);
  if (!report.today)
    notes.push_back("Today's version is not known: " + report.today.absence().reason);
  else if (!today)
    notes.push_back(fmt::format("Today's version {} is not a version by SemVer", *report.today));
  if (!report.server_version) {
    notes.push_back("The cluster's Kubernetes is not known: " +
                    report.server_version.absence().reason);
  }
  if (report.chosen.hidden_prereleases > 0) {
    notes.push_back(HowMany(report.chosen.hidden_prereleases, "pre-release") +
                    " not shown (--devel)");
  }
  if (report.unreadable > 0) {
    notes.push_back(HowMany(report.unreadable, "version") + " of the index left out: not SemVer");
  }
}

void AddContext(Document& document, const VersionsReport& report) {
  AddScope(document, report.scope);
  document.context.emplace_back("source", report.source);
  if (report.today) document.context.emplace_back("today", *report.today);
  if (report.server_version) document.context.emplace_back("kubernetes", *report.server_version);
}

// What is told first, and the exit code that goes with it.
void AddVerdict(Document& document, const VersionsReport& report, const std::vector<Row>& rows,
                bool today_known) {
  const auto newer =
      static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [](const Row& row) {
        return row.step && *row.step != VersionStep::Same && *row.step != VersionStep::Downgrade;
      }));
  if (!today_known) {
    document.verdict = "not known";
    document.verdict_detail = HowMany(rows.size(), "version") +
                              " offered, which of them are newer "
                              "cannot be said";
  } else if (newer == 0) {
    document.verdict = "up to date";
    document.verdict_detail = "nothing newer is offered";
  } else {
    document.verdict = HowMany(newer, "newer version");
    document.verdict_detail = NewestOfEach(rows);
  }
  if (!today_known || !report.stale.empty()) document.exit_code = 5;
  if (today_known && !report.stale.empty()) document.verdict = "not known: " + document.verdict;
}

}  // namespace

Document VersionsDocument(const VersionsReport& report) {
  Document document;
  document.kind = "VersionsReport";
  document.title = report.scope.release.empty() ? "Versions offered"
                                                : "Versions for release " + report.scope.release;
  document.tool_version = report.tool_version;
  document.taken_at = report.taken_at;
  AddContext(document, report);
  const auto today = TodayOf(report);
  std::vector<Row> rows;
  for (const Offer& offer : report.chosen.offers)
    rows.push_back(Judge(offer, today, report.server_version ? *report.server_version : ""));
  document.sections.push_back({"versions", "", ToTable(rows)});
  std::vector<std::string> notes;
  AddNotes(report, today, notes);
  if (!notes.empty())
    document.sections.push_back(
        {"notes", "Notes", Text{fmt::format("{}", fmt::join(notes, "\n"))}});
  AddVerdict(document, report, rows, today.has_value());
  return document;
}

}  // namespace datafly::report

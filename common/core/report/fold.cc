#include "common/core/report/fold.h"

#include "common/core/base/text.h"

namespace datafly::report {

namespace {

using Group = std::vector<const ReportedFinding*>;

/// "Deployment" of "Deployment/event-processor", or empty.
std::string_view KindOf(const ReportedFinding& reported) {
  std::string_view object = reported.finding.object;
  std::size_t slash = object.find('/');
  return slash == std::string_view::npos ? std::string_view() : object.substr(0, slash);
}

std::string Plural(std::string_view noun) {
  if (noun.ends_with("s")) return fmt::format("{}es", noun);
  if (noun.ends_with("cy")) return fmt::format("{}ies", noun.substr(0, noun.size() - 1));
  return fmt::format("{}s", noun);
}

FindingLine LineOf(const ReportedFinding& reported) {
  const Finding& finding = reported.finding;
  return {finding.verdict, finding.code, reported.title, finding.object, finding.seen,
          &reported,       true};
}

class Folder {
 public:
  explicit Folder(const FoldRules& rules) : rules_(rules) {}

  /// `code`: all findings of one code, in order.
  void AddCode(const Group& code) {
    Group passes;
    // Fail, warn and unknown: the order of urgency is the order of lines.
    std::array<Group, 3> others;
    for (const ReportedFinding* reported : code) {
      switch (reported->finding.verdict) {
        case CheckVerdict::Pass:
          passes.push_back(reported);
          break;
        case CheckVerdict::Fail:
          others[0].push_back(reported);
          break;
        case CheckVerdict::Warn:
          others[1].push_back(reported);
          break;
        case CheckVerdict::Unknown:
          others[2].push_back(reported);
          break;
        case CheckVerdict::Skipped:
          AddSkipped(*reported);
          break;
      }
    }
    for (const Group& group : others) AddShown(group);
    AddPasses(passes, passes.size() < code.size());
  }

  std::vector<FindingLine> Take() { return std::move(lines_); }

 private:
  void AddSkipped(const ReportedFinding& reported) {
    if (rules_.quiet) return;
    bool joins = rules_.fold && !lines_.empty() && lines_.back().verdict == CheckVerdict::Skipped &&
                 lines_.back().seen == reported.finding.seen;
    if (!joins) {
      skipped_ = 1;
      lines_.push_back(LineOf(reported));
      return;
    }
    lines_.back().object = fmt::format("{} checks", ++skipped_);
    lines_.back().title.clear();
    lines_.back().detail = nullptr;
  }

  void AddShown(const Group& group) {
    std::size_t shown = group.size();
    if (rules_.max_like > 0 && shown > rules_.max_like + 1) shown = rules_.max_like;
    for (std::size_t i = 0; i < shown; ++i) {
      lines_.push_back(LineOf(*group[i]));
      bool repeated = i + 1 < shown && group[i + 1]->finding.remedy == group[i]->finding.remedy;
      lines_.back().show_remedy = !repeated;
    }
    if (shown < group.size())
      AddRest(Group(group.begin() + static_cast<std::ptrdiff_t>(shown), group.end()));
  }

  /// One line in place of many like findings; it names as many objects as the terminal takes.
  void AddRest(const Group& rest) {
    std::vector<std::string_view> names;
    for (const ReportedFinding* reported : rest) names.push_back(reported->finding.object);
    const Finding& first = rest.front()->finding;
    lines_.push_back({first.verdict, first.code, "",
                      fmt::format("{} more {}", rest.size(), NounOf(rest)),
                      fmt::format("{}", fmt::join(names, ", ")), nullptr, false});
  }

  void AddPasses(const Group& passes, bool others_did_not) {
    if (rules_.quiet || passes.empty()) return;
    if (!rules_.fold || passes.size() == 1) {
      for (const ReportedFinding* reported : passes) lines_.push_back(LineOf(*reported));
      return;
    }
    FindingLine line = LineOf(*passes.front());
    std::string_view other = others_did_not ? "other " : "";
    line.object = fmt::format("{} {}{}", passes.size(), other, NounOf(passes));
    line.seen = others_did_not ? "nothing found" : "";
    if (others_did_not) line.title.clear();
    line.detail = nullptr;
    lines_.push_back(std::move(line));
  }

  FoldRules rules_;
  std::vector<FindingLine> lines_;
  std::size_t skipped_ = 0;
};

}  // namespace

std::string NounOf(const std::vector<const ReportedFinding*>& findings) {
  std::string_view kind = findings.empty() ? std::string_view() : KindOf(*findings.front());
  for (const ReportedFinding* reported : findings) {
    if (KindOf(*reported) != kind) kind = {};
  }
  if (kind.empty()) return findings.size() == 1 ? "object" : "objects";
  return findings.size() == 1 ? std::string(kind) : Plural(kind);
}

std::vector<FindingLine> FoldFindings(const std::vector<ReportedFinding>& findings,
                                      const FoldRules& rules) {
  std::vector<std::string_view> order;
  std::map<std::string_view, Group> by_code;
  for (const ReportedFinding& reported : findings) {
    Group& group = by_code[reported.finding.code];
    if (group.empty()) order.push_back(reported.finding.code);
    group.push_back(&reported);
  }
  Folder folder(rules);
  for (std::string_view code : order) folder.AddCode(by_code[code]);
  return folder.Take();
}

}  // namespace datafly::report

#include "common/core/report/diff_html.h"

#include "common/core/report/diff_fold.h"
#include "common/core/report/diff_html_fields.h"
#include "common/core/report/diff_words.h"
#include "common/core/report/html_findings.h"
#include "common/core/report/html_style.h"
#include "common/core/report/markup.h"

namespace datafly::report {

namespace {

using diff::ReleaseDiff;
using diff::ResourceChange;

bool HasGraveRisk(const ResourceChange& object) {
  return std::any_of(object.risks.begin(), object.risks.end(),
                     [](const diff::Risk& risk) { return diff::IsGrave(risk.risk); });
}

/// The tone of an article: what it needs of the reader.
std::string_view ToneOf(const ResourceChange& object) {
  if (HasGraveRisk(object)) return "fail";
  if (!object.risks.empty()) return "warn";
  return IsLoud(object) ? "pass" : "skipped";
}

class Body {
 public:
  Body(const ReleaseDiff& diff, int level, HtmlAnchors& anchors)
      : diff_(diff),
        names_(diff),
        folded_(FoldDiff(diff, false)),
        level_(level),
        anchors_(anchors) {}

  std::string Print() {
    // The risks link to the objects, so that those get their ids first.
    std::string objects = Objects();
    return Facts() + Risks() + objects + OtherSections();
  }

  std::string Banner() const {
    const bool grave = !folded_.grave.empty();
    const bool warn = !folded_.other.empty() || !diff_.unknown.empty();
    return fmt::format("<div class=\"banner {}\">\n<p class=\"verdict\">{} {}</p>\n</div>\n",
                       grave  ? "fail"
                       : warn ? "warn"
                              : "pass",
                       grave  ? "×"
                       : warn ? "‼"
                              : "√",
                       XmlText(PlanInWords(diff_)));
  }

 private:
  std::string Heading(std::string_view title) const {
    return fmt::format("<h{0}>{1}</h{0}>\n", level_, XmlText(title));
  }

  std::string Facts() const {
    auto row = [](std::string_view key, std::string_view value) {
      return fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", key, XmlText(value));
    };
    std::string notes;
    for (const std::string& note : diff_.notes) notes += Item("warn", "‼", XmlText(note));
    for (const std::string& unknown : diff_.unknown) {
      notes += Item("unknown", "?", XmlText(unknown));
    }
    return fmt::format("{}<table class=\"facts\"><tbody>\n{}{}{}</tbody></table>\n{}",
                       Heading("What was compared"), row("From", SideInWords(diff_.old_side)),
                       row("To", SideInWords(diff_.new_side)), row("Compared", BasisInWords(diff_)),
                       ListOf(notes));
  }

  static std::string Item(std::string_view tone, std::string_view mark, const std::string& html) {
    return fmt::format("<li><span class=\"mark {}\">{}</span> {}</li>\n", tone, mark, html);
  }
  static std::string ListOf(const std::string& items) {
    return items.empty() ? "" : fmt::format("<ul class=\"todo\">\n{}</ul>\n", items);
  }

  std::string RiskItem(std::string_view tone, std::string_view mark, const RiskLine& line) const {
    std::string text = XmlText(RiskInWords(line, names_));
    auto id = ids_.find(line.of.front().first);
    if (line.of.size() == 1 && id != ids_.end()) {
      text = fmt::format("<a href=\"#{}\">{}</a>", id->second, text);
    }
    return Item(tone, mark, text);
  }

  std::string Risks() const {
    std::string grave;
    for (const RiskLine& line : folded_.grave) grave += RiskItem("fail", "×", line);
    std::string other;
    for (const RiskLine& line : folded_.other) other += RiskItem("warn", "‼", line);
    std::string out;
    if (!grave.empty()) out += Heading(GraveTitle(folded_)) + ListOf(grave);
    if (!other.empty()) out += Heading(kOtherRisksTitle) + ListOf(other);
    return out;
  }

  std::string Section(std::string_view title, const std::string& body) const {
    if (body.empty()) return "";
    return fmt::format("<section>\n{}{}</section>\n", Heading(title), body);
  }

  std::string Objects() {
    std::string shared;
    for (const SharedField& field : folded_.shared) {
      shared += HtmlFieldRow(*field.field, WhereShared(field));
    }
    std::string out = Section(kSharedTitle, HtmlFieldTable(shared, kSharedTitle));
    for (const ObjectGroup& group : folded_.groups) {
      std::string body;
      for (const ObjectEntry& entry : group.entries) body += Article(entry);
      std::string alike;
      for (const AlikeObjects& objects : group.alike) {
        alike += Item(ToneOf(*objects.front()), MarkOf(*objects.front()),
                      XmlText(AlikeInWords(objects, names_)));
      }
      out += Section(TitleOf(group), body + ListOf(alike));
    }
    return out;
  }

  std::string Article(const ObjectEntry& entry) {
    const EntryWords words = InWords(entry, names_, diff_.three_way);
    const std::string id = anchors_.Next("object-" + words.name);
    ids_[entry.object] = id;
    const ResourceChange* of = entry.object;
    if (entry.old_object != nullptr) {
      ids_[entry.old_object] = id;
      if (of->risks.empty() || HasGraveRisk(*entry.old_object)) of = entry.old_object;
    }
    std::string rows;
    for (const diff::FieldChange* field : entry.fields) rows += HtmlFieldRow(*field);
    const std::string name = XmlText(words.name);
    std::string tags = XmlText(fmt::format("{}", fmt::join(words.tags, ", ")));
    if (!tags.empty()) tags = fmt::format("<p class=\"mark\">{}</p>\n", tags);
    std::string source = entry.object->source.empty() ? ""
                                                      : fmt::format("<p class=\"label\">{}</p>\n",
                                                                    XmlText(entry.object->source));
    return fmt::format(
        "<article class=\"finding {0}\" id=\"{1}\">\n<h{2}>{3} {4}</h{2}>\n{5}{6}{7}</article>\n",
        ToneOf(*of), id, level_ + 1, words.mark, name, tags, source, HtmlFieldTable(rows, name));
  }

  std::string Values(std::string_view title, const std::vector<diff::ValueChange>& values) const {
    std::string rows;
    for (const diff::ValueChange& value : values) {
      rows += HtmlFieldRow(Mark(value.op), value.path, Tell(value));
    }
    return Section(title, HtmlFieldTable(rows, title));
  }

  std::string Images() const {
    std::string rows;
    for (const diff::ImageChange& image : diff_.images) {
      Telling telling = Tell(image);
      if (!image.users.empty()) {
        telling.rest.push_back(
            {Piece::Role::Words, fmt::format(": {}", fmt::join(image.users, ", "))});
      }
      rows += HtmlFieldRow(Mark(OpOf(image)), image.repository, telling);
    }
    return Section("Images", HtmlFieldTable(rows, "Images"));
  }

  std::string Hooks() const {
    std::string body;
    for (const diff::HookChange& hook : diff_.hooks) {
      std::string rows;
      for (const diff::FieldChange& field : hook.fields) rows += HtmlFieldRow(field);
      const std::string name = XmlText(HookInWords(hook));
      body += fmt::format("<article class=\"finding pass\">\n<h{0}>{1} {2}</h{0}>\n{3}</article>\n",
                          level_ + 1, Mark(hook.op), name, HtmlFieldTable(rows, name));
    }
    return Section("Hooks", body);
  }

  std::string OtherSections() const {
    std::string crds;
    for (const diff::CrdChange& crd : diff_.crds) {
      crds += Item("warn", Mark(crd.op), XmlText(CrdInWords(crd)));
    }
    std::string chart;
    for (const diff::ChartField& field : diff_.chart) {
      chart += Item("skipped", "~", XmlText(ChartFieldInWords(field)));
    }
    if (diff_.notes_changed) chart += Item("skipped", "~", std::string(kNotesInWords));
    return Values(kValuesTitle, diff_.values) + Values(kDefaultsTitle, diff_.defaults) + Images() +
           Hooks() + Section(kCrdsTitle, ListOf(crds)) + Section("Chart", ListOf(chart));
  }

  const ReleaseDiff& diff_;
  ObjectNames names_;
  FoldedDiff folded_;
  int level_;
  HtmlAnchors& anchors_;
  std::map<const ResourceChange*, std::string> ids_;  ///< only looked up
};

}  // namespace

std::string DiffHtmlBody(const ReleaseDiff& diff, int level, HtmlAnchors& anchors) {
  Body body(diff, level, anchors);
  return body.Banner() + body.Print();
}

std::string DiffHtml(const ReleaseDiff& diff) {
  HtmlAnchors anchors;
  Body body(diff, 2, anchors);
  std::string title = XmlText(TitleOf(diff));
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n{}<title>{}</title>\n<style>{}{}</style>\n"
      "</head>\n<body>\n<main>\n<header>\n<h1>{}</h1>\n{}</header>\n{}"
      "<footer><p>Diff</p></footer>\n</main>\n</body>\n</html>\n",
      HtmlHead(), title, HtmlStyle(), DiffStyle(), title, body.Banner(), body.Print());
}

}  // namespace datafly::report

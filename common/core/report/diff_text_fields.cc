#include "common/core/report/diff_text_fields.h"

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/manifest/yaml.h"
#include "common/core/report/data.h"
#include "common/core/report/shorten.h"

namespace datafly::report {

namespace {

using diff::FieldChange;
using diff::TextLine;
using Role = Piece::Role;
using Tone = Cell::Tone;

constexpr std::size_t kMinValue = 16;  // columns in which a value that was cut still says something
constexpr std::size_t kLongList =
    100;  // a list or map wider than this is told as YAML in a pipe too
constexpr std::size_t kBlockLines = 40;  // of a list or map, on a terminal

Telling Safe(const Telling& telling) {
  Telling safe;
  if (telling.old_value) safe.old_value = SafeValue(*telling.old_value);
  if (telling.new_value) safe.new_value = SafeValue(*telling.new_value);
  for (const Piece& piece : telling.rest) {
    std::string text =
        piece.role == Role::Words ? EscapeForTerminal(piece.text) : SafeValue(piece.text);
    safe.rest.push_back({piece.role, std::move(text)});
  }
  return safe;
}

bool IsListOrMap(const std::optional<std::string>& json) {
  return json && json->size() > 2 && (json->front() == '{' || json->front() == '[');
}

/// A line that differs only in the spaces at its end would look the same on both sides.
std::string WithSeenEnd(const std::string& text) {
  std::size_t end = text.find_last_not_of(' ');
  std::size_t kept = end == std::string::npos ? 0 : end + 1;
  std::string out = text.substr(0, kept);
  for (std::size_t i = kept; i < text.size(); ++i) out += "·";
  return out;
}

}  // namespace

std::string SafeValue(std::string_view json) { return EscapeForTerminal(EscapeHazards(json)); }

FieldPrinter::FieldPrinter(const RenderOptions& options)
    : width_(static_cast<std::size_t>(std::max(options.width, 0))), pen_(options.color) {}

std::size_t FieldPrinter::Left(std::size_t used) const {
  if (width_ == 0) return 0;
  return width_ > used + kMinValue ? width_ - used : kMinValue;
}

void FieldPrinter::Add(const FieldChange& field, std::size_t indent, const std::string& suffix) {
  std::string_view mark = field.origin == diff::Origin::Drift ? "≠" : Mark(field.op);
  Add(mark, field.path, Tell(field), indent, suffix);
  if (field.secret) return;
  AddTextLines(field.lines, indent + 4);
  for (const FieldChange& inner : field.inside) Add(inner, indent + 4);
}

void FieldPrinter::Add(std::string_view mark, std::string_view path, const Telling& telling,
                       std::size_t indent, const std::string& suffix) {
  Place place{mark, EscapeForTerminal(path), EscapeForTerminal(suffix), indent};
  if (place.path.empty()) place.path = kWholeValue;
  const Telling safe = Safe(telling);
  if (!AddOnOneLine(place, safe) && !AddOneValueCut(place, safe)) AddBelowPath(place, telling);
}

/// As it is, or with a shorter path.
bool FieldPrinter::AddOnOneLine(const Place& place, const Telling& safe) {
  std::string body = InOneLine(safe);
  if (!place.suffix.empty()) body += (body.empty() ? "" : " ") + place.suffix;
  const std::size_t around = place.indent + 2 + (body.empty() ? 1 : 2 + DisplayWidth(body));
  const bool list = IsListOrMap(safe.old_value) || IsListOrMap(safe.new_value);
  if (width_ == 0 && list && around + DisplayWidth(place.path) > kLongList) return false;
  if (width_ != 0 && around + LeastPathWidth(place.path) > width_) return false;
  const std::string path = ShortenPath(place.path, width_ == 0 ? 0 : width_ - around);
  std::string line = fmt::format("{} {}:", PaintMark(place.mark), path);
  std::string painted = Painted(safe);
  if (!painted.empty()) line += " " + painted;
  if (!place.suffix.empty()) line += " " + place.suffix;
  AddLine(place.indent, line);
  return true;
}

/// One value and nothing else: it is cut rather than put below.
bool FieldPrinter::AddOneValueCut(const Place& place, const Telling& safe) {
  const bool one = safe.old_value.has_value() != safe.new_value.has_value() && safe.rest.empty() &&
                   place.suffix.empty();
  if (!one || width_ == 0) return false;
  const std::string& value = safe.new_value ? *safe.new_value : *safe.old_value;
  if (IsListOrMap(safe.old_value) || IsListOrMap(safe.new_value)) return false;
  const std::size_t used = place.indent + 4 + DisplayWidth(place.path);
  if (used + 2 * kMinValue > width_) return false;
  AddLine(place.indent, fmt::format("{} {}: {}", PaintMark(place.mark), place.path,
                                    pen_.Tone(safe.new_value ? Tone::Good : Tone::Bad,
                                              CutMiddle(value, width_ - used))));
  return true;
}

void FieldPrinter::AddBelowPath(const Place& place, const Telling& telling) {
  AddHead(place);
  AddValues(telling, place.indent + 4);
  AddRest(Safe(telling), place.indent + 4);
}

void FieldPrinter::AddHead(const Place& place) {
  const std::string end = place.suffix.empty() ? ":" : fmt::format(" {}:", place.suffix);
  const std::size_t around = place.indent + 2 + DisplayWidth(end);
  AddLine(place.indent, fmt::format("{} {}{}", PaintMark(place.mark),
                                    ShortenPath(place.path, Left(around)), end));
}

void FieldPrinter::AddValues(const Telling& telling, std::size_t indent) {
  const bool block = IsListOrMap(telling.old_value) || IsListOrMap(telling.new_value);
  if (block) {
    if (telling.old_value) AddBlock('-', *telling.old_value, indent);
    if (telling.new_value) AddBlock('+', *telling.new_value, indent);
    return;
  }
  const Telling safe = Safe(telling);
  if (safe.old_value && safe.new_value) {
    auto [old_text, new_text] = CutAlike(*safe.old_value, *safe.new_value, Left(indent + 2));
    AddValue('-', old_text, indent);
    AddValue('+', new_text, indent);
  } else if (safe.old_value || safe.new_value) {
    const std::string& text = safe.new_value ? *safe.new_value : *safe.old_value;
    AddValue(safe.new_value ? '+' : '-', CutMiddle(text, Left(indent + 2)), indent);
  }
}

void FieldPrinter::AddValue(char mark, const std::string& text, std::size_t indent) {
  const Tone tone = mark == '+' ? Tone::Good : mark == '-' ? Tone::Bad : Tone::Dim;
  AddLine(indent, pen_.Tone(tone, fmt::format("{} {}", mark, text)));
}

/// A list or map as YAML; a scalar beside one on the other side as it is.
void FieldPrinter::AddBlock(char mark, const std::string& json, std::size_t indent) {
  auto value = nlohmann::ordered_json::parse(json, nullptr, false);
  if (!value.is_structured()) {
    return AddValue(mark, CutMiddle(SafeValue(json), Left(indent + 2)), indent);
  }
  std::string yaml = yaml::EmitOrdered(value);
  if (yaml.ends_with('\n')) yaml.pop_back();
  std::vector<std::string_view> lines = Split(yaml, '\n');
  const bool bounded = width_ > 0 && lines.size() > kBlockLines + 1;
  const std::size_t shown = bounded ? kBlockLines : lines.size();
  for (std::size_t i = 0; i < shown; ++i) {
    AddValue(mark, CutMiddle(SafeValue(lines[i]), Left(indent + 2)), indent);
  }
  if (!bounded) return;
  const std::string more = fmt::format("… {} more lines (-o json)", lines.size() - kBlockLines);
  AddLine(indent, pen_.Dim(Truncate(more, Left(indent))));
}

void FieldPrinter::AddRest(const Telling& safe, std::size_t indent) {
  std::string text;
  for (const Piece& piece : safe.rest) {
    text += piece.role == Role::Words ? piece.text : CutMiddle(piece.text, Left(indent + 24));
  }
  if (text.empty()) return;
  for (const std::string& line : Wrap(text, Left(indent))) AddLine(indent, line);
}

void FieldPrinter::AddTextLines(const std::vector<TextLine>& lines, std::size_t indent) {
  for (const TextLine& line : lines) {
    std::string text = SafeValue(line.text);
    const bool changed = line.mark == '-' || line.mark == '+';
    if (changed) text = WithSeenEnd(text);
    if (line.mark == '@') {
      AddLine(indent, pen_.Dim(CutMiddle(text.empty() ? "…" : "… " + text, Left(indent))));
    } else {
      AddValue(changed ? line.mark : ' ', CutMiddle(text, Left(indent + 2)), indent);
    }
  }
}

std::string FieldPrinter::PaintMark(std::string_view mark) const {
  if (mark == "+") return pen_.Tone(Tone::Good, mark);
  if (mark == "-") return pen_.Tone(Tone::Bad, mark);
  return pen_.Tone(Tone::Warn, mark);
}

std::string FieldPrinter::Painted(const Telling& safe) const {
  std::string line = pen_.Tone(Tone::Bad, safe.old_value.value_or(""));
  if (safe.old_value && safe.new_value) line += " → ";
  line += pen_.Tone(Tone::Good, safe.new_value.value_or(""));
  if (!line.empty() && !safe.rest.empty()) line += ", ";
  for (const Piece& piece : safe.rest) {
    const Tone tone = piece.role == Role::New    ? Tone::Good
                      : piece.role == Role::Live ? Tone::Warn
                                                 : Tone::Plain;
    line += pen_.Tone(tone, piece.text);
  }
  return line;
}

void FieldPrinter::AddLine(std::size_t indent, const std::string& text) {
  out_.append(indent, ' ');
  out_ += text;
  out_.erase(out_.find_last_not_of(' ') + 1);
  out_ += '\n';
}

}  // namespace datafly::report

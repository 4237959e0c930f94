#include "common/core/report/line_printer.h"

#include "common/core/base/text.h"

namespace datafly::report {

using Tone = Cell::Tone;

LinePrinter::LinePrinter(const RenderOptions& options)
    : width_(static_cast<std::size_t>(std::max(options.width, 0))),
      no_headers_(options.no_headers),
      pen_(options.color) {}

std::size_t LinePrinter::Left(std::size_t used) const {
  if (width_ == 0) return 0;
  return width_ > used + 8 ? width_ - used : 8;
}

void LinePrinter::AddGap() {
  if (!out_.empty()) out_ += "\n";
}

void LinePrinter::AddTitle(const std::string& title, Tone tone) {
  AddGap();
  for (const std::string& line : Wrap(title, width_)) {
    AddLine(tone == Tone::Plain ? pen_.Bold(line) : pen_.Tone(tone, line));
  }
}

void LinePrinter::AddSectionTitle(const std::string& title) {
  if (!no_headers_) return AddTitle(title);
  AddGap();
}

void LinePrinter::AddLine(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  out_ += line + "\n";
}

void LinePrinter::AddWrapped(std::string lead, std::size_t lead_width, std::string_view text,
                             Tone tone, std::size_t max_lines) {
  for (const std::string& piece : Wrap(EscapeForTerminal(text), Left(lead_width), max_lines)) {
    AddLine(lead + pen_.Tone(tone, piece));
    lead = std::string(lead_width, ' ');
  }
}

void LinePrinter::AddItem(std::string_view mark, std::string_view text, std::size_t max_lines) {
  AddWrapped(fmt::format("  {} ", pen_.Tone(ToneOfMark(mark), mark)), 4, text, Tone::Plain,
             max_lines);
}

Tone ToneOfMark(std::string_view mark) {
  if (mark == "+") return Tone::Good;
  if (mark == "-" || mark == "×") return Tone::Bad;
  return mark == "=" ? Tone::Dim : Tone::Warn;
}

}  // namespace datafly::report

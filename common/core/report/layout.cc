#include "common/core/report/layout.h"

#include "common/core/base/text.h"

namespace datafly::report {

namespace {

/// Bytes of the UTF-8 sequence that begins at `at`.
std::size_t SequenceLength(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
  return end - at;
}

/// Bytes of the longest prefix that is at most `columns` wide, at least one character.
std::size_t PrefixWithin(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  std::size_t used = 0;
  while (at < text.size()) {
    std::size_t length = SequenceLength(text, at);
    std::size_t wide = DisplayWidth(text.substr(at, length));
    if (used + wide > columns && at > 0) break;
    used += wide;
    at += length;
  }
  return at;
}

/// Collects words into lines.
class LineBreaker {
 public:
  explicit LineBreaker(std::size_t width) : width_(width) {}

  void Add(std::string_view word) {
    std::size_t wide = DisplayWidth(word);
    if (used_ > 0 && used_ + 1 + wide > width_) Flush();
    if (used_ > 0) Append(" ", 1);
    while (wide > width_) {
      std::size_t cut = PrefixWithin(word, width_);
      lines_.emplace_back(word.substr(0, cut));
      wide -= std::min(wide, DisplayWidth(word.substr(0, cut)));
      word.remove_prefix(cut);
    }
    Append(word, wide);
  }

  std::vector<std::string> Take() {
    if (used_ > 0 || lines_.empty()) Flush();
    return std::move(lines_);
  }

 private:
  void Append(std::string_view text, std::size_t wide) {
    line_ += text;
    used_ += wide;
  }
  void Flush() {
    lines_.push_back(std::move(line_));
    line_.clear();
    used_ = 0;
  }

  std::size_t width_;
  std::vector<std::string> lines_;
  std::string line_;
  std::size_t used_ = 0;
};

}  // namespace

std::vector<std::string> Wrap(std::string_view text, std::size_t width, std::size_t max_lines) {
  if (width == 0) return {std::string(text)};
  LineBreaker breaker(width);
  for (std::string_view word : Split(text, ' ')) {
    if (!word.empty()) breaker.Add(word);
  }
  std::vector<std::string> lines = breaker.Take();
  if (max_lines > 0 && lines.size() > max_lines) {
    lines.resize(max_lines);
    lines.back() = Truncate(lines.back() + " …", width);
  }
  return lines;
}

std::string PadRight(std::string_view text, std::size_t columns) {
  std::size_t wide = DisplayWidth(text);
  std::string out(text);
  if (wide < columns) out.append(columns - wide, ' ');
  return out;
}

std::string PadLeft(std::string_view text, std::size_t columns) {
  std::size_t wide = DisplayWidth(text);
  std::string out(wide < columns ? columns - wide : 0, ' ');
  return out += text;
}

std::string Pen::Paint(std::string_view sgr, std::string_view text) const {
  if (!color_ || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", sgr, text);
}

std::string Pen::Tone(Cell::Tone tone, std::string_view text) const {
  switch (tone) {
    case Cell::Tone::Plain:
      return std::string(text);
    case Cell::Tone::Good:
      return Paint("32", text);
    case Cell::Tone::Warn:
      return Paint("33", text);
    case Cell::Tone::Bad:
      return Paint("31", text);
    case Cell::Tone::Dim:
      return Paint("2", text);
  }
  return std::string(text);
}

std::string Pen::Verdict(CheckVerdict verdict, std::string_view text) const {
  switch (verdict) {
    case CheckVerdict::Pass:
      return Paint("32", text);
    case CheckVerdict::Warn:
      return Paint("33", text);
    case CheckVerdict::Fail:
      return Paint("1;31", text);
    case CheckVerdict::Unknown:
      return Paint("35", text);
    case CheckVerdict::Skipped:
      return Paint("2", text);
  }
  return std::string(text);
}

}  // namespace datafly::report

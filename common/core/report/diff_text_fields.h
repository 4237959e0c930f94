#pragma once

#include <string>
#include <vector>

#include "common/core/report/diff_words.h"
#include "common/core/report/layout.h"

namespace datafly::report {

/// A JSON value as a terminal may show it: what could act on it or mislead is seen as an escape.
std::string SafeValue(std::string_view json);

/// The lines of fields in -o text: on one line where that fits, else below their path.
class FieldPrinter {
 public:
  explicit FieldPrinter(const RenderOptions& options);

  /// `mark` stands before the path; `suffix` ends the first line: "on 40 objects".
  void Add(const diff::FieldChange& field, std::size_t indent, const std::string& suffix = {});
  void Add(std::string_view mark, std::string_view path, const Telling& telling, std::size_t indent,
           const std::string& suffix = {});

  std::string Take() { return std::move(out_); }

 private:
  /// A telling made safe for the terminal, and the room that it has.
  struct Place {
    std::string_view mark;
    std::string path;
    std::string suffix;
    std::size_t indent = 0;
  };

  [[nodiscard]] std::size_t Left(std::size_t used) const;
  bool AddOnOneLine(const Place& place, const Telling& telling);
  bool AddOneValueCut(const Place& place, const Telling& telling);
  void AddBelowPath(const Place& place, const Telling& telling);
  void AddHead(const Place& place);
  void AddValues(const Telling& telling, std::size_t indent);
  void AddValue(char mark, const std::string& text, std::size_t indent);
  void AddBlock(char mark, const std::string& json, std::size_t indent);
  void AddRest(const Telling& telling, std::size_t indent);
  void AddTextLines(const std::vector<diff::TextLine>& lines, std::size_t indent);
  [[nodiscard]] std::string PaintMark(std::string_view mark) const;
  [[nodiscard]] std::string Painted(const Telling& telling) const;
  void AddLine(std::size_t indent, const std::string& text);

  std::size_t width_;
  Pen pen_;
  std::string out_;
};

}  // namespace datafly::report

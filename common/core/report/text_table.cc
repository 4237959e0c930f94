#include "common/core/report/text_table.h"

#include "common/core/base/text.h"
#include "common/core/report/layout.h"

namespace datafly::report {

namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kMinShrunk = 8;  // a cell cut further says nothing

/// The visible columns with every cell made safe, and the width that each wants.
struct Grid {
  std::vector<const Column*> columns;
  std::vector<std::vector<Cell>> rows;
  std::vector<std::size_t> widths;
};

std::vector<std::size_t> VisibleColumns(const Table& table, bool wide) {
  std::vector<std::size_t> visible;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (wide || !table.columns[i].wide_only) visible.push_back(i);
  }
  return visible;
}

Cell SafeCell(const std::vector<Cell>& row, std::size_t index) {
  if (index >= row.size()) return {};
  return {EscapeForTerminal(row[index].text), row[index].tone};
}

Grid MakeGrid(const Table& table, const RenderOptions& options, bool wide) {
  Grid grid;
  std::vector<std::size_t> visible = VisibleColumns(table, wide);
  for (std::size_t i : visible) {
    grid.columns.push_back(&table.columns[i]);
    grid.widths.push_back(options.no_headers ? 0 : DisplayWidth(table.columns[i].title));
  }
  for (const std::vector<Cell>& row : table.rows) {
    std::vector<Cell> safe;
    for (std::size_t c = 0; c < visible.size(); ++c) {
      safe.push_back(SafeCell(row, visible[c]));
      grid.widths[c] = std::max(grid.widths[c], DisplayWidth(safe.back().text));
    }
    grid.rows.push_back(std::move(safe));
  }
  return grid;
}

std::size_t TotalWidth(const std::vector<std::size_t>& widths) {
  std::size_t total = 0;
  for (std::size_t width : widths) total += width + kGap;
  return widths.empty() ? 0 : total - kGap;
}

/// Cuts columns, the highest shrink_order first, until the line fits. False when it cannot.
bool ShrinkToFit(Grid& grid, std::size_t width) {
  std::set<int, std::greater<>> orders;
  for (const Column* column : grid.columns) orders.insert(column->shrink_order);
  for (int order : orders) {
    for (std::size_t c = 0; c < grid.columns.size(); ++c) {
      std::size_t total = TotalWidth(grid.widths);
      if (total <= width) return true;
      if (grid.columns[c]->shrink_order != order || grid.widths[c] <= kMinShrunk) continue;
      grid.widths[c] -= std::min(total - width, grid.widths[c] - kMinShrunk);
    }
  }
  return TotalWidth(grid.widths) <= width;
}

std::string PadCell(const Column& column, const std::string& text, std::size_t width) {
  return column.right_aligned ? PadLeft(text, width) : PadRight(text, width);
}

/// Trailing spaces inside colour would survive, so the padding of the last column is cut before
/// painting.
std::string PaintedCell(const Pen& pen, Cell::Tone tone, const std::string& padded, bool last) {
  std::string text = padded;
  if (last) text.erase(text.find_last_not_of(' ') + 1);
  return pen.Tone(tone, text);
}

std::string GridLine(const Grid& grid, const std::vector<Cell>& row, const Pen& pen) {
  std::string line;
  for (std::size_t c = 0; c < row.size(); ++c) {
    if (c > 0) line.append(kGap, ' ');
    std::string text = Truncate(row[c].text, grid.widths[c]);
    line += PaintedCell(pen, row[c].tone, PadCell(*grid.columns[c], text, grid.widths[c]),
                        c + 1 == row.size());
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string RenderGrid(const Grid& grid, const RenderOptions& options) {
  Pen pen(options.color);
  std::string out;
  if (!options.no_headers) {
    std::vector<Cell> titles;
    for (const Column* column : grid.columns)
      titles.push_back({EscapeForTerminal(column->title), Cell::Tone::Dim});
    out += GridLine(grid, titles, pen);
  }
  for (const std::vector<Cell>& row : grid.rows) out += GridLine(grid, row, pen);
  return out;
}

/// One row of a table that fits no other way: a line per cell.
std::string RenderStackedRow(const Grid& grid, const std::vector<Cell>& row, std::size_t width,
                             const Pen& pen) {
  std::string out;
  for (std::size_t c = 0; c < row.size(); ++c) {
    if (row[c].text.empty()) continue;
    std::string text =
        fmt::format("{}: {}", EscapeForTerminal(grid.columns[c]->title), row[c].text);
    std::string_view indent = c == 0 ? "" : "  ";
    for (const std::string& line : Wrap(text, width - std::min(indent.size(), width - 1))) {
      out += fmt::format("{}{}\n", indent, pen.Tone(row[c].tone, line));
    }
  }
  return out;
}

}  // namespace

std::string RenderTable(const Table& table, const RenderOptions& options, bool wide) {
  Grid grid = MakeGrid(table, options, wide);
  if (options.width <= 0 || ShrinkToFit(grid, static_cast<std::size_t>(options.width))) {
    return RenderGrid(grid, options);
  }
  std::string out;
  for (const std::vector<Cell>& row : grid.rows) {
    out += RenderStackedRow(grid, row, static_cast<std::size_t>(options.width), Pen(options.color));
  }
  return out;
}

}  // namespace datafly::report

#include "common/core/base/text.h"
#include "common/core/charts/index.h"

namespace datafly::charts {
namespace {

/// One line after the other, without its end; `at` is where it begins.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  bool Next() {
    if (end_ >= text_.size()) return false;
    at_ = end_;
    const auto newline = text_.find('\n', at_);
    end_ = newline == std::string_view::npos ? text_.size() : newline + 1;
    line_ = text_.substr(at_, (newline == std::string_view::npos ? end_ : newline) - at_);
    if (!line_.empty() && line_.back() == '\r') line_.remove_suffix(1);
    return true;
  }
  [[nodiscard]] std::string_view line() const { return line_; }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::size_t end() const { return end_; }

 private:
  std::string_view text_, line_;
  std::size_t at_ = 0, end_ = 0;
};

std::size_t IndentOf(std::string_view line) {
  const auto first = line.find_first_not_of(' ');
  return first == std::string_view::npos ? line.size() : first;
}

bool SaysNothing(std::string_view line) {
  const auto text = Trim(line);
  return text.empty() || text.front() == '#';
}

// `name:`, `"name":` or `'name':` with nothing but a comment behind it; nothing for other lines.
std::optional<std::string_view> KeyOf(std::string_view line) {
  const std::string_view text = Trim(line);
  if (text.empty()) return std::nullopt;
  const char quote = text.front();
  std::string_view key;
  std::string_view rest;
  if (quote == '"' || quote == '\'') {
    const auto close = text.find(quote, 1);
    if (close == std::string_view::npos) return std::nullopt;
    key = text.substr(1, close - 1);
    rest = text.substr(close + 1);
  } else {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    key = text.substr(0, colon);
    rest = text.substr(colon);
  }
  if (rest.empty() || rest.front() != ':' || !SaysNothing(rest.substr(1))) return std::nullopt;
  return key;
}

Error NotAsHelmWrites() {
  return Error::InvalidInput("the index is not written as `helm repo index` writes it",
                             "let helm write it again: helm repo index");
}

}  // namespace

Result<std::optional<std::string_view>> FindEntryLines(std::string_view index,
                                                       std::string_view chart,
                                                       std::vector<std::string>& names) {
  Lines lines(index);
  bool inside = false;
  while (!inside && lines.Next()) {
    inside = IndentOf(lines.line()) == 0 && KeyOf(lines.line()) == "entries";
  }
  if (!inside) return Fail(NotAsHelmWrites());

  std::optional<std::size_t> indent;  ///< of the charts' names
  std::optional<std::size_t> begin;
  while (lines.Next()) {
    if (SaysNothing(lines.line())) continue;
    const std::size_t here = IndentOf(lines.line());
    if (!indent) indent = here;
    // A list may stand as far left as its key: "- …" goes on with it.
    if (here > *indent || (here == *indent && lines.line()[here] == '-')) continue;
    if (begin) return index.substr(*begin, lines.at() - *begin);
    if (here < *indent || *indent == 0) break;
    const auto key = KeyOf(lines.line());
    if (!key) return Fail(NotAsHelmWrites());
    if (*key == chart) begin = lines.at();
    names.emplace_back(*key);
  }
  if (begin) return index.substr(*begin, lines.end() - *begin);
  return std::nullopt;
}

std::optional<Time> GeneratedAt(std::string_view index) {
  constexpr std::string_view kKey = "\ngenerated:";
  const auto at = index.rfind(kKey);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view text = index.substr(at + kKey.size());
  text = Trim(text.substr(0, text.find('\n')));
  if (text.size() > 2 && text.front() == '"') text = text.substr(1, text.size() - 2);
  const auto time = ParseTime(text);
  if (!time) return std::nullopt;
  return *time;
}

}  // namespace datafly::charts

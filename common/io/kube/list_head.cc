#include "common/io/kube/list_head.h"

namespace datafly::kube {

namespace {

constexpr std::size_t kMostBytes = 16U << 10U;

/// A reader of the few tokens that stand in front of a list's items.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] bool AtEnd() const { return at_ == text_.size(); }

  bool Take(char wanted) {
    SkipBlanks();
    if (AtEnd() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  /// A string without escapes.
  bool TakeString(std::string_view& value) {
    if (!Take('"')) return false;
    const auto end = text_.find_first_of("\"\\", at_);
    if (end == std::string_view::npos) {
      at_ = text_.size();
      return false;
    }
    if (text_[end] == '\\') return false;
    value = text_.substr(at_, end - at_);
    at_ = end + 1;
    return true;
  }

  /// A string, a number or a literal; `value` is set for strings only.
  bool TakeScalar(std::string_view& value) {
    SkipBlanks();
    if (AtEnd()) return false;
    if (text_[at_] == '"') return TakeString(value);
    const auto end = text_.find_first_of(",}]", at_);
    const auto plain = text_.substr(at_, end - at_);
    if (plain.find_first_of("{[\"") != std::string_view::npos) return false;
    at_ = std::min(end, text_.size());
    return end != std::string_view::npos;
  }

 private:
  void SkipBlanks() {
    while (!AtEnd() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool ScanMetadata(Scanner& scanner, ListHead& head) {
  if (!scanner.Take('{')) return false;
  if (scanner.Take('}')) return true;
  do {
    std::string_view key, value;
    if (!scanner.TakeString(key) || !scanner.Take(':') || !scanner.TakeScalar(value)) return false;
    if (key == "resourceVersion") head.resource_version = value;
    if (key == "continue") head.continue_token = value;
  } while (scanner.Take(','));
  return scanner.Take('}');
}

bool ScanTop(Scanner& scanner, ListHead& head) {
  if (!scanner.Take('{')) return false;
  do {
    std::string_view key, value;
    if (!scanner.TakeString(key) || !scanner.Take(':')) return false;
    if (key == "metadata") return ScanMetadata(scanner, head);
    if (!scanner.TakeScalar(value)) return false;
    if (key == "kind") head.kind = value;
  } while (scanner.Take(','));
  return false;
}

}  // namespace

HeadScan ScanListHead(std::string_view start_of_json, ListHead& head) {
  head = {};
  Scanner scanner(start_of_json.substr(0, kMostBytes));
  if (ScanTop(scanner, head)) return HeadScan::Found;
  head = {};
  return scanner.AtEnd() && start_of_json.size() < kMostBytes ? HeadScan::NeedMore
                                                              : HeadScan::NotThere;
}

}  // namespace datafly::kube

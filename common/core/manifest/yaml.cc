#include "common/core/manifest/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <unordered_map>

#include "common/core/base/text.h"
#include "common/core/manifest/yaml_scalar.h"

namespace datafly::yaml {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxBytes = std::size_t{16} << 20;
constexpr std::size_t kMaxDepth = 200;
/// Nodes, with long strings counting for more: far above what 16 MiB of manifests hold, far below
/// what hurts.
constexpr std::size_t kMaxCost = 1'500'000;
constexpr std::size_t kBytesPerCost = 64;

/// How an Error leaves the callbacks of yaml-cpp; it never leaves this file.
struct Stop {
  Error error;
};

[[noreturn]] void StopAt(const YAML::Mark& mark, std::string message) {
  throw Stop{Error::InvalidInput(fmt::format("line {}: {}", mark.line + 1, message))};
}
[[noreturn]] void StopTooLarge(const YAML::Mark& mark, std::string message) {
  throw Stop{Error::TooLarge(fmt::format("line {}: {}", mark.line + 1, message))};
}

std::string Shown(std::string_view key) {
  return Truncate(EscapeForTerminal(key.substr(0, 200)), 60);
}

/// yaml-cpp 0.7 gives the escapes "\\N" and "\\_" as bare Latin-1 bytes; the text around them is
/// known to be UTF-8.
std::string RepairEscapes(std::string_view text) {
  std::string out;
  for (auto bad = FindInvalidUtf8(text); bad; bad = FindInvalidUtf8(text)) {
    const auto byte = static_cast<unsigned char>(text[*bad]);
    out += text.substr(0, *bad);
    if (byte < 0xC0) {
      out += '\xC2';
      out += text[*bad];
    } else {
      out += "\xEF\xBF\xBD";
    }
    text.remove_prefix(*bad + 1);
  }
  out += text;
  return out;
}

/// A collection that is being read.
struct Frame {
  Json value;
  YAML::anchor_t anchor = 0;
  std::size_t cost_before = 0;
  std::optional<std::string> key;  ///< in a map: the key whose value comes next
  bool key_merges = false;         ///< that key is `<<`
  std::vector<Json> merges;
};

struct Anchored {
  Json value;
  std::size_t cost = 0;
};

/// Builds JSON values from yaml-cpp's events. Its parser recurses once per level, so that stopping
/// here bounds its stack too.
class Builder final : public YAML::EventHandler {
 public:
  Builder(Scalars scalars, DuplicateKeys duplicates) : scalars_(scalars), duplicates_(duplicates) {}

  std::vector<Json> Take() { return std::move(documents_); }
  /// Where the second document that holds something starts.
  [[nodiscard]] std::optional<int> second_line() const { return second_line_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    // A token that starts no node (",", "]") is never taken: yaml-cpp would give empty documents
    // for ever.
    if (start_ && mark.pos <= start_->pos) StopAt(mark, "not YAML: unexpected text");
    start_ = mark;
    anchors_.clear();
    stack_.clear();
    root_ = {};
  }

  void OnDocumentEnd() override {
    if (root_.is_null()) return;
    documents_.push_back(std::exchange(root_, {}));
    if (documents_.size() == 2) second_line_ = start_->line + 1;
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (ExpectsKey()) StopAt(mark, "a key is null");
    Finish(mark, {}, anchor, 1);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) StopAt(mark, "an alias refers to what is not complete yet");
    Spend(mark, found->second.cost);
    if (ExpectsKey()) return TakeKey(mark, found->second.value);
    Place(mark, found->second.value);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& raw) override {
    const std::string text = RepairEscapes(raw);
    const bool merges = tag == "?" && text == "<<";
    if (merges && ExpectsKey()) {
      stack_.back().key = text;
      stack_.back().key_merges = true;
      return;
    }
    Finish(mark, ScalarValue(mark, tag, text), anchor, 1 + text.size() / kBytesPerCost);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(mark, Json::array(), anchor);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(mark, Json::object(), anchor);
  }
  void OnMapEnd() override {
    Frame& frame = stack_.back();
    for (const auto& merge : frame.merges)
      for (const auto& [key, value] : merge.items())
        if (!frame.value.contains(key)) frame.value[key] = value;
    Close();
  }

 private:
  [[nodiscard]] bool ExpectsKey() const {
    return !stack_.empty() && stack_.back().value.is_object() && !stack_.back().key;
  }

  void Spend(const YAML::Mark& mark, std::size_t cost) {
    cost_ += cost;
    if (cost_ > kMaxCost) StopTooLarge(mark, "the document expands to too many values");
  }

  Json ScalarValue(const YAML::Mark& mark, const std::string& tag, const std::string& text) const {
    if (scalars_ == Scalars::AsStrings) return text;
    if (tag == "?") return ResolvePlainScalar(text);
    constexpr std::string_view kCore = "tag:yaml.org,2002:";
    if (!tag.starts_with(kCore)) return text;
    const auto type = std::string_view(tag).substr(kCore.size());
    if (type != "int" && type != "float" && type != "bool" && type != "null") return text;
    Json value = ResolvePlainScalar(text);
    const bool fits = type == "int"     ? value.is_number_integer()
                      : type == "float" ? value.is_number()
                      : type == "bool"  ? value.is_boolean()
                                        : value.is_null();
    if (!fits) StopAt(mark, fmt::format("\"{}\" is not of type {}", Shown(text), type));
    return value;
  }

  void Open(const YAML::Mark& mark, Json empty, YAML::anchor_t anchor) {
    if (ExpectsKey()) StopAt(mark, "a key is a map or a list; keys are single words");
    if (stack_.size() >= kMaxDepth)
      StopTooLarge(mark, fmt::format("more than {} levels", kMaxDepth));
    const std::size_t before = cost_;
    Spend(mark, 1);
    Frame frame;
    frame.value = std::move(empty);
    frame.anchor = anchor;
    frame.cost_before = before;
    stack_.push_back(std::move(frame));
    last_ = mark;
  }

  void Close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    if (frame.anchor != 0) Remember(frame.anchor, frame.value, cost_ - frame.cost_before);
    Place(last_, std::move(frame.value));
  }

  void Finish(const YAML::Mark& mark, Json value, YAML::anchor_t anchor, std::size_t cost) {
    Spend(mark, cost);
    last_ = mark;
    if (anchor != 0) Remember(anchor, value, cost);
    if (ExpectsKey()) return TakeKey(mark, value);
    Place(mark, std::move(value));
  }

  void Remember(YAML::anchor_t anchor, const Json& value, std::size_t cost) {
    Spend(last_, cost);  // the copy is memory too
    anchors_[anchor] = Anchored{value, cost};
  }

  void TakeKey(const YAML::Mark& mark, const Json& value) {
    if (value.is_structured() || value.is_null()) StopAt(mark, "a key is not a single word");
    Frame& frame = stack_.back();
    frame.key = value.is_string() ? value.get<std::string>() : value.dump();
    if (duplicates_ == DuplicateKeys::Refuse && frame.value.contains(*frame.key))
      StopAt(mark, fmt::format("the key \"{}\" is repeated", Shown(*frame.key)));
  }

  void Place(const YAML::Mark& mark, Json value) {
    if (stack_.empty()) {
      root_ = std::move(value);
      return;
    }
    Frame& frame = stack_.back();
    if (frame.value.is_array()) return frame.value.push_back(std::move(value));
    if (std::exchange(frame.key_merges, false)) {
      AddMerge(mark, frame, std::move(value));
    } else {
      frame.value[*frame.key] = std::move(value);
    }
    frame.key.reset();
  }

  static void AddMerge(const YAML::Mark& mark, Frame& frame, Json value) {
    if (value.is_object()) value = Json::array({std::move(value)});
    for (auto& map : value) {
      if (!map.is_object()) StopAt(mark, "\"<<\" takes a map or a list of maps");
      frame.merges.push_back(std::move(map));
    }
    if (!value.is_array()) StopAt(mark, "\"<<\" takes a map or a list of maps");
  }

  Scalars scalars_;
  DuplicateKeys duplicates_;
  std::vector<Json> documents_;
  std::optional<int> second_line_;
  std::vector<Frame> stack_;
  std::unordered_map<YAML::anchor_t, Anchored> anchors_;
  std::size_t cost_ = 0;
  std::optional<YAML::Mark> start_;  ///< of the current document
  YAML::Mark last_;
  Json root_;
};

int LineAt(std::string_view text, std::size_t at) {
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
}

/// Control characters are not YAML; and yaml-cpp takes some texts with NUL bytes for UTF-16 or
/// UTF-32.
std::optional<std::size_t> FindControl(std::string_view text) {
  const auto at = std::find_if(text.begin(), text.end(), [](char c) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    return control && c != '\t' && c != '\n' && c != '\r';
  });
  if (at == text.end()) return std::nullopt;
  return static_cast<std::size_t>(at - text.begin());
}

Result<void> CheckText(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return Fail(Error::TooLarge(fmt::format("the YAML text has {} MiB; at most {} MiB are read",
                                            text.size() >> 20, kMaxBytes >> 20)));
  }
  if (const auto bad = FindInvalidUtf8(text))
    return Fail(Error::InvalidInput(fmt::format("line {}: not UTF-8", LineAt(text, *bad))));
  if (const auto bad = FindControl(text)) {
    return Fail(Error::InvalidInput(
        fmt::format("line {}: not YAML: a control character", LineAt(text, *bad))));
  }
  return {};
}

Error FromYaml(const YAML::Exception& exception) {
  if (exception.mark.is_null()) return Error::InvalidInput("not YAML: " + exception.msg);
  return Error::InvalidInput(fmt::format("line {}: not YAML: {}", exception.mark.line + 1,
                                         EscapeForTerminal(exception.msg)));
}

/// Runs yaml-cpp; the only place that sees its exceptions.
Result<void> Run(std::string_view text, Builder& builder) {
  TRY(CheckText(text));
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& stop) {
    return Fail(stop.error);
  } catch (const YAML::Exception& exception) {
    return Fail(FromYaml(exception));
  } catch (const std::exception& exception) {
    return Fail(Error::InvalidInput(fmt::format("not YAML: {}", exception.what())));
  }
  return {};
}

}  // namespace

Result<Json> ParseDocument(std::string_view text, Scalars scalars, DuplicateKeys duplicates) {
  Builder builder(scalars, duplicates);
  TRY(Run(text, builder));
  if (const auto line = builder.second_line()) {
    return Fail(Error::InvalidInput(
        fmt::format("line {}: a second document starts here, where one is expected", *line)));
  }
  auto documents = builder.Take();
  if (documents.empty()) return Json();
  return std::move(documents.front());
}

Result<std::vector<Json>> ParseDocuments(std::string_view text, Scalars scalars,
                                         DuplicateKeys duplicates) {
  Builder builder(scalars, duplicates);
  TRY(Run(text, builder));
  return builder.Take();
}

}  // namespace datafly::yaml

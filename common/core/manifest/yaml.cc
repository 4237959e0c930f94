#include "common/core/manifest/yaml.h"

#include <yaml.h>

#include <memory>
#include <nlohmann/json.hpp>
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

/// How an Error leaves the builder; it never leaves this file.
struct Stop {
  Error error;
};

using Mark = yaml_mark_t;  ///< lines count from 0

[[noreturn]] void StopAt(const Mark& mark, std::string message) {
  throw Stop{Error::InvalidInput(fmt::format("line {}: {}", mark.line + 1, message))};
}
[[noreturn]] void StopTooLarge(const Mark& mark, std::string message) {
  throw Stop{Error::TooLarge(fmt::format("line {}: {}", mark.line + 1, message))};
}

std::string Shown(std::string_view key) {
  return Truncate(EscapeForTerminal(key.substr(0, 200)), 60);
}

std::string_view ViewOf(const yaml_char_t* text) {
  return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

/// A collection that is being read.
struct Frame {
  Json value;
  std::string anchor;
  std::size_t cost_before = 0;
  std::optional<std::string> key;  ///< in a map: the key whose value comes next
  bool key_merges = false;         ///< that key is `<<`
  std::vector<Json> merges;
};

/// What an anchor names; without a value while that is being read.
struct Anchored {
  std::optional<Json> value;
  std::size_t cost = 0;
};

/// Builds JSON values from libyaml's events.
class Builder {
 public:
  Builder(Scalars scalars, DuplicateKeys duplicates) : scalars_(scalars), duplicates_(duplicates) {}

  std::vector<Json> Take() { return std::move(documents_); }
  /// Where the second document that holds something starts, counted from 1.
  [[nodiscard]] std::optional<std::size_t> second_line() const { return second_line_; }

  void On(const yaml_event_t& event) {
    const Mark& mark = event.start_mark;
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        return OnDocumentStart(mark);
      case YAML_DOCUMENT_END_EVENT:
        return OnDocumentEnd();
      case YAML_ALIAS_EVENT:
        return OnAlias(mark, ViewOf(event.data.alias.anchor));
      case YAML_SCALAR_EVENT:
        return OnScalar(mark, event);
      case YAML_SEQUENCE_START_EVENT:
        return Open(mark, Json::array(), ViewOf(event.data.sequence_start.anchor));
      case YAML_MAPPING_START_EVENT:
        return Open(mark, Json::object(), ViewOf(event.data.mapping_start.anchor));
      case YAML_SEQUENCE_END_EVENT:
        return Close();
      case YAML_MAPPING_END_EVENT:
        return OnMapEnd();
      default:
        return;
    }
  }

 private:
  void OnDocumentStart(const Mark& mark) {
    start_line_ = mark.line + 1;
    anchors_.clear();
    stack_.clear();
    root_ = {};
  }

  void OnDocumentEnd() {
    if (root_.is_null()) return;
    documents_.push_back(std::exchange(root_, {}));
    if (documents_.size() == 2) second_line_ = start_line_;
  }

  void OnAlias(const Mark& mark, std::string_view anchor) {
    const auto found = anchors_.find(std::string(anchor));
    if (found == anchors_.end())
      StopAt(mark, fmt::format("not YAML: the anchor \"{}\" is not known", Shown(anchor)));
    if (!found->second.value) StopAt(mark, "an alias refers to what is not complete yet");
    Spend(mark, found->second.cost);
    if (ExpectsKey()) return TakeKey(mark, *found->second.value);
    Place(mark, *found->second.value);
  }

  void OnScalar(const Mark& mark, const yaml_event_t& event) {
    const auto& scalar = event.data.scalar;
    const std::string text(reinterpret_cast<const char*>(scalar.value), scalar.length);
    const bool plain = scalar.plain_implicit != 0 && scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (plain && text == "<<" && ExpectsKey()) {
      stack_.back().key = text;
      stack_.back().key_merges = true;
      return;
    }
    Json value = ScalarValue(mark, plain, ViewOf(scalar.tag), text);
    if (value.is_null() && ExpectsKey()) StopAt(mark, "a key is null");
    Finish(mark, std::move(value), ViewOf(scalar.anchor), 1 + text.size() / kBytesPerCost);
  }

  void OnMapEnd() {
    Frame& frame = stack_.back();
    for (const auto& merge : frame.merges)
      for (const auto& [key, value] : merge.items())
        if (!frame.value.contains(key)) frame.value[key] = value;
    Close();
  }

  [[nodiscard]] bool ExpectsKey() const {
    return !stack_.empty() && stack_.back().value.is_object() && !stack_.back().key;
  }

  void Spend(const Mark& mark, std::size_t cost) {
    cost_ += cost;
    if (cost_ > kMaxCost) StopTooLarge(mark, "the document expands to too many values");
  }

  Json ScalarValue(const Mark& mark, bool plain, std::string_view tag,
                   const std::string& text) const {
    if (scalars_ == Scalars::AsStrings)
      return plain && ResolvePlainScalar(text).is_null() ? Json() : Json(text);
    if (plain) return ResolvePlainScalar(text);
    constexpr std::string_view kCore = "tag:yaml.org,2002:";
    if (!tag.starts_with(kCore)) return text;
    const auto type = tag.substr(kCore.size());
    if (type != "int" && type != "float" && type != "bool" && type != "null") return text;
    Json value = ResolvePlainScalar(text);
    const bool fits = type == "int"     ? value.is_number_integer()
                      : type == "float" ? value.is_number()
                      : type == "bool"  ? value.is_boolean()
                                        : value.is_null();
    if (!fits) StopAt(mark, fmt::format("a value is not of type {}", type));  // it may be secret
    return value;
  }

  void Open(const Mark& mark, Json empty, std::string_view anchor) {
    if (ExpectsKey()) StopAt(mark, "a key is a map or a list; keys are single words");
    if (stack_.size() >= kMaxDepth)
      StopTooLarge(mark, fmt::format("more than {} levels", kMaxDepth));
    const std::size_t before = cost_;
    Spend(mark, 1);
    Frame frame;
    frame.value = std::move(empty);
    frame.anchor = anchor;
    if (!anchor.empty()) anchors_[frame.anchor] = {};
    frame.cost_before = before;
    stack_.push_back(std::move(frame));
    last_ = mark;
  }

  void Close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    if (!frame.anchor.empty()) Remember(frame.anchor, frame.value, cost_ - frame.cost_before);
    Place(last_, std::move(frame.value));
  }

  void Finish(const Mark& mark, Json value, std::string_view anchor, std::size_t cost) {
    Spend(mark, cost);
    last_ = mark;
    if (!anchor.empty()) Remember(std::string(anchor), value, cost);
    if (ExpectsKey()) return TakeKey(mark, value);
    Place(mark, std::move(value));
  }

  void Remember(const std::string& anchor, const Json& value, std::size_t cost) {
    Spend(last_, cost);  // the copy is memory too
    anchors_[anchor] = Anchored{value, cost};
  }

  void TakeKey(const Mark& mark, const Json& value) {
    if (value.is_structured() || value.is_null()) StopAt(mark, "a key is not a single word");
    Frame& frame = stack_.back();
    frame.key = value.is_string() ? value.get<std::string>() : value.dump();
    if (duplicates_ == DuplicateKeys::Refuse && frame.value.contains(*frame.key))
      StopAt(mark, fmt::format("the key \"{}\" is repeated", Shown(*frame.key)));
  }

  void Place(const Mark& mark, Json value) {
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

  static void AddMerge(const Mark& mark, Frame& frame, Json value) {
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
  std::optional<std::size_t> second_line_;
  std::vector<Frame> stack_;
  std::unordered_map<std::string, Anchored> anchors_;
  std::size_t cost_ = 0;
  std::size_t start_line_ = 0;  ///< of the current document
  Mark last_{};
  Json root_;
};

int LineAt(std::string_view text, std::size_t at) {
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
}

/// Control characters are not YAML; and libyaml takes a text that opens with the mark of UTF-16 for
/// that.
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

/// libyaml's parser, which owns what it reads with.
struct ParserDeleter {
  void operator()(yaml_parser_t* parser) const {
    yaml_parser_delete(parser);
    delete parser;
  }
};
using Parser = std::unique_ptr<yaml_parser_t, ParserDeleter>;

Parser MakeParser(std::string_view text) {
  auto raw = std::make_unique<yaml_parser_t>();
  if (yaml_parser_initialize(raw.get()) == 0) throw std::bad_alloc();
  Parser parser(raw.release());
  yaml_parser_set_encoding(parser.get(), YAML_UTF8_ENCODING);
  // libyaml asserts that there is a pointer, which an empty view need not have.
  const char* data = text.data() == nullptr ? "" : text.data();
  yaml_parser_set_input_string(parser.get(), reinterpret_cast<const unsigned char*>(data),
                               text.size());
  return parser;
}

Error ErrorOf(const yaml_parser_t& parser, std::string_view text) {
  const std::string_view problem = parser.problem == nullptr ? "unreadable" : parser.problem;
  // The reader's errors have no mark of their own; the end of a text is told one line below it.
  const auto line = static_cast<int>(parser.error == YAML_READER_ERROR ? parser.mark.line
                                                                       : parser.problem_mark.line);
  return Error::InvalidInput(fmt::format("line {}: not YAML: {}",
                                         std::min(line + 1, LineAt(text, text.size())),
                                         EscapeForTerminal(problem)));
}

/// Hands over the next event; false after the last one.
bool HandleNext(yaml_parser_t& parser, std::string_view text, Builder& builder) {
  yaml_event_t event;
  if (yaml_parser_parse(&parser, &event) == 0) throw Stop{ErrorOf(parser, text)};
  const std::unique_ptr<yaml_event_t, decltype(&yaml_event_delete)> owner(&event,
                                                                          yaml_event_delete);
  builder.On(event);
  return event.type != YAML_STREAM_END_EVENT;
}

/// Runs libyaml; the only place that sees its errors.
Result<void> Run(std::string_view text, Builder& builder) {
  TRY(CheckText(text));
  try {
    const Parser parser = MakeParser(text);
    while (HandleNext(*parser, text, builder)) {
    }
  } catch (const Stop& stop) {
    return Fail(stop.error);
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

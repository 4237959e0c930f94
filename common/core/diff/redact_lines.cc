#include "common/core/diff/redact_lines.h"

#include <re2/re2.h>

#include "common/core/base/text.h"
#include "common/core/diff/harmless.h"
#include "common/core/diff/secret_keys.h"
#include "common/core/diff/secret_shapes.h"

namespace datafly::diff {
namespace {

constexpr std::string_view kMask = "***";

std::size_t IndentOf(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

/// "  - key: value", "key = value", "\"key\": \"value\",", "export KEY=value", "key value".
struct Pair {
  std::string_view head;  ///< all before the value
  std::string_view key;
  std::string_view value;
};
std::optional<Pair> ReadPair(std::string_view line) {
  static const RE2 kPair(
      R"(^(\s*(?:- +|export +|set +|ENV +|declare -x +)*(["']?)([\w.$/@ -]+?)(["']?)\s*(?:[:=]+>?)[ \t]*)(.*)$)");
  re2::StringPiece head, open, key, close, value;
  if (!RE2::FullMatch(line, kPair, &head, &open, &key, &close, &value)) return std::nullopt;
  return Pair{{head.data(), head.size()}, {key.data(), key.size()}, {value.data(), value.size()}};
}

/// "requirepass hunter2", "AuthToken hunter2": settings of programs that need no separator.
std::optional<Pair> ReadWords(std::string_view line) {
  static const RE2 kWords(R"(^(\s*([\w.-]+)\s+)(\S+)\s*;?$)");
  re2::StringPiece head, key, value;
  if (!RE2::FullMatch(line, kWords, &head, &key, &value)) return std::nullopt;
  return Pair{{head.data(), head.size()}, {key.data(), key.size()}, {value.data(), value.size()}};
}

/// "proxy_set_header X-Api-Key hunter2;", "set $api_key hunter2;", "http-request set-header X-Token
/// hunter2": what web servers are told to set.
std::optional<Pair> ReadSetting(std::string_view line) {
  static const RE2 kSetting(
      R"((?i)^(\s*(?:[\w-]+\s+)?(?:\w+[-_])*(?:header|headers|param|set|setenv|env)(?:\s+(?:set|add|append|always))?\s+["']?\$?([\w.-]+)["']?\s+)(\S.*?)\s*;?\s*$)");
  re2::StringPiece head, key, value;
  if (!RE2::FullMatch(line, kSetting, &head, &key, &value)) return std::nullopt;
  return Pair{{head.data(), head.size()}, {key.data(), key.size()}, {value.data(), value.size()}};
}

bool HidesAfter(std::string_view key, std::string_view value) {
  if (value == "true" || value == "false" || value == "true," || value == "false,") return false;
  switch (KindOfKey(key)) {
    case KeyKind::Plain:
      return false;
    case KeyKind::AboutSecret: {
      std::string_view bare = value;
      while (!bare.empty() && std::string_view(",;\"'").find(bare.back()) != std::string_view::npos)
        bare.remove_suffix(1);
      if (!bare.empty() && (bare.front() == '"' || bare.front() == '\'')) bare.remove_prefix(1);
      return !IsPointer(bare);
    }
    case KeyKind::Secret:
      return true;
  }
  return true;
}

/// The value goes on in the lines below that are indented further: "key:", "key: |", "key: {".
bool OpensBlock(std::string_view value) {
  static const RE2 kOpening(R"(([|>][-+0-9]*|[&!]\S+)?\s*(#.*)?|[\[{(]+|"""|''')");
  return RE2::FullMatch(value, kOpening);
}

/// A quote that is not closed on its line, or a backslash at its end.
char OpenQuote(std::string_view value) {
  if (value.empty() || (value.front() != '"' && value.front() != '\'')) return 0;
  for (std::size_t at = 1; at < value.size(); ++at) {
    if (value[at] == '\\' && value.front() == '"')
      ++at;
    else if (value[at] == value.front())
      return 0;
  }
  return value.front();
}

/// What the lines of one side tell about those that follow.
class LineReader {
 public:
  friend bool operator==(const LineReader&, const LineReader&) = default;

  /// Whether all of the line is secret; else what is left of it.
  std::optional<std::string> Read(std::string_view line) {
    if (Inside(line)) return std::nullopt;
    if (line.find("-----BEGIN") != std::string_view::npos &&
        line.find("PRIVATE KEY") != std::string_view::npos) {
      in_key_ = line.find("-----END") == std::string_view::npos;
      return Prefix(line);
    }
    ReadSection(line);
    if (OpensSecretData(line)) {
      block_ = IndentOf(line);
      return std::string(line);
    }
    if (section_ && !Trim(line).starts_with("[") && ReadPair(line)) {
      const auto pair = ReadPair(line);
      return std::string(pair->head) + std::string(kMask);
    }
    auto pair = ReadPair(line);
    if (!pair || KindOfKey(pair->key) == KeyKind::Plain) {
      const auto words = ReadWords(line);
      if (words && NamesSecret(words->key)) pair = words;
      const auto setting = ReadSetting(line);
      if (setting && NamesSecret(setting->key)) pair = setting;
    }
    if (pair && HidesAfter(pair->key, Trim(pair->value))) return Hide(line, *pair);
    return MaskLikely(line);
  }

 private:
  bool Inside(std::string_view line) {
    if (in_key_) {
      if (line.find("-----END") != std::string_view::npos) in_key_ = false;
      return true;
    }
    if (quote_ != 0) {
      if (line.find(quote_) != std::string_view::npos) quote_ = 0;
      return true;
    }
    if (continues_) {
      continues_ = line.ends_with('\\');
      return true;
    }
    if (!block_) return false;
    const auto trimmed = Trim(line);
    if (trimmed.empty()) return true;
    const auto indent = IndentOf(line);
    if (indent > *block_ || (indent == *block_ && trimmed.starts_with("- "))) return true;
    block_.reset();
    return false;
  }

  /// "[credentials]" of an ini file: what follows is secret, up to the next section.
  void ReadSection(std::string_view line) {
    const auto trimmed = Trim(line);
    if (trimmed.size() > 2 && trimmed.front() == '[' && trimmed.back() == ']')
      section_ = SmellsOfSecret(trimmed);
  }

  /// The data of a Secret, in a text that holds manifests.
  bool OpensSecretData(std::string_view line) {
    static const RE2 kKind(R"(\s*(?:- )?["']?kind["']?: *["']?Secret["']?,?\s*)");
    static const RE2 kData(R"(\s*["']?(?:data|stringData)["']?:[ {]*)");
    if (RE2::FullMatch(line, kKind)) in_secret_ = true;
    if (Trim(line) == "---") in_secret_ = false;
    return in_secret_ && RE2::FullMatch(line, kData);
  }

  std::string Hide(std::string_view line, const Pair& pair) {
    const auto value = Trim(pair.value);
    if (value.ends_with('\\')) continues_ = true;
    quote_ = OpenQuote(value);
    if (OpensBlock(value)) {
      block_ = IndentOf(line);
      return std::string(pair.head) + std::string(value);
    }
    return std::string(pair.head) + std::string(kMask);
  }

  static std::string Prefix(std::string_view line) {
    return std::string(line.substr(0, line.find("-----BEGIN"))) + std::string(kMask);
  }

  bool in_key_ = false, continues_ = false, section_ = false, in_secret_ = false;
  char quote_ = 0;
  std::optional<std::size_t> block_;
};

/// Both sides read a line that stays; what either of them hides is hidden.
std::optional<std::string> ReadBoth(LineReader& before, LineReader& after, std::string_view line) {
  if (before == after) {
    auto shown = before.Read(line);
    after = before;
    return shown;
  }
  const auto old_line = before.Read(line);
  auto new_line = after.Read(line);
  if (!old_line || !new_line) return std::nullopt;
  // The one that hides more is the shorter one, but for equal ones.
  return old_line->size() < new_line->size() ? old_line : new_line;
}

}  // namespace

std::vector<TextLine> RedactLines(std::vector<TextLine> lines, const KnownSecrets& secrets) {
  LineReader before, after;
  std::vector<TextLine> out;
  bool hiding = false;
  for (auto& line : lines) {
    if (line.mark == '@') {
      hiding = false;
      out.push_back(std::move(line));
      continue;
    }
    line.text = secrets.Mask(line.text);
    std::optional<std::string> shown;
    if (line.mark == '-')
      shown = before.Read(line.text);
    else if (line.mark == '+')
      shown = after.Read(line.text);
    else
      shown = ReadBoth(before, after, line.text);
    if (!shown && hiding && out.back().mark == line.mark) continue;
    hiding = !shown;
    if (shown)
      line.text = std::move(*shown);
    else
      line.text = line.text.substr(0, IndentOf(line.text)) + std::string(kMask);
    out.push_back(std::move(line));
  }
  return out;
}

std::string RedactText(std::string_view text, const KnownSecrets& secrets) {
  std::vector<TextLine> lines;
  // A private key or a value of several lines is known as a whole.
  const std::string masked = secrets.Mask(MaskCertain(text));
  for (const auto line : Split(masked, '\n')) lines.push_back({' ', std::string(line)});
  std::string out;
  for (const auto& line : RedactLines(std::move(lines), secrets)) out += line.text + '\n';
  out.pop_back();
  return out;
}

std::vector<TextLine> FoldLines(std::vector<TextLine> lines, std::size_t context) {
  std::vector<bool> keep(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].mark == ' ') continue;
    const std::size_t begin = i > context ? i - context : 0;
    const std::size_t end = std::min(lines.size(), i + context + 1);
    for (std::size_t k = begin; k < end; ++k) keep[k] = true;
  }
  std::vector<TextLine> out;
  for (std::size_t i = 0; i < lines.size();) {
    std::size_t end = i;
    while (end < lines.size() && !keep[end]) ++end;
    if (end - i > 1) {
      out.push_back({'@', fmt::format("{} lines", end - i)});
      i = end;
    } else {
      out.push_back(std::move(lines[i++]));
    }
  }
  return out;
}

}  // namespace datafly::diff

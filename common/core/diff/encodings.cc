#include "common/core/diff/encodings.h"

#include "common/core/base/base64.h"

namespace datafly::diff {
namespace {

constexpr std::size_t kShortestNeedle = 4;
// Shorter parts of base64 turn up by chance.
constexpr std::size_t kShortestCore = 6;
constexpr std::size_t kLongestNeedle = 256;
constexpr std::size_t kPiece = 64;
// A line of MIME's 76 columns holds at least one whole piece.
constexpr std::size_t kRunPiece = 24;
// What is encoded twice is not broken into lines: a few pieces of a long one will do.
constexpr std::size_t kSparse = 240;

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '~';
}

std::string Hex(std::string_view bytes, std::string_view digits, std::string_view prefix = "") {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += prefix;
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}
constexpr std::string_view kLowerDigits = "0123456789abcdef";
constexpr std::string_view kUpperDigits = "0123456789ABCDEF";

/// Percent-encoded but for unreserved characters and those of `kept`.
std::string UrlEscape(std::string_view value, std::string_view kept, std::string_view digits) {
  std::string out;
  for (const char c : value) {
    if (IsUnreserved(c) || kept.find(c) != std::string_view::npos)
      out += c;
    else
      out += Hex({&c, 1}, digits, "%");
  }
  return out;
}

std::string ReplaceAll(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

struct JsonStyle {
  bool html = false;     ///< <>& as \u003c, as Go writes them
  bool slashes = false;  ///< \/, as PHP does
};

std::string JsonEscape(std::string_view value, JsonStyle style) {
  std::string out;
  for (const char c : value) {
    const auto named = std::string_view("\"\\\n\r\t\b\f").find(c);
    if (named != std::string_view::npos) {
      out += '\\';
      out += std::string_view("\"\\nrtbf")[named];
    } else if (static_cast<unsigned char>(c) < 0x20 ||
               (style.html && (c == '<' || c == '>' || c == '&'))) {
      out += "\\u00" + Hex({&c, 1}, kLowerDigits);
    } else if (c == '/' && style.slashes) {
      out += "\\/";
    } else {
      out += c;
    }
  }
  return out;
}

std::string XmlEscape(std::string value) {
  value = ReplaceAll(std::move(value), "&", "&amp;");
  value = ReplaceAll(std::move(value), "<", "&lt;");
  value = ReplaceAll(std::move(value), ">", "&gt;");
  value = ReplaceAll(std::move(value), "\"", "&quot;");
  return ReplaceAll(std::move(value), "'", "&#39;");
}

/// The characters of the base64 of a longer text that `value` alone decides, when `shift` (modulo
/// 3) bytes go before it.
std::string Base64Core(std::string_view value, std::size_t shift) {
  const std::string encoded = EncodeBase64(std::string(shift, '\0') + std::string(value));
  const std::size_t begin = (shift * 8 + 5) / 6;
  const std::size_t end = (shift + value.size()) * 8 / 6;
  return end > begin ? encoded.substr(begin, end - begin) : "";
}

class Collector {
 public:
  void Plain(const std::string& text) {
    if (text.size() < kShortestNeedle) return;
    if (text.size() <= kLongestNeedle) return AddPiece(text, false);
    for (std::size_t at = 0; at + kPiece <= text.size(); at += kPiece)
      AddPiece(text.substr(at, kPiece), false);
    AddPiece(text.substr(text.size() - kPiece), false);
  }
  /// Every `stride` characters one piece.
  void Run(const std::string& text, std::size_t stride = kRunPiece) {
    if (text.size() < kShortestCore) return;
    if (text.size() <= kRunPiece * 2) return AddPiece(text, true);
    for (std::size_t at = 0; at + kRunPiece <= text.size(); at += stride)
      AddPiece(text.substr(at, kRunPiece), true);
    AddPiece(text.substr(text.size() - kRunPiece), true);
  }
  /// In both alphabets.
  void Base64Run(const std::string& text, std::size_t stride = kRunPiece) {
    Run(text, stride);
    if (text.find_first_of("+/") != std::string::npos)
      Run(ReplaceAll(ReplaceAll(text, "+", "-"), "/", "_"), stride);
  }
  std::vector<Needle> Take() { return std::move(needles_); }

 private:
  void AddPiece(std::string text, bool in_run) {
    if (seen_.insert(text).second) needles_.push_back({std::move(text), in_run});
  }

  std::set<std::string> seen_;
  std::vector<Needle> needles_;
};

void AddEscapes(std::string_view value, Collector& out) {
  out.Plain(std::string(value));
  for (const std::string_view digits : {kUpperDigits, kLowerDigits}) {
    for (const std::string_view kept : {"", "$&+,;=", "!'()*", "!'()*;/?:@&=+$,#"}) {
      const std::string escaped = UrlEscape(value, kept, digits);
      out.Plain(escaped);
      out.Plain(ReplaceAll(escaped, "%20", "+"));
    }
  }
  for (const JsonStyle style : {JsonStyle{}, JsonStyle{true, false}, JsonStyle{false, true}}) {
    const std::string once = JsonEscape(value, style);
    out.Plain(once);
    out.Plain(JsonEscape(once, style));
  }
  out.Plain(ReplaceAll(std::string(value), "'", "''"));
  out.Plain(XmlEscape(std::string(value)));
}

void AddBase64(std::string_view value, Collector& out) {
  // With its last, half-filled character: what stands for the value alone.
  const std::string whole = EncodeBase64(value);
  out.Base64Run(whole.substr(0, whole.find('=')));
  const std::string twice = EncodeBase64(whole);
  out.Base64Run(twice.substr(0, twice.find('=')), kSparse);
  for (std::size_t shift = 0; shift < 3; ++shift) {
    const std::string core = Base64Core(value, shift);
    out.Base64Run(core);
    for (std::size_t outer = 0; outer < 3; ++outer) out.Base64Run(Base64Core(core, outer), kSparse);
  }
}

}  // namespace

std::vector<Needle> EscapesOf(std::string_view value) {
  Collector out;
  AddEscapes(value, out);
  return out.Take();
}

std::vector<Needle> EncodingsOf(std::string_view value) {
  Collector out;
  AddEscapes(value, out);
  AddBase64(value, out);
  out.Run(Hex(value, kLowerDigits));
  out.Run(Hex(value, kUpperDigits));
  return out.Take();
}

}  // namespace datafly::diff

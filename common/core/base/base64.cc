#include "common/core/base/base64.h"

namespace datafly {
namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t kSpace = 0xFD;
constexpr std::uint8_t kPadding = 0xFE;
constexpr std::uint8_t kInvalid = 0xFF;

constexpr std::array<std::uint8_t, 256> MakeTable() {
  std::array<std::uint8_t, 256> table{};
  for (auto& entry : table) entry = kInvalid;
  for (std::size_t i = 0; i < kStandard.size(); ++i)
    table[static_cast<unsigned char>(kStandard[i])] = static_cast<std::uint8_t>(i);
  for (const char c : {' ', '\t', '\r', '\n', '\f', '\v'})
    table[static_cast<unsigned char>(c)] = kSpace;
  table['='] = kPadding;
  return table;
}
constexpr auto kTable = MakeTable();

std::uint8_t SextetOf(char c) { return kTable[static_cast<unsigned char>(c)]; }

Error NotBase64(std::size_t at) {
  return Error::InvalidInput(fmt::format("not base64: unexpected byte at position {}", at));
}

/// Decodes whole groups of four clean characters; stops before the first that is not. Release
/// records have a megabyte of them.
std::size_t DecodeCleanGroups(std::string_view text, std::string& out) {
  std::size_t i = 0;
  out.resize(text.size() / 4 * 3);
  char* next = out.data();
  for (; i + 4 <= text.size(); i += 4) {
    const std::uint32_t a = SextetOf(text[i]);
    const std::uint32_t b = SextetOf(text[i + 1]);
    const std::uint32_t c = SextetOf(text[i + 2]);
    const std::uint32_t d = SextetOf(text[i + 3]);
    if ((a | b | c | d) >= 64) break;
    const std::uint32_t bits = a << 18 | b << 12 | c << 6 | d;
    *next++ = static_cast<char>(bits >> 16);
    *next++ = static_cast<char>(bits >> 8);
    *next++ = static_cast<char>(bits);
  }
  out.resize(i / 4 * 3);
  return i;
}

/// The careful way: white space anywhere, padding at the end.
class TailDecoder {
 public:
  explicit TailDecoder(std::string& out) : out_(out) {}

  bool Add(std::uint8_t sextet) {
    if (sextet == kSpace) return true;
    if (sextet == kPadding) return ++padding_ <= 2 && count_ + padding_ <= 4 && count_ >= 2;
    if (sextet == kInvalid || padding_ > 0) return false;
    bits_ = bits_ << 6 | sextet;
    if (++count_ == 4) Flush(3);
    return true;
  }

  /// False when one lone character is left, or the padding does not fill its group.
  bool Finish() {
    if (padding_ > 0 && count_ + padding_ != 4) return false;
    if (count_ == 1) return false;
    if (count_ == 2) bits_ <<= 12;
    if (count_ == 3) bits_ <<= 6;
    if (count_ > 0) Flush(count_ - 1);
    return true;
  }

 private:
  void Flush(unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i)
      out_.push_back(static_cast<char>(bits_ >> (16 - 8 * i) & 0xFF));
    bits_ = 0;
    count_ = 0;
  }

  std::string& out_;
  std::uint32_t bits_ = 0;
  unsigned count_ = 0;
  unsigned padding_ = 0;
};

std::string Encode(std::string_view bytes, std::string_view alphabet, bool pad) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (k < have ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k <= have; ++k) out.push_back(alphabet[bits >> (18 - 6 * k) & 63]);
    if (pad) out.append(3 - have, '=');
  }
  return out;
}

}  // namespace

Result<std::string> DecodeBase64(std::string_view text) {
  std::string out;
  std::size_t at = DecodeCleanGroups(text, out);
  TailDecoder tail(out);
  for (; at < text.size(); ++at)
    if (!tail.Add(SextetOf(text[at]))) return Fail(NotBase64(at));
  if (!tail.Finish()) return Fail(Error::InvalidInput("not base64: the text is cut"));
  return out;
}

std::string EncodeBase64(std::string_view bytes) { return Encode(bytes, kStandard, true); }
std::string EncodeBase64Url(std::string_view bytes) { return Encode(bytes, kUrl, false); }

}  // namespace datafly

#include "common/core/base/gzip.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>

namespace datafly {

namespace {

constexpr int kGzipWindow = 15 + 16;  // the largest window; +16: with gzip's header and checksum
constexpr std::size_t kFirstChunk = std::size_t{64} * 1024;

/// zlib's C interface wants writable, unsigned input; it does not write to it.
Bytef* Input(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // NOLINT
}

Bytef* Output(std::string& buffer, std::size_t offset) {
  return reinterpret_cast<Bytef*>(buffer.data() + offset);  // NOLINT
}

/// Ends the stream however the function is left.
struct Inflater {
  z_stream stream{};
  bool ready = inflateInit2(&stream, kGzipWindow) == Z_OK;
  Inflater() = default;
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ready) inflateEnd(&stream);
  }
};

struct Deflater {
  z_stream stream{};
  bool ready = deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, 8,
                            Z_DEFAULT_STRATEGY) == Z_OK;
  Deflater() = default;
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() {
    if (ready) deflateEnd(&stream);
  }
};

Error TooLarge(std::size_t max_size) {
  return Error::TooLarge(fmt::format("more than {} MiB when decompressed", max_size >> 20));
}

Error Damaged() { return Error::InvalidInput("the compressed data is damaged"); }
Error Cut() { return Error::InvalidInput("the compressed data is cut"); }
Error NoMemory() { return Error::TooLarge("not enough memory for the compressed data"); }

/// What a gzip member's last four bytes say that it inflates to (RFC 1952, ISIZE, modulo 2^32): a
/// hint, so that most members need one buffer of the right size. A lie costs little: what it asks
/// for is at most 64 times the input.
std::size_t SizeHint(std::string_view gzip) {
  constexpr std::size_t kMostRatio = 64;
  if (gzip.size() < 18) return 0;
  std::size_t size = 0;
  for (int i = 1; i <= 4; ++i)
    size = size << 8 | static_cast<unsigned char>(gzip[gzip.size() - static_cast<std::size_t>(i)]);
  return std::min(size, gzip.size() * kMostRatio);
}

/// One whole member into a buffer of the size that it claims, by libdeflate, which takes a third of
/// zlib's time and needs to know that size. Nothing where it does not fit: zlib tells what is
/// wrong.
std::optional<std::string> InflateAtOnce(std::string_view gzip, std::size_t size) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> inflater(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (inflater == nullptr) return std::nullopt;
  std::string out(size, '\0');
  std::size_t read = 0;
  std::size_t written = 0;
  const auto code = libdeflate_gzip_decompress_ex(inflater.get(), gzip.data(), gzip.size(),
                                                  out.data(), out.size(), &read, &written);
  if (code != LIBDEFLATE_SUCCESS || read != gzip.size() || written != size) return std::nullopt;
  return out;
}

/// Inflates until the end of the member, the end of the input, or one byte more than `max_size`.
Result<int> InflateSome(z_stream& stream, std::string& out, std::size_t max_size) {
  const std::size_t done = stream.total_out;
  if (done > max_size) return Fail(TooLarge(max_size));
  if (done == out.size()) out.resize(std::min(std::max(kFirstChunk, 2 * done), max_size + 1));
  stream.next_out = Output(out, done);
  stream.avail_out =
      static_cast<uInt>(std::min<std::size_t>(out.size() - done, std::numeric_limits<uInt>::max()));
  const int code = inflate(&stream, Z_NO_FLUSH);
  if (code == Z_MEM_ERROR) return Fail(NoMemory());
  if (code == Z_BUF_ERROR) return Fail(Cut());
  if (code != Z_OK && code != Z_STREAM_END) return Fail(Damaged());
  return code;
}

}  // namespace

bool IsGzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

Result<std::string> Gunzip(std::string_view bytes, std::size_t max_size) {
  constexpr std::size_t kMaxInput = std::numeric_limits<uInt>::max();
  if (bytes.size() > kMaxInput) return Fail(TooLarge(max_size));
  const std::size_t size = SizeHint(bytes);
  if (size > 0 && size <= max_size)
    if (auto whole = InflateAtOnce(bytes, size)) return *std::move(whole);
  Inflater inflater;
  if (!inflater.ready) return Fail(NoMemory());
  inflater.stream.next_in = Input(bytes);
  inflater.stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  for (int code = Z_OK; code != Z_STREAM_END;) {
    ASSIGN_OR_RETURN(code, InflateSome(inflater.stream, out, max_size));
  }
  if (inflater.stream.total_out > max_size) return Fail(TooLarge(max_size));
  if (inflater.stream.avail_in != 0) return Fail(Damaged());
  out.resize(inflater.stream.total_out);
  return out;
}

Result<std::string> Gzip(std::string_view text) {
  Deflater deflater;
  if (!deflater.ready || text.size() > std::numeric_limits<uInt>::max()) return Fail(NoMemory());
  std::string out(deflateBound(&deflater.stream, static_cast<uLong>(text.size())), '\0');
  gz_header header{};  // no time, no name
  header.os = 255;     // unknown: not the build's system
  deflateSetHeader(&deflater.stream, &header);
  deflater.stream.next_in = Input(text);
  deflater.stream.avail_in = static_cast<uInt>(text.size());
  deflater.stream.next_out = Output(out, 0);
  deflater.stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&deflater.stream, Z_FINISH) != Z_STREAM_END) return Fail(NoMemory());
  out.resize(deflater.stream.total_out);
  return out;
}

}  // namespace datafly

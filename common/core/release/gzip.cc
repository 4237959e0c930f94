#include "common/core/release/gzip.h"

#include <zlib.h>

#include <limits>

namespace datafly::release {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib: the largest window, with a gzip header

/// zlib does not write through next_in, but does not say const either.
Bytef* Input(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

class Inflater {
 public:
  explicit Inflater(std::string_view bytes) {
    stream_.next_in = Input(bytes);
    stream_.avail_in = static_cast<uInt>(bytes.size());
    ready_ = inflateInit2(&stream_, kGzipWindow) == Z_OK;
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }

  /// Fills `out` from `used` on; how many bytes came, and whether that was the end.
  struct Step {
    int code;
    std::size_t bytes;
  };
  Step Fill(std::string& out, std::size_t used) {
    if (!ready_) return {Z_MEM_ERROR, 0};
    stream_.next_out = reinterpret_cast<Bytef*>(out.data()) + used;
    stream_.avail_out = static_cast<uInt>(out.size() - used);
    const int code = inflate(&stream_, Z_NO_FLUSH);
    return {code, out.size() - used - stream_.avail_out};
  }
  [[nodiscard]] bool consumed() const { return stream_.avail_in == 0; }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

Error Damaged(std::string_view what) {
  return Error::Protocol(fmt::format("the gzip data {}", what));
}

}  // namespace

bool IsGzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b\x08"); }

Result<std::string> Gunzip(std::string_view bytes, std::size_t limit) {
  if (bytes.size() > std::numeric_limits<uInt>::max()) return Fail(Damaged("is too long"));
  Inflater inflater(bytes);
  std::string out(std::min(limit + 1, std::max<std::size_t>(4096, bytes.size() * 6)), '\0');
  std::size_t used = 0;
  for (;;) {
    const auto step = inflater.Fill(out, used);
    used += step.bytes;
    if (used > limit) {
      return Fail(
          Error::TooLarge(fmt::format("the gzip data unpacks to more than {} MiB", limit >> 20)));
    }
    if (step.code == Z_STREAM_END) break;
    if (step.code != Z_OK && step.code != Z_BUF_ERROR) return Fail(Damaged("is damaged"));
    if (used < out.size()) return Fail(Damaged("is cut"));
    out.resize(std::min(limit + 1, out.size() * 2));
  }
  if (!inflater.consumed()) return Fail(Damaged("is followed by more"));
  out.resize(used);
  return out;
}

std::size_t GzipSize(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK)
    return bytes.size();
  std::array<Bytef, 16384> scratch{};
  std::size_t size = 0;
  int code = Z_OK;
  stream.next_in = Input(bytes);
  stream.avail_in =
      static_cast<uInt>(std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max()));
  while (code == Z_OK) {
    stream.next_out = scratch.data();
    stream.avail_out = static_cast<uInt>(scratch.size());
    code = deflate(&stream, Z_FINISH);
    size += scratch.size() - stream.avail_out;
  }
  deflateEnd(&stream);
  return size;
}

}  // namespace datafly::release

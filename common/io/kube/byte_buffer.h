#pragma once

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace datafly::kube {

/// A growing buffer with spare bytes behind its end, as simdjson wants them. Grows by realloc,
/// which moves pages of memory in place of copying megabytes; keeps its memory when cleared.
class ByteBuffer {
 public:
  static constexpr std::size_t kSpare = 64;

  /// False when there is no memory.
  [[nodiscard]] bool Append(std::string_view bytes) {
    if (bytes.size() + kSpare > capacity_ - size_ && !Grow(size_ + bytes.size() + kSpare))
      return false;
    std::memcpy(data_.get() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
    return true;
  }
  void Clear() { size_ = 0; }
  /// Drops the first `count` bytes.
  void RemoveFront(std::size_t count) {
    std::memmove(data_.get(), data_.get() + count, size_ - count);
    size_ -= count;
  }
  [[nodiscard]] char* data() { return data_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] std::string_view view() const { return {data_.get(), size_}; }

 private:
  struct Free {
    void operator()(char* p) const { std::free(p); }
  };
  bool Grow(std::size_t least) {
    const std::size_t wanted = std::max({least, capacity_ * 2, std::size_t{4096}});
    char* moved = static_cast<char*>(std::realloc(data_.get(), wanted));
    if (moved == nullptr) return false;
    static_cast<void>(data_.release());
    data_.reset(moved);
    std::memset(moved + size_, 0, std::min(wanted - size_, kSpare));
    capacity_ = wanted;
    return true;
  }

  std::unique_ptr<char, Free> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace datafly::kube

#pragma once

#include <string>
#include <utility>

namespace datafly {

/// A value that must not be printed: no formatter, no stream operator; wiped on destruction and on
/// move. Reveal() is the one way to the value, easy to search for in review.
class SecretString {
 public:
  SecretString() = default;
  explicit SecretString(std::string value) : value_(std::move(value)) {}
  SecretString(const SecretString&) = default;
  SecretString& operator=(const SecretString& other);
  SecretString(SecretString&& other) noexcept : value_(std::move(other.value_)) { other.Wipe(); }
  SecretString& operator=(SecretString&& other) noexcept;
  ~SecretString() { Wipe(); }

  [[nodiscard]] const std::string& Reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }
  friend bool operator==(const SecretString& a, const SecretString& b) {
    return a.value_ == b.value_;
  }

 private:
  void Wipe() noexcept;
  std::string value_;
};

}  // namespace datafly

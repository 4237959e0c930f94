#include "common/io/system/system.h"

extern "C" char** environ;

namespace datafly {
namespace {

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time Now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

class ProcessEnvironment final : public Environment {
 public:
  [[nodiscard]] std::optional<std::string> Get(const std::string& name) const override {
    const char* value = ::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  }

  [[nodiscard]] std::vector<std::pair<std::string, std::string>> All() const override {
    std::vector<std::pair<std::string, std::string>> all;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
      std::string_view text(*entry);
      auto equals = text.find('=');
      if (equals == std::string_view::npos) continue;
      all.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return all;
  }
};

}  // namespace

std::unique_ptr<Clock> RealClock() { return std::make_unique<SystemClock>(); }
std::unique_ptr<Environment> RealEnvironment() { return std::make_unique<ProcessEnvironment>(); }

}  // namespace datafly

#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/core/base/text.h"
#include "common/io/system/system.h"

/// In-memory stand-ins for the operating system. They record what was asked of them, so that tests
/// can assert what was NOT done.
namespace datafly {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(Time now = Time{}) : now_(now) {}
  [[nodiscard]] Time Now() const override { return now_; }
  void Set(Time now) { now_ = now; }
  void Advance(Millis by) { now_ += by; }

 private:
  Time now_;
};

class FakeEnvironment final : public Environment {
 public:
  FakeEnvironment() = default;
  explicit FakeEnvironment(std::map<std::string, std::string> variables)
      : variables_(std::move(variables)) {}
  [[nodiscard]] std::optional<std::string> Get(const std::string& name) const override {
    auto found = variables_.find(name);
    if (found == variables_.end()) return std::nullopt;
    return found->second;
  }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> All() const override {
    return {variables_.begin(), variables_.end()};
  }
  void Set(const std::string& name, std::string value) { variables_[name] = std::move(value); }

 private:
  std::map<std::string, std::string> variables_;
};

/// Files by path; directories are not modelled. An entry made by SetError fails to be read with
/// that error, yet exists.
class FakeFileSystem final : public FileSystem {
 public:
  FakeFileSystem() = default;
  explicit FakeFileSystem(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  [[nodiscard]] Result<std::string> Read(const std::string& path,
                                         std::size_t max_bytes) const override {
    reads_.push_back(path);
    if (auto broken = errors_.find(path); broken != errors_.end()) return Fail(broken->second);
    auto found = files_.find(path);
    if (found == files_.end()) {
      return Fail(
          Error::NotFound("open " + EscapeForTerminal(path) + ": No such file or directory"));
    }
    if (found->second.size() > max_bytes)
      return Fail(Error::TooLarge(EscapeForTerminal(path) + " is too large"));
    return found->second;
  }
  [[nodiscard]] Result<void> WritePrivate(const std::string& path,
                                          std::string_view bytes) override {
    files_[path] = std::string(bytes);
    return {};
  }
  [[nodiscard]] bool Exists(const std::string& path) const override {
    return files_.contains(path) || errors_.contains(path);
  }

  void Set(const std::string& path, std::string bytes) { files_[path] = std::move(bytes); }
  void SetError(const std::string& path, Error error) {
    errors_.insert_or_assign(path, std::move(error));
  }
  void Remove(const std::string& path) { files_.erase(path); }
  /// Every path that was read, in order.
  [[nodiscard]] const std::vector<std::string>& reads() const { return reads_; }

 private:
  std::map<std::string, std::string> files_;
  std::map<std::string, Error> errors_;
  mutable std::vector<std::string> reads_;
};

/// Gives the prepared replies in order and records the commands. Without a reply left:
/// Error::NotFound, as for a missing program.
class FakeProcessRunner final : public ProcessRunner {
 public:
  Pending<CommandOutput> Start(Command command) override {
    return Pending<CommandOutput>::Of(RunToEnd(std::move(command)));
  }
  Result<CommandOutput> RunToEnd(Command command) override {
    commands_.push_back(std::move(command));
    if (replies_.empty()) {
      return Fail(Error::NotFound("executable " + EscapeForTerminal(commands_.back().argv.at(0)) +
                                  " not found"));
    }
    auto reply = std::move(replies_.front());
    replies_.pop_front();
    return reply;
  }

  void Reply(CommandOutput output) { replies_.emplace_back(std::move(output)); }
  void ReplyError(Error error) { replies_.emplace_back(Fail(std::move(error))); }
  [[nodiscard]] const std::vector<Command>& commands() const { return commands_; }

 private:
  std::deque<Result<CommandOutput>> replies_;
  std::vector<Command> commands_;
};

}  // namespace datafly

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/cli/terminal.h"
#include "common/io/http/observer.h"

namespace datafly::cli {

/// What -v says on stderr, one line each, by spdlog (log.cc is its one adaptor). Never a result,
/// and never a header, a body or a credential. Not thread safe; of the loop's thread.
class Log final : public http::Observer {
 public:
  enum class Level {
    Info,   ///< -v: each request with its outcome, and where the time of a command went
    Debug,  ///< -vv: their queries and protocol, too
  };
  enum class Format { Text, Json };

  /// `verbosity`: how often -v was given; 0 says nothing.
  Log(Terminal& terminal, int verbosity, Format format);
  ~Log() override;
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  using Value = std::variant<std::string, std::int64_t>;
  using Fields = std::vector<std::pair<std::string_view, Value>>;

  [[nodiscard]] bool Says(Level level) const;
  /// Text: "06:14:33.120 info MESSAGE name=value …"; JSON: an object with time (UTC), level, msg
  /// and the fields. Untrusted text is made safe here.
  void Say(Level level, std::string_view message, const Fields& fields = {});

  /// "GET https://host:6443/version status=200 took_ms=12 bytes=263".
  void OnExchange(const http::Exchange& exchange) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace datafly::cli

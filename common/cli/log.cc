#include "common/cli/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/report/data.h"

namespace datafly::cli {
namespace {

/// The terminal is the only place that writes; spdlog's own sinks would go past it.
class TerminalSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit TerminalSink(Terminal& terminal) : terminal_(terminal) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    terminal_.Err({line.data(), line.size()});
  }
  void flush_() override {}

  Terminal& terminal_;
};

std::unique_ptr<spdlog::formatter> FormatterOf(Log::Format format) {
  const bool json = format == Log::Format::Json;
  return std::make_unique<spdlog::pattern_formatter>(
      json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})" : "%H:%M:%S.%e %l %v",
      json ? spdlog::pattern_time_type::utc : spdlog::pattern_time_type::local, "");
}

spdlog::level::level_enum ThresholdOf(int verbosity) {
  if (verbosity <= 0) return spdlog::level::off;
  return verbosity == 1 ? spdlog::level::info : spdlog::level::debug;
}

spdlog::level::level_enum ToSpdlog(Log::Level level) {
  return level == Log::Level::Info ? spdlog::level::info : spdlog::level::debug;
}

nlohmann::ordered_json ToJson(const Log::Value& value) {
  return std::visit([](const auto& v) { return nlohmann::ordered_json(v); }, value);
}

// Members without the braces: the pattern puts time and level before them.
std::string JsonMembers(std::string_view message, const Log::Fields& fields) {
  nlohmann::ordered_json object = {{"msg", std::string(message)}};
  for (const auto& [name, value] : fields) object[std::string(name)] = ToJson(value);
  const std::string text = report::EscapeHazards(
      object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  return text.substr(1, text.size() - 2);
}

std::string TextOf(const Log::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *number);
  const auto& text = std::get<std::string>(value);
  return text.find(' ') == std::string::npos ? text : fmt::format("\"{}\"", text);
}

std::string TextLine(std::string_view message, const Log::Fields& fields) {
  std::string line(message);
  for (const auto& [name, value] : fields) line += fmt::format(" {}={}", name, TextOf(value));
  return EscapeForTerminal(line);
}

}  // namespace

struct Log::Impl {
  spdlog::logger logger;
  Format format;
};

Log::Log(Terminal& terminal, int verbosity, Format format)
    : impl_(new Impl{spdlog::logger("signal", std::make_shared<TerminalSink>(terminal)), format}) {
  impl_->logger.set_formatter(FormatterOf(format));
  impl_->logger.set_level(ThresholdOf(verbosity));
}

Log::~Log() = default;

bool Log::Says(Level level) const { return impl_->logger.should_log(ToSpdlog(level)); }

void Log::Say(Level level, std::string_view message, const Fields& fields) {
  if (!Says(level)) return;
  const std::string line =
      impl_->format == Format::Json ? JsonMembers(message, fields) : TextLine(message, fields);
  impl_->logger.log(ToSpdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

void Log::OnExchange(const http::Exchange& exchange) {
  if (!Says(Level::Info)) return;
  const std::string url = exchange.origin + exchange.path;
  const bool json = impl_->format == Format::Json;
  Fields fields;
  if (json) fields = {{"method", exchange.method}, {"url", url}};
  if (exchange.failure.empty())
    fields.emplace_back("status", exchange.status);
  else
    fields.emplace_back("failure", exchange.failure);
  fields.emplace_back("took_ms", exchange.took.count());
  fields.emplace_back("bytes", static_cast<std::int64_t>(exchange.bytes));
  if (Says(Level::Debug)) {
    if (!exchange.query.empty()) fields.emplace_back("query", RedactCredentials(exchange.query));
    fields.emplace_back("http", exchange.http_version == 2 ? "2" : "1.1");
  }
  Say(Level::Info, json ? "request" : fmt::format("{} {}", exchange.method, url), fields);
}

}  // namespace datafly::cli

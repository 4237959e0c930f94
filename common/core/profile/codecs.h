#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/profile/profile.h"

/// How each type of a profile's value is read from YAML (whose scalars arrive as text), written
/// back, and compared. `Read` says in its error what is expected; the caller adds the key's path.
namespace datafly::profile {

using Json = nlohmann::json;

/// One line of at most 4 KiB without control characters.
struct TextCodec {
  static constexpr std::string_view kType = "text";
  static Result<std::string> Read(const Json& value);
  static Json Write(const std::string& value) { return value; }
};

struct SwitchCodec {
  static constexpr std::string_view kType = "true or false";
  static Result<bool> Read(const Json& value);
  static Json Write(bool value) { return value; }
};

/// 0 to 1,000,000.
struct CountCodec {
  static constexpr std::string_view kType = "whole number";
  static Result<std::int64_t> Read(const Json& value);
  static Json Write(std::int64_t value) { return value; }
  static int Compare(std::int64_t a, std::int64_t b) { return a < b ? -1 : a > b ? 1 : 0; }
};

struct DurationCodec {
  static constexpr std::string_view kType = "duration";
  static Result<Millis> Read(const Json& value);
  static Json Write(Millis value) { return FormatDuration(value); }
  static int Compare(Millis a, Millis b) { return a < b ? -1 : a > b ? 1 : 0; }
};

struct CpuCodec {
  static constexpr std::string_view kType = "CPU quantity";
  static Result<Quantity> Read(const Json& value);
  static Json Write(Quantity value) { return FormatCpu(value); }
  static int Compare(Quantity a, Quantity b) { return CountCodec::Compare(a.milli, b.milli); }
};

struct MemoryCodec {
  static constexpr std::string_view kType = "memory quantity";
  static Result<Quantity> Read(const Json& value);
  static Json Write(Quantity value);
  static int Compare(Quantity a, Quantity b) { return CountCodec::Compare(a.milli, b.milli); }
};

/// A Kubernetes version: "1.28" or "1.28.3".
struct VersionCodec {
  static constexpr std::string_view kType = "Kubernetes version";
  static Result<std::string> Read(const Json& value);
  static Json Write(const std::string& value) { return value; }
  static int Compare(const std::string& a, const std::string& b);
};

/// At most 100 texts, none of them empty.
struct ListCodec {
  static constexpr std::string_view kType = "list of texts";
  static Result<std::vector<std::string>> Read(const Json& value);
  static Json Write(const std::vector<std::string>& value) { return value; }
};

/// A mapping from the Deployment's name to `title` and `servesTraffic`. Read gives what the
/// document names; MergeServices lays that over what is there.
struct ServicesCodec {
  static constexpr std::string_view kType = "mapping of services";
  struct Change {
    std::string deployment;
    std::optional<std::string> title;
    std::optional<bool> serves_traffic;
  };
  static Result<std::vector<Change>> Read(const Json& value);
  static Json Write(const std::vector<ServiceProfile>& services);
};
void MergeServices(const std::vector<ServicesCodec::Change>& changes,
                   std::vector<ServiceProfile>& services);

/// "expected a duration, such as 90s or 1h30m; got text".
Error Expected(std::string_view what, const Json& value);

}  // namespace datafly::profile

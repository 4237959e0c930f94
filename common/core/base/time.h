#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "common/core/base/result.h"

namespace datafly {

/// Wall-clock time, as Kubernetes writes it (UTC). Facts carry it; judges never read a clock.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using Millis = std::chrono::milliseconds;

/// RFC 3339: "2026-11-26T03:09:25Z", with or without a fraction, with Z or an offset. Years 0001 to
/// 9999.
Result<Time> ParseTime(std::string_view text);

/// "2026-11-26T03:09:25Z"; a fraction of milliseconds only when there is one.
std::string FormatTime(Time time);

/// A duration as Go and kubectl read it: "90s", "1h30m", "250ms", "1.5h"; a bare number is seconds;
/// "0" is zero. Not negative.
Result<Millis> ParseDuration(std::string_view text);

/// The way kubectl prints an age: "45s", "3m", "2h5m", "3d4h", "120d".
std::string FormatAge(Millis age);

/// Exact and re-readable: "1h30m", "250ms", "0s".
std::string FormatDuration(Millis duration);

}  // namespace datafly

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/core/base/result.h"

namespace datafly {

/// A Kubernetes resource.Quantity in thousandths of its unit ("100m" -> 100, "1" -> 1000, "1Ki" ->
/// 1'024'000). Saturates at the int64 bounds, rounds up below a thousandth, as the API server does.
/// Suffixes: n u m k M G T P E, Ki Mi Gi Ti Pi Ei, and decimal exponents ("1e3").
struct Quantity {
  std::int64_t milli = 0;

  static Result<Quantity> Parse(std::string_view text);
  static Quantity FromUnits(std::int64_t units);
  /// In whole units, rounded up.
  [[nodiscard]] std::int64_t Units() const;
  friend auto operator<=>(const Quantity&, const Quantity&) = default;
  Quantity& operator+=(Quantity other);
};
Quantity operator+(Quantity a, Quantity b);
Quantity operator-(Quantity a, Quantity b);
Quantity operator*(Quantity a, std::int64_t times);

/// "250m", "2" (cores).
std::string FormatCpu(Quantity quantity);
/// "512Mi", "1Gi", "1536Mi": the largest binary unit that divides it (while there are fewer than
/// 10,000 of them), else one decimal ("1.4Gi").
std::string FormatBytes(Quantity quantity);

}  // namespace datafly

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

/// One *_fuzz.cc, where libFuzzer is not there to run it.
struct FuzzTarget {
  std::string_view name;
  int (*run)(const std::uint8_t* data, std::size_t size);
};
const std::vector<FuzzTarget>& FuzzTargets();

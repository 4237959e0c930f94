#pragma once

#include <functional>

#include "tests/unit/core/checks/healthy.h"

/// Table-driven tests of families: spoil a healthy world in one place, see the one code that must
/// say so, and that no other fails beside it.
namespace datafly::checks {

struct Case {
  std::string name;
  std::string code;
  CheckVerdict verdict;
  std::function<void(World&)> change;
  std::string seen = {};                     ///< what `seen` must contain
  std::string remedy = {};                   ///< what the remedy must contain
  std::vector<std::string> also_fails = {};  ///< codes that may fail beside it
};

/// Runs each case; gtest failures name it.
void RunCases(const std::vector<Case>& cases);

/// Remembers the codes and verdicts of a table for the meta-test. To be called while static objects
/// are made: const bool kKnown = Register(Cases());
bool Register(const std::vector<Case>& cases);

/// What was registered for a code.
std::set<CheckVerdict> RegisteredVerdicts(std::string_view code);

/// All findings of a code in a world.
std::vector<Finding> FindingsOf(const World& world, std::string_view code);

}  // namespace datafly::checks

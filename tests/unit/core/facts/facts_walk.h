#pragma once

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "common/core/facts/snapshot.h"

/// Walks over everything that a snapshot holds, by the descriptions: a new field is in every test
/// without a line here.
namespace datafly {

/// Every field with a value of its own; `seed` varies bools and enums. With `absent`, every fact is
/// missing for a reason of its own.
Snapshot Filled(int seed, bool absent = false);

/// The paths at which two snapshots differ: "facts.pods[1].phase".
std::vector<std::string> DifferencesOf(const Snapshot& a, const Snapshot& b);

std::string PlainText(const Snapshot& snapshot);

/// "Pod.phase" for every field of every struct that Facts are made of.
std::set<std::string> FieldNamesOfFacts();

}  // namespace datafly

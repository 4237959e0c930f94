#include "tests/unit/core/report/golden.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace datafly::report {

void ExpectGolden(std::string_view name, const std::string& actual) {
  ExpectSameFile(fmt::format("tests/unit/core/report/golden/{}", name), actual);
}

void ExpectSameFile(std::string_view name, const std::string& actual) {
  std::string path = fmt::format("{}/{}", SIGNAL_SOURCE_DIR, name);
  if (std::getenv("SIGNAL_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << actual;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << "no file " << path << "; SIGNAL_UPDATE_GOLDEN=1 writes it";
  std::ostringstream expected;
  expected << file.rdbuf();
  EXPECT_EQ(actual, expected.str())
      << name << ": SIGNAL_UPDATE_GOLDEN=1 writes the new text, if it is meant";
}

}  // namespace datafly::report

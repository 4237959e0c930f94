// fuzz_seeds CORPUS: feeds every file of CORPUS/<target>/ to that target, as libFuzzer would. A
// seed that crashes ends the program; a target without seeds, and seeds without a target, are
// errors.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "tests/fuzz/seed_table.h"

namespace {

namespace fs = std::filesystem;

int RunSeeds(const FuzzTarget& target, const fs::path& folder) {
  int seeds = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    std::cout << target.name << ": " << entry.path().filename().string() << "\n" << std::flush;
    target.run(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    ++seeds;
  }
  return seeds;
}

bool HasTarget(const std::string& name) {
  const auto& targets = FuzzTargets();
  return std::any_of(targets.begin(), targets.end(),
                     [&](const FuzzTarget& target) { return target.name == name; });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: fuzz_seeds CORPUS\n";
    return 64;
  }
  int errors = 0;
  for (const auto& target : FuzzTargets()) {
    if (RunSeeds(target, fs::path(argv[1]) / target.name) > 0) continue;
    std::cerr << "no seeds for " << target.name << "\n";
    ++errors;
  }
  for (const auto& entry : fs::directory_iterator(argv[1])) {
    if (HasTarget(entry.path().filename().string())) continue;
    std::cerr << "seeds without a target: " << entry.path() << "\n";
    ++errors;
  }
  return errors == 0 ? 0 : 1;
}

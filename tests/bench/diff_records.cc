// What a diff of two large records costs, stage by stage: RECORD is the data.release of a Secret,
// RENDERING what `helm upgrade --dry-run=server -o json` prints. tests/bench/make_records.py makes
// both.
#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>

#include "common/core/diff/redact.h"
#include "common/core/diff/release_differ.h"
#include "common/core/report/diff_render.h"

namespace {

using Clock = std::chrono::steady_clock;

std::string ReadFile(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

double MillisSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

long PeakMiB() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: bench_diff_records RECORD RENDERING\n";
    return 64;
  }
  std::string stored = ReadFile(argv[1]);
  std::string rendered = ReadFile(argv[2]);
  rendered.reserve(rendered.size() + 64);  // what is read from a child has room behind it
  const long before = PeakMiB();
  const auto start = Clock::now();
  const auto record = datafly::release::DecodeSecretRelease(stored);
  const double decoded = MillisSince(start);
  auto target = datafly::release::DecodeReleaseJson(rendered);
  const double read = MillisSince(start);
  if (!record || !target) {
    std::cerr << "the files cannot be read\n";
    return 1;
  }
  datafly::diff::DiffRequest request;
  request.release = record->name;
  request.name_space = record->name_space;
  auto differ = datafly::diff::ReleaseDiffer::Make(request, &*record, *target);
  auto found = differ->Finish();
  const double compared = MillisSince(start);
  const auto shown = datafly::diff::Redact(*std::move(found), differ->secrets());
  const std::string text =
      datafly::report::RenderDiff(shown, datafly::report::DiffFormat::Text, {});
  const double whole = MillisSince(start);
  std::cout << "record " << decoded << " ms, rendering " << read - decoded << " ms, comparison "
            << compared - read << " ms, redaction and text " << whole - compared << " ms; whole "
            << whole << " ms; peak " << PeakMiB() << " MiB (" << before
            << " with both files in memory); " << text.size() << " bytes of diff\n";
}

// Redaction: one secret is known, and the fuzzer may put it (and anything else) wherever it likes.
#include <nlohmann/json.hpp>

#include "common/core/base/base64.h"
#include "common/core/diff/redact.h"
#include "common/core/diff/release_differ.h"
#include "common/core/report/diff_render.h"
#include "tests/fuzz/fuzz.h"

using datafly::fuzz::Require;
namespace diff = datafly::diff;
namespace report = datafly::report;

namespace {

constexpr char kBetween = '\x01';  // no YAML text holds it
constexpr std::string_view kSecret = "Zq7vTw9LkX2m";
/// Stands for the secret in the seeds and in what the fuzzer makes of them.
constexpr char kHere = '\x02';

datafly::release::ReleaseRecord Record(std::string_view text) {
  datafly::release::ReleaseRecord record;
  record.name = "app";
  record.name_space = "ns";
  record.chart.default_values_json = record.user_values_json = "{}";
  record.manifest = fmt::format(
      "apiVersion: v1\nkind: Secret\nmetadata: {{name: keys}}\ndata: "
      "{{password: {}}}\n---\n",
      datafly::EncodeBase64(kSecret));
  for (const char c : text) {
    if (c == kHere) record.manifest += kSecret;
    if (c != kHere) record.manifest += c;
  }
  return record;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = datafly::fuzz::Text(data, size);
  const auto middle = text.find(kBetween);
  const auto before = Record(text.substr(0, middle));
  const auto after = Record(middle == text.npos ? "" : text.substr(middle + 1));
  diff::DiffRequest request;
  request.release = "app";
  request.name_space = "ns";
  auto differ = diff::ReleaseDiffer::Make(request, &before, after);
  if (!differ) return 0;
  auto found = differ->Finish();
  if (!found) return 0;
  const auto shown = diff::Redact(*std::move(found), differ->secrets());
  for (const auto format : {report::DiffFormat::Text, report::DiffFormat::Json,
                            report::DiffFormat::Markdown, report::DiffFormat::Html}) {
    const std::string told = report::RenderDiff(shown, format, {});
    Require(told.find(kSecret) == told.npos, "a known secret is not shown");
  }
  return 0;
}

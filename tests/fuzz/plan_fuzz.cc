// Saved plans, which come from a file, and the question whether one may be saved in clear.
#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/plan/document.h"
#include "tests/fuzz/fuzz.h"

using datafly::SecretString;
using datafly::fuzz::Require;
namespace plan = datafly::plan;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::uint64_t kCheap = 1024;  // scrypt's n in the seeds: a millisecond

SecretString Key() { return SecretString("the key of the seeds\n"); }

void CheckOpened(const plan::Plan& opened) {
  const auto sealed = plan::SealPlan(opened, std::nullopt);
  if (!sealed) return Require(!sealed.error().message.empty(), "a refusal says why");
  const auto again = plan::OpenPlan(*sealed, std::nullopt);
  Require(again.has_value(), "what was saved can be opened");
  const auto twice = plan::SealPlan(*again, std::nullopt);
  Require(twice && *twice == *sealed, "what was opened is saved the same");
}

void CheckOpen(std::string_view text, const std::optional<SecretString>& key) {
  const auto opened = plan::OpenPlan(text, key);
  if (opened) return CheckOpened(*opened);
  Require(!opened.error().message.empty(), "an error says something");
}

/// Whether to try the key costs next to nothing.
bool IsCheap(const Json& document) {
  const auto number = [&](const char* path) -> std::uint64_t {
    const Json::json_pointer pointer(path);
    if (!document.contains(pointer) || !document.at(pointer).is_number_unsigned()) return 0;
    return document.at(pointer).get<std::uint64_t>();
  };
  return number("/encrypted/kdf/n") <= kCheap && number("/encrypted/kdf/p") <= 1;
}

/// With a seal that fits: what lies behind it is reached.
void CheckResealed(std::string_view text) {
  auto document = plan::ParseJson(text);
  if (!document || !document->is_object()) return;
  document->erase("seal");
  (*document)["seal"] = plan::SealOf(*document);
  const std::string resealed = plan::CanonicalText(*document);
  CheckOpen(resealed, std::nullopt);
  if (IsCheap(*document)) CheckOpen(resealed, Key());
}

void CheckSecrets(std::string_view text) {
  plan::Plan some;
  some.values_json = "{}";
  some.manifest = text;
  if (datafly::FindInvalidUtf8(text) || plan::HoldsSecrets(some)) return;
  Require(plan::SealPlan(some, std::nullopt).has_value(), "without secrets no key is asked for");
  some.manifest += "\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: MQ==}\n";
  Require(plan::HoldsSecrets(some), "a Secret is seen, whatever stands before it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = datafly::fuzz::Text(data, size);
  CheckOpen(text, std::nullopt);
  CheckResealed(text);
  CheckSecrets(text);
  return 0;
}

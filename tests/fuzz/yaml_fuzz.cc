// YAML in every form that we read it; and back.
#include <nlohmann/json.hpp>

#include "common/core/manifest/manifest.h"
#include "common/core/manifest/yaml.h"
#include "tests/fuzz/fuzz.h"

using datafly::fuzz::Require;
namespace yaml = datafly::yaml;

namespace {

void EmitAndReadBack(const nlohmann::json& value) {
  const std::string text = yaml::Emit(value);
  const auto again = yaml::ParseDocument(text);
  Require(again.has_value(), "what is emitted can be read");
  Require(again->dump() == value.dump(), "what is emitted reads back the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = datafly::fuzz::Text(data, size);
  if (const auto value = yaml::ParseDocument(text)) EmitAndReadBack(*value);
  static_cast<void>(yaml::ParseDocuments(text, yaml::Scalars::AsStrings));
  const auto objects = datafly::manifest::ParseManifest(text);
  if (!objects) return 0;
  for (const auto& object : *objects) {
    Require(!object.kind.empty() && !object.name.empty(), "an object has a kind and a name");
    static_cast<void>(datafly::manifest::DataDigests(object));
    static_cast<void>(datafly::manifest::EnvDigests(object));
  }
  return 0;
}

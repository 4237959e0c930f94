#include "common/core/manifest/yaml.h"

#include <nlohmann/json.hpp>

#include "common/core/report/data.h"
#include "common/core/report/render.h"

namespace datafly::report {

// By way of JSON, so that both show the same where text is not UTF-8.
std::string RenderYaml(const Document& document) {
  auto data = nlohmann::ordered_json::parse(DumpJson(ToData(document)), nullptr, false);
  return EscapeHazards(yaml::EmitOrdered(data));
}

}  // namespace datafly::report

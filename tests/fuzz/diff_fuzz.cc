// The differ on any two or three documents, and the difference of two texts.
#include <nlohmann/json.hpp>

#include "common/core/diff/comparison.h"
#include "common/core/diff/normalize.h"
#include "common/core/diff/text_lines.h"
#include "common/core/manifest/yaml.h"
#include "tests/fuzz/fuzz.h"

using datafly::fuzz::Require;
namespace diff = datafly::diff;
using Json = nlohmann::json;

namespace {

constexpr char kBetween = '\x01';  // no YAML text holds it

std::vector<std::string_view> Parts(std::string_view text) {
  std::vector<std::string_view> parts;
  for (auto at = text.find(kBetween); at != std::string_view::npos && parts.size() < 2;
       at = text.find(kBetween)) {
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  parts.push_back(text);
  parts.resize(3);
  return parts;
}

std::string LinesOf(std::string_view text) {
  std::string lines(text);
  if (!lines.empty() && lines.back() != '\n') lines += '\n';
  return lines;
}

/// What the marked lines say must rebuild both texts.
void CheckLines(std::string_view before, std::string_view after) {
  std::string old_text, new_text;
  for (const diff::TextLine& line : diff::DiffLines(before, after)) {
    if (line.mark != '+') old_text += line.text + '\n';
    if (line.mark != '-') new_text += line.text + '\n';
  }
  Require(old_text == LinesOf(before), "the lines rebuild the old text");
  Require(new_text == LinesOf(after), "the lines rebuild the new text");
}

Json ObjectOf(std::string_view text) {
  auto parsed = datafly::yaml::ParseDocument(text);
  Json object = parsed && parsed->is_object() ? std::move(*parsed) : Json::object();
  diff::Normalize(object);
  return object;
}

/// A difference of an object from itself; that the server refuses a list which has a key twice is
/// none.
bool Differs(const diff::FieldChange& change) {
  return !change.path.empty() && change.effect != diff::Effect::Conflicts;
}

void CheckObjects(const Json& before, const Json& after, const Json& live) {
  for (const bool typed : {true, false}) {
    for (const auto method : {diff::ApplyMethod::ClientSide, diff::ApplyMethod::ServerSide}) {
      const diff::ComparisonRules rules{typed, method, false};
      static_cast<void>(diff::CompareObjects({&before, &after, nullptr}, rules));
      static_cast<void>(diff::CompareObjects({&before, &after, &live}, rules));
      for (const auto& change : diff::CompareObjects({&before, &before, nullptr}, rules))
        Require(!Differs(change), "nothing differs from itself");
      for (const auto& change : diff::CompareObjects({&after, &after, &after}, rules))
        Require(!Differs(change), "nothing differs from itself, three ways");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parts = Parts(datafly::fuzz::Text(data, size));
  CheckLines(parts[0], parts[1]);
  CheckObjects(ObjectOf(parts[0]), ObjectOf(parts[1]), ObjectOf(parts[2]));
  return 0;
}

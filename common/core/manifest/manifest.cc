#include "common/core/manifest/manifest.h"

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/manifest/yaml.h"

namespace datafly::manifest {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kSourceComment = "# Source:";

/// Takes one line (without its end) from the front of `rest`.
std::string_view TakeLine(std::string_view& rest) {
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

/// "---", alone or followed by white space.
bool IsSeparator(std::string_view line) {
  return line.starts_with("---") &&
         (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

/// Adds the document unless it holds nothing; finds the name of its template.
void AddDocument(std::string_view text, std::vector<Document>& out) {
  Document document{text, {}};
  bool holds_something = false;
  for (auto rest = text; !rest.empty() && !holds_something;) {
    const auto line = Trim(TakeLine(rest));
    if (line.starts_with(kSourceComment))
      document.source = Trim(line.substr(kSourceComment.size()));
    holds_something = !line.empty() && line.front() != '#';
  }
  if (holds_something) out.push_back(document);
}

std::string Place(std::string_view source) {
  if (source.empty()) return "the manifest";
  return "template " + EscapeForTerminal(source.substr(0, 300));
}

/// The string at `key`, or "" when there is none.
std::string StringAt(const Json& object, std::string_view key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

const Json& At(const Json& object, std::string_view key) {
  static const Json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(key);
  return found == object.end() ? kNothing : *found;
}

bool IsList(const Json& document) {
  return StringAt(document, "kind").ends_with("List") && At(document, "items").is_array();
}

Result<void> AddObjects(const Json& document, std::string_view source, std::vector<Object>& out) {
  if (IsList(document)) {
    for (const auto& item : At(document, "items")) TRY(AddObjects(item, source, out));
    return {};
  }
  Object object;
  object.api_version = StringAt(document, "apiVersion");
  object.kind = StringAt(document, "kind");
  object.name = StringAt(At(document, "metadata"), "name");
  object.name_space = StringAt(At(document, "metadata"), "namespace");
  object.source = source;
  if (object.kind.empty() || object.name.empty()) {
    return Fail(Error::InvalidInput(fmt::format("{}: a document without {}", Place(source),
                                                object.kind.empty() ? "kind" : "metadata.name")));
  }
  object.json = document.dump(-1, ' ', false, Json::error_handler_t::replace);
  out.push_back(std::move(object));
  return {};
}

}  // namespace

std::vector<Document> SplitDocuments(std::string_view yaml) {
  std::vector<Document> documents;
  std::size_t begin = 0;
  for (auto rest = yaml; !rest.empty();) {
    const std::size_t at = yaml.size() - rest.size();
    if (!IsSeparator(TakeLine(rest))) continue;
    AddDocument(yaml.substr(begin, at - begin), documents);
    // What stands behind the dashes belongs to the document.
    begin = at + 3;
  }
  AddDocument(yaml.substr(begin), documents);
  return documents;
}

Result<std::vector<Object>> ParseDocument(const Document& document) {
  auto json =
      yaml::ParseDocument(document.text, yaml::Scalars::Typed, yaml::DuplicateKeys::LastWins);
  if (!json) return Fail(json.error().Within(Place(document.source)));
  std::vector<Object> objects;
  if (json->is_null()) return objects;
  TRY(AddObjects(*json, document.source, objects));
  return objects;
}

Result<const std::vector<Object>*> DocumentCache::Objects(const Document& document) {
  std::string key(document.text);
  const auto found = objects_.find(key);
  if (found != objects_.end()) return &found->second;
  ASSIGN_OR_RETURN(auto objects, ParseDocument(document));
  return &objects_.emplace(std::move(key), std::move(objects)).first->second;
}

Result<std::vector<Object>> ParseManifest(std::string_view yaml) {
  std::vector<Object> objects;
  for (const auto& document : SplitDocuments(yaml)) {
    ASSIGN_OR_RETURN(auto some, ParseDocument(document));
    std::move(some.begin(), some.end(), std::back_inserter(objects));
  }
  return objects;
}

std::string_view GroupOf(std::string_view api_version) {
  const auto slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view{} : api_version.substr(0, slash);
}

std::string ObjectName(const Object& object) { return object.kind + "/" + object.name; }

ObjectId IdOf(const Object& object) {
  return {std::string(GroupOf(object.api_version)), object.kind, object.name_space, object.name};
}

}  // namespace datafly::manifest

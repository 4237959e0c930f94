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

/// Whether a line begins here that is "---", alone or followed by white space.
bool IsSeparator(std::string_view text) {
  constexpr std::string_view kWhite = " \t\r\n";
  return text.starts_with("---") &&
         (text.size() == 3 || kWhite.find(text[3]) != std::string_view::npos);
}

/// The document with the name of its template, unless it holds nothing.
std::optional<Document> ReadDocument(std::string_view text) {
  Document document{text, {}};
  for (auto rest = text; !rest.empty();) {
    const auto line = Trim(TakeLine(rest));
    if (line.starts_with(kSourceComment))
      document.source = Trim(line.substr(kSourceComment.size()));
    if (!line.empty() && line.front() != '#') return document;
  }
  return std::nullopt;
}

/// Where the next line "---" begins, from `from` on, which is the beginning of a line or the dashes
/// of one; npos: there is none.
std::size_t FindSeparator(std::string_view yaml, std::size_t from) {
  if (from == 0 && IsSeparator(yaml)) return 0;
  for (auto end = yaml.find('\n', from); end != std::string_view::npos;
       end = yaml.find('\n', end + 1)) {
    if (IsSeparator(yaml.substr(end + 1))) return end + 1;
  }
  return std::string_view::npos;
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

std::optional<Document> DocumentReader::Next() {
  const std::size_t separator = FindSeparator(yaml_, begin_);
  const bool last = separator == std::string_view::npos;
  const auto text = yaml_.substr(begin_, last ? separator : separator - begin_);
  // What stands behind the dashes belongs to the document.
  begin_ = last ? yaml_.size() + 1 : separator + 3;
  return ReadDocument(text);
}

bool DocumentReader::TakeIfSame(std::string_view text) {
  const auto rest = yaml_.substr(begin_);
  if (!rest.starts_with(text)) return false;
  const auto behind = rest.substr(text.size());
  const bool ends_line = text.ends_with('\n');
  if (!behind.empty() && !(ends_line && IsSeparator(behind))) return false;
  begin_ += behind.empty() ? rest.size() + 1 : text.size() + 3;
  return true;
}

std::vector<Document> SplitDocuments(std::string_view yaml) {
  std::vector<Document> documents;
  for (DocumentReader reader(yaml); !reader.AtEnd();)
    if (auto document = reader.Next()) documents.push_back(*document);
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

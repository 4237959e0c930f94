#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"

/// The one place that knows a YAML library (libyaml reads, yaml-cpp writes). YAML comes in as JSON
/// values and goes out from them.
namespace datafly::yaml {

/// Typed: as sigs.k8s.io/yaml reads it for Helm and the API server (YAML 1.1: `yes` and `on` are
/// true, 0644 is octal; NaN and infinity stay strings). AsStrings: every scalar that is not null
/// stays the text it is (kubeconfig).
enum class Scalars { Typed, AsStrings };

/// LastWins is what Helm does with a rendered manifest; a file that a person wrote is better told.
enum class DuplicateKeys { Refuse, LastWins };

/// One document; null when the text holds none. Anchors, aliases and `<<` merge keys are resolved;
/// keys become strings. Error::InvalidInput ("line 3: …", no remedy) for what is not YAML, a
/// repeated key, a second document; Error::TooLarge beyond 16 MiB of text, 200 levels, or what
/// aliases may expand to ("billion laughs").
Result<nlohmann::json> ParseDocument(std::string_view text, Scalars scalars = Scalars::Typed,
                                     DuplicateKeys duplicates = DuplicateKeys::Refuse);

/// All documents of a stream, without the empty ones. Errors as above.
Result<std::vector<nlohmann::json>> ParseDocuments(
    std::string_view text, Scalars scalars = Scalars::Typed,
    DuplicateKeys duplicates = DuplicateKeys::Refuse);

/// Block style, keys in the order of the value, strings quoted wherever a reader could take them
/// for something else; ends in a newline. ParseDocument gives the same value back.
std::string Emit(const nlohmann::json& value);

/// The same for a value that keeps the order of its keys.
std::string EmitOrdered(const nlohmann::ordered_json& value);

}  // namespace datafly::yaml

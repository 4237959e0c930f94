#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "common/core/diff/known_secrets.h"

/// Where secrets are learnt from.
namespace datafly::diff {

/// The data of an object that is a Secret; of another object nothing.
void LearnObject(const nlohmann::json& object, KnownSecrets& secrets);

/// The data of a Secret; the items of an API list do not name their kind.
void LearnSecretData(const nlohmann::json& secret, KnownSecrets& secrets);

/// The Secrets of a manifest.
void LearnManifest(std::string_view manifest, KnownSecrets& secrets);

/// The literal values of the containers' variables in a manifest. For texts that are not ours, as
/// LearnValues.
void LearnVariables(std::string_view manifest, KnownSecrets& secrets);

/// A user's values (JSON or YAML): every word that is no common one. For texts that are not ours
/// and may quote any of them; too much for a diff, where "gateway" is a name as well.
void LearnValues(std::string_view values, KnownSecrets& secrets);

/// Of a chart's defaults or other values (JSON or YAML): what is hidden when defaults are shown
/// (SecretPlace::OfDefaults), and the secrets within the rest. The others are public, names among
/// them.
void LearnNamed(std::string_view values, KnownSecrets& secrets);

/// What an argument of --set, --set-string, --set-json or --set-literal sets: "a.b=x,c={y,z}".
void LearnSet(std::string_view argument, KnownSecrets& secrets);

}  // namespace datafly::diff

#include "common/core/diff/redact.h"

#include <nlohmann/json.hpp>

#include "common/core/diff/harmless.h"
#include "common/core/diff/redact_lines.h"
#include "common/core/diff/redact_value.h"
#include "common/core/diff/secret_place.h"
#include "common/core/diff/secret_shapes.h"

namespace datafly::diff {
namespace {

void Hide(FieldChange& change) {
  change.secret = true;
  change.old_value.reset();
  change.new_value.reset();
  change.live_value.reset();
  change.lines.clear();
  change.inside.clear();
}

/// One of `args`, told without the one before it: what could be the value of a flag is none of
/// "-x", a path, a script, a harmless word or the program itself.
bool MayFollowFlag(const std::vector<PathStep>& path, const std::optional<std::string>& json) {
  if (!json || path.empty() || path.back().kind != PathStep::Kind::Item) return false;
  if (path.back().name == "0" && path.back().label.empty()) return false;
  const auto value = nlohmann::json::parse(*json, nullptr, false);
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  return !text.starts_with('-') && !text.starts_with('/') && !IsHarmless(text) &&
         text.find(' ') == std::string::npos;
}

class Redactor {
 public:
  explicit Redactor(const KnownSecrets& secrets) : secrets_(secrets) {}

  void Redact(ReleaseDiff& diff) const {
    for (auto* text : {&diff.release, &diff.name_space}) Name(*text);
    Redact(diff.old_side);
    Redact(diff.new_side);
    for (auto& resource : diff.resources) Redact(resource);
    for (auto& value : diff.values) Redact(value, SecretPlace::OfValues());
    for (auto& value : diff.defaults) Redact(value, SecretPlace::OfDefaults());
    for (auto& field : diff.chart) {
      for (auto* text : {&field.field, &field.old_value, &field.new_value}) Text(*text);
    }
    for (auto& image : diff.images) Redact(image);
    for (auto& hook : diff.hooks) Redact(hook);
    for (auto& crd : diff.crds) {
      for (auto* text : {&crd.name, &crd.note}) Name(*text);
    }
    for (auto& note : diff.notes) Text(note);
    for (auto& kind : diff.unknown) Name(kind);
  }

 private:
  /// Names and sentences of ours: only what is a secret beyond doubt.
  void Name(std::string& text) const { text = secrets_.Mask(MaskCertain(secrets_.Mask(text))); }
  /// What may quote a chart, a user or a server.
  void Text(std::string& text) const { text = RedactText(text, secrets_); }

  void Redact(Side& side) const {
    for (auto* text : {&side.title, &side.chart, &side.version, &side.app_version}) Name(*text);
  }

  void Redact(ResourceChange& resource) const {
    const SecretPlace place = SecretPlace::OfObject(resource.id.group, resource.id.kind);
    for (auto& field : resource.fields) Redact(field, place);
    for (auto* text : {&resource.id.group, &resource.id.kind, &resource.id.name_space,
                       &resource.id.name, &resource.api_version, &resource.old_api_version,
                       &resource.source, &resource.renamed_from, &resource.renamed_to})
      Name(*text);
    for (auto& risk : resource.risks) Name(risk.reason);
  }

  void Redact(HookChange& hook) const {
    const SecretPlace place =
        SecretPlace::OfObject("", hook.object.substr(0, hook.object.find('/')));
    for (auto& field : hook.fields) Redact(field, place);
    Name(hook.object);
    for (auto& event : hook.events) Name(event);
  }

  void Redact(ImageChange& image) const {
    for (auto* text : {&image.repository, &image.old_tag, &image.new_tag}) Name(*text);
    for (auto& user : image.users) Name(user);
  }

  void Redact(FieldChange& change, const SecretPlace& base) const {
    const auto path = ParsePath(change.path);
    const SecretPlace place = base.At(path);
    Name(change.path);
    // An item of `args` may be told apart by what it says.
    if (place.arguments()) change.path = MaskNamed(change.path);
    if (change.secret || !RedactValues(change, path, place)) return Hide(change);
    if (!RedactTexts(change, place)) return Hide(change);
  }

  /// False when the values are not to be seen.
  bool RedactValues(FieldChange& change, const std::vector<PathStep>& path,
                    const SecretPlace& place) const {
    const bool differ = change.old_value != change.new_value;
    for (auto* value : {&change.old_value, &change.new_value, &change.live_value}) {
      if (!*value) continue;
      if (place.arguments() && MayFollowFlag(path, *value)) return false;
      *value = RedactValue(**value, place, secrets_);
      if (!*value) return false;
    }
    // Two times "***" would read as if nothing changed.
    return !differ || change.old_value != change.new_value;
  }

  bool RedactTexts(FieldChange& change, const SecretPlace& place) const {
    if (change.lines.empty() && change.inside.empty()) return true;
    if (place.sealed() ||
        (place.treatment() != Treatment::Show && place.treatment() != Treatment::ShowName))
      return false;
    change.lines = FoldLines(RedactLines(std::move(change.lines), secrets_));
    for (auto& inner : change.inside) Redact(inner, place);
    return true;
  }

  void Redact(ValueChange& change, const SecretPlace& base) const {
    const SecretPlace place = base.At(ParsePath(change.path));
    Name(change.path);
    const bool differ = change.old_value != change.new_value;
    bool hidden = change.secret;
    for (auto* value : {&change.old_value, &change.new_value}) {
      if (!*value) continue;
      *value = RedactValue(**value, place, secrets_);
      hidden = hidden || !*value;
    }
    if (!hidden && !(differ && change.old_value == change.new_value)) return;
    change.secret = true;
    change.old_value.reset();
    change.new_value.reset();
  }

  const KnownSecrets& secrets_;
};

}  // namespace

ShownDiff Redact(ReleaseDiff diff, const KnownSecrets& secrets) {
  Redactor(secrets).Redact(diff);
  return ShownDiff(std::move(diff));
}

}  // namespace datafly::diff

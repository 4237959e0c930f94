// Stands in for common/core/diff/redact.cc until it is there; goes away with its arrival.
#include "common/core/diff/redact.h"

namespace datafly::diff {

namespace {

void DropSecrets(FieldChange& field) {
  if (field.secret) {
    field.old_value = field.new_value = field.live_value = std::nullopt;
    field.lines.clear();
    field.inside.clear();
  }
  for (FieldChange& inner : field.inside) DropSecrets(inner);
}
void DropSecrets(ValueChange& value) {
  if (value.secret) value.old_value = value.new_value = std::nullopt;
}

}  // namespace

ShownDiff Redact(ReleaseDiff diff, const KnownSecrets&) {
  for (ResourceChange& object : diff.resources) {
    for (FieldChange& field : object.fields) DropSecrets(field);
  }
  for (HookChange& hook : diff.hooks) {
    for (FieldChange& field : hook.fields) DropSecrets(field);
  }
  for (ValueChange& value : diff.values) DropSecrets(value);
  for (ValueChange& value : diff.defaults) DropSecrets(value);
  return ShownDiff(std::move(diff));
}

}  // namespace datafly::diff

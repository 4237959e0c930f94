#include "common/core/report/diff_words.h"

namespace datafly::report {

namespace {

using diff::Effect;
using diff::FieldChange;
using diff::FieldOp;
using diff::Origin;
using Role = Piece::Role;

/// Adds to the rest of a telling what follows a comma.
void AddClause(Telling& telling, std::vector<Piece> clause) {
  if (!telling.rest.empty()) telling.rest.push_back({Role::Words, ", "});
  for (Piece& piece : clause) telling.rest.push_back(std::move(piece));
}
void AddWords(Telling& telling, std::string words) {
  AddClause(telling, {{Role::Words, std::move(words)}});
}

/// The clauses that an effect adds to what the chart changes.
std::string_view EffectOnChart(Effect effect) {
  switch (effect) {
    case Effect::Writes:
      return "";
    case Effect::Already:
      return "the cluster has it already";
    case Effect::Spelling:
      return "the same by value";
    case Effect::Stays:
      return "Helm does not touch it";
    case Effect::Conflicts:
      return "Helm fails here: another manager owns it";
  }
  return "";
}

void TellSecret(const FieldChange& field, Telling& telling) {
  if (field.origin == Origin::Drift) {
    AddWords(telling, "changed by hand in the cluster (secret)");
    return;
  }
  AddWords(telling, fmt::format("{} (secret)", ToString(field.op)));
  if (field.origin == Origin::Both) AddWords(telling, "changed by hand in the cluster too");
}

void TellValues(const FieldChange& field, Telling& telling) {
  telling.old_value = field.old_value;
  telling.new_value = field.new_value;
  const bool told = field.old_value || field.new_value || !field.lines.empty();
  if (field.op == FieldOp::Reordered) {
    AddWords(telling, "reordered");
  } else if (field.formatting_only) {
    AddWords(telling, "only its layout differs");
  } else if (!field.inside.empty()) {
    AddWords(telling, "inside its text");
  } else if (!told) {
    AddWords(telling, std::string(ToString(field.op)));
  }
}

/// Told line by line, or by what is inside.
bool IsText(const FieldChange& field) { return !field.lines.empty() || !field.inside.empty(); }

/// What the cluster has, where a hand moved the field. Of a drift, the old value is the live one.
const std::optional<std::string>& LiveOf(const FieldChange& field) {
  const bool drift = field.origin == Origin::Drift;
  return field.live_value || !drift ? field.live_value : field.old_value;
}

void TellHand(const FieldChange& field, Telling& telling) {
  if (field.effect == Effect::Already) return;
  if (IsText(field)) return AddWords(telling, "changed by hand in the cluster too");
  if (!field.live_value) return AddWords(telling, "removed by hand in the cluster");
  AddClause(telling, {{Role::Words, "cluster has "},
                      {Role::Live, *field.live_value},
                      {Role::Words, " (changed by hand)"}});
}

/// What the cluster has where the chart has not moved.
void TellLive(const FieldChange& field, Telling& telling) {
  if (!field.inside.empty()) {
    AddWords(telling, "changed by hand in the cluster (cluster → chart)");
  } else if (!field.lines.empty()) {
    AddWords(telling, "changed by hand in the cluster (- cluster, + chart)");
  } else if (const auto& live = LiveOf(field)) {
    std::string_view how = field.op == FieldOp::Reordered ? "reordered"
                           : field.new_value              ? "changed"
                                                          : "added";
    AddClause(telling, {{Role::Words, "cluster has "},
                        {Role::Live, *live},
                        {Role::Words, fmt::format(" ({} by hand)", how)}});
  } else {
    AddWords(telling,
             field.new_value ? "removed by hand in the cluster" : "changed by hand in the cluster");
  }
}

void TellOutcome(const FieldChange& field, Telling& telling) {
  const bool value = field.new_value && !field.secret;
  if (field.effect == Effect::Writes) {
    if (value) {
      AddClause(telling, {{Role::Words, "Helm sets "}, {Role::New, *field.new_value}});
    } else {
      const bool removes = LiveOf(field) && !field.secret && !IsText(field);
      AddWords(telling, removes ? "Helm removes it" : "Helm sets it back");
    }
    return;
  }
  if (value) AddClause(telling, {{Role::Words, "chart says "}, {Role::New, *field.new_value}});
  const bool stays = field.effect == Effect::Stays;
  AddWords(telling, stays ? "Helm leaves it" : std::string(EffectOnChart(field.effect)));
}

}  // namespace

Telling Tell(const FieldChange& field) {
  Telling telling;
  const bool drift = field.origin == Origin::Drift;
  if (field.secret) {
    TellSecret(field, telling);
  } else if (drift) {
    TellLive(field, telling);
  } else {
    TellValues(field, telling);
    if (field.origin == Origin::Both) TellHand(field, telling);
  }
  if (field.unstable) AddWords(telling, std::string(kRotates));
  if (drift) {
    TellOutcome(field, telling);
  } else if (std::string_view words = EffectOnChart(field.effect); !words.empty()) {
    AddWords(telling, std::string(words));
  }
  return telling;
}

Telling Tell(const diff::ValueChange& value) {
  Telling telling;
  if (value.secret) {
    AddWords(telling, fmt::format("{} (secret)", ToString(value.op)));
  } else {
    telling.old_value = value.old_value;
    telling.new_value = value.new_value;
    const bool told = value.old_value || value.new_value;
    if (value.op == FieldOp::Reordered || !told) AddWords(telling, std::string(ToString(value.op)));
  }
  if (value.overridden) AddWords(telling, "your own value hides it");
  return telling;
}

std::string InOneLine(const Telling& telling) {
  std::string line = telling.old_value.value_or("");
  if (telling.old_value && telling.new_value) line += " → ";
  line += telling.new_value.value_or("");
  if (!line.empty() && !telling.rest.empty()) line += ", ";
  for (const Piece& piece : telling.rest) line += piece.text;
  return line;
}

}  // namespace datafly::report

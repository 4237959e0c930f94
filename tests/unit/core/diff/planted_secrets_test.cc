// 200 different secrets, planted in every place of a diff that can hold one; none may be found in
// any text of what is shown, in any encoding.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/core/base/base64.h"
#include "common/core/diff/redact.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kSecrets = 200;

/// Of the makes that people use: a pass phrase, a word with digits, signs that every encoding
/// escapes, what a generator made, several lines.
std::string SecretOf(int i) {
  const std::string n = std::to_string(1000 + i * 37);
  switch (i % 5) {
    case 0:
      return "correct-horse-" + n + "-staple";
    case 1:
      return "hunter" + n;
    case 2:
      return "p@s+s/" + n + "\"<&'%w d";
    case 3:
      return EncodeBase64("generated" + n + "xyzzy").substr(0, 22);
    default:
      return "first line " + n + "\nsecond line " + n;
  }
}

std::string Text(const std::string& value) { return Json(value).dump(); }

FieldChange Field(std::string path, std::optional<std::string> before,
                  std::optional<std::string> after) {
  FieldChange change;
  change.path = std::move(path);
  change.old_value = std::move(before);
  change.new_value = std::move(after);
  return change;
}

FieldChange LinesField(std::string path, const std::string& before, const std::string& after) {
  FieldChange change;
  change.path = std::move(path);
  for (const auto& [mark, text] : {std::pair{'-', before}, std::pair{'+', after}}) {
    std::string_view rest = text;
    while (true) {
      const auto end = rest.find('\n');
      change.lines.push_back({mark, std::string(rest.substr(0, end))});
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
  }
  return change;
}

FieldChange Within(std::string path, std::vector<FieldChange> inside) {
  FieldChange change;
  change.path = std::move(path);
  change.inside = std::move(inside);
  return change;
}

/// A YAML text in which the secret is a value of several lines where it must be.
std::string Yaml(const std::string& key, const std::string& secret) {
  return "host: db\n" + key + ": " + Text(secret) + "\nport: 5432";
}

struct Planting {
  ReleaseDiff diff;
  KnownSecrets known;
};

ResourceChange& Resource(Planting& out, const std::string& kind) {
  auto& resource = out.diff.resources.emplace_back();
  resource.id = {"", kind, "shop", "app"};
  return resource;
}

/// A place hides a secret by itself.
using Plant = void (*)(Planting& out, const std::string& a, const std::string& b);
const std::vector<Plant> kByPlace{
    [](Planting& out, const std::string& a, const std::string& b) {
      Resource(out, "Secret").fields = {
          Field("data.x", Text(EncodeBase64(a)), Text(EncodeBase64(b))),
          Field("stringData.y", Text(a), Text(b)),
          Within("data.z", {Field("y", Text(a), Text(b))})};
    },
    [](Planting& out, const std::string& a, const std::string& b) {
      Resource(out, "Secret").fields = {Field("", std::nullopt,
                                              Json{{"kind", "Secret"},
                                                   {"metadata", {{"annotations", {{"x", b}}}}},
                                                   {"stringData", {{"x", a}}}}
                                                  .dump()),
                                        Field("metadata.annotations.note", Text(a), Text(b))};
    },
    [](Planting& out, const std::string& a, const std::string& b) {
      auto field = Field("spec.template.spec.containers[name=app].env[name=SETTING].value", Text(a),
                         Text(b));
      field.live_value = Text(a + b);
      Resource(out, "Deployment").fields = {field};
    },
    [](Planting& out, const std::string& a, const std::string& b) {
      const Json container{{"name", "x"},
                           {"env", {{{"name", "A"}, {"value", a}}}},
                           {"args", {"--db-password", b, "--token=" + Text(a)}}};
      Resource(out, "Deployment").fields = {
          Field("spec.template.spec.containers[name=x]", std::nullopt, container.dump())};
    },
    [](Planting& out, const std::string& a, const std::string& b) {
      Resource(out, "Service").fields = {
          Field("metadata.annotations[\"shop.example.com/note\"]", Text(a), Text(b)),
          Field("metadata.annotations[\"kubectl.kubernetes.io/last-applied-configuration\"]",
                Text(a), Text(b))};
    },
    [](Planting& out, const std::string& a, const std::string& b) {
      Resource(out, "ConfigMap").fields = {
          LinesField("data[\"app.yaml\"]", Yaml("password", a), Yaml("apiKey", b)),
          LinesField("data[\"app.properties\"]", "db.password=" + Text(a),
                     "db.password=" + Text(b)),
          Within("data[\"app.json\"]", {Field("auth.password", Text(a), Text(b))}),
          Field("data[\"one.json\"]", Text(Json{{"tokens", {a, b}}}.dump()), "\"{}\"")};
    },
    [](Planting& out, const std::string& a, const std::string& b) {
      auto& value = out.diff.values.emplace_back();
      value = {"some.setting", FieldOp::Changed, Text(a), Text(b)};
      out.diff.values.push_back({"a", FieldOp::Added, std::nullopt, Json{{"b", {a, b}}}.dump()});
      out.diff.defaults.push_back({"admin.password", FieldOp::Changed, Text(a), Text(b)});
    },
    [](Planting& out, const std::string& a, const std::string& b) {
      auto& hook = out.diff.hooks.emplace_back();
      hook.object = "Job/migrate";
      hook.fields = {
          Field("spec.template.spec.initContainers[name=x].env", std::nullopt,
                Json(Json::array({{{"name", "DSN"}, {"value", a}}})).dump()),
          Field("spec.template.spec.containers[name=x].command",
                Json({"run", "--secret-key", a}).dump(), Json({"run", "--secret-key", b}).dump())};
    },
    [](Planting& out, const std::string& a, const std::string& b) {
      Resource(out, "Kafka").fields = {
          Field("spec.users[name=x].password", Text(a), Text(b)),
          Field("spec.credentials", Text(a), Json{{"x", b}}.dump()),
          Field("spec.headers[name=Authorization].value", Text(a), Text(b))};
    }};

/// A chart copied a known secret to where nothing tells that it is one.
const std::vector<Plant> kCopies{
    [](Planting& out, const std::string& a, const std::string& b) {
      Resource(out, "ConfigMap").fields = {
          Field("data.greeting", Text("hello " + a), Text("hello " + b)),
          LinesField("data.script", "run " + a, "run " + b),
          Field("data.encoded", Text(EncodeBase64("x" + a)),
                Text(EncodeBase64(EncodeBase64("xy" + b)))),
          Field("data[\"" + a + "\"]", "1", "2")};
    },
    [](Planting& out, const std::string& a, const std::string& b) {
      auto& resource = Resource(out, "Deployment");
      resource.id.name = "app-" + a;
      resource.source = "templates/" + b;
      resource.renamed_from = "Deployment/" + a;
      resource.risks.push_back({RiskClass::RestartsPods, "because of " + a});
      resource.fields = {Field("metadata.labels.x", Text(a), Text(b))};
      out.diff.notes.push_back("helm said: " + a);
      out.diff.unknown.push_back(b);
      out.diff.images.push_back({"r.io/" + a, a, b, {"Deployment/" + b}});
      out.diff.chart.push_back({"description", a, b});
      out.diff.crds.push_back({a, FieldOp::Added, b});
      out.diff.old_side.title = a;
    }};

void Collect(const std::optional<std::string>& value, std::string& out) {
  if (value) out += *value + "\n";
}

void Collect(const FieldChange& change, std::string& out) {
  out += change.path + "\n";
  for (const auto* value : {&change.old_value, &change.new_value, &change.live_value})
    Collect(*value, out);
  for (const auto& line : change.lines) out += line.text + "\n";
  for (const auto& inner : change.inside) Collect(inner, out);
}

std::string AllTextsOf(const ReleaseDiff& diff) {
  std::string out = diff.release + diff.name_space + diff.old_side.title + diff.new_side.title;
  for (const auto& r : diff.resources) {
    out += r.id.group + r.id.kind + r.id.name_space + r.id.name + r.api_version + r.source +
           r.renamed_from + r.renamed_to + "\n";
    for (const auto& field : r.fields) Collect(field, out);
    for (const auto& risk : r.risks) out += risk.reason + "\n";
  }
  for (const auto* values : {&diff.values, &diff.defaults}) {
    for (const auto& value : *values) {
      out += value.path + "\n";
      Collect(value.old_value, out);
      Collect(value.new_value, out);
    }
  }
  for (const auto& field : diff.chart)
    out += field.field + field.old_value + field.new_value + "\n";
  for (const auto& image : diff.images) {
    out += image.repository + image.old_tag + image.new_tag + "\n";
    for (const auto& user : image.users) out += user + "\n";
  }
  for (const auto& hook : diff.hooks) {
    out += hook.object + "\n";
    for (const auto& field : hook.fields) Collect(field, out);
  }
  for (const auto& crd : diff.crds) out += crd.name + crd.note + "\n";
  for (const auto& note : diff.notes) out += note + "\n";
  for (const auto& kind : diff.unknown) out += kind + "\n";
  return out;
}

/// The whole secret, its lines, and what base64 leaves of it at each place.
std::vector<std::string> TracesOf(const std::string& secret) {
  std::vector<std::string> traces{secret,
                                  Json(secret).dump().substr(1, Json(secret).dump().size() - 2)};
  for (std::size_t at = 0; at < secret.size();) {
    const auto end = std::min(secret.find('\n', at), secret.size());
    traces.push_back(secret.substr(at, end - at));
    at = end + 1;
  }
  for (const std::string_view before : {"", "x", "xy"}) {
    const std::string once = EncodeBase64(std::string(before) + secret);
    traces.push_back(once.substr(4, once.size() - 8));
    const std::string twice = EncodeBase64(once);
    traces.push_back(twice.substr(4, twice.size() - 12));
  }
  return traces;
}

void ExpectNoneIn(const std::string& shown) {
  for (int i = 0; i < kSecrets; ++i) {
    for (const auto& trace : TracesOf(SecretOf(i)))
      EXPECT_EQ(shown.find(trace), std::string::npos) << SecretOf(i) << " as " << trace;
  }
}

TEST(PlantedSecrets, StayHiddenByTheirPlace) {
  Planting out;
  for (int i = 0; i < kSecrets; i += 2)
    kByPlace[static_cast<std::size_t>(i / 2) % kByPlace.size()](out, SecretOf(i), SecretOf(i + 1));
  const std::string before = AllTextsOf(out.diff);
  for (int i = 0; i < kSecrets; ++i) {
    const std::string json = Json(SecretOf(i)).dump();
    ASSERT_NE(before.find(json.substr(1, 12)), std::string::npos) << "not planted: " << SecretOf(i);
  }
  ExpectNoneIn(AllTextsOf(Redact(std::move(out.diff), out.known).get()));
}

TEST(PlantedSecrets, StayHiddenWhereAChartCopiedThem) {
  Planting out;
  for (int i = 0; i < kSecrets; i += 2) {
    for (const auto& plant : kCopies) plant(out, SecretOf(i), SecretOf(i + 1));
    for (const auto& plant : kByPlace) plant(out, SecretOf(i), SecretOf(i + 1));
    out.known.Add(SecretOf(i), "some-key");
    out.known.Add(SecretOf(i + 1), "another");
  }
  ExpectNoneIn(AllTextsOf(Redact(std::move(out.diff), out.known).get()));
}

}  // namespace
}  // namespace datafly::diff

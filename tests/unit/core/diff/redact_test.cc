#include "common/core/diff/redact.h"

#include <gtest/gtest.h>

#include "common/core/diff/secret_place.h"

namespace datafly::diff {
namespace {

FieldChange Field(std::string path, std::string before, std::string after) {
  FieldChange change;
  change.path = std::move(path);
  change.old_value = std::move(before);
  change.new_value = std::move(after);
  return change;
}

FieldChange Shown(FieldChange field, std::string kind = "Deployment",
                  const KnownSecrets& secrets = {}) {
  ReleaseDiff diff;
  diff.resources.emplace_back();
  diff.resources[0].id.kind = std::move(kind);
  diff.resources[0].fields.push_back(std::move(field));
  return Redact(std::move(diff), secrets).get().resources[0].fields[0];
}

void ExpectHidden(const FieldChange& shown) {
  EXPECT_TRUE(shown.secret) << shown.path;
  EXPECT_FALSE(shown.old_value || shown.new_value || shown.live_value) << shown.path;
  EXPECT_TRUE(shown.lines.empty() && shown.inside.empty()) << shown.path;
}

const std::string kPod = "spec.template.spec.";

TEST(ParsePath, ReadsKeysAndItems) {
  const auto steps = ParsePath(R"(spec.containers[name=a.b].env[2]["x\"/y.z"].value)");
  ASSERT_EQ(steps.size(), 7U);
  EXPECT_EQ(steps[1].name, "containers");
  EXPECT_EQ(steps[2].name, "a.b");
  EXPECT_EQ(steps[2].label, "name");
  EXPECT_EQ(steps[4].name, "2");
  EXPECT_EQ(steps[5].name, "x\"/y.z");
  EXPECT_EQ(steps[6].name, "value");
}

TEST(Redact, HidesValuesByTheirPlace) {
  const std::string env = kPod + "containers[name=app].env";
  for (const auto& path :
       {env + "[name=MODE].value", env + "[name=DB_PASSWORD].value",
        kPod + "initContainers[name=x].env[name=MODE].value",
        kPod + "containers[name=app].readinessProbe.httpGet.httpHeaders[name=Authorization].value",
        std::string("metadata.annotations[\"example.com/note\"]"),
        std::string("metadata.annotations[\"checksum/config\"]"),
        std::string("metadata.annotations[\"kubernetes.io/change-cause\"]"),
        std::string("metadata.annotations[\"kubectl.kubernetes.io/last-applied-configuration\"]"),
        std::string("metadata.annotations[\"nginx.ingress.kubernetes.io/auth-token\"]"),
        std::string("spec.admin.password"), std::string("spec.credentials.admin.name"),
        kPod + "containers[name=app].args[3]"})
    ExpectHidden(Shown(Field(path, R"("before1")", R"("after2")")));
  for (const std::string_view path : {"data.password", "data.anything", "stringData[\"a.b\"]",
                                      "data", "metadata.annotations.note"}) {
    const auto shown = Shown(Field(std::string(path), R"("before1")", R"("after2")"), "Secret");
    ExpectHidden(shown);
  }
  // Not even a boolean of a Secret's data, nor a number that is a password.
  ExpectHidden(Shown(Field("data.flag", "true", "false"), "Secret"));
  ExpectHidden(Shown(Field("spec.password", "1234", "5678")));
  ExpectHidden(Shown(Field(env + "[name=PIN].value", R"("1234")", R"("5678")")));
}

TEST(Redact, ShowsWhatPeopleNeed) {
  const std::string app = kPod + "containers[name=app].";
  const std::vector<std::array<std::string, 3>> cases{
      {app + "image", R"("r.io/a:1@sha256:0123456789abcdef0123456789abcdef")",
       R"("r.io/a:0a1b2c3d4e5f60718293a4b5c6d7e8f901234567")"},
      {"spec.replicas", "2", "3"},
      {app + "resources.limits.memory", R"("512Mi")", R"("1Gi")"},
      {app + "ports[containerPort=8080].name", R"("http")", R"("web")"},
      {app + "readinessProbe.httpGet.path", R"("/ready")", R"("/healthz")"},
      {app + "env[name=LOG_LEVEL].value", R"("info")", R"("debug")"},
      {app + "env[name=X].valueFrom.secretKeyRef.key", R"("password")", R"("admin-password")"},
      {app + "env[name=DB_PASSWORD].valueFrom.secretKeyRef.name", R"("a")", R"("b")"},
      {app + "args[0]", R"("serve")", R"("run")"},
      {app + "args[2]", R"("--verbose")", R"("--workers=4")"},
      {kPod + "volumes[name=certs].secret.secretName", R"("tls-a")", R"("tls-b")"},
      {kPod + "imagePullSecrets[name=regcred].name", R"("a")", R"("b")"},
      {kPod + "automountServiceAccountToken", "true", "false"},
      {kPod + "containers[name=auth-token-proxy].imagePullPolicy", R"("Always")", R"("Never")"},
      {"metadata.labels[\"app.kubernetes.io/version\"]", R"("1.2.0")", R"("1.3.0")"},
      {"metadata.labels.commit", R"("0a1b2c3d4e5f60718293a4b5")", R"("1a1b2c3d4e5f60718293a4b5")"},
      {"metadata.annotations[\"prometheus.io/port\"]", R"("9090")", R"("9091")"},
      {"metadata.annotations[\"nginx.ingress.kubernetes.io/proxy-body-size\"]", R"("8m")",
       R"("16m")"},
      {"data.greeting", R"("hello")", R"("good morning")"}};
  for (const auto& [path, before, after] : cases) {
    const auto shown = Shown(Field(path, before, after));
    EXPECT_FALSE(shown.secret) << path;
    EXPECT_EQ(shown.old_value, before) << path;
    EXPECT_EQ(shown.new_value, after) << path;
  }
}

TEST(Redact, MasksWithinLists) {
  FieldChange field;
  field.path = kPod + "containers[name=app]";
  field.op = FieldOp::Added;
  field.new_value =
      R"({"name":"app","image":"a:1","env":[{"name":"A","value":"pa55"},)"
      R"({"name":"B","value":"8080"},{"name":"TOKEN","value":"1"}],)"
      R"("args":["run","--db-password","pa55","--port","80","--url=redis://:pa55@h"]})";
  EXPECT_EQ(Shown(field).new_value,
            R"({"name":"app","image":"a:1","env":[{"name":"A","value":"***"},)"
            R"({"name":"B","value":"8080"},{"name":"TOKEN","value":"***"}],)"
            R"("args":["run","--db-password","***","--port","80","--url=redis://:***@h"]})");
  field.path = "";
  field.new_value = R"({"kind":"Secret","metadata":{"name":"x","annotations":{"note":"pa55"}},)"
                    R"("data":{"a":"cGE1NQ==","flag":true}})";
  EXPECT_EQ(Shown(field, "Secret").new_value,
            R"({"kind":"Secret","metadata":{"name":"x","annotations":{"note":"***"}},)"
            R"("data":{"a":"***","flag":"***"}})");
}

TEST(Redact, ReadsShortFlags) {
  FieldChange field;
  field.path = kPod + "containers[name=app].lifecycle.preStop.exec.command";
  field.op = FieldOp::Added;
  field.new_value = R"(["redis-cli","-a","pa55wd","-p","6379","-ppa55wd","-p5432","-a","/x"])";
  EXPECT_EQ(Shown(field).new_value,
            R"(["redis-cli","-a","***","-p","6379","-p***","-p5432","-a","/x"])");
  ExpectHidden(
      Shown(Field(kPod + "containers[name=app].args[0]", R"("-pbefore1")", R"("-pafter2")")));
}

TEST(Redact, TellsAChangeThatItHides) {
  // Both would read "postgres://u:***@h/db".
  ExpectHidden(Shown(Field("data.url", R"("postgres://u:a1@h/db")", R"("postgres://u:b2@h/db")")));
  const auto shown =
      Shown(Field("data.url", R"("postgres://u:a1@h/db")", R"("postgres://u:b2@i/db")"));
  EXPECT_EQ(shown.new_value, R"("postgres://u:***@i/db")");
}

TEST(Redact, ReadsLinesOfTexts) {
  FieldChange field;
  field.path = "data[\"app.yaml\"]";
  field.lines = {{' ', "db:"},
                 {' ', "  host: db-1"},
                 {'-', "  password: pa55 with words"},
                 {'+', "  password: other"},
                 {' ', "  tokens:"},
                 {' ', "  - tok1"},
                 {'+', "  - tok2"},
                 {' ', "  passwordFile: /run/x"},
                 {' ', "key: |"},
                 {'-', "  -----BEGIN EC PRIVATE KEY-----"},
                 {'-', "  MHcCAQEE"},
                 {'-', "  AwEHoUQD"},
                 {'-', "  -----END EC PRIVATE KEY-----"},
                 {'+', "  none"},
                 {'+', "motd: password pa55 is old"}};
  std::string text;
  for (const auto& line : Shown(field, "ConfigMap").lines) text += line.mark + line.text + "\n";
  EXPECT_EQ(
      text,
      " db:\n   host: db-1\n-  password: ***\n+  password: ***\n   tokens:\n   ***\n+  ***\n"
      "   passwordFile: /run/x\n key: |\n-  ***\n-  ***\n+  none\n+motd: password pa55 is old\n");
}

TEST(Redact, ReadsOtherKindsOfLines) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"password = pa55 word", "password = ***"},
      {"export PGPASSWORD='pa55'", "export PGPASSWORD=***"},
      {"  \"apiKey\": \"pa55\",", "  \"apiKey\": ***"},
      {"requirepass pa55", "requirepass ***"},
      {"  proxy_set_header X-Api-Key pa55;", "  proxy_set_header X-Api-Key ***"},
      {"set $api_key \"pa55 word\";", "set $api_key ***"},
      {"http-request set-header X-Auth-Token pa55", "http-request set-header X-Auth-Token ***"},
      {"proxy_set_header Host $host;", "proxy_set_header Host $host;"},
      {"redis-cli -h db -a pa55 ping", "redis-cli -h db -a *** ping"},
      {"password: \"pa55\nrest\"\nnext: 1", "password: ***\n***\nnext: 1"},
      {"password=pa55\\\n  rest\nnext=1", "password=***\n  ***\nnext=1"},
      {"[credentials]\nbob = pa55\n[other]\nbob = x", "[credentials]\nbob = ***\n[other]\nbob = x"},
      {"\"passwords\": [\n  \"pa55\"\n],\n\"a\": 1", "\"passwords\": [\n  ***\n],\n\"a\": 1"},
      {"kind: Secret\ndata:\n  a: cGE1NQ==\nmore: 1", "kind: Secret\ndata:\n  ***\nmore: 1"},
      {"passwordEnabled: true\ntoken: false", "passwordEnabled: true\ntoken: false"}};
  for (const auto& [text, want] : cases) {
    FieldChange field;
    field.path = "data.x";
    for (std::size_t at = 0; at <= text.size();) {
      const auto end = std::min(text.find('\n', at), text.size());
      field.lines.push_back({'+', text.substr(at, end - at)});
      at = end + 1;
    }
    std::string got;
    for (const auto& line : Shown(field, "ConfigMap").lines)
      got += (got.empty() ? "" : "\n") + line.text;
    EXPECT_EQ(got, want);
  }
}

TEST(Redact, LeavesOutLinesThatStay) {
  FieldChange field;
  field.path = "data.x";
  // Far above the line that changes is what makes it a secret.
  field.lines.push_back({' ', "credentials:"});
  for (int i = 0; i < 20; ++i) field.lines.push_back({' ', "  line: pa55"});
  field.lines.push_back({'+', "  more: pa55"});
  field.lines.push_back({' ', "other:"});
  for (int i = 0; i < 20; ++i) field.lines.push_back({' ', "  line: x"});
  std::string text;
  for (const auto& line : Shown(field, "ConfigMap").lines) text += line.mark + line.text + "\n";
  EXPECT_EQ(text, " credentials:\n   ***\n+  ***\n other:\n   line: x\n@19 lines\n");
}

TEST(Redact, ReadsEmbeddedDocuments) {
  FieldChange field;
  field.path = "data[\"app.json\"]";
  field.inside = {Field("db.password", R"("pa55")", R"("pb66")"),
                  Field("db.host", R"("a")", R"("b")")};
  const auto shown = Shown(field, "ConfigMap");
  ExpectHidden(shown.inside[0]);
  EXPECT_EQ(shown.inside[1].new_value, R"("b")");
  ExpectHidden(Shown(field, "Secret"));
  EXPECT_EQ(
      Shown(Field("data.x", R"("{\"password\":\"pa55\",\"a\":1}")", R"("{\"a\":2}")")).old_value,
      R"("{\"password\":\"***\",\"a\":1}")");
}

TEST(Redact, ShowsOnlyHarmlessWordsOfValues) {
  ReleaseDiff diff;
  diff.values = {{"replicas", FieldOp::Changed, "2", "3"},
                 {"image.tag", FieldOp::Changed, R"("1.2.0")", R"("1.3.0")"},
                 {"level", FieldOp::Changed, R"("info")", R"("hunter2")"},
                 {"auth.password", FieldOp::Added, std::nullopt, "1234"}};
  diff.defaults = {{"host", FieldOp::Changed, R"("a.example.com")", R"("b.example.com")"},
                   {"auth.adminPassword", FieldOp::Changed, R"("changeme")", R"("admin")"},
                   {"licence", FieldOp::Changed, R"("pa55")", R"("pb66")"},
                   {"licenseKey", FieldOp::Changed, R"("pa55")", R"("pb66")"}};
  const auto shown = Redact(diff, {});
  EXPECT_EQ(shown.get().values[0].new_value, "3");
  EXPECT_EQ(shown.get().values[1].new_value, R"("1.3.0")");
  for (const auto& value : {shown.get().values[2], shown.get().values[3], shown.get().defaults[1],
                            shown.get().defaults[2], shown.get().defaults[3]}) {
    EXPECT_TRUE(value.secret) << value.path;
    EXPECT_FALSE(value.old_value || value.new_value) << value.path;
  }
  EXPECT_EQ(shown.get().defaults[0].new_value, R"("b.example.com")");
}

}  // namespace
}  // namespace datafly::diff

#include "tests/unit/core/report/diff_samples.h"

#include "common/core/report/diff_data.h"
#include "common/core/report/diff_html.h"
#include "common/core/report/diff_markdown.h"
#include "common/core/report/diff_summary.h"
#include "common/core/report/diff_text.h"

namespace datafly::report::samples {

using diff::Effect;
using diff::FieldChange;
using diff::FieldOp;
using diff::Origin;
using diff::ReleaseDiff;
using diff::ResourceChange;
using diff::ResourceOp;
using diff::RiskClass;

namespace {

std::string GroupOfKind(std::string_view kind) {
  if (kind == "Deployment" || kind == "StatefulSet") return "apps";
  if (kind == "PodDisruptionBudget") return "policy";
  return "";
}

ReleaseDiff Empty() {
  ReleaseDiff diff;
  diff.release = "datafly";
  diff.name_space = "datafly-prod";
  diff.old_side = {"revision 7 (deployed)", "datafly-signal", "1.2.0", "1.2.0", 7};
  diff.new_side = {"datafly-signal 1.3.0, rendered by helm upgrade --dry-run=server",
                   "datafly-signal", "1.3.0", "1.3.0", 0};
  diff.three_way = true;
  diff.unchanged = 31;
  return diff;
}

FieldChange Drift(std::string path, std::optional<std::string> live,
                  std::optional<std::string> rendered, Effect effect) {
  FieldChange field = Field(std::move(path), std::nullopt, std::move(rendered));
  field.op = FieldOp::Changed;
  field.origin = Origin::Drift;
  field.effect = effect;
  field.old_value = live;
  field.live_value = std::move(live);
  return field;
}

FieldChange Secret(std::string path) {
  FieldChange field = Field(std::move(path), "\"hunter2-old\"", "\"hunter2-new\"");
  field.live_value = "\"hunter2-live\"";
  field.lines = {{'-', "hunter2-old"}, {'+', "hunter2-new"}};
  field.inside = {Field("key", "\"hunter2-old\"", "\"hunter2-new\"")};
  field.secret = true;
  return field;
}

ResourceChange Gateway() {
  ResourceChange object = Object(ResourceOp::Changed, "Deployment", "gateway");
  object.source = "datafly-signal/templates/gateway.yaml";
  object.restarting_pods = 2;
  object.risks = {
      {RiskClass::RestartsPods, "spec.template changes: 2 pods of Deployment/gateway are replaced"},
      {RiskClass::UndoesHandChange, "spec.replicas was scaled by hand to 5"}};
  FieldChange both = Field("spec.template.spec.containers[name=app].resources.limits.memory",
                           "\"512Mi\"", "\"768Mi\"");
  both.origin = Origin::Both;
  both.live_value = "\"1Gi\"";
  FieldChange already = Field("spec.template.spec.terminationGracePeriodSeconds", "30", "60");
  already.effect = Effect::Already;
  FieldChange spelling =
      Field("spec.template.spec.containers[name=app].resources.limits.cpu", "\"1000m\"", "1");
  spelling.effect = Effect::Spelling;
  FieldChange env = Field("spec.template.spec.containers[name=app].env[name=FEATURES]",
                          std::nullopt, R"({"name":"FEATURES","value":"dlq,replay"})");
  FieldChange order = Field("spec.template.spec.containers[name=app].args",
                            R"(["--port=80","--verbose"])", R"(["--verbose","--port=80"])");
  order.op = FieldOp::Reordered;
  object.fields = {
      Field("spec.template.spec.containers[name=app].image",
            "\"registry.datafly.io/gateway:1.2.0\"", "\"registry.datafly.io/gateway:1.3.0\""),
      Drift("spec.replicas", "5", "2", Effect::Writes),
      Drift("metadata.annotations[\"team/owner\"]", "\"ops\"", std::nullopt, Effect::Stays),
      both,
      already,
      spelling,
      env,
      order,
      Secret("spec.template.spec.containers[name=app].env[name=WRITE_KEY].value"),
      Field("spec.template.spec.containers[name=app].livenessProbe", R"({"httpGet":{"path":"/"}})",
            std::nullopt)};
  return object;
}

ResourceChange AppConfig() {
  ResourceChange object = Object(ResourceOp::Changed, "ConfigMap", "app-config");
  FieldChange text = Field("data[\"nginx.conf\"]", std::nullopt, std::nullopt);
  text.op = FieldOp::Changed;
  text.lines = {{'@', "12 lines"},
                {' ', "server {"},
                {'-', "  listen 80;"},
                {'+', "  listen 8080;"},
                {'-', "  keepalive 4; "},
                {'+', "  keepalive 4;"},
                {' ', "}"}};
  FieldChange json = Field("data[\"features.json\"]", std::nullopt, std::nullopt);
  json.op = FieldOp::Changed;
  json.inside = {Field("limits.rps", "100", "250"), Field("replay.enabled", std::nullopt, "true"),
                 Secret("upstream.token")};
  FieldChange layout = Field("data[\"routes.yaml\"]", std::nullopt, std::nullopt);
  layout.op = FieldOp::Changed;
  layout.formatting_only = true;
  object.fields = {text, json, layout};
  return object;
}

ResourceChange Credentials() {
  ResourceChange object = Object(ResourceOp::Changed, "Secret", "datafly-credentials");
  object.risks = {{RiskClass::ChangesSecret, "data.JWT_SECRET changes: sessions end"},
                  {RiskClass::RotatesAtEveryUpgrade,
                   "data.JWT_SECRET is made anew by each rendering (randAlphaNum)"}};
  FieldChange rotates = Secret("data.JWT_SECRET");
  rotates.unstable = true;
  object.fields = {rotates, Secret("data.DSN")};
  return object;
}

ResourceChange Queue() {
  ResourceChange object = Object(ResourceOp::Changed, "StatefulSet", "queue");
  object.risks = {{RiskClass::ReplacesObject,
                   "spec.volumeClaimTemplates cannot be changed: Helm fails here; delete the "
                   "StatefulSet with --cascade=orphan first"},
                  {RiskClass::Conflicts, "spec.replicas is owned by manager kube-controller"}};
  FieldChange conflict = Field("spec.replicas", "3", "5");
  conflict.effect = Effect::Conflicts;
  object.fields = {
      Field("spec.volumeClaimTemplates[metadata.name=data].spec.resources.requests.storage",
            "\"10Gi\"", "\"20Gi\""),
      conflict};
  return object;
}

ResourceChange Quiet() {
  ResourceChange object = Object(ResourceOp::Unchanged, "Service", "gateway");
  object.writes = false;
  object.fields = {Drift("metadata.labels.debug", "\"true\"", std::nullopt, Effect::Stays)};
  return object;
}

void AddOtherObjects(ReleaseDiff& diff) {
  ResourceChange budget = Object(ResourceOp::Changed, "PodDisruptionBudget", "gateway");
  budget.api_version = "policy/v1";
  budget.old_api_version = "policy/v1beta1";
  ResourceChange claim = Object(ResourceOp::Removed, "PersistentVolumeClaim", "spool");
  claim.risks = {{RiskClass::DropsData, "the claim and the data of its volume go away"}};
  ResourceChange kept = Object(ResourceOp::Kept, "PersistentVolumeClaim", "archive");
  kept.writes = false;
  ResourceChange again = Object(ResourceOp::Recreated, "ServiceAccount", "gateway");
  ResourceChange worker = Object(ResourceOp::Added, "Deployment", "delivery-workers");
  worker.renamed_from = "Deployment/workers";
  worker.fields = {Field("spec.template.spec.containers[name=app].image", "\"workers:1.2.0\"",
                         "\"workers:1.3.0\"")};
  ResourceChange workers = Object(ResourceOp::Removed, "Deployment", "workers");
  workers.renamed_to = "Deployment/delivery-workers";
  workers.risks = {{RiskClass::InterruptsTraffic, "its pods end before the new ones are ready"}};
  ResourceChange other = Object(ResourceOp::Added, "Role", "monitor");
  other.id.name_space = "monitoring";
  other.live_known = false;
  diff.resources = {AppConfig(), Gateway(), worker,        workers, claim, kept,
                    budget,      other,     Credentials(), Quiet(), again, Queue()};
}

void AddSections(ReleaseDiff& diff) {
  diff.values = {{"gateway.replicas", FieldOp::Changed, "2", "3"},
                 {"auth.jwtSecret", FieldOp::Changed, "\"hunter2-old\"", "\"hunter2-new\"", true}};
  diff.defaults = {{"gateway.pdb.enabled", FieldOp::Added, std::nullopt, "true"},
                   {"gateway.replicas", FieldOp::Changed, "1", "2", false, true},
                   {"legacy", FieldOp::Removed, R"({"enabled":false})", std::nullopt}};
  diff.chart = {{"version", "1.2.0", "1.3.0"},
                {"appVersion", "1.2.0", "1.3.0"},
                {"kubeVersion", "", ">=1.29.0"}};
  diff.images = {{"registry.datafly.io/gateway", "1.2.0", "1.3.0", {"Deployment/gateway (app)"}},
                 {"registry.datafly.io/replay", "", "1.3.0", {"Deployment/gateway (replay)"}},
                 {"busybox", "1.36", "", {"Deployment/workers (wait)"}}};
  diff.hooks = {
      {"Job/migrate", {"pre-upgrade"}, FieldOp::Changed, {Field("spec.backoffLimit", "1", "3")}},
      {"Job/seed", {"post-install"}, FieldOp::Removed, {}},
      {"Secret/token", {"pre-upgrade"}, FieldOp::Added, {}, true}};
  diff.crds = {{"pipelines.datafly.io", FieldOp::Changed,
                "Helm does not upgrade it; kubectl apply --server-side -f crds/pipelines.yaml"}};
  diff.notes_changed = true;
  diff.notes = {"the release has 2 failed revisions after the deployed one"};
  diff.unknown = {
      "live ServiceMonitor objects are not known: forbidden: user jane may not list "
      "servicemonitors"};
}

}  // namespace

ResourceChange Object(ResourceOp op, std::string_view kind, std::string_view name) {
  ResourceChange object;
  object.id = {GroupOfKind(kind), std::string(kind), "datafly-prod", std::string(name)};
  object.api_version = object.id.group.empty() ? "v1" : object.id.group + "/v1";
  object.op = op;
  object.live_known = true;
  return object;
}

FieldChange Field(std::string path, std::optional<std::string> old_value,
                  std::optional<std::string> new_value) {
  FieldChange field;
  field.path = std::move(path);
  field.op = !old_value ? FieldOp::Added : !new_value ? FieldOp::Removed : FieldOp::Changed;
  field.old_value = std::move(old_value);
  field.new_value = std::move(new_value);
  return field;
}

ReleaseDiff Upgrade() {
  ReleaseDiff diff = Empty();
  AddOtherObjects(diff);
  AddSections(diff);
  return diff;
}

ReleaseDiff ChartLabel(std::size_t count) {
  ReleaseDiff diff = Empty();
  for (std::size_t i = 0; i < count; ++i) {
    ResourceChange object = Object(ResourceOp::Changed, "Deployment", fmt::format("worker-{}", i));
    object.fields = {Field("metadata.labels[\"helm.sh/chart\"]", "\"datafly-signal-1.2.0\"",
                           "\"datafly-signal-1.3.0\"")};
    if (i % 2 == 0) {
      object.fields.push_back(Field("spec.template.metadata.labels[\"helm.sh/chart\"]",
                                    "\"datafly-signal-1.2.0\"", "\"datafly-signal-1.3.0\""));
      object.risks = {{RiskClass::RestartsPods, "spec.template changes"}};
      object.restarting_pods = 3;
    }
    if (i == 1) object.fields.push_back(Field("spec.paused", "false", "true"));
    diff.resources.push_back(std::move(object));
  }
  return diff;
}

ReleaseDiff HostileDiff() {
  const std::string evil =
      "\x1b[2J\r\x07<script>alert(1)</script> `|[x](javascript:1) @team # \xE2\x80\xAE"
      "evil \xC2\x9B \xff ```\n# heading";
  ReleaseDiff diff = Empty();
  diff.release = diff.name_space = evil;
  diff.old_side = {evil, evil, evil, evil, 1};
  diff.new_side = diff.old_side;
  ResourceChange object = Object(ResourceOp::Changed, evil, evil);
  object.id.name_space = evil;
  object.api_version = object.old_api_version = object.source = evil;
  object.old_api_version += "2";
  object.risks = {{RiskClass::DropsData, evil}, {RiskClass::RestartsPods, evil}};
  FieldChange field = Field(evil, "\"" + evil + "\"", evil);
  field.origin = Origin::Both;
  field.live_value = evil;
  FieldChange lines = Field(evil, std::nullopt, std::nullopt);
  lines.lines = {{'@', evil}, {'-', evil}, {'+', evil}, {' ', evil}};
  FieldChange nested = Field(evil, std::nullopt, std::nullopt);
  nested.inside = {field, lines};
  object.fields = {field, lines, nested, Drift(evil, evil, evil, Effect::Writes),
                   Field("list", std::nullopt, R"([")" + std::string(200, 'x') + R"(\u001b[2J"])")};
  ResourceChange renamed = Object(ResourceOp::Added, evil, evil + "2");
  renamed.renamed_from = evil;
  diff.resources = {object, renamed};
  diff.values = diff.defaults = {{evil, FieldOp::Changed, evil, evil}};
  diff.chart = {{evil, evil, evil}};
  diff.images = {{evil, evil, evil, {evil}}};
  diff.hooks = {{evil, {evil}, FieldOp::Changed, {field, lines}}};
  diff.crds = {{evil, FieldOp::Changed, evil}};
  diff.notes = diff.unknown = {evil};
  return diff;
}

ReleaseDiff LongTexts() {
  ReleaseDiff diff = Empty();
  ResourceChange object =
      Object(ResourceOp::Changed, "Deployment", "a-name-" + std::string(200, 'n'));
  std::string url = "\"https://collector.datafly.io/v1/" + std::string(120, 'p');
  std::string list = R"({"limits":{"cpu":"500m","memory":"512Mi"},"requests":[)";
  for (int i = 0; i < 60; ++i) list += fmt::format("{}\"request-{}\"", i == 0 ? "" : ",", i);
  list += "]}";
  object.fields = {
      Field("spec.template.spec.containers[name=app].env[name=COLLECTOR].value",
            url + "/eu-central-1?batch=100\"", url + "/eu-west-1?batch=100\""),
      Field("spec.template.spec.containers[name=app].resources", std::nullopt, list),
      Field("spec.template.metadata.annotations[\"" + std::string(120, 'k') + ".io/x\"]", "\"a\"",
            "\"b\""),
      Field("note", "\"" + std::string(300, 'v') + "\"", std::nullopt),
      Drift("spec.template.spec.nodeSelector", url + "\"", url + "s\"", Effect::Writes)};
  object.risks = {{RiskClass::RestartsPods, "spec.template changes"},
                  {RiskClass::DropsData, "a reason that is long: " + std::string(90, 'r')}};
  diff.resources = {object};
  return diff;
}

ReleaseDiff NoChanges() {
  ReleaseDiff diff = Empty();
  diff.new_side = diff.old_side;
  return diff;
}

std::string Rendered(const ReleaseDiff& diff, DiffFormat format, const RenderOptions& options) {
  switch (format) {
    case DiffFormat::Text:
      return DiffText(diff, options);
    case DiffFormat::Summary:
      return DiffSummary(diff, options);
    case DiffFormat::Json:
      return DiffJson(diff);
    case DiffFormat::Yaml:
      return DiffYaml(diff);
    case DiffFormat::Markdown:
      return DiffMarkdown(diff);
    case DiffFormat::Html:
      return DiffHtml(diff);
  }
  return {};
}

}  // namespace datafly::report::samples

#include "common/core/backups/object.h"

#include "common/core/base/text.h"

namespace datafly::backups {

std::string Object::Text(const std::string& pointer) const {
  std::string_view text;
  if (element_.at_pointer(pointer).get(text) != simdjson::SUCCESS) return {};
  return std::string(text);
}

std::optional<Time> Object::TimeAt(const std::string& pointer) const {
  const auto time = ParseTime(Text(pointer));
  return time ? std::optional<Time>(*time) : std::nullopt;
}

bool Object::IsTrue(const std::string& pointer) const {
  bool value = false;
  return element_.at_pointer(pointer).get(value) == simdjson::SUCCESS && value;
}

std::int64_t Object::Number(const std::string& pointer) const {
  std::int64_t value = 0;
  return element_.at_pointer(pointer).get(value) == simdjson::SUCCESS ? value : 0;
}

bool Object::Has(const std::string& pointer) const {
  simdjson::dom::element value;
  return element_.at_pointer(pointer).get(value) == simdjson::SUCCESS && !value.is_null();
}

std::vector<Object> Object::Items(const std::string& pointer) const {
  std::vector<Object> out;
  simdjson::dom::array array;
  if (element_.at_pointer(pointer).get(array) != simdjson::SUCCESS) return out;
  for (const simdjson::dom::element item : array) out.emplace_back(item);
  return out;
}

std::vector<Object> Object::Members(const std::string& pointer) const {
  std::vector<Object> out;
  simdjson::dom::object object;
  if (element_.at_pointer(pointer).get(object) != simdjson::SUCCESS) return out;
  for (const simdjson::dom::key_value_pair member : object) out.emplace_back(member.value);
  return out;
}

std::vector<std::string> Object::Texts(const std::string& pointer) const {
  std::vector<std::string> out;
  for (const Object& item : Items(pointer)) {
    std::string_view text;
    if (item.element_.get(text) == simdjson::SUCCESS) out.emplace_back(text);
  }
  return out;
}

std::vector<std::string> Object::Labels() const {
  std::vector<std::string> out;
  simdjson::dom::object labels;
  if (element_.at_pointer("/metadata/labels").get(labels) != simdjson::SUCCESS) return out;
  for (const simdjson::dom::key_value_pair label : labels) {
    std::string_view value;
    if (label.value.get(value) == simdjson::SUCCESS) {
      out.push_back(fmt::format("{}={}", label.key, value));
    }
  }
  return out;
}

Object::ConditionValue Object::Condition(std::string_view type) const {
  for (const Object& condition : Items("/status/conditions")) {
    if (condition.Text("/type") != type) continue;
    return {condition.Text("/status"), condition.Text("/reason"),
            condition.TimeAt("/lastTransitionTime")};
  }
  return {};
}

BackupEvidence Tell(const Context& context, std::string_view kind, const Object& object, bool good,
                    std::string detail, std::optional<Time> data_time) {
  if (good && !data_time) detail += "; its age is not known";
  return {fmt::format("{} {} {}/{}", context.source.group_version, kind, object.Namespace(),
                      object.Name()),
          good && data_time, std::move(detail), data_time};
}

namespace {

bool ContainsAny(std::string_view text, std::initializer_list<std::string_view> needles) {
  return std::any_of(needles.begin(), needles.end(), [&](std::string_view needle) {
    return text.find(needle) != std::string_view::npos;
  });
}

}  // namespace

bool LooksLikeDatabase(std::string_view name) {
  const std::string framed = "-" + ToLower(name) + "-";
  return ContainsAny(framed, {"postgres", "pgdata", "pgsql", "database", "-db-", "-pg-"});
}

bool LooksLikeBackup(const Object& object) {
  std::string words = ToLower(object.Name());
  if (ContainsAny(words, {"kafka", "redis", "etcd", "zookeeper"})) return false;
  for (const std::string& label : object.Labels()) words += " " + ToLower(label);
  return ContainsAny(words, {"backup", "pgdump", "pg-dump", "dump", "wal-g", "barman"});
}

}  // namespace datafly::backups

#include "tests/faults/object_store.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace datafly::testing {
namespace {

using Json = nlohmann::json;

Reply Status(int code, const std::string& reason) {
  Reply reply;
  reply.status = code;
  reply.body = fmt::format(
      R"({{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{0}","reason":"{0}","code":{1}}})",
      reason, code);
  return reply;
}

std::string VersionOf(const Json& object) {
  return object["metadata"].value("resourceVersion", "");
}

/// By the preconditions of DeleteOptions, if there are any.
bool IsWhatIsMeant(const std::string& options, const Json& object) {
  const Json parsed = Json::parse(options, nullptr, false);
  const Json::json_pointer version("/preconditions/resourceVersion");
  return !parsed.is_object() || !parsed.contains(version) || parsed[version] == VersionOf(object);
}

}  // namespace

std::string ObjectStore::Numbered(const std::string& json) {
  Json object = Json::parse(json);
  object["metadata"]["resourceVersion"] = fmt::format("{}", ++version_);
  return object.dump();
}

Reply ObjectStore::Stored(int status, const std::string& path) {
  Reply reply;
  reply.status = status;
  reply.body = objects_[path];
  return reply;
}

Reply ObjectStore::Answer(const SeenRequest& request) {
  const std::lock_guard lock(mutex_);
  const std::string path = request.path.substr(0, request.path.find('?'));
  Reply reply = Status(404, "NotFound");
  if (request.method == "POST") {
    const Json object = Json::parse(request.body);
    const std::string own = path + "/" + object["metadata"].value("name", "");
    reply = Status(409, "AlreadyExists");
    if (!objects_.contains(own)) {
      objects_[own] = Numbered(request.body);
      reply = Stored(201, own);
    }
  } else if (objects_.contains(path)) {
    if (request.method == "GET") reply = Stored(200, path);
    if (request.method == "PUT") {
      const bool fresh =
          VersionOf(Json::parse(request.body)) == VersionOf(Json::parse(objects_[path]));
      if (fresh) objects_[path] = Numbered(request.body);
      reply = fresh ? Stored(200, path) : Status(409, "Conflict");
    }
    if (request.method == "DELETE") {
      const bool fresh = IsWhatIsMeant(request.body, Json::parse(objects_[path]));
      reply = fresh ? Stored(200, path) : Status(409, "Conflict");
      if (fresh) objects_.erase(path);
    }
  }
  reply.headers.emplace_back("date", now_);
  return reply;
}

void ObjectStore::Put(const std::string& path, const std::string& json) {
  const std::lock_guard lock(mutex_);
  objects_[path] = Numbered(json);
}

void ObjectStore::Remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  objects_.erase(path);
}

std::string ObjectStore::Get(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(path);
  return found == objects_.end() ? std::string() : found->second;
}

void ObjectStore::SetNow(std::string date) {
  const std::lock_guard lock(mutex_);
  now_ = std::move(date);
}

}  // namespace datafly::testing

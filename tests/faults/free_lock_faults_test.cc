#include "common/core/base/base64.h"
#include "common/core/release/record.h"
#include "common/operations/unlock.h"
#include "tests/faults/operations_scene.h"

/// The write that frees a lock, with a helm that ends meanwhile.
namespace datafly::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

const std::string kRecord = "/api/v1/namespaces/prod/secrets/sh.helm.release.v1.datafly.v4";

std::string RecordObject(const std::string& status) {
  const std::string payload = EncodeBase64(EncodeBase64(fmt::format(
      R"({{"name":"datafly","info":{{"status":"{}","description":"Preparing upgrade"}},"version":4}})",
      status)));
  return fmt::format(
      R"({{"metadata":{{"name":"sh.helm.release.v1.datafly.v4","labels":{{"owner":"helm",)"
      R"("name":"datafly","version":"4","status":"{}"}}}},"data":{{"release":"{}"}},"type":"helm.sh/release.v1"}})",
      status, payload);
}

operations::UnlockRequest Freeing() {
  operations::UnlockRequest request;
  request.lock.object_name = "sh.helm.release.v1.datafly.v4";
  request.lock.release = "datafly";
  request.lock.name_space = "prod";
  request.lock.revision = 4;
  request.lock.status = release::Status::PendingUpgrade;
  request.who = "kim on laptop";
  return request;
}

release::ReleaseRecord RecordIn(const ObjectStore& store) {
  return release::DecodeSecretRelease(Json::parse(store.Get(kRecord))["data"].value("release", ""))
      .value();
}

TEST(FreeLock, ChangesPayloadAndLabelTogether) {
  Scene scene;
  scene.store.Put(kRecord, RecordObject("pending-upgrade"));
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request()).value();
  const auto freed = operations::FreeLock(scene.io, *lease, Freeing());
  ASSERT_TRUE(freed.has_value()) << freed.error().message;
  EXPECT_EQ(RecordIn(scene.store).status, release::Status::Failed);
  EXPECT_THAT(RecordIn(scene.store).description, HasSubstr("kim on laptop"));
  const Json object = Json::parse(scene.store.Get(kRecord));
  EXPECT_EQ(object["metadata"]["labels"]["status"], "failed");
  EXPECT_EQ(object["type"], "helm.sh/release.v1");
}

TEST(FreeLock, AHelmThatEndsMeanwhileIsLeftAlone) {
  Scene scene;
  scene.store.Put(kRecord, RecordObject("pending-upgrade"));
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request()).value();
  bool ended = false;
  scene.fault = [&](const SeenRequest& request) -> std::optional<Reply> {
    if (request.method == "PUT" && request.path.find("/secrets/") != std::string::npos && !ended) {
      ended = true;
      scene.store.Put(kRecord, RecordObject("deployed"));
    }
    return std::nullopt;
  };
  const auto freed = operations::FreeLock(scene.io, *lease, Freeing());
  ASSERT_FALSE(freed.has_value());
  EXPECT_EQ(freed.error().kind, ErrorKind::Conflict);
  EXPECT_EQ(RecordIn(scene.store).status, release::Status::Deployed);
}

TEST(FreeLock, OneThatIsNoLongerPendingIsLeftAlone) {
  Scene scene;
  scene.store.Put(kRecord, RecordObject("deployed"));
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request()).value();
  EXPECT_FALSE(operations::FreeLock(scene.io, *lease, Freeing()).has_value());
  EXPECT_EQ(RecordIn(scene.store).status, release::Status::Deployed);
}

}  // namespace
}  // namespace datafly::testing

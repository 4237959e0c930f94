#include "common/core/release/record_edit.h"

#include <gtest/gtest.h>

#include "common/core/base/base64.h"
#include "common/core/base/gzip.h"

namespace datafly::release {
namespace {

constexpr std::string_view kRecord =
    R"({"name":"a","info":{"first_deployed":"x","last_deployed":"","status":"pending-upgrade",)"
    R"("notes":"\"status\":\"pending-upgrade\" } \\","description":"Preparing upgrade"},)"
    R"("config":{"big":9007199254740993,"float":1e6,"status":"mine"},"version":4})";

TEST(WithStatus, ChangesStatusAndDescriptionAndNoOtherByte) {
  const auto changed = WithStatus(kRecord, Status::Failed, "was \"pending\"");
  ASSERT_TRUE(changed.has_value()) << changed.error().message;
  EXPECT_EQ(*changed,
            R"({"name":"a","info":{"first_deployed":"x","last_deployed":"","status":"failed",)"
            R"("notes":"\"status\":\"pending-upgrade\" } \\","description":"was \"pending\""},)"
            R"("config":{"big":9007199254740993,"float":1e6,"status":"mine"},"version":4})");
}

TEST(WithStatus, TakesMembersInAnyOrderAndAddsAMissingDescription) {
  EXPECT_EQ(WithStatus(R"({"info": { "description" : "d" , "status" : "pending-install" } })",
                       Status::Failed, "why")
                .value(),
            R"({"info": { "description" : "why" , "status" : "failed" } })");
  EXPECT_EQ(WithStatus(R"({"info":{"status":"pending-install"}})", Status::Failed, "why").value(),
            R"({"info":{"status":"failed","description":"why"}})");
}

TEST(WithStatus, WhatIsNoRecordIsAnError) {
  for (const char* text : {"", "[]", "{}", R"({"info":{}})", R"({"info":[]})", R"({"info":{"x":1})",
                           R"({"status":"deployed"})", R"({"infos":{"status":"deployed"}})"})
    EXPECT_FALSE(WithStatus(text, Status::Failed, "why").has_value()) << text;
}

TEST(StoredWithStatus, IsReadBackAsChanged) {
  for (const bool zipped : {true, false}) {
    const std::string bytes = zipped ? Gzip(kRecord).value() : std::string(kRecord);
    for (const RecordStore store : {RecordStore::Secrets, RecordStore::ConfigMaps}) {
      const bool secret = store == RecordStore::Secrets;
      const std::string once = EncodeBase64(bytes);
      const auto changed = StoredWithStatus(secret ? EncodeBase64(once) : once, store,
                                            Status::Failed, "freed by a test");
      ASSERT_TRUE(changed.has_value()) << changed.error().message;
      const auto record = secret ? DecodeSecretRelease(*changed) : DecodeConfigMapRelease(*changed);
      ASSERT_TRUE(record.has_value()) << record.error().message;
      EXPECT_EQ(record->status, Status::Failed);
      EXPECT_EQ(record->description, "freed by a test");
      EXPECT_EQ(record->revision, 4);
    }
  }
}

TEST(StoredWithStatus, WhatCannotBeReadIsNotWritten) {
  EXPECT_FALSE(StoredWithStatus("!", RecordStore::Secrets, Status::Failed, "").has_value());
  EXPECT_FALSE(StoredWithStatus("AAAA", RecordStore::ConfigMaps, Status::Failed, "").has_value());
}

}  // namespace
}  // namespace datafly::release

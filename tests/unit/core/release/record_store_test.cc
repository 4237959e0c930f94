#include "common/core/release/record_store.h"

#include <gtest/gtest.h>

namespace datafly::release {
namespace {

TEST(RecordStore, IsReadAsHelmReadsItsDriver) {
  const struct {
    const char* driver;
    RecordStore store;
    const char* resource;
  } cases[] = {
      {"", RecordStore::Secrets, "secrets"},
      {"secret", RecordStore::Secrets, "secrets"},
      {"secrets", RecordStore::Secrets, "secrets"},
      {"configmap", RecordStore::ConfigMaps, "configmaps"},
      {"configmaps", RecordStore::ConfigMaps, "configmaps"},
      {"memory", RecordStore::Memory, ""},
      {"sql", RecordStore::Sql, ""},
  };
  for (const auto& c : cases) {
    const auto store = ParseRecordStore(c.driver);
    ASSERT_TRUE(store.has_value()) << c.driver;
    EXPECT_EQ(*store, c.store) << c.driver;
    EXPECT_EQ(ResourceOf(*store), c.resource) << c.driver;
  }
}

TEST(RecordStore, OfAnotherNameIsRefusedAsHelmDoes) {
  for (const char* driver : {"Secret", "configmapz", "sql ", "\x1b[31m"}) {
    const auto store = ParseRecordStore(driver);
    ASSERT_FALSE(store.has_value()) << driver;
    EXPECT_EQ(store.error().kind, ErrorKind::InvalidInput);
    EXPECT_EQ(store.error().message.find('\x1b'), std::string::npos);
    EXPECT_FALSE(store.error().remedy.empty());
  }
}

}  // namespace
}  // namespace datafly::release

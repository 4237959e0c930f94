#include "common/io/kube/list_head.h"

#include <gtest/gtest.h>

namespace datafly::kube {
namespace {

constexpr std::string_view kList =
    R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"42","continue":"abc","remainingItemCount":7},"items":[]})";

TEST(ListHead, IsFoundAsSoonAsMetadataIsComplete) {
  const auto complete = kList.find("},\"items\"") + 1;
  for (std::size_t size = 0; size <= kList.size(); ++size) {
    ListHead head;
    const auto scan = ScanListHead(kList.substr(0, size), head);
    EXPECT_EQ(scan, size < complete ? HeadScan::NeedMore : HeadScan::Found) << size;
    EXPECT_EQ(head.continue_token, size < complete ? "" : "abc");
  }
}

struct HeadCase {
  std::string name;
  std::string json;
  HeadScan scan;
  std::string token;
  std::string version;
};

class Heads : public ::testing::TestWithParam<HeadCase> {};

TEST_P(Heads, AreReadOrLeftToTheParser) {
  ListHead head;
  EXPECT_EQ(ScanListHead(GetParam().json, head), GetParam().scan);
  EXPECT_EQ(head.continue_token, GetParam().token);
  EXPECT_EQ(head.resource_version, GetParam().version);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Heads,
    ::testing::Values(
        HeadCase{"LastPage", R"({"metadata":{"resourceVersion":"1"},"items":[)", HeadScan::Found,
                 "", "1"},
        HeadCase{"EmptyMetadata", R"({"metadata":{},)", HeadScan::Found, "", ""},
        HeadCase{"Blanks", " {\n \"metadata\" : { \"continue\" : \"t\" , \"x\" : null } ,",
                 HeadScan::Found, "t", ""},
        HeadCase{"EscapeInToken", R"({"metadata":{"continue":"a\"b"},)", HeadScan::NotThere, "",
                 ""},
        HeadCase{"NestedInMetadata", R"({"metadata":{"a":{"continue":"x"}},)", HeadScan::NotThere,
                 "", ""},
        HeadCase{"ItemsFirst", R"({"items":[{"metadata":{"continue":"x"}}],)", HeadScan::NotThere,
                 "", ""},
        HeadCase{"NoObject", "[1]", HeadScan::NotThere, "", ""},
        HeadCase{"Html", "<html>", HeadScan::NotThere, "", ""},
        HeadCase{"MetadataIsNull", R"({"metadata":null,)", HeadScan::NotThere, "", ""},
        HeadCase{"Endless", "{\"kind\":\"" + std::string(20000, 'x'), HeadScan::NotThere, "", ""}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace datafly::kube

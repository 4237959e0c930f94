#include "common/core/kinds/tree.h"

#include <gtest/gtest.h>

namespace datafly::kinds {
namespace {

using Json = nlohmann::json;

TEST(Tree, IsWhatTheOtherParserMakesOfTheText) {
  const std::string text =
      R"({"a":[1,-2,0,18446744073709551615,-9223372036854775808,1.5,1e3,true,false,null,"x",[],{}],)"
      R"("b":{"c":{"d":"é\n\u0000"}},"":"empty key","a b":[[[1]]]})";
  simdjson::dom::parser parser;
  const Json tree = ToTree(parser.parse(text).value());
  const Json wanted = Json::parse(text);
  EXPECT_EQ(tree, wanted);
  EXPECT_EQ(tree.dump(), wanted.dump());
  EXPECT_TRUE(tree["a"][0].is_number_unsigned()) << "as nlohmann holds it";
  EXPECT_FALSE(tree["a"][1].is_number_unsigned());
}

TEST(Tree, OfTheSameKeyTwiceTheLastCounts) {
  const std::string text = R"({"a":1,"a":2})";
  simdjson::dom::parser parser;
  EXPECT_EQ(ToTree(parser.parse(text).value()), Json::parse(text));
}

}  // namespace
}  // namespace datafly::kinds

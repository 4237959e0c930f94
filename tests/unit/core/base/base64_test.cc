#include "common/core/base/base64.h"

#include <gtest/gtest.h>

namespace datafly {
namespace {

TEST(Base64, DecodesTheTableOfRfc4648) {
  const std::vector<std::pair<std::string, std::string>> cases{{"", ""},
                                                               {"Zg==", "f"},
                                                               {"Zm8=", "fo"},
                                                               {"Zm9v", "foo"},
                                                               {"Zg", "f"},
                                                               {"Zm8", "fo"},
                                                               {"Zm9vYg==", "foob"},
                                                               {"Zm9vYmE=", "fooba"},
                                                               {"Zm9v\nYmFy", "foobar"},
                                                               {" Z m 9 v ", "foo"},
                                                               {"Zg= =\r\n", "f"},
                                                               {"+/+/", "\xFB\xFF\xBF"}};
  for (const auto& [text, want] : cases) {
    const auto got = DecodeBase64(text);
    ASSERT_TRUE(got.has_value()) << text;
    EXPECT_EQ(*got, want) << text;
  }
}

TEST(Base64, RefusesTheRest) {
  for (const std::string_view text : {"Z", "Zm9vZ", "=", "Zg=", "Z===", "Zg===", "Zg==Zg==",
                                      "Zm9v=", "Zm-_", "Zm9v!", "\xC3\xA9"})
    EXPECT_FALSE(DecodeBase64(text).has_value()) << text;
}

TEST(Base64, NamesThePlaceOfTheFirstBadByte) {
  EXPECT_EQ(DecodeBase64("Zm9v!mFy").error().message, "not base64: unexpected byte at position 4");
}

TEST(Base64, AnyBytesComeBack) {
  std::string bytes;
  for (int length = 0; length < 300; ++length) {
    EXPECT_EQ(DecodeBase64(EncodeBase64(bytes)).value(), bytes) << length;
    bytes.push_back(static_cast<char>(length * 37));
  }
}

TEST(Base64, UrlFormHasNoPaddingAndItsOwnAlphabet) {
  EXPECT_EQ(EncodeBase64("\xFB\xFF"), "+/8=");
  EXPECT_EQ(EncodeBase64Url("\xFB\xFF"), "-_8");
}

}  // namespace
}  // namespace datafly

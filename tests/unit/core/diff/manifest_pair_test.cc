#include "common/core/diff/manifest_pair.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

namespace datafly::diff {
namespace {

using manifest::Document;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAreArray;

std::vector<std::string> TextsOf(const std::vector<Document>& documents) {
  std::vector<std::string> texts;
  for (const Document& document : documents) texts.emplace_back(document.text);
  return texts;
}

std::string Manifest(const std::vector<std::string>& documents) {
  std::string text;
  for (const std::string& document : documents) text += "---\n" + document;
  return text;
}

TEST(PairDocuments, WhatBothHaveIsCommonAndTheRestIsNot) {
  const std::string before = Manifest({"a: 1\n", "b: 1\n", "c: 1\n", "d: 1\n"});
  const std::string after = Manifest({"a: 1\n", "b: 2\n", "new: 1\n", "c: 1\n"});
  const Documents documents = PairDocuments(before, after);
  EXPECT_THAT(TextsOf(documents.common), ElementsAre("\na: 1\n", "\nc: 1\n"));
  EXPECT_THAT(TextsOf(documents.before), ElementsAre("\nb: 1\n", "\nd: 1\n"));
  EXPECT_THAT(TextsOf(documents.after), ElementsAre("\nb: 2\n", "\nnew: 1\n"));
}

TEST(PairDocuments, AnotherOrderIsNoDifference) {
  const std::string before = Manifest({"a: 1\n", "b: 1\n", "c: 1\n"});
  const std::string after = Manifest({"c: 1\n", "a: 1\n", "b: 1\n"});
  const Documents documents = PairDocuments(before, after);
  EXPECT_EQ(documents.common.size(), 3U);
  EXPECT_TRUE(documents.before.empty());
  EXPECT_TRUE(documents.after.empty());
}

TEST(PairDocuments, OneThatOnlyBeginsAlikeIsAnother) {
  const Documents documents = PairDocuments("---\na: 1\n", "---\na: 1\nb: 2\n");
  EXPECT_TRUE(documents.common.empty());
  EXPECT_EQ(documents.before.size(), 1U);
  EXPECT_EQ(documents.after.size(), 1U);
  EXPECT_TRUE(PairDocuments("---\na: 1\n", "---\na: 1\n----\n").common.empty());
  EXPECT_TRUE(PairDocuments("---\na: 1", "---\na: 1---\n").common.empty());
}

TEST(PairDocuments, KeepsTheSourceOfWhatItTook) {
  const std::string text = "---\n# Source: x/templates/a.yaml\na: 1\n";
  const Documents documents = PairDocuments(text, text);
  ASSERT_EQ(documents.common.size(), 1U);
  EXPECT_EQ(documents.common[0].source, "x/templates/a.yaml");
}

/// Multisets of texts, by the plain way.
Documents Plainly(const std::string& before, const std::string& after) {
  Documents out;
  std::map<std::string_view, int> left;
  const auto old_documents = manifest::SplitDocuments(before);
  for (const Document& document : old_documents) ++left[document.text];
  for (const Document& document : manifest::SplitDocuments(after)) {
    const bool same = left[document.text] > 0;
    if (same) --left[document.text];
    (same ? out.common : out.after).push_back(document);
  }
  for (const Document& document : old_documents)
    if (left[document.text]-- > 0) out.before.push_back(document);
  return out;
}

TEST(PairDocuments, IsThePlainWayOnAnyTwoManifests) {
  std::mt19937 random(4711);  // NOLINT(*-msc51-cpp): the same cases in each run
  const std::vector<std::string> pieces = {"---\n", "---\n",  "--- # x\n", "----\n",
                                           "---",   "a: 1\n", "a: 1",      "b: 2\n",
                                           "\n",    "# c\n",  "c: 3\n",    "---\r\n"};
  const auto any = [&](int most) {
    std::string text;
    for (auto count = random() % static_cast<unsigned>(most); count > 0; --count)
      text += pieces[random() % pieces.size()];
    return text;
  };
  for (int i = 0; i < 2'000; ++i) {
    const std::string before = any(30);
    std::string after = any(30);
    if (i % 2 == 0) after = before.substr(0, random() % (before.size() + 1)) + after;
    const Documents found = PairDocuments(before, after);
    const Documents wanted = Plainly(before, after);
    ASSERT_THAT(TextsOf(found.common), UnorderedElementsAreArray(TextsOf(wanted.common)))
        << before << "\n=====\n"
        << after;
    ASSERT_THAT(TextsOf(found.before), UnorderedElementsAreArray(TextsOf(wanted.before)));
    ASSERT_THAT(TextsOf(found.after), UnorderedElementsAreArray(TextsOf(wanted.after)));
  }
}

}  // namespace
}  // namespace datafly::diff

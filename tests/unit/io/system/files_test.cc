#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "common/io/system/system.h"
#include "common/io/system/temporary_folder.h"
#include "tests/unit/io/system/temp_dir.h"

namespace datafly {
namespace {

using testing::HasSubstr;

constexpr std::size_t kPlenty = 1U << 20U;

TEST(RealFileSystem, ReadsWholeFilesUpToTheBound) {
  TempDir dir;
  auto files = RealFileSystem();
  std::string big(200000, 'x');
  std::string path = dir.Write("f", big);
  EXPECT_EQ(files->Read(path, kPlenty).value(), big);
  EXPECT_EQ(files->Read(path, big.size()).value(), big);
  EXPECT_EQ(files->Read(path, big.size() - 1).error().kind, ErrorKind::TooLarge);
  EXPECT_EQ(files->Read(dir.Write("empty", ""), 0).value(), "");
}

TEST(RealFileSystem, TellsWhyNot) {
  TempDir dir;
  auto files = RealFileSystem();
  EXPECT_EQ(files->Read(dir / "none", kPlenty).error().kind, ErrorKind::NotFound);
  EXPECT_THAT(files->Read(dir.path(), kPlenty).error().message, HasSubstr("Is a directory"));
  EXPECT_FALSE(files->Read(std::string("a\0b", 3), kPlenty));
  EXPECT_FALSE(files->Exists(dir / "none"));
  EXPECT_TRUE(files->Exists(dir.path()));
}

TEST(RealFileSystem, AFifoIsRefusedInsteadOfWaitedFor) {
  TempDir dir;
  std::string fifo = dir / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_THAT(RealFileSystem()->Read(fifo, kPlenty).error().message,
              HasSubstr("not a regular file"));
  EXPECT_THAT(RealFileSystem()->Read("/dev/zero", kPlenty).error().message,
              HasSubstr("not a regular file"));
  EXPECT_EQ(RealFileSystem()->Read("/dev/null", kPlenty).value(), "");
}

TEST(RealFileSystem, WritesPrivatelyAndWhole) {
  TempDir dir;
  auto files = RealFileSystem();
  std::string path = dir.Write("f", "old");
  ::chmod(path.c_str(), 0644);
  ::umask(0);
  ASSERT_TRUE(files->WritePrivate(path, "new"));
  EXPECT_EQ(files->Read(path, kPlenty).value(), "new");
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  auto entries = std::filesystem::directory_iterator(dir.path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1) << "no temporary file stays";
}

/// As root a rename over /dev/null would break the whole machine.
TEST(RealFileSystem, WhatIsNoFileIsWrittenIntoAndNeverReplaced) {
  const TempDir dir;
  const std::string fifo = dir / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_FALSE(RealFileSystem()->WritePrivate(fifo, "x")) << "nobody reads, and nothing blocks";
  const int reader = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(reader, 0);
  ASSERT_TRUE(RealFileSystem()->WritePrivate(fifo, "report"));
  std::array<char, 16> got{};
  EXPECT_EQ(::read(reader, got.data(), got.size()), 6);
  ::close(reader);
  EXPECT_TRUE(std::filesystem::is_fifo(fifo));
}

TEST(RealFileSystem, ALinkStaysAndTheFileBehindItIsReplaced) {
  const TempDir dir;
  const std::string file = dir.Write("file", "old");
  const std::string link = dir / "link";
  std::filesystem::create_symlink(file, link);
  ASSERT_TRUE(RealFileSystem()->WritePrivate(link, "new"));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(RealFileSystem()->Read(file, kPlenty).value(), "new");
}

TEST(RealFileSystem, AFailedWriteLeavesNothing) {
  TempDir dir;
  std::filesystem::create_directory(dir / "target");
  EXPECT_FALSE(RealFileSystem()->WritePrivate(dir / "target", "x")) << "a folder is in the way";
  EXPECT_FALSE(RealFileSystem()->WritePrivate(dir / "none/f", "x"));
  auto entries = std::filesystem::directory_iterator(dir.path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST(Folders, AFileThatIsNotThereYetLiesInAFolderOrNot) {
  const TempDir folder;
  const std::string chart = folder.path() + "/chart";
  std::filesystem::create_directories(chart + "/templates");
  std::filesystem::create_directory_symlink(chart, folder.path() + "/link");
  EXPECT_TRUE(IsBelow(chart + "/a.plan", chart));
  EXPECT_TRUE(IsBelow(chart + "/templates/../..a.plan", chart + "/"));
  EXPECT_TRUE(IsBelow(folder.path() + "/link/a.plan", chart));
  EXPECT_FALSE(IsBelow(folder.path() + "/chart.plan", chart));
  EXPECT_FALSE(IsBelow(chart + "/../a.plan", chart));
}

TEST(RealEnvironment, TellsUnsetFromEmpty) {
  ::setenv("SIGNAL_TEST_EMPTY", "", 1);
  ::unsetenv("SIGNAL_TEST_UNSET");
  auto environment = RealEnvironment();
  EXPECT_EQ(environment->Get("SIGNAL_TEST_EMPTY"), "");
  EXPECT_EQ(environment->Get("SIGNAL_TEST_UNSET"), std::nullopt);
  EXPECT_THAT(environment->All(), testing::Contains(testing::Pair("SIGNAL_TEST_EMPTY", "")));
}

TEST(RealClock, IsNow) {
  Time before = std::chrono::floor<Millis>(std::chrono::system_clock::now());
  EXPECT_GE(RealClock()->Now(), before);
}

}  // namespace
}  // namespace datafly

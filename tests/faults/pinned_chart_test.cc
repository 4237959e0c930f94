#include "common/operations/pinned_chart.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/io/system/fakes.h"
#include "tests/faults/harness.h"

/// The chart of an operation: pulled once, told from a changed one, gone afterwards.
namespace datafly::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fs = std::filesystem;

void Write(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

/// A helm whose pull writes an archive, or fails.
class PullingHelm : public ProcessRunner {
 public:
  std::optional<std::string> archive = "archive";
  std::vector<Command> commands;

  Pending<CommandOutput> Start(Command command) override {
    return Pending<CommandOutput>::Of(RunToEnd(std::move(command)));
  }
  Result<CommandOutput> RunToEnd(Command command) override {
    commands.push_back(command);
    if (!archive) return CommandOutput{1, "", "Error: no such chart"};
    Write(fs::path(command.argv.at(4)) / "datafly-1.3.0.tgz", *archive);
    return CommandOutput{0, "", ""};
  }
};

struct Scene {
  ScriptedServer server{Trusted(), [](const SeenRequest&) { return Reply{}; }};
  KubeHarness harness{server};
  std::unique_ptr<FileSystem> files = RealFileSystem();
  FakeEnvironment environment;
  FakeClock clock;
  PullingHelm helm;
  System system{*files, environment, clock, helm, harness.loop};
  gather::Io io{harness.loop, harness.http, harness.client, system, harness.loop.Now() + kPatience};
  TemporaryFolder folder = TemporaryFolder::Make(environment).value();

  helm::RenderRequest Request(std::string chart) const {
    helm::RenderRequest request;
    request.helm = "helm";
    request.chart = std::move(chart);
    request.version = "1.3.0";
    request.plain_http = true;
    request.fetch_flags = {"--devel=true"};
    return request;
  }
};

TEST(PinnedChart, FromARegistryIsPulledOnceAndGoneAfterwards) {
  Scene scene;
  auto request = scene.Request("oci://r.example/datafly");
  std::string path;
  {
    const auto pinned = operations::PinnedChart::Pin(scene.io, request, {});
    ASSERT_TRUE(pinned.has_value()) << pinned.error().message;
    path = request.chart;
    EXPECT_THAT(pinned->digest(), StartsWith("sha256:"));
    EXPECT_TRUE(fs::exists(path));
    EXPECT_EQ(fs::status(fs::path(path).parent_path()).permissions(), fs::perms::owner_all);
    EXPECT_TRUE(pinned->CheckUnchanged(*scene.files).has_value());
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_EQ(request.ShownChart(), "oci://r.example/datafly");
  EXPECT_TRUE(request.version.empty() && request.fetch_flags.empty() && !request.plain_http);
  EXPECT_EQ(scene.helm.commands.size(), 1U);
}

TEST(PinnedChart, ThatCannotBePulledIsHelmsError) {
  Scene scene;
  scene.helm.archive = std::nullopt;
  auto request = scene.Request("oci://r.example/datafly");
  const auto pinned = operations::PinnedChart::Pin(scene.io, request, {});
  ASSERT_FALSE(pinned.has_value());
  EXPECT_THAT(pinned.error().message, HasSubstr("no such chart"));
}

TEST(PinnedChart, AFolderStaysWhereItIsAndAnyChangeOfItIsSeen) {
  Scene scene;
  const fs::path chart = fs::path(scene.folder.path()) / "chart";
  Write(chart / "Chart.yaml", "name: datafly");
  Write(chart / "templates" / "a.yaml", "a");
  auto request = scene.Request(chart.string());
  const auto pinned = operations::PinnedChart::Pin(scene.io, request, {});
  ASSERT_TRUE(pinned.has_value());
  EXPECT_EQ(request.chart, chart.string());
  EXPECT_EQ(request.version, "1.3.0") << "helm may refuse a version that is not the folder's";
  EXPECT_TRUE(scene.helm.commands.empty());
  const auto changed = [&] { return !pinned->CheckUnchanged(*scene.files).has_value(); };
  EXPECT_FALSE(changed());
  Write(chart / "templates" / "a.yaml", "b");
  EXPECT_TRUE(changed());
  Write(chart / "templates" / "a.yaml", "a");
  EXPECT_FALSE(changed());
  Write(chart / "templates" / "b.yaml", "");
  EXPECT_TRUE(changed()) << "a new file";
  fs::remove(chart / "templates" / "b.yaml");
  fs::rename(chart / "templates" / "a.yaml", chart / "templates" / "c.yaml");
  EXPECT_TRUE(changed()) << "another name";
  const auto error = pinned->CheckUnchanged(*scene.files).error();
  EXPECT_EQ(error.kind, ErrorKind::Conflict);
}

TEST(PinnedChart, AFileOfValuesThatChangesMeanwhileIsSeen) {
  Scene scene;
  const fs::path folder = scene.folder.path();
  Write(folder / "datafly-1.3.0.tgz", "archive");
  Write(folder / "values.yaml", "replicas: 2");
  Write(folder / "one.pem", "one");
  Write(folder / "two.pem", "two");
  auto request = scene.Request((folder / "datafly-1.3.0.tgz").string());
  request.values_files = {(folder / "values.yaml").string() + ",https://values.example/far.yaml"};
  request.value_flags = {"--set-file", fmt::format("a={},b={}", (folder / "one.pem").string(),
                                                   (folder / "two.pem").string())};
  const auto pinned = operations::PinnedChart::Pin(scene.io, request, {});
  ASSERT_TRUE(pinned.has_value());
  EXPECT_TRUE(pinned->CheckUnchanged(*scene.files).has_value());
  for (const char* name : {"values.yaml", "one.pem", "two.pem"}) {
    std::stringstream before;
    before << std::ifstream(folder / name).rdbuf();
    Write(folder / name, "another");
    const auto changed = pinned->CheckUnchanged(*scene.files);
    ASSERT_FALSE(changed.has_value()) << name;
    EXPECT_EQ(changed.error().kind, ErrorKind::Conflict);
    EXPECT_THAT(changed.error().message, HasSubstr(name));
    Write(folder / name, before.str());
  }
  fs::remove(folder / "values.yaml");
  EXPECT_FALSE(pinned->CheckUnchanged(*scene.files).has_value());
}

TEST(PinnedChart, AnArchiveOfTheUsersIsDigestedWhereItIs) {
  Scene scene;
  const fs::path archive = fs::path(scene.folder.path()) / "datafly-1.3.0.tgz";
  Write(archive, "archive");
  auto request = scene.Request(archive.string());
  const auto pinned = operations::PinnedChart::Pin(scene.io, request, {});
  ASSERT_TRUE(pinned.has_value());
  auto pulled_request = scene.Request("oci://r.example/datafly");
  const auto pulled = operations::PinnedChart::Pin(scene.io, pulled_request, {});
  EXPECT_EQ(pinned->digest(), pulled->digest()) << "the same bytes, wherever they come from";
}

}  // namespace
}  // namespace datafly::testing

#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "common/io/system/process_identity.h"
#include "common/io/system/system.h"
#include "common/io/system/unique_fd.h"
#include "tests/unit/io/system/temp_dir.h"

/// Real children. Nothing here measures time; long sleeps stand for "never" and are killed.
namespace datafly {
namespace {

using testing::HasSubstr;

Command Argv(std::vector<std::string> argv) {
  Command command;
  command.argv = std::move(argv);
  return command;
}

Command WithStdin(std::vector<std::string> argv, std::string bytes) {
  Command command = Argv(std::move(argv));
  command.stdin_bytes = std::move(bytes);
  return command;
}

Command WithVariables(std::vector<std::string> argv,
                      std::vector<std::pair<std::string, std::string>> env) {
  Command command = Argv(std::move(argv));
  command.env = std::move(env);
  return command;
}

Command WithTimeout(std::vector<std::string> argv, Millis timeout) {
  Command command = Argv(std::move(argv));
  command.timeout = timeout;
  return command;
}

class ProcessTest : public testing::Test {
 protected:
  Result<CommandOutput> Run(Command command) {
    auto pending = runner_->Start(std::move(command));
    EXPECT_TRUE(loop_.Wait(loop_.Now() + std::chrono::minutes(2), pending));
    return pending.Take();
  }
  Result<CommandOutput> Shell(const std::string& script) { return Run(Argv({"sh", "-c", script})); }
  /// No child of ours is left, not even as a zombie.
  static bool NoChildren() { return ::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD; }
  void TearDown() override { EXPECT_TRUE(NoChildren()); }

  Loop loop_;
  std::unique_ptr<ProcessRunner> runner_ = RealProcessRunner(loop_);
};

TEST_F(ProcessTest, GivesOutputErrorsAndExitCode) {
  auto output = Shell("echo out; echo err >&2; exit 7");
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(output->out, "out\n");
  EXPECT_EQ(output->err, "err\n");
  EXPECT_EQ(output->exit_code, 7);
}

TEST_F(ProcessTest, ArgumentsPassNoShell) {
  auto output = Run(Argv({"printf", "%s", "$(id) `id` ; \"'"}));
  EXPECT_EQ(output->out, "$(id) `id` ; \"'");
}

TEST_F(ProcessTest, VariablesAreSetOnTopOfOurs) {
  ::setenv("SIGNAL_TEST_A", "ours", 1);
  ::setenv("SIGNAL_TEST_B", "ours", 1);
  auto output = Run(WithVariables(
      {"sh", "-c", "echo $SIGNAL_TEST_A $SIGNAL_TEST_B $SIGNAL_TEST_C"},
      {{"SIGNAL_TEST_B", "first"}, {"SIGNAL_TEST_B", "theirs"}, {"SIGNAL_TEST_C", "new"}}));
  EXPECT_EQ(output->out, "ours theirs new\n");
}

TEST_F(ProcessTest, StdinIsSentAndClosed) {
  std::string input(300000, 'i');
  auto output = Run(WithStdin({"cat"}, input));
  ASSERT_TRUE(output);
  EXPECT_EQ(output->out, input);
}

TEST_F(ProcessTest, WithoutStdinTheChildReadsNothing) {
  EXPECT_EQ(Shell("cat; echo end")->out, "end\n");
}

TEST_F(ProcessTest, AChildThatDoesNotReadItsInputDoesNotKillUs) {
  auto output = Run(WithStdin({"sh", "-c", "exec <&-; echo done"}, std::string(1U << 20U, 'x')));
  ASSERT_TRUE(output);
  EXPECT_EQ(output->out, "done\n");
}

TEST_F(ProcessTest, MissingProgramIsNotFound) {
  for (const char* name : {"signal-no-such-program", "/no/such/program"}) {
    auto output = Run(Argv({name, "s3cret"}));
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().kind, ErrorKind::NotFound);
    EXPECT_EQ(output.error().message, fmt::format("executable {} not found", name));
  }
}

TEST_F(ProcessTest, WhatCannotRunIsToldWithoutArguments) {
  TempDir dir;
  auto output = Run(Argv({dir.Write("plain", "text"), "s3cret"}));
  ASSERT_FALSE(output);
  EXPECT_THAT(output.error().message, HasSubstr("Permission denied"));
  EXPECT_EQ(output.error().message.find("s3cret"), std::string::npos);
  EXPECT_FALSE(Run(Argv({})));
  EXPECT_FALSE(Run(Argv({""})));
  EXPECT_FALSE(Run(Argv({"true", std::string("a\0b", 3)})));
  EXPECT_FALSE(Run(WithVariables({"true"}, {{"A=B", "c"}})));
}

TEST_F(ProcessTest, ASignalIs128AndItsNumber) { EXPECT_EQ(Shell("kill -9 $$")->exit_code, 137); }

TEST_F(ProcessTest, TooMuchOutputEndsTheChild) {
  Command command = Argv({"sh", "-c", "yes"});
  command.max_output = 100000;
  auto output = Run(command);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().kind, ErrorKind::TooLarge);
  EXPECT_THAT(output.error().message, HasSubstr("sh wrote more than 100000 bytes"));
}

TEST_F(ProcessTest, OfStderrTheEndIsKept) {
  auto output = Shell("yes | head -c 500000 >&2; echo last >&2");
  ASSERT_TRUE(output);
  EXPECT_EQ(output->err.size(), 64U << 10U);
  EXPECT_TRUE(output->err.ends_with("last\n"));
}

/// Reads until the last writer has gone.
std::string ReadToEnd(int fd) {
  std::string text;
  pollfd ready{fd, POLLIN, 0};
  while (::poll(&ready, 1, 60000) == 1) {
    char byte = 0;
    ssize_t got = ::read(fd, &byte, 1);
    if (got == 0) return text;
    if (got == 1) text += byte;
  }
  return "a writer is still there";
}

TEST_F(ProcessTest, ATimeoutEndsTheWholeGroup) {
  TempDir dir;
  ASSERT_EQ(::mkfifo((dir / "fifo").c_str(), 0600), 0);
  std::string script = "(echo started; exec sleep 1000) > " + dir.path() + "/fifo & wait";
  std::string seen;
  // A slow machine may need longer to get as far as the grandchild; it is the grandchild that
  // counts.
  for (Millis timeout = Millis{300}; seen.empty() && timeout < Millis{60000}; timeout *= 10) {
    UniqueFd reader(::open((dir / "fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    auto output = Run(WithTimeout({"sh", "-c", script}, timeout));
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().kind, ErrorKind::TimedOut);
    EXPECT_THAT(output.error().message, HasSubstr("sh did not end within"));
    seen = ReadToEnd(reader.get());
  }
  EXPECT_EQ(seen, "started\n");
}

TEST_F(ProcessTest, AChildThatIgnoresSigtermIsKilled) {
  auto output =
      Run(WithTimeout({"sh", "-c", "trap '' TERM; while :; do sleep 0.05; done"}, Millis{100}));
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().kind, ErrorKind::TimedOut);
}

TEST_F(ProcessTest, ABackgroundProcessThatHoldsThePipesIsNotWaitedFor) {
  auto output = Shell("sleep 1000 & echo $!");
  ASSERT_TRUE(output);
  ::kill(std::atoi(output->out.c_str()), SIGKILL);
}

TEST_F(ProcessTest, ManyAtOnce) {
  std::vector<Pending<CommandOutput>> running;
  for (int i = 0; i < 20; ++i) {
    running.push_back(runner_->Start(Argv({"sh", "-c", fmt::format("echo {}", i)})));
  }
  ASSERT_TRUE(loop_.WaitAll(loop_.Now() + std::chrono::minutes(1), running));
  for (int i = 0; i < 20; ++i) {
    auto output = running[static_cast<std::size_t>(i)].Take();
    EXPECT_EQ(output->out, fmt::format("{}\n", i));
  }
}

TEST_F(ProcessTest, RunToEndNeedsNoTurnOfTheSharedLoop) {
  EXPECT_EQ(runner_->RunToEnd(Argv({"echo", "x"}))->out, "x\n");
}

TEST_F(ProcessTest, RunToEndStopsWhenTheSharedLoopIsInterrupted) {
  loop_.Interrupt();
  auto output = runner_->RunToEnd(Argv({"sleep", "1000"}));
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().kind, ErrorKind::Interrupted);
}

TEST(ProcessEnd, AChildThatEndsWithUsDoesSoHoweverWeDie) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t middle = ::fork();
  if (middle == 0) {
    Loop loop;
    const auto runner = RealProcessRunner(loop);
    Command command;
    command.argv = {"sleep", "100"};
    command.ends_with_us = true;
    command.on_started = [&](std::int64_t pid) {
      static_cast<void>(::write(ends[1], &pid, sizeof pid) + 1);
      ::raise(SIGKILL);
    };
    const auto pending = runner->Start(std::move(command));
    ::_exit(1);
  }
  std::int64_t sleeper = 0;
  ASSERT_EQ(::read(ends[0], &sleeper, sizeof sleeper), static_cast<ssize_t>(sizeof sleeper));
  ::close(ends[0]);
  ::close(ends[1]);
  int status = 0;
  ::waitpid(middle, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  for (int i = 0; i < 500 && StartOfProcess(sleeper); ++i) ::usleep(10'000);
  EXPECT_FALSE(StartOfProcess(sleeper)) << sleeper;
}

TEST_F(ProcessTest, AChildThatEndsWithUsIsLikeAnyOther) {
  Command command;
  command.argv = {"sh", "-c", "cat; echo out; echo err >&2; exit 3"};
  command.stdin_bytes = "in ";
  command.ends_with_us = true;
  const auto output = Run(command);
  ASSERT_TRUE(output.has_value()) << output.error().message;
  EXPECT_EQ(output->out, "in out\n");
  EXPECT_EQ(output->err, "err\n");
  EXPECT_EQ(output->exit_code, 3);
  command.argv = {"/no/such/program"};
  EXPECT_EQ(Run(command).error().kind, ErrorKind::NotFound);
  command.argv = {"sh", "-c", "cat; ps -o pgid= -p $$ | tr -d ' '; echo $$"};
  command.stdin_bytes = "";
  const auto group = Run(command);
  EXPECT_EQ(group->out.substr(0, group->out.size() / 2), group->out.substr(group->out.size() / 2));
}

TEST(ProcessIdentity, AChildThatHasEndedIsNone) {
  EXPECT_FALSE(HasLiveChild(::getpid()));
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  EXPECT_TRUE(HasLiveChild(::getpid()));
  ::kill(child, SIGKILL);
  for (int i = 0; i < 500 && StartOfProcess(child); ++i) ::usleep(10'000);
  EXPECT_FALSE(HasLiveChild(::getpid())) << "nobody has asked for it yet";
  ::waitpid(child, nullptr, 0);
}

TEST(ProcessIdentity, AGroupRunsOnWithoutItsLeader) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t leader = ::fork();
  if (leader == 0) {
    ::setpgid(0, 0);
    const pid_t inner = ::fork();
    if (inner != 0) {
      const bool told = ::write(ready[1], &inner, sizeof inner) == sizeof inner;
      ::_exit(told ? 0 : 1);
    }
    ::pause();
    ::_exit(0);
  }
  pid_t inner = 0;
  ASSERT_EQ(::read(ready[0], &inner, sizeof inner), static_cast<ssize_t>(sizeof inner));
  ::waitpid(leader, nullptr, 0);
  EXPECT_FALSE(ProcessRuns(leader, "1"));
  EXPECT_TRUE(GroupRuns(leader, "1"));
  ::kill(inner, SIGKILL);
  for (int i = 0; i < 500 && StartOfProcess(inner); ++i) ::usleep(10'000);
  EXPECT_FALSE(GroupRuns(leader, "1"));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(ProcessIdentity, OneThatIsAnotherByNowIsNotTheOne) {
  EXPECT_TRUE(ProcessRuns(::getpid(), ""));
  EXPECT_TRUE(ProcessRuns(::getpid(), *StartOfProcess(::getpid())));
  EXPECT_FALSE(ProcessRuns(::getpid(), "1"));
  EXPECT_FALSE(GroupRuns(::getpid(), "1"));
  EXPECT_FALSE(ProcessRuns(0, ""));
  EXPECT_FALSE(ProcessRuns(0x3fffffff, ""));
}

TEST(ProcessIdentity, TellsAProcessFromALaterOneOfItsId) {
  const auto start = StartOfProcess(::getpid());
  ASSERT_TRUE(start.has_value());
  EXPECT_EQ(StartOfProcess(::getpid()), start);
  EXPECT_EQ(start->find_first_not_of("0123456789"), std::string::npos) << *start;
  EXPECT_NE(StartOfProcess(1), start);
  EXPECT_FALSE(StartOfProcess(0x3fffffff));
  EXPECT_EQ(ThisMachine(), ThisMachine());
  EXPECT_NE(ThisMachine().find('/'), std::string::npos);
}

TEST(ProcessEnd, DroppingThePendingAndTheLoopLeavesNoChild) {
  {
    Loop loop;
    auto runner = RealProcessRunner(loop);
    auto pending = runner->Start(Argv({"sleep", "1000"}));
  }
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(ProcessEnd, DescriptorsDoNotLeak) {
  auto count = [] {
    auto entries = std::filesystem::directory_iterator("/proc/self/fd");
    return std::distance(begin(entries), end(entries));
  };
  Loop loop;
  auto runner = RealProcessRunner(loop);
  auto before = count();
  for (int i = 0; i < 5; ++i) {
    auto pending = runner->Start(WithStdin({"true"}, "x"));
    ASSERT_TRUE(loop.Wait(loop.Now() + std::chrono::minutes(1), pending));
  }
  EXPECT_EQ(count(), before);
}

}  // namespace
}  // namespace datafly

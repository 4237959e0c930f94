#include "common/cli/completion.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace datafly::cli {
namespace {

constexpr const char* kKubectlScript =
    "#!/bin/sh\n"
    "# Completion of `kubectl signal`: kubectl runs this when it is executable and on PATH.\n"
    "exec kubectl signal __complete \"$@\"\n";
constexpr const char* kHelmScript =
    "#!/bin/sh\n"
    "# Completion of `helm signal`: the plugin's plugin.complete.\n"
    "exec \"$HELM_PLUGIN_DIR/bin/helm-signal\" __complete \"$@\"\n";

struct CompletionOptions {
  std::string install_dir;
};

const char* ScriptFor(const std::string& program) {
  return program == "helm-signal" ? kHelmScript : kKubectlScript;
}
std::string FileNameFor(const std::string& program) {
  return program == "helm-signal" ? "plugin.complete" : "kubectl_complete-signal";
}

ExitStatus Install(Session& session, const std::string& dir) {
  const std::string path = dir + "/" + FileNameFor(session.program);
  if (auto written = session.files.WritePrivate(path, ScriptFor(session.program)); !written)
    return Report(session, written.error());
  if (::chmod(path.c_str(), 0755) != 0)
    return Report(session, Error::FromErrno("chmod " + path, errno));
  session.terminal.Err(fmt::format("wrote {}; it works when {} is on PATH", path, dir));
  return ExitStatus::Good;
}

const Command* FindCommand(const std::vector<Command>& commands, const std::string& name) {
  for (const Command& command : commands) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

void Collect(const std::vector<CommandLine::Word>& words, const std::string& prefix,
             std::string& out) {
  const bool wants_flags = prefix.rfind('-', 0) == 0;
  for (const auto& word : words) {
    const bool is_flag = word.text.rfind('-', 0) == 0;
    if (is_flag == wants_flags && word.text.rfind(prefix, 0) == 0)
      out += word.text + "\t" + word.help + "\n";
  }
}

std::vector<CommandLine::Word> WordsOf(const std::vector<Command>& commands) {
  std::vector<CommandLine::Word> words;
  for (const Command& command : commands) words.push_back({command.name, command.summary, false});
  return words;
}

/// The word before is a flag that still wants its value.
bool WantsValue(const std::vector<CommandLine::Word>& words, const std::string& before) {
  return std::any_of(words.begin(), words.end(), [&](const CommandLine::Word& word) {
    return word.takes_value && word.text == before;
  });
}

/// Cobra's ShellCompDirective: kubectl and helm hand it to the shell.
constexpr const char* kFileNames = ":0\n";
constexpr const char* kNoFileNames = ":4\n";

}  // namespace

Command CompletionCommand() {
  auto options = std::make_shared<CompletionOptions>();
  Command command;
  command.name = "completion";
  command.group = "Other commands";
  command.summary = "Print the shell completion script, or install it";
  command.declare = [options](CommandLine& line) {
    line.AddOption("--install", options->install_dir,
                   "Write the script to this folder, which should be on PATH", "DIR");
  };
  command.run = [options](Session& session) {
    if (!options->install_dir.empty()) return Install(session, options->install_dir);
    return session.terminal.Out(ScriptFor(session.program)) ? ExitStatus::Good
                                                            : ExitStatus::CouldNotDo;
  };
  return command;
}

int PrintCandidates(const CommandLine& root, const std::vector<Command>& commands,
                    const std::vector<std::string>& arguments) {
  const std::string last = arguments.size() > 1 ? arguments.back() : "";
  const std::string before = arguments.size() > 2 ? arguments[arguments.size() - 2] : "";
  std::string out;
  const char* directive = kNoFileNames;
  const Command* chosen = nullptr;
  const std::vector<Command>* level = &commands;
  for (std::size_t i = 1; i + 1 < arguments.size(); ++i) {
    const Command* next = FindCommand(*level, arguments[i]);
    if (next == nullptr) continue;
    chosen = next;
    level = &next->children;
  }
  if (chosen == nullptr) {
    Collect(WordsOf(commands), last, out);
    Collect(root.Words(), last.rfind('-', 0) == 0 ? last : "-\x01", out);
  } else {
    CommandLine scratch("scratch", "");
    if (chosen->declare) chosen->declare(scratch);
    if (WantsValue(scratch.Words(), before)) {
      directive = kFileNames;
    } else {
      Collect(WordsOf(chosen->children), last, out);
      Collect(scratch.Words(), last, out);
    }
  }
  out += directive;
  const auto environment = RealEnvironment();
  return Terminal(*environment, ColorChoice::Never).Out(out) ? 0 : 1;
}

}  // namespace datafly::cli

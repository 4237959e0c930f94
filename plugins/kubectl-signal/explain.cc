#include "common/core/base/text.h"
#include "common/core/checks/check.h"
#include "common/core/report/checks_docs.h"
#include "plugins/kubectl-signal/commands.h"

namespace datafly::commands {
namespace {

struct Options {
  std::string code;
};

std::vector<std::string> AllCodes() {
  std::vector<std::string> codes;
  for (const checks::Family& family : checks::AllFamilies()) {
    for (const checks::CheckSpec& spec : family.catalogue) codes.emplace_back(spec.code);
  }
  return codes;
}

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

std::string ListOfCodes() {
  std::string out;
  for (const checks::Family& family : checks::AllFamilies()) {
    out += fmt::format("{}\n", family.title);
    for (const checks::CheckSpec& spec : family.catalogue) {
      out += fmt::format("  {}  {}\n", spec.code, spec.title);
    }
  }
  return out;
}

cli::ExitStatus Run(const Options& options, cli::Session& session) {
  if (options.code.empty()) {
    return session.terminal.Out(ListOfCodes()) ? cli::ExitStatus::Good
                                               : cli::ExitStatus::CouldNotDo;
  }
  const std::string code = Upper(options.code);
  const checks::CheckSpec* spec = checks::FindSpec(code);
  if (spec == nullptr) {
    const std::string nearest = NearestWord(code, AllCodes());
    return cli::ReportUsage(
        session, Error::InvalidInput(fmt::format("no check has the code \"{}\"", options.code),
                                     nearest.empty()
                                         ? fmt::format("list them: {} explain", session.shown_name)
                                         : fmt::format("did you mean {}?", nearest)));
  }
  return session.terminal.Out(report::ExplainCode(*spec, session.terminal.width()))
             ? cli::ExitStatus::Good
             : cli::ExitStatus::CouldNotDo;
}

}  // namespace

cli::Command ExplainCommand() {
  auto options = std::make_shared<Options>();
  cli::Command command;
  command.name = "explain";
  command.group = "Other commands";
  command.summary = "Explain a finding's code offline, or list all codes";
  command.declare = [options](cli::CommandLine& line) {
    line.AddPositional("CODE", options->code, "for example SIG-POD-001", false);
  };
  command.run = [options](cli::Session& session) { return Run(*options, session); };
  return command;
}

}  // namespace datafly::commands

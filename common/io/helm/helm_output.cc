#include "common/io/helm/helm_output.h"

#include "common/core/base/text.h"

namespace datafly::helm {
namespace {

// Helm's own error, without the warnings before it: from the last line that begins with "Error: "
// to the end, since an error may span lines; without one, the last line that says something.
std::string ErrorOf(const std::string& text) {
  constexpr std::string_view kPrefix = "Error: ";
  std::string words;
  bool in_error = false;
  for (const auto line : Split(text, '\n')) {
    std::string_view said = Trim(line);
    if (said.empty()) continue;
    const bool begins = said.rfind(kPrefix, 0) == 0;
    if (begins) said.remove_prefix(kPrefix.size());
    if (begins || !in_error) words.clear();
    in_error = in_error || begins;
    words += words.empty() ? std::string(said) : fmt::format(" {}", said);
  }
  return words;
}

std::string WordsOf(const std::string& text, const HelmRun& run) {
  constexpr std::size_t kMaxMessage = 600;
  std::string words = ErrorOf(text);
  if (run.mask) words = run.mask(words);
  words = EscapeForTerminal(RedactCredentials(words));
  return run.keep_words ? words : Truncate(words, kMaxMessage);
}

}  // namespace

std::string Pasted(std::vector<std::string> words, const Environment& environment) {
  for (const auto& [name, value] : environment)
    if (name == "HELM_KUBECONTEXT") words.insert(words.end(), {"--kube-context", value});
  std::string command = "helm";
  for (const std::string& word : words) command += " " + ShellQuote(RedactCredentials(word));
  return EscapeForTerminal(command);
}

std::string ByHand(std::vector<std::string> words, const Environment& environment) {
  return "the same by hand: " + Pasted(std::move(words), environment);
}

Result<void> CheckOutput(const Result<CommandOutput>& output, const HelmRun& run) {
  if (!output) {
    Error error = output.error();
    if (error.kind == ErrorKind::NotFound) {
      error.remedy = "install Helm 3.18 or later, or name it: HELM_BIN=/path/to/helm";
    }
    return Fail(error.Within("helm"));
  }
  if (output->exit_code == 0) return {};
  std::string words = WordsOf(output->err, run);
  if (words.empty())
    words = fmt::format("{} ended with exit code {} and said nothing", run.helm, output->exit_code);
  return Fail(Error::InvalidInput("helm: " + words, run.remedy));
}

}  // namespace datafly::helm

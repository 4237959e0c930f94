#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datafly::cli {

/// A command line as a tree of commands with options, over CLI11 (the one file that includes it is
/// command_line.cc). Targets must outlive Parse.
class CommandLine {
 public:
  /// `shown_name` is how the user calls the program: "kubectl signal".
  CommandLine(std::string shown_name, std::string description);
  ~CommandLine();
  CommandLine(CommandLine&&) noexcept;
  CommandLine& operator=(CommandLine&&) = delete;

  /// A subcommand; `group` is its heading in the help.
  CommandLine AddCommand(const std::string& name, const std::string& description,
                         const std::string& group = {});
  /// Text under the options of --help: examples, exit codes.
  void SetFooter(const std::string& text);

  /// `names` as "-n,--namespace"; `value_name` as shown in the help; `group` a heading.
  void AddOption(const std::string& names, std::string& target, const std::string& help,
                 const std::string& value_name, const std::string& group = {});
  /// Unset and empty are told apart.
  void AddOption(const std::string& names, std::optional<std::string>& target,
                 const std::string& help, const std::string& value_name,
                 const std::string& group = {});
  /// `--x`, `--x=true`, `--x=false`, or not given.
  void AddFlag(const std::string& names, std::optional<bool>& target, const std::string& help,
               const std::string& group = {});
  /// `--x` ("true" then), `--x=VALUE`, or not given (left as it is).
  void AddFlag(const std::string& names, std::string& target, const std::string& help,
               const std::string& group = {});
  /// Repeatable; one value each time.
  void AddList(const std::string& names, std::vector<std::string>& target, const std::string& help,
               const std::string& value_name, const std::string& group = {});
  void AddFlag(const std::string& names, bool& target, const std::string& help,
               const std::string& group = {});
  /// A flag that may be repeated: -v -v.
  void AddCount(const std::string& names, int& target, const std::string& help,
                const std::string& group = {});
  void AddPositional(const std::string& name, std::string& target, const std::string& help,
                     bool required);
  void AddPositionals(const std::string& name, std::vector<std::string>& target,
                      const std::string& help, bool required);
  /// Options given before the command's name are then the command's own too.
  [[nodiscard]] bool Chosen() const;
  /// "-n, --namespace" etc. of this command, for completion: each long option and subcommand with
  /// its help.
  struct Word {
    std::string text;
    std::string help;
    bool takes_value = false;
  };
  [[nodiscard]] std::vector<Word> Words() const;

  struct Parsed {
    enum class What { Run, Help, Usage } what = What::Run;
    std::string text;  ///< the help, or one line that says what is wrong with a "did you mean"
  };
  Parsed Parse(const std::vector<std::string>& arguments);

 private:
  struct Node;
  explicit CommandLine(std::shared_ptr<Node> node);
  std::shared_ptr<Node> node_;
};

}  // namespace datafly::cli

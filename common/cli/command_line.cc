#include "common/cli/command_line.h"

#include <CLI/CLI.hpp>

#include "common/core/base/text.h"

namespace datafly::cli {
namespace {

/// kubectl's look of a help page: a usage line, then headed groups.
class HelpFormat : public CLI::Formatter {
 public:
  HelpFormat() { column_width(34); }
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_type_size() == 0 || option->get_type_name().empty()) return {};
    return " " + option->get_type_name();
  }
};

std::vector<std::string> CommandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(sub->get_name());
  return names;
}

std::vector<std::string> OptionNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// The deepest command that was named, for messages about what is wrong with it.
const CLI::App& Deepest(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : Deepest(*chosen.front());
}

std::string FirstLeftOver(const CLI::App& app) {
  const auto left = app.remaining(true);
  return left.empty() ? std::string() : left.front();
}

std::string PathOf(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name()
                                     : PathOf(*app.get_parent()) + " " + app.get_name();
}

std::string DescribeLeftOver(const CLI::App& root) {
  const CLI::App& app = Deepest(root);
  const std::string word = FirstLeftOver(root);
  const std::string bare = word.substr(0, word.find('='));
  const bool is_option = bare.rfind('-', 0) == 0;
  const std::string nearest = NearestWord(bare, is_option ? OptionNames(app) : CommandNames(app));
  const char* kind = is_option                   ? "unknown flag"
                     : CommandNames(app).empty() ? "unexpected argument"
                                                 : "unknown command";
  std::string text =
      fmt::format("{} \"{}\" for \"{}\"", kind, EscapeForTerminal(bare), PathOf(app));
  if (!nearest.empty()) text += fmt::format("; did you mean \"{}\"?", nearest);
  return text;
}

}  // namespace

struct CommandLine::Node {
  std::shared_ptr<CLI::App> owner;  ///< the root keeps the tree alive
  CLI::App* app = nullptr;
};

CommandLine::CommandLine(std::string shown_name, std::string description)
    : node_(std::make_shared<Node>()) {
  node_->owner = std::make_shared<CLI::App>(std::move(description), std::move(shown_name));
  node_->app = node_->owner.get();
  node_->app->formatter(std::make_shared<HelpFormat>());
  node_->app->set_help_flag("-h,--help", "Show help");
  node_->app->allow_extras();
  node_->app->fallthrough(false);
}
CommandLine::CommandLine(std::shared_ptr<Node> node) : node_(std::move(node)) {}
CommandLine::~CommandLine() = default;
CommandLine::CommandLine(CommandLine&&) noexcept = default;

CommandLine CommandLine::AddCommand(const std::string& name, const std::string& description,
                                    const std::string& group) {
  auto node = std::make_shared<Node>();
  node->owner = node_->owner;
  node->app = node_->app->add_subcommand(name, description);
  node->app->set_help_flag("-h,--help", "Show help");
  node->app->allow_extras();
  if (!group.empty()) node->app->group(group);
  return CommandLine(std::move(node));
}

void CommandLine::SetFooter(const std::string& text) { node_->app->footer(text); }

void CommandLine::AddOption(const std::string& names, std::string& target, const std::string& help,
                            const std::string& value_name, const std::string& group) {
  CLI::Option* option = node_->app->add_option(names, target, help)
                            ->type_name(value_name)
                            ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  if (!group.empty()) option->group(group);
}

void CommandLine::AddOption(const std::string& names, std::optional<std::string>& target,
                            const std::string& help, const std::string& value_name,
                            const std::string& group) {
  CLI::Option* option = node_->app->add_option_function<std::string>(
      names, [&target](const std::string& value) { target = value; }, help);
  option->type_name(value_name)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  if (!group.empty()) option->group(group);
}

void CommandLine::AddFlag(const std::string& names, std::optional<bool>& target,
                          const std::string& help, const std::string& group) {
  CLI::Option* option = node_->app->add_flag(names, help);
  // The values as pflag's booleans take them.
  option->each([&target, option](const std::string& value) {
    const bool yes = value == "true" || value == "1" || value == "t" || value == "T" ||
                     value == "TRUE" || value == "True";
    const bool no = value == "false" || value == "0" || value == "f" || value == "F" ||
                    value == "FALSE" || value == "False";
    if (!yes && !no)
      throw CLI::ValidationError(
          option->get_name(), fmt::format("\"{}\" is not true or false", EscapeForTerminal(value)));
    target = yes;
  });
  if (!group.empty()) option->group(group);
}

void CommandLine::AddFlag(const std::string& names, std::string& target, const std::string& help,
                          const std::string& group) {
  CLI::Option* option = node_->app->add_flag(names, target, help);
  if (!group.empty()) option->group(group);
}

void CommandLine::AddList(const std::string& names, std::vector<std::string>& target,
                          const std::string& help, const std::string& value_name,
                          const std::string& group) {
  CLI::Option* option = node_->app->add_option(names, target, help)
                            ->type_name(value_name)
                            ->expected(1)
                            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  if (!group.empty()) option->group(group);
}

void CommandLine::AddFlag(const std::string& names, bool& target, const std::string& help,
                          const std::string& group) {
  CLI::Option* option = node_->app->add_flag(names, target, help);
  if (!group.empty()) option->group(group);
}

void CommandLine::AddCount(const std::string& names, int& target, const std::string& help,
                           const std::string& group) {
  CLI::Option* option = node_->app->add_flag(names, target, help);
  if (!group.empty()) option->group(group);
}

void CommandLine::AddPositional(const std::string& name, std::string& target,
                                const std::string& help, bool required) {
  node_->app->add_option(name, target, help)->required(required)->type_name("");
}

void CommandLine::AddPositionals(const std::string& name, std::vector<std::string>& target,
                                 const std::string& help, bool required) {
  node_->app->add_option(name, target, help)->required(required)->type_name("");
}

bool CommandLine::Chosen() const { return node_->app->parsed(); }

std::vector<CommandLine::Word> CommandLine::Words() const {
  std::vector<Word> words;
  for (const CLI::App* sub : node_->app->get_subcommands([](const CLI::App*) { return true; })) {
    words.push_back({sub->get_name(), sub->get_description(), false});
  }
  for (const CLI::Option* option : node_->app->get_options()) {
    const bool takes_value = option->get_expected_min() > 0;  // 0: a flag
    for (const std::string& name : option->get_lnames()) {
      words.push_back({"--" + name, option->get_description(), takes_value});
    }
    for (const std::string& name : option->get_snames()) {
      words.push_back({"-" + name, option->get_description(), takes_value});
    }
  }
  return words;
}

CommandLine::Parsed CommandLine::Parse(const std::vector<std::string>& arguments) {
  CLI::App& root = *node_->owner;
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    root.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return {Parsed::What::Help, Deepest(root).help(PathOf(Deepest(root)) == root.get_name()
                                                       ? ""
                                                       : PathOf(*Deepest(root).get_parent()))};
  } catch (const CLI::ParseError& error) {
    return {Parsed::What::Usage,
            fmt::format("{} (see \"{} --help\")", EscapeForTerminal(error.what()),
                        PathOf(Deepest(root)))};
  }
  if (!root.remaining(true).empty()) {
    return {Parsed::What::Usage,
            fmt::format("{} (see \"{} --help\")", DescribeLeftOver(root), PathOf(Deepest(root)))};
  }
  return {};
}

}  // namespace datafly::cli

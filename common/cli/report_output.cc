#include "common/cli/report_output.h"

namespace datafly::cli {

report::RenderOptions ScreenOptions(const Session& session, const SharedFlags& flags) {
  report::RenderOptions options;
  options.width = session.terminal.width();
  options.color = session.terminal.color();
  options.no_headers = flags.no_headers;
  options.quiet = flags.quiet;
  return options;
}

ExitStatus Show(Session& session, const SharedFlags& flags, const OutputPlan& plan,
                const report::Document& document) {
  // What was judged or done is told wherever it still can be; its exit code says more than that of
  // a file which could not be written.
  auto end = static_cast<ExitStatus>(document.exit_code);
  const auto fail = [&](const Error& error) {
    const ExitStatus failed = Report(session, error);
    if (document.exit_code == 0) end = failed;
  };
  if (!session.terminal.Out(report::Render(document, plan.format, ScreenOptions(session, flags))))
    fail(Error::InvalidInput("cannot write to stdout"));
  for (const OutputPlan::File& file : plan.files) {
    const auto written =
        session.files.WritePrivate(file.path, report::Render(document, file.format, {}));
    if (!written) fail(written.error().Within("cannot write the report"));
  }
  return end;
}

}  // namespace datafly::cli

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
  const bool shown =
      session.terminal.Out(report::Render(document, plan.format, ScreenOptions(session, flags)));
  auto status = static_cast<ExitStatus>(document.exit_code);
  if (!shown) status = Report(session, Error::InvalidInput("cannot write to stdout"));
  for (const OutputPlan::File& file : plan.files) {
    const auto written =
        session.files.WritePrivate(file.path, report::Render(document, file.format, {}));
    if (!written) status = Report(session, written.error().Within("cannot write the report"));
  }
  return status;
}

}  // namespace datafly::cli

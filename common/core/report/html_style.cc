#include "common/core/report/html_style.h"

namespace datafly::report {

// Every pair of text and background has a contrast of at least 4.5:1 (WCAG 2.2, 1.4.3).
std::string_view HtmlStyle() {
  return R"css(
:root {
  color-scheme: light dark;
  --bg: #ffffff; --text: #1c2024; --soft: #59626d; --line: #d5dae0; --panel: #f4f6f8;
  --pass: #176b2c; --warn: #855000; --fail: #b3261e; --unknown: #6639ba; --skipped: #59626d;
  --on: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #12161b; --text: #e4e8ed; --soft: #a3adb8; --line: #353c45; --panel: #1c2229;
    --pass: #57c274; --warn: #e0aa3e; --fail: #ff8a80; --unknown: #c4a1ff; --skipped: #a3adb8;
    --on: #12161b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--bg); color: var(--text); line-height: 1.5;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1, h2, h3, h4, p { margin: 0; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .6rem; }
h3, h4 { font-size: 1rem; font-weight: 600; }
section > h3, section section > h3 { margin: 1.5rem 0 .5rem; }
section .banner .verdict { font-size: 1.1rem; }
a { color: inherit; text-underline-offset: .15em; }
.pass { --tone: var(--pass); } .warn { --tone: var(--warn); } .fail { --tone: var(--fail); }
.unknown { --tone: var(--unknown); } .skipped { --tone: var(--skipped); }
.banner { margin-top: 1rem; padding: 1rem 1.25rem; border: 2px solid var(--tone); border-radius: .5rem; }
.banner .verdict { font-size: 1.4rem; font-weight: 700; color: var(--tone); }
.counts { display: flex; flex-wrap: wrap; gap: .4rem 1.25rem; margin: .75rem 0 0; padding: 0; list-style: none; }
.counts strong { color: var(--tone); }
.badge {
  display: inline-block; padding: 0 .5em; border-radius: .3em; background: var(--tone);
  color: var(--on); font-size: .85rem; font-weight: 600; white-space: nowrap;
}
.mark { color: var(--tone); font-weight: 600; white-space: nowrap; }
.code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .9em; }
.finding { margin: .75rem 0; padding: .75rem 1rem; border: 1px solid var(--line); border-left: .35rem solid var(--tone); border-radius: .4rem; }
.finding > * + * { margin-top: .45rem; }
.finding h3 .code { white-space: nowrap; }
.label { color: var(--soft); }
pre { margin: 0; padding: .6rem .75rem; background: var(--panel); border-radius: .3rem; white-space: pre-wrap; overflow-wrap: anywhere; }
pre, code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .9rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; font-size: .9rem; }
.scroll { overflow-x: auto; }
.scroll th, .scroll td { overflow-wrap: normal; padding-right: 1rem; min-width: 4rem; }
.scroll th { white-space: nowrap; }
.tone { color: var(--tone); font-weight: 600; }
td.right, th.right { text-align: right; }
td .code { white-space: nowrap; }
.checks { table-layout: fixed; }
.checks th:nth-child(1) { width: 6rem; }
.checks th:nth-child(2) { width: 8rem; }
.facts th { width: 10rem; font-size: 1rem; font-weight: 400; }
.todo { margin: 0; padding-left: 1.25rem; }
.todo li { overflow-wrap: anywhere; }
footer { margin-top: 3rem; color: var(--soft); font-size: .9rem; }
:target { outline: 2px solid var(--tone, var(--text)); outline-offset: 2px; }
@media (max-width: 40rem) {
  .checks thead { display: none; }
  .checks tr { display: block; padding: .4rem 0; border-bottom: 1px solid var(--line); }
  .checks td { display: inline; border: 0; padding: 0 .5rem 0 0; }
  .checks td:last-child { display: block; color: var(--soft); }
  .facts th { width: 7rem; }
}
@media print {
  :root {
    color-scheme: light;
    --bg: #ffffff; --text: #000000; --soft: #454c54; --line: #b8bec6; --panel: #ffffff;
    --pass: #176b2c; --warn: #855000; --fail: #b3261e; --unknown: #6639ba; --skipped: #59626d;
    --on: #ffffff;
  }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  pre { border: 1px solid var(--line); }
  .badge { background: none; color: var(--tone); border: 1px solid var(--tone); }
  .finding, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; }
  .scroll th, .scroll td { overflow-wrap: anywhere; min-width: 0; }
}
)css";
}

// No script, and the policy forbids any: what the cluster wrote stays text even if an escape
// failed.
std::string_view HtmlHead() {
  return R"(<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
)";
}

}  // namespace datafly::report

"""docs/helm-flags.md, and what helm signal upgrade and rollback take, against `--help` of both Helms: no flag is missing, none is made up."""
import re

from lab_support import BIN, ROOT, LabCase, in_lab, lab_environment

ROW = re.compile(r"^\| `(--[\w-]+)` \| ([\w, ]+) \|")


def documented():
    rows = (ROW.match(line) for line in (ROOT / "docs/helm-flags.md").read_text().splitlines())
    return {row.group(1): set(row.group(2).split(", ")) for row in rows if row}


def flags_of(program, command):
    """The command's own, without Helm's global ones."""
    text = in_lab(program, command, "--help", check=True).out
    own = text.split("\nFlags:\n", 1)[1].split("\nGlobal Flags:", 1)[0] if "\nGlobal Flags:" in text else text
    return set(re.findall(r"(--[a-z][\w-]+)", own if "\nGlobal Flags:" not in text else "\n".join(line[:40] for line in own.splitlines())))


class HelmFlags(LabCase):
    def test_every_flag_of_both_helms_is_documented_and_taken(self):
        table = documented()
        known = {}
        for variable in ("SIGNAL_LAB_HELM3", "SIGNAL_LAB_HELM4"):
            for command in ("upgrade", "rollback"):
                for flag in flags_of(lab_environment()[variable], command):
                    known.setdefault(flag, set()).add(command)
        self.assertEqual(table, known)
        for command in ("upgrade", "rollback"):
            ours = flags_of(BIN / "helm-signal", command)
            missing = {flag for flag, of in known.items() if command in of} - ours
            self.assertEqual(missing, set(), command)
        text = in_lab(BIN / "helm-signal", "diff", "upgrade", "--help", check=True).out
        missing = {flag for flag, of in known.items() if "upgrade" in of} - set(re.findall(r"(--[a-z][\w-]+)", text))
        self.assertEqual(missing, set(), "diff upgrade")

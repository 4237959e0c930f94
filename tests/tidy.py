#!/usr/bin/env python3
"""clang-tidy over common/ and plugins/: prints the findings and a count.

tests/tidy.py [FILE…]            all files without an argument; SIGNAL_TIDY_JOBS at a time (1)

A file that passed is not looked at again until its text, a header of ours that it includes, its
compile command, .clang-tidy or the tool changes. The passes are kept outside the checkout, in
~/.cache/signal-tidy: remove it after an update of the system's libraries.
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# The fuzz preset's commands are Clang's; clang-tidy cannot read GCC's precompiled headers.
DATABASE = ROOT / "build/fuzz"
TIDY = ["clang-tidy-16", "-p", str(DATABASE), "--quiet", "--extra-arg=-Wreserved-identifier"]
# The analyzer follows no path into templates: with the standard library's it took 28 s for a file
# where it now takes 4 s (2026-11-26, common/core/checks/needs.cc).
for option in ["-Xclang", "-analyzer-config", "-Xclang", "c++-template-inlining=false"]:
    TIDY.append(f"--extra-arg={option}")
PASSES = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "signal-tidy"
PRECOMPILED = "common/core/base/precompiled.h"
FINDING = re.compile(r"^.*(?:error|warning): .* \[[\w.,-]+\]$")


@functools.cache
def text(path: str) -> bytes:
    return (ROOT / path).read_bytes()


@functools.cache
def own_includes(path: str) -> tuple[str, ...]:
    """The headers of ours that one file names: all are written from the root, in quotes."""
    found = re.findall(rb'^\s*#\s*include "([^"]+)"', text(path), re.MULTILINE)
    return tuple(name.decode() for name in found if (ROOT / name.decode()).is_file())


def closure(path: str) -> list[str]:
    seen, todo = set(), [path, PRECOMPILED]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(own_includes(name))
    return sorted(seen)


def commands() -> dict[str, str]:
    """Each file's compile command, free of the checkout's path."""
    entries = json.loads((DATABASE / "compile_commands.json").read_text())
    return {
        os.path.relpath(entry["file"], ROOT): entry["command"].replace(str(ROOT), "")
        for entry in entries
    }


def key(path: str, command: str, tool: str) -> str:
    digest = hashlib.sha256("\0".join([tool, command, *TIDY[3:]]).encode())
    for name in [".clang-tidy", *closure(path)]:
        digest.update(name.encode() + b"\0" + text(name) + b"\0")
    return digest.hexdigest()


def precompile(files: list[str]) -> None:
    """Builds the precompiled headers that the files' commands name, and nothing else."""
    subprocess.run(["cmake", "--preset", "fuzz"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    known = commands()
    named = {
        word.removeprefix("/build/fuzz/")
        for path in files
        for word in shlex.split(known.get(path, ""))
        if word.endswith(".pch")
    }
    subprocess.run(["./run", "build-quiet", "fuzz", *sorted(named)], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def check(path: str) -> list[str]:
    run = subprocess.run([*TIDY, path], cwd=ROOT, capture_output=True, text=True, check=False)
    findings = [
        line.replace(f"{ROOT}/", "") for line in run.stdout.splitlines() if FINDING.match(line)
    ]
    if run.returncode != 0 and not findings:
        findings = [f"{path}: clang-tidy ended with {run.returncode}: {run.stderr.strip()}"]
    return findings


def files_of_the_tree() -> list[str]:
    listing = subprocess.run(["git", "ls-files", "common/*.cc", "plugins/*.cc"], cwd=ROOT,
                             capture_output=True, text=True, check=True)
    return listing.stdout.split()


def main() -> int:
    files = sys.argv[1:] or files_of_the_tree()
    precompile(files)
    known = commands()
    tool = subprocess.run(["clang-tidy-16", "--version"], capture_output=True, text=True, check=True)
    keys = {path: key(path, known.get(path, ""), tool.stdout) for path in files}
    PASSES.mkdir(parents=True, exist_ok=True)
    todo = [path for path in files if not (PASSES / keys[path]).exists()]
    seen: set[str] = set()
    jobs = int(os.environ.get("SIGNAL_TIDY_JOBS", "1"))
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for path, findings in zip(todo, pool.map(check, todo)):
            text.cache_clear()
            own_includes.cache_clear()
            # Edited meanwhile: what was checked is not what the key says.
            if not findings and key(path, known.get(path, ""), tool.stdout) == keys[path]:
                (PASSES / keys[path]).touch()
            for finding in findings:  # A header's finding comes once for each file that includes it.
                if finding not in seen:
                    print(finding, flush=True)
                seen.add(finding)
    print(f"clang-tidy: {len(files)} files, {len(todo)} of them checked now, {len(seen)} findings")
    return 1 if seen else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Holds the arrows of the design (docs/architecture.md): who may include whom, and which files may include the heavy third-party headers."""
import pathlib
import re
import sys

# Room -> rooms it may include. A room always may include itself.
CORE_BASE = {"core/base"}
CORE_RULES = {"core/release", "core/diff", "core/lag", "core/migrations", "core/rollout", "core/logs", "core/profile", "core/backups", "core/charts", "core/journal", "core/plan"}
CORE_LOW = CORE_BASE | {"core/kinds", "core/manifest"}
CORE_ALL = CORE_LOW | CORE_RULES | {"core/facts", "core/checks", "core/report"}
IO_LOW = CORE_LOW | CORE_RULES | {"io/loop", "io/system", "io/http"}
MAY_INCLUDE = {
    "core/base": set(),
    "core/kinds": CORE_BASE | {"core/manifest"},
    "core/manifest": CORE_BASE | {"core/kinds"},
    **{room: CORE_LOW | CORE_RULES for room in CORE_RULES},
    "core/backups": CORE_LOW | CORE_RULES | {"core/facts"},
    "core/facts": CORE_LOW | CORE_RULES,
    "core/checks": CORE_LOW | CORE_RULES | {"core/facts"},
    "core/report": CORE_LOW | CORE_RULES | {"core/facts", "core/checks"},
    "io/loop": CORE_LOW,
    "io/system": CORE_LOW | {"io/loop"},
    "io/http": CORE_LOW | {"io/loop", "io/system"},
    "io/kube": IO_LOW,
    "io/registry": IO_LOW,
    **{room: IO_LOW | {"io/kube", "io/registry"} for room in ("io/helm", "io/brokers", "io/database")},
    "gather": CORE_ALL | {"io/*"},
    "operations": CORE_ALL | {"io/*", "gather"},
    "cli": CORE_ALL | {"io/*", "gather", "operations"},
}
# Header -> files (by path fragment) that may include it.
HEAVY = {
    "CLI/": ["common/cli/command_line.cc"],
    "yaml-cpp/": ["common/core/manifest/yaml_emit"],
    "yaml.h": ["common/core/manifest/yaml.cc"],
    "curl/": ["common/io/http/"],
    "spdlog/": ["common/cli/"],
}
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', re.M)


def room_of(path: str) -> str:
    parts = path.split("/")
    return parts[1] if parts[1] in ("gather", "operations", "cli") else "/".join(parts[1:3])


def allowed(source: str, target: str) -> bool:
    rooms = MAY_INCLUDE.get(source)
    if rooms is None:
        return False
    return source == target or target in rooms or target.split("/")[0] + "/*" in rooms


def violations(root: pathlib.Path):
    for path in sorted((root / "common").rglob("*")):
        if path.suffix not in (".cc", ".h"):
            continue
        name = path.relative_to(root).as_posix()
        for include in INCLUDE.findall(path.read_text(encoding="utf-8")):
            if include.startswith("common/") and not allowed(room_of(name), room_of(include)):
                yield f"{name} includes {include}: {room_of(name)} must not know {room_of(include)}"
            if include.startswith("plugins/"):
                yield f"{name} includes {include}: common must not know the plugins"
            for header, places in HEAVY.items():
                if include.startswith(header) and not any(place in name for place in places):
                    yield f"{name} includes <{include}>: only {', '.join(places)} may"


def self_test() -> None:
    """The test must be able to fail."""
    assert not allowed("core/base", "core/kinds")
    assert not allowed("core/checks", "io/kube")
    assert not allowed("core/facts", "core/checks")
    assert not allowed("io/kube", "gather")
    assert allowed("gather", "io/kube") and allowed("core/checks", "core/facts")


def main() -> int:
    self_test()
    found = list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(found) if found else "include arrows hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

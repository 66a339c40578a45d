"""The one quality door: format, lint, types, import contracts, shape, locks, notice. One line a door, with its time.

``python3 build/dev.py check`` tries all, ``dev.py check types shape`` the doors named. Exit status 1 when one is shut.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import notice
import shape
from environment import ROOT, SCRIPTS, locked_versions
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = ROOT / "build" / "locks"
SOURCES = ["desktop", "build", "tests"]
Door = Callable[[], list[str]]


def main(names: list[str]) -> int:
    """Try every door, or those named; report all that are shut."""
    unknown = set(names) - set(DOORS)
    if unknown:
        print(f"no such door: {', '.join(sorted(unknown))}; there are {', '.join(DOORS)}")
        return 2
    shut = 0
    for name in names or DOORS:
        started = time.monotonic()
        findings = DOORS[name]()
        shut += bool(findings)
        print(f"{'FAILED' if findings else 'ok    '} {name:<10} {time.monotonic() - started:5.1f} s", flush=True)
        for finding in findings:
            print("       " + finding.replace("\n", "\n       "), flush=True)
    return 1 if shut else 0


def program(*command: str) -> Door:
    """Return a door that is open when a program of the environment ends with status 0."""

    def door() -> list[str]:
        colourless = {**os.environ, "NO_COLOR": "1"}
        answer = subprocess.run(
            [SCRIPTS / command[0], *command[1:]], cwd=ROOT, env=colourless, capture_output=True, text=True, check=False
        )
        return [(answer.stdout + answer.stderr).strip()] if answer.returncode else []

    return door


def locks(folder: Path = LOCKS) -> list[str]:
    """Say what is wrong with the lock files: no hash, an address, runtime and dev apart, behind pyproject.toml."""
    runtime, dev = folder / "runtime.txt", folder / "dev.txt"
    found = [problem for path in (runtime, dev) for problem in _lock_lines(path)]
    everything = locked_versions(dev)
    for name, version in locked_versions(runtime).items():
        if everything.get(name) != version:
            found.append(f"runtime.txt has {name} {version}, dev.txt has {everything.get(name)}")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        wanted = Requirement(line)
        locked = everything.get(canonicalize_name(wanted.name))
        if locked is None or locked not in wanted.specifier:
            found.append(f"pyproject.toml wants {line}, locked is {locked}: run build/dev.py lock")
    return found


def _lock_lines(path: Path) -> list[str]:
    requirements = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    found = []
    for line in requirements:
        if line.startswith("-") or "://" in line or " @ " in line:
            found.append(f"{path.name} holds an option or an address: {line[:60]}")
        elif "==" not in line.split()[0] or "--hash=sha256:" not in line:
            found.append(f"{path.name} has no version or no hash: {line[:60]}")
    return found


DOORS: dict[str, Door] = {
    "format": program("ruff", "format", "--check", "--quiet", *SOURCES),
    "lint": program("ruff", "check", "--quiet", "--output-format=concise", *SOURCES),
    "types": program("mypy", "--no-error-summary", "desktop", *(str(path) for path in sorted(ROOT.glob("build/*.py")))),
    "contracts": program("lint-imports", "--no-logo"),
    "shape": lambda: list(shape.findings(ROOT)),
    "locks": locks,
    "notice": notice.problems,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

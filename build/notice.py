"""NOTICE: what Tidings ships that others made. ``--write`` makes it from the installed packages' own metadata."""

from __future__ import annotations

import re
import sys
from importlib import metadata

from environment import ROOT, locked_versions

NOTICE = ROOT / "NOTICE"
LOCK = ROOT / "build" / "locks" / "runtime.txt"

# Not installed on every platform, so not always there to be asked.
ELSEWHERE = {
    "backports-tarfile": "MIT",
    "colorama": "BSD-3-Clause",
    "importlib-metadata": "Apache-2.0",
    "jeepney": "MIT",
    "lazy-importer": "Apache-2.0",
    "pywin32-ctypes": "BSD-3-Clause",
    "secretstorage": "BSD-3-Clause",
    "zipp": "MIT",
}
# The same licence under the names packages give it.
SPDX = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}

HEAD = """\
Tidings uses the work of others. Their licences are named here; the full texts lie in each package's own
*.dist-info folder, and for fonts and icons in the files named below.

Qt and PySide6 are used under the GNU Lesser General Public License, version 3. They are separate, replaceable
libraries; their source is published by The Qt Company, and nothing in Tidings keeps you from using your own build.

Fonts and icons
---------------
Inter (fonts)                 OFL-1.1        resources/fonts/LICENSE-Inter-OFL.txt
Lucide (icons)                ISC            resources/icons/LICENSE-lucide.txt
Tabler Icons (network marks)  MIT            resources/icons/LICENSE-tabler.txt

The names and marks of Threads, Instagram and Facebook belong to Meta Platforms, Inc.

Python packages
---------------
"""


def render() -> str:
    """Return the whole notice for the locked runtime packages; ``LookupError`` for a package without a licence."""
    rows = [f"{name:<28}  {version:<13}  {_license(name)}" for name, version in locked_versions(LOCK).items()]
    return HEAD + "\n".join(rows) + "\n"


def problems() -> list[str]:
    """Say in what way NOTICE does not fit the lock or names a file that is not there."""
    missing = [path for path in re.findall(r"resources/\S+", HEAD) if not (ROOT / path).is_file()]
    found = [f"NOTICE names {path}, which is not there" for path in missing]
    if not NOTICE.is_file() or NOTICE.read_text(encoding="utf-8") != render():
        found.append("NOTICE is not what the lock and the packages say: build/dev.py lock writes it again")
    return found


def _license(package: str) -> str:
    try:
        return installed_license(package)
    except metadata.PackageNotFoundError:
        return ELSEWHERE[package]


def installed_license(package: str) -> str:
    """Return the licence an installed package declares, as an SPDX expression where it is a known one."""
    about = metadata.metadata(package)
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith("License")]
    declared: list[str] = [*about.get_all("License-Expression", []), *classifiers, *about.get_all("License", [])]
    for text in declared:
        if "\n" not in text:
            return SPDX.get(text, text)
    raise LookupError(f"{package} names no licence; look it up and add it here")


def main(arguments: list[str]) -> int:
    """Write NOTICE or check it."""
    if arguments == ["--write"]:
        NOTICE.write_text(render(), encoding="utf-8")
    for problem in problems():
        print(problem)
    return 1 if problems() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Lock files: every package with its version and hashes, for every platform, without any index address."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from environment import ROOT, SCRIPTS, locked_versions
from system_packages import SetupError

LOCKS = ROOT / "build" / "locks"


def compile_locks(arguments: list[str]) -> None:
    """Write dev.txt (everything), then runtime.txt as a part of it. Arguments go to uv (``--upgrade-package NAME``)."""
    with tempfile.TemporaryDirectory() as folder:
        uv = _uv(Path(folder))
        # an existing dev.txt is read by uv as preferences, so nothing moves that need not
        _compile(uv, LOCKS / "dev.txt", ["--extra", "dev", *arguments])
        _compile(uv, LOCKS / "runtime.txt", ["--constraint", str(LOCKS / "dev.txt")])


def _compile(uv: str, output: Path, arguments: list[str]) -> None:
    shape = ["--python-version", "3.11", "--universal", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
    command = [uv, "pip", "compile", "pyproject.toml", *shape, *arguments, "--output-file", str(output)]
    # uv also prints what it writes
    if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode:
        raise SetupError(f"{output.name} could not be resolved; see uv's words above.")
    print(f"{output.relative_to(ROOT)}: {len(locked_versions(output))} packages")


def _uv(folder: Path) -> str:
    """Find uv in the environment or on the path, else install it for this one use."""
    found = shutil.which("uv", path=str(SCRIPTS)) or shutil.which("uv")
    if found:
        return found
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    if subprocess.run([*pip, "--target", str(folder), "uv"], check=False).returncode:
        raise SetupError("uv could not be installed; see pip's words above.")
    return str(shutil.which("uv", path=str(folder / "bin")) or folder / "bin" / "uv")

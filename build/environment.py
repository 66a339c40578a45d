"""The virtual environment beside pyproject.toml: made once from the lock, repaired when broken, else left alone."""

from __future__ import annotations

import compileall
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import system_packages
from system_packages import SetupError

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "build" / "locks" / "dev.txt"
WINDOWS = os.name == "nt"
SCRIPTS = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = SCRIPTS / ("python.exe" if WINDOWS else "python")
STAMP = VENV / "tidings-installed"  # written last: what this environment is complete for
UNFINISHED = VENV / "tidings-unfinished"  # there only while something is being installed


def ensure() -> str:
    """Make the environment fit the lock; return in two or three words what that took."""
    wanted = _fingerprint()
    if PYTHON.exists() and not UNFINISHED.exists() and _stamp() == wanted:
        _compile(ROOT / "desktop")
        return "nothing to do"
    updated = _is_usable()
    if not updated:
        _create()
    UNFINISHED.touch()
    try:
        _install()
    except SetupError:
        UNFINISHED.unlink()  # pip ended by itself, so what is there is whole; the next start goes on from it
        raise
    _link_project()
    _compile(_site_packages())
    _compile(ROOT / "desktop")
    STAMP.write_text(wanted, encoding="utf-8")
    UNFINISHED.unlink()
    return "packages updated" if updated else "first start"


def child_variables() -> dict[str, str]:
    """Return the variables for programs run inside the environment."""
    # PYTHONDONTWRITEBYTECODE would make every start compile everything again: seconds instead of a fraction of one
    dropped = {"PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    variables = {name: value for name, value in os.environ.items() if name not in dropped}
    variables["VIRTUAL_ENV"] = str(VENV)
    variables["PATH"] = str(SCRIPTS) + os.pathsep + variables.get("PATH", "")
    return variables


def locked_versions(lock: Path) -> dict[str, str]:
    """Return {package: version} of a lock file."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    pinned = (line.split()[0].partition("==") for line in lines if line and not line[0].isspace())
    return {name: version for name, _, version in pinned}


def _fingerprint() -> str:
    # an environment holds absolute paths, so a moved or copied checkout needs a new one
    facts = (hashlib.sha256(LOCK.read_bytes()).hexdigest(), ".".join(map(str, sys.version_info[:2])), str(ROOT))
    return "\n".join(facts)


def _stamp() -> str:
    return STAMP.read_text(encoding="utf-8") if STAMP.exists() else ""


def _is_usable() -> bool:
    """Tell whether packages can be installed into what is there: this Python, this place, nothing left half done."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    known = _stamp().splitlines()[1:]
    if known and known != _fingerprint().splitlines()[1:]:
        return False
    code = f"import sys, pip; sys.exit(sys.version_info[:2] != {sys.version_info[:2]!r})"
    return subprocess.run([PYTHON, "-c", code], capture_output=True, check=False).returncode == 0


def _create() -> None:
    _require_venv_module()
    if VENV.exists():
        print(f"making {VENV.name} anew: it was left unfinished, moved, or made by another Python", flush=True)
        shutil.rmtree(VENV)
    VENV.mkdir()
    UNFINISHED.touch()  # before the first file, so that an interruption is seen
    _call([sys.executable, "-m", "venv", VENV], "The virtual environment could not be made.")


def _require_venv_module() -> None:
    """Debian and Ubuntu leave venv's other half (ensurepip) in a package of its own."""
    check = [sys.executable, "-c", "import ensurepip, venv"]
    if subprocess.run(check, capture_output=True, check=False).returncode == 0:
        return
    if not shutil.which("apt-get"):
        raise SetupError(f"{sys.executable} comes without venv and ensurepip. Install a complete Python 3.11 or newer.")
    system_packages.install([f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"], "Python's venv is missing.")


def _install() -> None:
    print(f"installing {len(locked_versions(LOCK))} locked packages (a minute or two, once)", flush=True)
    pip: list[str | Path] = [PYTHON, "-m", "pip", "--disable-pip-version-check", "-qq", "install"]
    _call(
        [*pip, "--require-hashes", "--no-deps", "-r", LOCK], "Packages could not be installed; see pip's words above."
    )


def _link_project() -> None:
    """Put the checkout itself into the environment: no build, no network, and edits count at once."""
    # -P: a folder called desktop where the command is typed must not be taken for the package
    (_site_packages() / "tidings-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    if WINDOWS:
        (SCRIPTS / "tidings.cmd").write_text('@"%~dp0python.exe" -P -m desktop %*\r\n', encoding="utf-8")
        return
    command = SCRIPTS / "tidings"
    command.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -P -m desktop "$@"\n', encoding="utf-8")
    command.chmod(0o755)


def _site_packages() -> Path:
    return Path(sysconfig.get_path("purelib", "nt_venv" if WINDOWS else "posix_venv", {"base": str(VENV)}))


def _compile(folder: Path) -> None:
    compileall.compile_dir(folder, quiet=2)


def _call(command: list[str | Path], on_failure: str) -> None:
    if subprocess.run(command, cwd=ROOT, env=child_variables(), check=False).returncode:
        raise SetupError(on_failure)

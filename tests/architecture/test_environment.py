"""build/environment.py makes, keeps, updates and repairs a real virtual environment, in a checkout of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import system_packages

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Checkout:
    """A small checkout whose lock asks for nothing, so that no network is needed."""

    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    def ensure(self) -> str:
        return self.ask("ensure")

    def ask(self, function: str) -> str:
        code = f"import sys; sys.path.insert(0, 'build'); import environment; print(environment.{function}())"
        answer = subprocess.run(
            [sys.executable, "-c", code], cwd=self.root, capture_output=True, text=True, check=False
        )
        return answer.stdout.splitlines()[-1] if answer.returncode == 0 else answer.stderr.splitlines()[-1]

    def lock(self, line: str) -> None:
        (self.root / "build" / "locks" / "dev.txt").write_text(line + "\n")

    def command(self) -> str:
        return subprocess.run(
            [self.venv / "bin" / "tidings", "said"], capture_output=True, text=True, check=True
        ).stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    root = tmp_path / "a checkout"
    shutil.copytree(ROOT / "build", root / "build", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "build" / "locks" / "dev.txt").write_text("")
    (root / "desktop").mkdir()
    (root / "desktop" / "__init__.py").touch()
    (root / "desktop" / "__main__.py").write_text("import sys\n\nprint('tidings', *sys.argv[1:])\n")
    return Checkout(root)


@pytest.mark.skipif(os.name == "nt", reason="the command is a batch file there")
def test_made_once_then_kept_updated_and_repaired(checkout: Checkout) -> None:
    assert checkout.ensure() == "first start"
    assert checkout.command() == "tidings said\n"
    assert list((checkout.root / "desktop" / "__pycache__").iterdir()), "bytecode makes every start faster"
    assert checkout.ensure() == "nothing to do"

    checkout.lock("nothing-of-this-name")  # refused: no version, no hash
    assert "could not be installed" in checkout.ensure()
    checkout.lock("# another resolution")
    assert checkout.ensure() == "packages updated"
    assert checkout.ensure() == "nothing to do"

    left_over = checkout.venv / "left-over"
    left_over.touch()
    (checkout.venv / "tidings-unfinished").touch()  # what a kill during an installation leaves
    assert checkout.ensure() == "first start"
    assert not left_over.exists()

    moved = Checkout(checkout.root.with_name("moved"))
    checkout.root.rename(moved.root)
    assert moved.ask("_is_usable") == "False"  # so it is made anew, as above


def test_without_the_right_to_install_the_exact_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "_has", lambda program: True)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(system_packages.SetupError, match=r"sudo apt-get install --yes .*libegl1 libgl1$"):
        system_packages.install(["libgl1", "libegl1", "libgl1"], "Qt needs system libraries.")


def test_a_missing_library_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(system_packages, "QT_LIBRARIES", {"libnowhere.so.9": "libnowhere9"})
    monkeypatch.setattr(system_packages, "_has", lambda program: False)
    with pytest.raises(system_packages.SetupError, match=r"libnowhere\.so\.9.*libnowhere9"):
        system_packages.require_qt_libraries(screen=False)


def test_wrong_usage_names_the_commands() -> None:
    answer = subprocess.run([sys.executable, ROOT / "build" / "dev.py"], capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "build/dev.py run" in answer.stderr

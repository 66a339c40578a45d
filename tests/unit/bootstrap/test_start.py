"""Which run mode is picked, and what it costs to find out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.bootstrap.start import window_profile

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ([], (True, None)),
        (["open"], (True, None)),
        (["--profile", "here"], (True, "here")),
        (["open", "--profile=here"], (True, "here")),
        (["--profile", "here", "open"], (True, "here")),
        (["open", "open"], (False, None)),
        (["--profile"], (False, None)),
        (["--profile", "--json"], (False, None)),
        (["--profile="], (False, None)),
        (["--help"], (False, None)),
        (["post", "list"], (False, None)),
        (["--profile", "here", "post", "list"], (False, None)),
    ],
)
def test_plainly_the_window(words: list[str], answer: tuple[bool, str | None]) -> None:
    assert window_profile(words) == answer


def test_the_way_to_the_window_loads_nothing_heavy() -> None:
    code = "import sys; import desktop.bootstrap.start; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).split()
    heavy = {
        "argparse",
        "logging",
        "sqlalchemy",
        "httpx",
        "pydantic",
        "keyring",
        "cryptography",
        "apscheduler",
        "PySide6",
    }
    assert heavy.isdisjoint(loaded)


def test_a_command_loads_neither_qt_nor_the_sandbox() -> None:
    code = (
        "import sys; import desktop.bootstrap.run_cli, desktop.bootstrap.container; "
        "print(*{name.partition('.')[0] for name in sys.modules}, *sys.modules)"
    )
    loaded = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).split()
    assert {"PySide6", "fastapi", "uvicorn", "keyring", "pydantic", "httpx", "desktop.sandbox"}.isdisjoint(loaded)
    assert "sqlalchemy" in loaded

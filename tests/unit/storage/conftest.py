from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.storage.database import open_storage
from desktop.storage.unit_of_work import SqlStorage

ROOT = Path(__file__).parents[3]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tidings.sqlite"


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def storage(path: Path, backups: Path) -> Iterator[SqlStorage]:
    opened = open_storage(path, backups=backups)
    yield opened
    opened.close()


@pytest.fixture
def start() -> Iterator[Start]:
    """Start ``tests.support.storage_process``; ``before`` is a command that runs it."""
    running: list[subprocess.Popen[str]] = []

    def begin(*arguments: object, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        command = [*before, sys.executable, "-m", "tests.support.storage_process", *map(str, arguments)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()

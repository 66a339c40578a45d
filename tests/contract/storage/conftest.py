"""Both implementations of ``Storage``, each behind the same fixture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.services.unit_of_work import Storage
from desktop.storage.database import open_storage
from tests.support.memory_storage import MemoryStorage


@pytest.fixture(params=["sqlite", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    if request.param == "memory":
        yield MemoryStorage()
        return
    opened = open_storage(tmp_path / "data" / "tidings.sqlite", backups=tmp_path / "backups")
    yield opened
    opened.close()

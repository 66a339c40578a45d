from __future__ import annotations

import random
from pathlib import Path

from desktop.storage.backup import verify
from desktop.storage.database import open_storage
from desktop.storage.migrations.runner import HISTORY
from desktop.storage.unit_of_work import SqlStorage
from tests.support.stored_things import a_post, put
from tests.unit.storage.conftest import Start

KILLS = 6


def test_writers_in_several_processes_wait_for_each_other(path: Path, backups: Path, start: Start) -> None:
    # all of them find no database and want to create it
    processes = [start("count", path, 40) for _ in range(3)]
    for process in processes:
        assert process.communicate(timeout=120)[0] == "opened\n"
        assert process.returncode == 0
    storage = open_storage(path, backups=backups)
    with storage.read() as unit:
        assert unit.settings.all() == {"count": 120}
    storage.close()


def test_only_other_processes_change_the_data_version(storage: SqlStorage, path: Path, start: Start) -> None:
    before = storage.data_version()
    put(storage, a_post())
    assert storage.data_version() == before
    start("count", path, 1).communicate(timeout=60)
    after = storage.data_version()
    assert after != before
    assert storage.data_version() == after
    with storage.write():
        assert storage.data_version() == after


def test_what_was_acknowledged_survives_kill_9(path: Path, backups: Path, start: Start) -> None:
    chance = random.Random(9)
    acknowledged: set[str] = set()
    for _ in range(KILLS):
        process = start("write", path)
        assert process.stdout is not None
        assert process.stdout.readline() == "opened\n"
        for _ in range(chance.randrange(1, 60)):
            acknowledged.add(process.stdout.readline().strip())
        process.kill()
        # the pipe still holds what was printed before the end; a line cut short was not acknowledged
        rest = process.communicate(timeout=60)[0]
        acknowledged.update(line.strip() for line in rest.splitlines(keepends=True) if line.endswith("\n"))
    storage = open_storage(path, backups=backups)
    with storage.read() as unit:
        found = {str(post.id) for post in unit.posts.list(limit=1_000_000)}
    storage.close()
    assert len(acknowledged) > KILLS
    assert acknowledged <= found
    assert len(found - acknowledged) <= KILLS  # at most the one being committed at each kill
    assert verify(path) == len(HISTORY)

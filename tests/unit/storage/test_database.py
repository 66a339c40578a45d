from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from desktop.domain.errors import DatabaseBusy, DatabaseDamaged, DatabaseNewer, DatabaseReadOnly, DiskFull
from desktop.storage import connections
from desktop.storage.backup import APPLICATION_ID
from desktop.storage.database import open_storage
from desktop.storage.failures import StorageClosed
from desktop.storage.migrations.runner import HISTORY
from desktop.storage.unit_of_work import SqlStorage
from tests.support.stored_things import a_post, put
from tests.unit.storage.conftest import Start

POSIX = pytest.mark.skipif(os.name == "nt", reason="permissions and limits of POSIX systems")


def pragma(path: Path, name: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_new_database_is_ours_and_private(storage: SqlStorage, path: Path) -> None:
    put(storage, a_post())
    assert pragma(path, "application_id") == APPLICATION_ID
    assert pragma(path, "user_version") == len(HISTORY)
    assert pragma(path, "journal_mode") == "wal"
    if os.name != "nt":
        files = [path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")]
        assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_every_connection_has_the_settings_that_keep_data_safe(path: Path, backups: Path) -> None:
    open_storage(path, backups=backups).close()
    found = connections.Connections(path)
    wanted = {"synchronous": 2, "foreign_keys": 1, "journal_mode": "wal", "temp_store": 2, "busy_timeout": 5000}
    writer, reader = found.take_writer(), found.take_reader()
    assert {name: writer.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted} == wanted
    assert writer.exec_driver_sql("PRAGMA journal_size_limit").scalar_one() == 64 * 2**20
    assert reader.exec_driver_sql("PRAGMA query_only").scalar_one() == 1
    found.give_back_writer(writer)
    found.give_back_reader(reader)
    found.close()


def test_a_reader_cannot_write(storage: SqlStorage) -> None:
    with storage.read() as unit, pytest.raises(DatabaseReadOnly):
        unit.posts.add(a_post())


def test_closing_folds_everything_into_one_file(storage: SqlStorage, path: Path, backups: Path) -> None:
    post = a_post()
    put(storage, post)
    storage.close()
    storage.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    again = open_storage(path, backups=backups)
    with again.read() as unit:
        assert unit.posts.get(post.id) == post
    again.close()


def test_a_closed_storage_says_so(storage: SqlStorage) -> None:
    storage.close()
    for begin in (storage.read, storage.write):
        with pytest.raises(StorageClosed), begin():
            pass
    with pytest.raises(StorageClosed):
        storage.data_version()


def test_a_reader_that_outlives_the_storage_ends_well(storage: SqlStorage, path: Path) -> None:
    post = a_post()
    put(storage, post)
    with storage.read() as unit:
        storage.close()
        assert unit.posts.get(post.id) == post


def test_closing_inside_a_writing_block_is_a_bug_not_a_deadlock(storage: SqlStorage) -> None:
    with storage.write(), pytest.raises(RuntimeError, match="already"):
        storage.close()


def test_closing_waits_for_the_running_writer(storage: SqlStorage, path: Path, backups: Path) -> None:
    is_writing, may_commit = threading.Event(), threading.Event()

    def work() -> None:
        with storage.write() as unit:
            is_writing.set()
            assert may_commit.wait(20)
            unit.posts.add(a_post("late"))
            unit.commit()

    writer, closer = threading.Thread(target=work), threading.Thread(target=storage.close)
    writer.start()
    assert is_writing.wait(20)
    closer.start()
    may_commit.set()
    writer.join()
    closer.join()
    again = open_storage(path, backups=backups)
    with again.read() as unit:
        assert len(unit.posts.list(search="late")) == 1
    again.close()


def test_nothing_of_a_unit_of_work_can_be_used_after_its_block(storage: SqlStorage) -> None:
    with storage.write() as unit:
        posts = unit.posts
        deliveries = unit.deliveries
    with pytest.raises(Exception, match="closed"):
        posts.list()
    with pytest.raises(Exception, match="closed"):
        deliveries.get(a_post().id)  # type: ignore[arg-type]


def test_work_after_a_commit_is_a_new_transaction(storage: SqlStorage) -> None:
    with storage.write() as unit:
        unit.posts.add(a_post("kept"))
        unit.commit()
        unit.posts.add(a_post("dropped"))
    with storage.read() as unit:
        assert [post.shared.title for post in unit.posts.list()] == ["kept"]


@pytest.mark.parametrize("took_effect", [True, False])
def test_after_a_failed_commit_the_next_block_starts_from_what_is_on_disk(
    storage: SqlStorage, monkeypatch: pytest.MonkeyPatch, took_effect: bool
) -> None:
    dropped: list[object] = []

    def fail(connection: Connection) -> None:
        dropped.append(connection.connection.driver_connection)
        if took_effect:
            commit(connection)
        raise DiskFull(path="somewhere")

    commit = Connection.commit
    monkeypatch.setattr(Connection, "commit", fail)
    with pytest.raises(DiskFull):
        put(storage, a_post("unknown"))
    monkeypatch.setattr(Connection, "commit", commit)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        dropped[0].execute("SELECT 1")  # type: ignore[attr-defined]
    with storage.write() as unit:
        assert len(unit.posts.list(search="unknown")) == took_effect
        unit.posts.add(a_post("next"))
        unit.commit()
    with storage.read() as unit:
        assert len(unit.posts.list(search="next")) == 1


def test_a_second_writer_on_the_same_thread_is_a_bug_not_a_deadlock(storage: SqlStorage) -> None:
    with storage.write(), pytest.raises(RuntimeError, match="already"), storage.write():
        pass
    put(storage, a_post())


def test_a_database_of_a_newer_version_is_refused_and_untouched(storage: SqlStorage, path: Path, backups: Path) -> None:
    storage.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 7000")
    before = path.read_bytes()
    with pytest.raises(DatabaseNewer) as refusal:
        open_storage(path, backups=backups)
    assert refusal.value.details == {"found": 7000, "known": len(HISTORY)}
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_untouched(path: Path, backups: Path) -> None:
    path.parent.mkdir()
    path.write_text("Dear diary, " * 1000)
    before = path.read_bytes()
    with pytest.raises(DatabaseDamaged):
        open_storage(path, backups=backups)
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", [0, 1])
def test_the_database_of_another_program_is_refused(path: Path, backups: Path, version: int) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmark (url TEXT)")
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(DatabaseDamaged):
        open_storage(path, backups=backups)


def test_damage_is_found_after_an_unclean_end(storage: SqlStorage, path: Path, backups: Path) -> None:
    for number in range(20):
        put(storage, a_post("x" * 5000, updated_at=a_post().updated_at + timedelta(seconds=number)))
    storage.close()
    content = bytearray(path.read_bytes())
    for page in range(len(content) // 4096 // 2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    path.write_bytes(content)
    path.with_name(path.name + "-wal").write_bytes(b"left behind")
    with pytest.raises(DatabaseDamaged):
        open_storage(path, backups=backups)


def test_a_writer_of_another_program_is_waited_for_and_then_reported(
    path: Path, backups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_TIMEOUT", timedelta(milliseconds=50))
    storage = open_storage(path, backups=backups)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy), storage.write():
            pass
        with storage.read() as unit:
            assert unit.posts.list() == []
    put(storage, a_post())
    storage.close()


@POSIX
@pytest.mark.parametrize("exists", [False, True])
def test_a_folder_we_may_not_write(path: Path, backups: Path, start: Start, exists: bool) -> None:
    if exists:
        open_storage(path, backups=backups).close()
        path.chmod(0o400)
    path.parent.mkdir(exist_ok=True)
    path.parent.chmod(0o500)
    before = ()
    if os.geteuid() == 0:  # root passes every permission check, unless it gives that power away
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("root without setpriv")
        before = (setpriv, "--bounding-set=-dac_override", "--inh-caps=-dac_override")
    answer, _ = start("open", path, before=before).communicate(timeout=60)
    path.parent.chmod(0o700)
    assert answer == "database_read_only\n"


@POSIX
def test_a_file_size_limit_reads_as_a_full_disk_and_loses_nothing(path: Path, start: Start) -> None:
    answer, _ = start("fill", path, 600_000).communicate(timeout=60)
    opened, refusal, afterwards = answer.splitlines()
    assert opened == "opened"
    assert refusal.startswith("disk_full ")
    assert int(refusal.split()[1]) > 5
    assert afterwards == "0 1"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tidings-test", str(disk)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode != 0:
        pytest.skip("may not mount a small disk here; the file size limit covers it")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_loses_nothing_and_work_goes_on_when_there_is_room(small_disk: Path, backups: Path) -> None:
    storage = open_storage(small_disk / "tidings.sqlite", backups=backups)
    acknowledged = []
    with pytest.raises(DiskFull):  # noqa: PT012 - which of the writes fails is for the disk to say
        for _ in range(200):
            post = a_post("x" * 5000)
            put(storage, post)
            acknowledged.append(post.id)
    assert acknowledged
    with storage.read() as unit:
        assert unit.posts.by_ids(acknowledged).keys() == set(acknowledged)
    subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)
    put(storage, a_post("after"))
    storage.close()
    again = open_storage(small_disk / "tidings.sqlite", backups=backups)
    with again.read() as unit:
        assert unit.posts.by_ids(acknowledged).keys() == set(acknowledged)
        assert len(unit.posts.list(search="after")) == 1
    again.close()

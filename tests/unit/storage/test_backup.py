from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.domain.errors import DatabaseBusy, DatabaseDamaged, FileUnreadable
from desktop.services.unit_of_work import SealedSecret
from desktop.storage import backup
from desktop.storage.database import open_storage
from desktop.storage.migrations.runner import HISTORY
from desktop.storage.unit_of_work import SqlStorage
from tests.support.stored_things import NOW, a_post, put

MARK = b"ciphertext!"


def texts(path: Path, backups: Path) -> list[str]:
    storage = open_storage(path, backups=backups)
    try:
        with storage.read() as unit:
            return sorted(post.shared.title for post in unit.posts.list())
    finally:
        storage.close()


def test_a_copy_is_complete_while_the_database_is_in_use(storage: SqlStorage, path: Path, tmp_path: Path) -> None:
    put(storage, a_post("one"))
    copy = tmp_path / "copy.sqlite"
    copy.write_text("an older copy")
    with storage.write() as unit:
        unit.posts.add(a_post("not committed"))
        backup.copy_database(path, copy)
    assert backup.verify(copy) == len(HISTORY)
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith("copy")] == ["copy.sqlite"]
    assert texts(copy, tmp_path) == ["one"]


def test_backups_are_listed_newest_first_and_the_oldest_go(storage: SqlStorage, path: Path, backups: Path) -> None:
    assert backup.list_backups(backups) == ()
    for day in range(5):
        backup.make_backup(path, backups, now=NOW + timedelta(days=day), reason="manual", keep=3)
    (backups / "notes.txt").write_text("not ours")
    (backups / "tidings-yesterday.sqlite").write_text("not ours")
    found = backup.list_backups(backups)
    assert [each.made_at for each in found] == [NOW + timedelta(days=day) for day in (4, 3, 2)]
    assert {each.reason for each in found} == {"manual"}
    assert found[0].size_bytes == found[0].path.stat().st_size > 4096
    assert len(list(backups.iterdir())) == 5


def test_a_damaged_source_leaves_no_copy(storage: SqlStorage, path: Path, tmp_path: Path) -> None:
    put(storage, *(a_post("x" * 5000) for _ in range(20)))
    storage.close()
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
    path.write_bytes(content)
    with pytest.raises(DatabaseDamaged):
        backup.copy_database(path, tmp_path / "copy.sqlite")
    assert not list(tmp_path.glob("copy*"))


def test_only_sound_databases_of_ours_pass(tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.sqlite"
    with closing(sqlite3.connect(stranger)) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(DatabaseDamaged):
        backup.verify(stranger)
    with pytest.raises(FileUnreadable):
        backup.verify(tmp_path / "missing.sqlite")
    assert not (tmp_path / "missing.sqlite").exists()


def test_restoring_swaps_and_keeps_the_old_one(storage: SqlStorage, path: Path, backups: Path) -> None:
    put(storage, a_post("before"))
    saved = backup.make_backup(path, backups, now=NOW, reason="manual")
    put(storage, a_post("after"))
    storage.close()
    kept = backup.restore(saved.path, path, now=NOW)
    assert texts(path, backups) == ["before"]
    assert kept is not None
    assert texts(kept, backups) == ["after", "before"]
    assert backup.list_backups(backups) == (saved,)


def test_restoring_where_there_is_nothing(storage: SqlStorage, path: Path, backups: Path, tmp_path: Path) -> None:
    put(storage, a_post("one"))
    saved = backup.make_backup(path, backups, now=NOW, reason="manual")
    assert backup.restore(saved.path, tmp_path / "new.sqlite", now=NOW) is None
    assert texts(tmp_path / "new.sqlite", backups) == ["one"]


def test_restoring_over_a_damaged_database_keeps_it_as_it_was(storage: SqlStorage, path: Path, backups: Path) -> None:
    put(storage, a_post("one"))
    saved = backup.make_backup(path, backups, now=NOW, reason="manual")
    storage.close()
    path.write_bytes(b"rubbish" * 1000)
    kept = backup.restore(saved.path, path, now=NOW)
    assert kept is not None
    assert kept.read_bytes() == b"rubbish" * 1000
    assert texts(path, backups) == ["one"]


def test_a_database_in_use_is_not_replaced(storage: SqlStorage, path: Path, backups: Path) -> None:
    put(storage, a_post("one"))
    saved = backup.make_backup(path, backups, now=NOW, reason="manual")
    with pytest.raises(DatabaseBusy):
        backup.restore(saved.path, path, now=NOW)
    put(storage, a_post("two"))
    storage.close()
    assert texts(path, backups) == ["one", "two"]
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_rubbish_is_not_restored(storage: SqlStorage, path: Path, backups: Path, tmp_path: Path) -> None:
    put(storage, a_post("one"))
    storage.close()
    rubbish = tmp_path / "rubbish.sqlite"
    rubbish.write_bytes(b"rubbish" * 1000)
    with pytest.raises(DatabaseDamaged):
        backup.restore(rubbish, path, now=NOW)
    assert texts(path, backups) == ["one"]


def test_a_copy_for_elsewhere_has_not_even_the_ciphertext_of_secrets(
    storage: SqlStorage, path: Path, backups: Path, tmp_path: Path
) -> None:
    put(storage, a_post("one"))
    for old in (True, False):  # replaced and removed ones leave traces in free pages
        with storage.write() as unit:
            for number in range(200):
                unit.secrets.put(SealedSecret(f"account/{number}", "key-of-secrets", MARK * (20 if old else 15), NOW))
            unit.commit()
    with storage.write() as unit:
        for number in range(100):
            unit.secrets.remove(f"account/{number}")
        unit.commit()
    copy, kept_here = tmp_path / "copy.sqlite", backups / "x.sqlite"
    backups.mkdir()
    backup.copy_database(path, copy, without_secrets=True)
    backup.copy_database(path, kept_here)
    for needle in (MARK, b"key-of-secrets", b"account/150"):
        assert needle not in copy.read_bytes()
        assert needle in kept_here.read_bytes()
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith("copy")] == ["copy.sqlite"]
    assert texts(copy, backups) == ["one"]
    with storage.read() as unit:
        assert len(unit.secrets.list()) == 100


def test_a_copy_without_secrets_of_a_database_that_never_had_a_place_for_them(
    storage: SqlStorage, path: Path, tmp_path: Path
) -> None:
    storage.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE secret")
    backup.copy_database(path, tmp_path / "copy.sqlite", without_secrets=True)
    assert backup.verify(tmp_path / "copy.sqlite") > 0

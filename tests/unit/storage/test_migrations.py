from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from desktop.domain.deliveries import DeliveryState
from desktop.domain.errors import InvariantViolation
from desktop.storage.backup import APPLICATION_ID, list_backups, verify
from desktop.storage.connections import make_engine
from desktop.storage.database import open_storage
from desktop.storage.migrations.runner import HISTORY, upgrade
from desktop.storage.unit_of_work import SqlStorage

ROOT = Path(__file__).parents[3]
STORED = ROOT / "tests" / "data" / "storage"
SECOND, LOSING, DANGLING = (f"tests.unit.storage.{name}_revision" for name in ("second", "losing", "dangling"))


def old_database(path: Path, schema: int) -> Path:
    """Make the stored database of an old version: ``tests/data/storage/schema_NNNN.sql``."""
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((STORED / f"schema_{schema:04}.sql").read_text("utf-8"))
    return path


def schema(path: Path) -> dict[str, list[str]]:
    """Return the text of everything in the schema, line by line.

    How constraints are ordered and names are quoted means nothing: a rebuilt table is written a little differently.
    """
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(
            "SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        ).fetchall()
    return {name: sorted(line.replace('"', "").strip().rstrip(",") for line in sql.splitlines()) for name, sql in found}


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def test_the_row_classes_and_the_line_of_migrations_make_the_same_schema(storage: SqlStorage, tmp_path: Path) -> None:
    migrated = tmp_path / "migrated.sqlite"
    migrated.touch()
    engine = make_engine(migrated, begin="BEGIN EXCLUSIVE")
    with engine.begin() as connection:
        upgrade(connection, HISTORY)
    engine.dispose()
    assert schema(migrated) == schema(storage.path)
    assert len(schema(migrated)) > 30


@pytest.mark.parametrize("version", range(1, len(HISTORY) + 1))
def test_a_stored_old_database_opens_with_everything_in_it(
    path: Path, backups: Path, storage: SqlStorage, tmp_path: Path, version: int
) -> None:
    old = old_database(tmp_path / "old" / "tidings.sqlite", version)
    opened = open_storage(old, backups=backups)
    with opened.read() as unit:
        assert [account.username for account in unit.accounts.list()] == ["ada", "ada.pictures"]
        (post,) = unit.posts.list(search="überraschung")
        assert [part.text for part in post.shared.parts] == ["Überraschung 🎉", "second part"]
        published, waiting = unit.deliveries.list()
        assert (published.state, waiting.state) == (DeliveryState.PUBLISHED, DeliveryState.SCHEDULED)
        assert published.payload is not None
        assert published.part.tombstones[0].container_id == "box-1"
        assert len(unit.deliveries.timeline(published.id)) == 2
        assert len(unit.deliveries.attempts(published.id)) == 1
        assert waiting.schedule.zone == "America/New_York"
        assert unit.settings.all() == {"theme": "dark"}
    opened.close()
    assert schema(old) == schema(path)


def test_a_migration_keeps_every_row_and_backs_up_first(tmp_path: Path, backups: Path) -> None:
    old = old_database(tmp_path / "old" / "tidings.sqlite", 1)
    counts = {table: rows(old, f"SELECT count(*) FROM {table}") for table in ("post", "post_variant", "delivery")}
    guards = {name for name in schema(old) if name.startswith("trigger ")}
    opened = open_storage(old, backups=backups, history=(*HISTORY, SECOND))
    with opened.read() as unit:
        assert len(unit.deliveries.list()) == 2
    opened.close()
    assert {table: rows(old, f"SELECT count(*) FROM {table}") for table in counts} == counts
    assert rows(old, "SELECT DISTINCT actor FROM delivery_timeline") == [("tidings",)]
    assert rows(old, "SELECT DISTINCT campaign FROM post") == [("none",)]
    assert {name for name in schema(old) if name.startswith("trigger ")} == guards
    assert verify(old) == len(HISTORY) + 1
    (saved,) = list_backups(backups)
    assert saved.reason == "migration"
    assert verify(saved.path) == 1
    assert "table label" not in schema(saved.path)


def test_an_up_to_date_database_is_not_migrated_again(tmp_path: Path, backups: Path) -> None:
    old = old_database(tmp_path / "old" / "tidings.sqlite", 1)
    for _ in range(2):
        open_storage(old, backups=backups, history=(*HISTORY, SECOND)).close()
    assert len(list_backups(backups)) == 1


@pytest.mark.parametrize("bad", [LOSING, DANGLING])
def test_a_migration_that_goes_wrong_changes_nothing(tmp_path: Path, backups: Path, bad: str) -> None:
    old = old_database(tmp_path / "old" / "tidings.sqlite", 1)
    before = schema(old), rows(old, "SELECT * FROM delivery_timeline"), rows(old, "SELECT * FROM post")
    with pytest.raises(InvariantViolation, match="migration"):
        open_storage(old, backups=backups, history=(*HISTORY, SECOND, bad))
    assert (schema(old), rows(old, "SELECT * FROM delivery_timeline"), rows(old, "SELECT * FROM post")) == before
    assert verify(old) == 1


def test_the_stored_database_is_ours(tmp_path: Path) -> None:
    old = old_database(tmp_path / "old" / "tidings.sqlite", 1)
    assert rows(old, "PRAGMA application_id") == [(APPLICATION_ID,)]


def test_opening_an_up_to_date_database_does_not_load_alembic(storage: SqlStorage) -> None:
    storage.close()
    code = (
        "import sys; from pathlib import Path; from desktop.storage.database import open_storage;"
        f"open_storage(Path({str(storage.path)!r}), backups=Path('unused')).close();"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from desktop.services.unit_of_work import SealedSecret, Storage
from tests.support.stored_things import NOW

FIRST = SealedSecret("account/1", "key-1", b"\x00sealed\xff", NOW)
SECOND = SealedSecret("account/2", "key-1", b"", NOW)


def kept(storage: Storage) -> list[SealedSecret]:
    with storage.read() as unit:
        return list(unit.secrets.list())


def test_sealed_secrets_come_back_byte_for_byte(storage: Storage) -> None:
    with storage.write() as unit:
        unit.secrets.put(SECOND)
        unit.secrets.put(FIRST)
        unit.commit()
    with storage.read() as unit:
        assert unit.secrets.get("account/1") == FIRST
        assert unit.secrets.get("account/3") is None
    assert kept(storage) == [FIRST, SECOND]


def test_one_is_replaced_and_forgotten_without_touching_others(storage: Storage) -> None:
    later = replace(FIRST, key_id="key-2", sealed=b"other", updated_at=NOW + timedelta(days=1))
    with storage.write() as unit:
        unit.secrets.put(FIRST)
        unit.secrets.put(SECOND)
        unit.secrets.put(later)
        unit.commit()
    assert kept(storage) == [later, SECOND]
    with storage.write() as unit:
        unit.secrets.remove("account/1")
        unit.secrets.remove("never put")
        unit.commit()
    assert kept(storage) == [SECOND]


def test_a_secret_that_was_not_committed_is_not_there(storage: Storage) -> None:
    with storage.write() as unit:
        unit.secrets.put(FIRST)
    assert kept(storage) == []

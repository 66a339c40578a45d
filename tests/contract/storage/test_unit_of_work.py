from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from desktop.domain.errors import NotFound, StaleVersion
from desktop.services.unit_of_work import LeaseRecord, Storage
from tests.support.stored_things import NOW, a_post, an_account, an_asset, put


def test_leaving_without_commit_keeps_nothing(storage: Storage) -> None:
    with storage.write() as unit:
        unit.accounts.add(an_account())
    with storage.read() as unit:
        assert unit.accounts.list() == []


def test_an_error_undoes_the_whole_block(storage: Storage) -> None:
    account = an_account()
    with pytest.raises(StaleVersion), storage.write() as unit:  # noqa: PT012 - the error must leave the block
        unit.accounts.add(account)
        unit.accounts.save(replace(account, version=7))
    with storage.read() as unit, pytest.raises(NotFound):
        unit.accounts.get(account.id)


def test_a_reader_sees_one_state_while_a_writer_commits(storage: Storage) -> None:
    put(storage, a_post("first"))
    with storage.read() as before:
        assert len(before.posts.list()) == 1
        put(storage, a_post("second"))
        before.commit()
        assert len(before.posts.list()) == 1
        with storage.read() as after:
            assert len(after.posts.list()) == 2


def test_writers_on_many_threads_wait_for_their_turn(storage: Storage) -> None:
    def count_up() -> None:
        for _ in range(20):
            with storage.write() as unit:
                found = unit.settings.all().get("count", 0)
                assert isinstance(found, int)
                unit.settings.put("count", found + 1)
                unit.commit()

    threads = [threading.Thread(target=count_up) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with storage.read() as unit:
        assert unit.settings.all() == {"count": 100}


def test_settings_come_back_as_they_went_in_and_can_be_forgotten(storage: Storage) -> None:
    values: dict[str, object] = {"a.text": "Grüße 🌍", "a.number": 3, "a.flag": True, "a.list": [1, None, "x"]}
    with storage.write() as unit:
        for name, value in values.items():
            unit.settings.put(name, "old")
            unit.settings.put(name, value)
        unit.commit()
    with storage.write() as unit:
        assert unit.settings.all() == values
        unit.settings.remove("a.text")
        unit.settings.remove("never.there")
        unit.commit()
    with storage.read() as unit:
        assert unit.settings.all() == {name: value for name, value in values.items() if name != "a.text"}


def test_a_lease_is_replaced_by_the_next_owner(storage: Storage) -> None:
    first, second = LeaseRecord("one", NOW, 1), LeaseRecord("two", NOW + timedelta(minutes=1), 2)
    with storage.write() as unit:
        assert unit.leases.get("publisher") is None
        unit.leases.put("publisher", first)
        assert unit.leases.get("publisher") == first
        unit.leases.put("publisher", second)
        unit.commit()
    with storage.read() as unit:
        assert unit.leases.get("publisher") == second


def test_assets_are_found_by_id_and_by_content(storage: Storage) -> None:
    movie, picture = an_asset(), an_asset(duration=None)
    put(storage, movie, picture)
    with storage.read() as unit:
        assert unit.assets.get(movie.id) == movie
        assert unit.assets.find(picture.sha256) == picture
        assert unit.assets.find("0" * 64) is None
        assert unit.assets.by_ids([movie.id, a_post().id]) == {movie.id: movie}  # type: ignore[list-item]
        assert unit.assets.by_ids([]) == {}
        with pytest.raises(NotFound):
            unit.assets.get(a_post().id)  # type: ignore[arg-type]

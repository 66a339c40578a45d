from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from desktop.domain.deliveries import DeliveryId, DeliveryState, PayloadMedia
from desktop.domain.errors import DatabaseBusy, Effect, FailureKind, FileUnreadable
from desktop.domain.media import AssetId, MediaKind
from desktop.kit.clock import ManualClock
from desktop.services.changes import ChangeFeed
from desktop.services.hosting.errors import (
    RelayFailure,
    RelayLocalOnly,
    RelayMissing,
    RelayNotPublic,
    RelayUnreachable,
)
from desktop.services.hosting.hosted_objects import LIFE
from desktop.services.hosting.ports import HostedObject
from desktop.services.hosting.relay_settings import RelaySettings
from desktop.services.hosting.service import HostingService
from tests.support.memory_storage import MemoryStorage
from tests.support.relays import MemoryObjectStore
from tests.support.secret_stores import MemorySecretStore
from tests.support.stored_things import PLANNED, a_delivery, a_post, an_account

START = datetime(2026, 12, 1, 8, tzinfo=UTC)
IMAGE = PayloadMedia(AssetId("a"), MediaKind.IMAGE, "image/jpeg", "ab" * 32, "")
ONE, TWO = DeliveryId("one"), DeliveryId("two")


class Desk:
    """The service on a relay in memory."""

    def __init__(self, folder: Path, url: str = "s3://media/p") -> None:
        self.storage, self.clock, self.store = MemoryStorage(), ManualClock(START), MemoryObjectStore()
        self.file = folder / "a.jpg"
        self.file.write_bytes(b"picture")
        self.settings = RelaySettings(self.storage, MemorySecretStore(), ChangeFeed())
        if url:
            self.settings.choose(url, "id", "key")
        self.hosting = HostingService(self.storage, self.settings, self.store, self.store, self.locate, self.clock)

    def locate(self, sha256: str) -> Path:
        if not self.file.exists():
            raise FileUnreadable(name="a.jpg", reason="gone")
        return self.file

    def rows(self) -> list[HostedObject]:
        with self.storage.read() as uow:
            return list(uow.hosted.list())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two deliveries are being prepared."""
    desk = Desk(tmp_path)
    account = an_account()
    with desk.storage.write() as uow:
        uow.accounts.add(account)
        for delivery_id in (ONE, TWO):
            post = a_post("Hello", account.id)
            uow.posts.add(post)
            uow.deliveries.add(a_delivery(post, account, id=delivery_id, state=DeliveryState.PREPARING), PLANNED)
        uow.commit()
    return desk


def put_in(desk: Desk, state: DeliveryState) -> None:
    with desk.storage.write() as uow:
        uow.deliveries.save(replace(uow.deliveries.get(ONE), state=state))
        uow.commit()


def key_of(address: str) -> str:
    return urlsplit(address).path[1:]


def test_a_file_is_served_under_a_name_nobody_can_guess(desk: Desk) -> None:
    addresses = {desk.hosting.expose(IMAGE, DeliveryId(str(n))) for n in range(50)}
    keys = {key_of(address) for address in addresses}
    assert len(keys) == 50
    # 32 characters of 6 bits each
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}\.jpg", key) for key in keys)
    assert all(address.isascii() for address in addresses)
    assert desk.store.objects[keys.pop()] == (b"picture", "image/jpeg")


def test_the_row_comes_before_the_object(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[int] = []
    put = desk.store.put
    monkeypatch.setattr(desk.store, "put", lambda *given: (rows.append(len(desk.rows())), put(*given))[1])
    desk.hosting.expose(IMAGE, ONE)
    assert rows == [1]


def test_the_same_file_is_uploaded_once_for_a_delivery_and_again_for_another(desk: Desk) -> None:
    first = desk.hosting.expose(IMAGE, ONE)
    assert key_of(desk.hosting.expose(IMAGE, ONE)) == key_of(first)
    assert desk.store.puts == 1
    assert key_of(desk.hosting.expose(IMAGE, TWO)) != key_of(first)
    assert desk.store.puts == 2


def test_trap_16_an_address_that_is_about_to_end_is_never_handed_out(desk: Desk) -> None:
    first = desk.hosting.expose(IMAGE, ONE)
    desk.clock.advance(LIFE / 2 - timedelta(seconds=1))
    again = desk.hosting.expose(IMAGE, ONE)
    assert key_of(again) == key_of(first)
    # the address ends with its object, and has an hour left at least
    assert urlsplit(again).query == "life=3601"
    desk.clock.advance(timedelta(seconds=2))
    fresh = desk.hosting.expose(IMAGE, ONE)
    assert key_of(fresh) != key_of(first)
    assert urlsplit(fresh).query == "life=7200"


def test_an_upload_that_a_crash_cut_off_is_made_again_under_its_name(desk: Desk) -> None:
    first = desk.hosting.expose(IMAGE, ONE)
    desk.store.objects.clear()
    assert key_of(desk.hosting.expose(IMAGE, ONE)) == key_of(first)
    assert key_of(first) in desk.store.objects


def test_what_was_released_goes_with_the_next_sweep_and_nothing_else(desk: Desk) -> None:
    first, second = desk.hosting.expose(IMAGE, ONE), desk.hosting.expose(IMAGE, TWO)
    assert desk.hosting.sweep().deleted == 0
    desk.hosting.release(ONE)
    assert set(desk.store.objects) == {key_of(first), key_of(second)}
    assert desk.hosting.sweep().deleted == 1
    assert set(desk.store.objects) == {key_of(second)}
    assert [row.key for row in desk.rows()] == [key_of(second)]


def test_releasing_what_was_never_put_up_writes_nothing(desk: Desk) -> None:
    before = desk.storage.commits
    desk.hosting.release(ONE)
    assert desk.storage.commits == before


def test_after_its_release_a_file_is_put_up_anew(desk: Desk) -> None:
    first = desk.hosting.expose(IMAGE, ONE)
    desk.hosting.release(ONE)
    assert key_of(desk.hosting.expose(IMAGE, ONE)) != key_of(first)


@pytest.mark.parametrize("state", DeliveryState)
def test_files_stay_while_the_network_may_fetch_them(desk: Desk, state: DeliveryState) -> None:
    desk.hosting.expose(IMAGE, ONE)
    put_in(desk, state)
    desk.hosting.sweep()
    is_fetching = state.value in {"scheduled", "preparing", "retry_wait", "held"}
    assert bool(desk.store.objects) is is_fetching
    assert bool(desk.rows()) is is_fetching


def test_what_a_sweep_has_chosen_is_never_handed_out_again(desk: Desk) -> None:
    first = desk.hosting.expose(IMAGE, ONE)
    put_in(desk, DeliveryState.READY)
    desk.store.is_down = True
    assert len(desk.hosting.sweep().left) == 1
    put_in(desk, DeliveryState.PREPARING)  # its container was lost
    desk.store.is_down = False
    second = desk.hosting.expose(IMAGE, ONE)
    assert key_of(second) != key_of(first)
    assert desk.hosting.sweep().deleted == 1
    assert set(desk.store.objects) == {key_of(second)}


def test_nothing_stays_longer_than_its_life(desk: Desk) -> None:
    desk.hosting.expose(IMAGE, ONE)
    desk.hosting.expose(replace(IMAGE, sha256="cd" * 32))
    desk.clock.advance(LIFE - timedelta(seconds=1))
    assert desk.hosting.sweep().deleted == 0
    desk.clock.advance(timedelta(seconds=1))
    assert desk.hosting.sweep().deleted == 2
    assert not desk.store.objects


def test_files_of_a_delivery_that_was_purged_go(desk: Desk) -> None:
    desk.hosting.expose(IMAGE, DeliveryId("nobody"))
    assert desk.hosting.sweep().deleted == 1


def test_what_cannot_be_deleted_is_told_kept_and_tried_again(desk: Desk) -> None:
    desk.hosting.expose(IMAGE, ONE)
    desk.hosting.expose(IMAGE, TWO)
    desk.hosting.release(ONE)
    desk.hosting.release(TWO)
    desk.store.is_down = True
    report = desk.hosting.sweep()
    assert report.deleted == 0
    assert [type(error) for _, error in report.left] == [RelayUnreachable] * 2
    assert len(desk.rows()) == 2
    desk.store.is_down = False
    assert desk.hosting.sweep().deleted == 2
    assert not desk.rows()


def test_a_sweep_never_raises_what_can_be_expected(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy() -> None:
        raise DatabaseBusy

    monkeypatch.setattr(desk.storage, "read", busy)
    assert desk.hosting.sweep().left == ()


def test_trouble_with_the_relay_is_never_a_reason_to_give_a_post_up() -> None:
    """The engine gives up for an error of its own kind only; a relay's is a passing trouble before any send."""
    for error in all_failures(RelayFailure):
        failure = error(relay="r", host="h", reason="x", status=403, expected="a", found="b")
        assert (failure.kind, failure.effect) == (FailureKind.TRANSIENT_RETRY, Effect.NOT_SENT)
        assert failure.remote_message == failure.title
        assert failure.remote_code == failure.code
        assert "{" not in failure.title + failure.advice
        assert failure.advice
    codes = [error.code for error in all_failures(RelayFailure)]
    assert len(codes) == len(set(codes)) > 15


def all_failures(kind: type[RelayFailure]) -> list[type[RelayFailure]]:
    return [found for child in kind.__subclasses__() for found in (child, *all_failures(child))]


def test_without_a_relay_the_person_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path, url="")
    with pytest.raises(RelayMissing, match="public address"):
        desk.hosting.expose(IMAGE)
    assert [(f.code, f.is_ok) for f in desk.hosting.check()] == [("relay_missing", False)]


def test_a_relay_at_home_is_refused_for_networks_on_the_internet(tmp_path: Path) -> None:
    desk = Desk(tmp_path, url="s3://media?endpoint=http://127.0.0.1:9000")
    with pytest.raises(RelayLocalOnly):
        desk.hosting.expose(IMAGE)
    assert not desk.rows()
    assert [f.code for f in desk.hosting.check()] == ["relay_local_only"]


def test_a_file_that_has_gone_is_no_matter_of_the_relay(desk: Desk) -> None:
    desk.file.unlink()
    with pytest.raises(FileUnreadable):
        desk.hosting.expose(IMAGE)
    assert not desk.rows()


def test_no_film_is_uploaded_again_and_again_to_a_relay_that_needs_repair(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def private(*given: object, **more: object) -> None:
        raise RelayNotPublic(host="relay.example", status=403)

    with monkeypatch.context() as patch:
        patch.setattr(desk.store, "look", private)
        for _ in range(3):
            with pytest.raises(RelayNotPublic, match="answers 403"):
                desk.hosting.expose(IMAGE, ONE)
    assert desk.store.puts == 1
    desk.clock.advance(timedelta(minutes=2))
    desk.hosting.expose(IMAGE, ONE)


def test_a_check_ends_the_rest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def private(*given: object, **more: object) -> None:
        raise RelayNotPublic(host="relay.example", status=403)

    with monkeypatch.context() as patch:
        patch.setattr(desk.store, "look", private)
        with pytest.raises(RelayNotPublic):
            desk.hosting.expose(IMAGE, ONE)
    assert all(finding.is_ok for finding in desk.hosting.check())
    desk.hosting.expose(IMAGE, ONE)


def test_a_check_leaves_nothing_behind(desk: Desk) -> None:
    findings = desk.hosting.check()
    assert [(f.code, f.is_ok) for f in findings] == [
        ("relay_stores", True),
        ("relay_serves", True),
        ("relay_deletes", True),
    ]
    assert not desk.store.objects
    assert not desk.rows()


def test_a_check_of_a_relay_that_is_down_says_so_once(desk: Desk) -> None:
    desk.store.is_down = True
    assert [(f.code, f.is_ok) for f in desk.hosting.check()] == [("relay_unreachable", False)]


def test_a_check_tells_of_a_cache_that_keeps_what_was_deleted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.store, "look", lambda *given, **more: None)
    assert [f.code for f in desk.hosting.check()] == ["relay_stores", "relay_serves", "relay_keeps_deleted"]


def test_withdrawing_leaves_nothing_and_names_what_it_could_not_delete(desk: Desk) -> None:
    desk.hosting.expose(IMAGE, ONE)
    assert desk.hosting.withdraw().deleted == 1
    assert desk.settings.current() is None
    desk.settings.choose("s3://media/p", "id", "key")
    address = desk.hosting.expose(IMAGE, ONE)
    desk.store.is_down = True
    report = desk.hosting.withdraw()
    assert [hosted.key for hosted, _ in report.left] == [key_of(address)]
    assert not desk.rows()
    assert desk.settings.current() is None

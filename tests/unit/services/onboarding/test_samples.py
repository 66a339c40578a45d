"""The sample workspace, on the real sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.bootstrap.container import Container, build_container
from desktop.domain.accounts import AccountState
from desktop.domain.networks import Network
from desktop.domain.posts import Content, Part
from desktop.domain.schedules import Schedule
from desktop.host.environment import Environment
from desktop.host.local_sandbox import LocalSandbox
from desktop.host.paths import Profile
from desktop.kit.clock import ManualClock
from desktop.kit.resources import resource_path
from desktop.services.onboarding.ports import SandboxUnavailable
from desktop.services.onboarding.sample_posts import SAMPLE_POSTS
from desktop.services.settings.preferences import WorkspaceKind
from tests.support.sandbox import SandboxServer

NOW = datetime(2026, 3, 20, 23, 30, tzinfo=UTC)
NEW_YORK = "America/New_York"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer() as server:
        yield server


@pytest.fixture
def container(tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Container]:
    monkeypatch.setattr(LocalSandbox, "address", lambda self: sandbox.url)  # no process per test
    built = build_container(Profile(tmp_path), Environment(), clock=ManualClock(NOW))
    built.settings.update(zone=NEW_YORK)
    yield built
    built.close()


def test_it_turns_an_empty_profile_into_two_weeks_of_posts(container: Container) -> None:
    container.samples.create()
    assert container.samples.is_present()
    assert container.is_sandbox
    assert [account.network for account in container.accounts.list()] == list(Network)
    assert all(account.is_sample for account in container.accounts.list())
    posts = container.drafting.list()
    assert len(posts) == len(SAMPLE_POSTS) == 12
    assert all(post.is_sample for post in posts)
    assert len(container.scheduling.backlog()) == 3
    entries = container.scheduling.calendar(NOW.date(), NOW.date() + timedelta(days=15), NEW_YORK)
    assert len(entries) == 9
    assert entries[0].schedule.at == NOW + timedelta(minutes=1)
    # the clocks of New York went forward two weeks before; wall times are what was meant
    assert [entry.local.hour for entry in entries[1:3]] == [9, 12]
    assert max(len(post.shared.parts) for post in posts) == 3
    assert max(len(post.shared.parts[0].media) for post in posts) == 2


def test_every_sample_would_be_taken_without_a_remark(container: Container) -> None:
    container.samples.create()
    planned = {entry.post_id for entry in container.scheduling.calendar(NOW.date(), NOW.date() + timedelta(15), "UTC")}
    assert len(planned) == 9
    for post_id in planned:
        report = container.drafting.preflight(container.drafting.get(post_id))
        assert report.blocking + report.warnings == ()


def test_again_makes_no_second_set(container: Container) -> None:
    container.samples.create()
    container.samples.create()
    assert len(container.drafting.list()) == 12
    assert len(container.accounts.list()) == 3


def test_removing_leaves_a_live_workspace_with_the_persons_own_posts(container: Container) -> None:
    container.samples.create()
    account = container.accounts.list()[0]
    own = container.drafting.create(Content((Part("mine"),)), [account.id])
    container.scheduling.schedule(own.id, Schedule.from_instant(NOW + timedelta(days=1), NEW_YORK))
    container.samples.remove()
    assert not container.samples.is_present()
    assert not container.is_sandbox
    assert container.settings.get().workspace_kind is WorkspaceKind.LIVE
    assert [post.id for post in container.drafting.list()] == [own.id]
    assert [item.post_id for item in container.scheduling.backlog()] == [own.id]
    assert container.accounts.list() == []
    gone = container.accounts.list(include_disconnected=True)
    assert {account.state for account in gone} == {AccountState.DISCONNECTED}
    with container.storage.read() as uow:
        assert uow.deliveries.next_action_at() is None


def test_sandbox_tokens_never_meet_the_real_store(container: Container, tmp_path: Path) -> None:
    container.samples.create()
    assert (tmp_path / "sandbox-secrets.json").exists()
    assert not (tmp_path / "secrets.json").exists()


def test_an_interrupted_start_can_be_finished(container: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(self: LocalSandbox) -> str:
        raise SandboxUnavailable(reason="it ended at once")

    with monkeypatch.context() as patch:
        patch.setattr(LocalSandbox, "address", unavailable)
        with pytest.raises(SandboxUnavailable):
            container.samples.create()
    container.samples.create()
    assert len(container.drafting.list()) == 12


def test_a_first_start_fills_the_workspace_once(container: Container) -> None:
    assert container.fill_if_new()
    assert not container.fill_if_new()
    container.samples.remove()
    assert not container.fill_if_new()
    assert container.drafting.list() == []


def test_a_workspace_somebody_uses_is_left_alone(container: Container) -> None:
    container.drafting.create(Content((Part("mine"),)))
    assert not container.fill_if_new()
    assert container.accounts.list() == []


def test_a_workspace_on_given_networks_is_left_alone(tmp_path: Path) -> None:
    built = build_container(
        Profile(tmp_path / "given"), Environment(networks={"threads_graph_url": "https://t.example"})
    )
    assert not built.fill_if_new()
    built.close()


def test_pictures_are_small() -> None:
    pictures = {picture.file for sample in SAMPLE_POSTS for part in sample.parts for picture in part.pictures}
    assert len(pictures) == 4
    assert all(resource_path("samples", name).stat().st_size <= 60_000 for name in pictures)

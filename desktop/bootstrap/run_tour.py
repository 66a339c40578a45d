"""The tour: from writing to the permalink on a throw-away sandbox workspace, told in lines and pictures."""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from desktop.bootstrap.container import Container, build_container
from desktop.cli.commands.deliveries import timeline_lines
from desktop.domain.accounts import AccountId
from desktop.domain.deliveries import HUMAN_STATES, TERMINAL_STATES, DeliveryId, DeliveryState
from desktop.domain.networks import Network
from desktop.domain.posts import Content, MediaUse, Part
from desktop.domain.schedules import Schedule
from desktop.gui import app
from desktop.host.environment import Environment
from desktop.host.log import logging_to
from desktop.host.paths import Profile
from desktop.kit.i18n import tr
from desktop.kit.resources import resource_path
from desktop.services.changes import Change, Noun

PATIENCE_SECONDS = 180.0
AHEAD = timedelta(seconds=5)


def run(pictures: Path) -> int:
    """Take the tour and save pictures of the pages in ``pictures``; return 0 when everything was published."""
    with tempfile.TemporaryDirectory(prefix="tidings-tour-", ignore_cleanup_errors=True) as folder:
        profile = Profile(Path(folder))
        profile.prepare()
        with logging_to(profile.logs, "tour"):
            container = build_container(profile, Environment())
            try:
                is_published = _publish(container)
                pictures.mkdir(parents=True, exist_ok=True)
                app.tour(container, pictures)
            finally:
                container.close()
    _say(tr("Pictures of the pages: {folder}", folder=pictures))
    return 0 if is_published else 1


def _publish(container: Container) -> bool:
    """Write, plan and publish a few posts beside the samples, and tell what happened."""
    _say(tr("Starting the sandbox and writing sample posts …"))
    container.samples.create()
    ids = _plan(container)
    _say(tr("{count} deliveries are planned; publishing …", count=len(ids)))
    container.start_publishing()
    _wait_until_settled(container, ids)
    details = [container.deliveries.show(delivery_id) for delivery_id in ids]
    for detail in details:
        _say("", *timeline_lines(detail))
    return all(detail.delivery.state is DeliveryState.PUBLISHED for detail in details)


def _plan(container: Container) -> list[DeliveryId]:
    accounts = {account.network: account.id for account in container.accounts.list()}
    picture = container.media.add_file(resource_path("samples", "blue-vase.jpg"))
    vase = MediaUse(picture.id, tr("A tall blue vase beside a bright window."))
    plan = Schedule.from_instant(container.clock.now() + AHEAD, container.settings.get().zone)
    stories: Sequence[tuple[Content, Sequence[AccountId]]] = (
        (Content((Part(tr("Hello from the tour: one text, two networks.")),)), _of(accounts, "threads", "facebook")),
        (Content((Part(tr("A picture with its description."), media=(vase,)),)), _of(accounts, "instagram")),
        (Content(tuple(Part(tr("Part {n} of three.", n=n)) for n in (1, 2, 3))), _of(accounts, "threads")),
    )
    ids: list[DeliveryId] = []
    for content, account_ids in stories:
        post = container.drafting.create(content, account_ids)
        ids += [delivery.id for delivery in container.scheduling.schedule(post.id, plan)]
    return ids


def _of(accounts: dict[Network, AccountId], *networks: str) -> list[AccountId]:
    return [accounts[Network(network)] for network in networks]


def _wait_until_settled(container: Container, ids: Sequence[DeliveryId]) -> None:
    changed = threading.Event()

    def on_change(change: Change) -> None:
        if change.noun is Noun.DELIVERIES:
            changed.set()

    unsubscribe = container.changes.subscribe(on_change)
    deadline = time.monotonic() + PATIENCE_SECONDS
    try:
        while time.monotonic() < deadline:
            changed.clear()
            states = {container.deliveries.show(delivery_id).delivery.state for delivery_id in ids}
            if states <= TERMINAL_STATES | HUMAN_STATES:
                return
            changed.wait(max(0.0, deadline - time.monotonic()))
    finally:
        unsubscribe()


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()

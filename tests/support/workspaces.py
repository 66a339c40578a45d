"""An opened profile for tests of the window: real services on a real database, networks on this computer only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from desktop.bootstrap.container import Container, build_container
from desktop.domain.accounts import Account
from desktop.domain.deliveries import Delivery, DeliveryId, DeliveryState, TimelineEntry
from desktop.domain.networks import Network
from desktop.domain.posts import Content, Part
from desktop.domain.schedules import Schedule
from desktop.host.environment import Environment, SecretStoreKind
from desktop.host.paths import Profile
from desktop.kit.clock import ManualClock
from desktop.kit.ids import new_id
from tests.support.drafts import an_account

NOW = datetime(2026, 11, 12, 13, 42, tzinfo=UTC)
# nothing listens there
NOWHERE = "http://127.0.0.1:9"


def _of_the_house(place: int, network: Network, username: str, display_name: str) -> Account:
    connected_at = NOW - timedelta(days=30) + timedelta(minutes=place)
    return an_account(network, username=username, display_name=display_name, connected_at=connected_at)


# in the order they are listed
HOUSE = (
    _of_the_house(0, Network.THREADS, "northandpine", "northandpine"),
    _of_the_house(1, Network.INSTAGRAM, "northandpine.studio", "North & Pine Studio"),
    _of_the_house(2, Network.FACEBOOK, "North & Pine", "North & Pine"),
)


def environment(sandbox_url: str = NOWHERE) -> Environment:
    """Return variables that put every network at ``sandbox_url``."""
    networks = {
        "facebook_graph_url": f"{sandbox_url}/facebook",
        "facebook_dialog_url": f"{sandbox_url}/dialog",
        "facebook_upload_url": f"{sandbox_url}/rupload",
        "instagram_graph_url": f"{sandbox_url}/instagram",
        "instagram_oauth_url": f"{sandbox_url}/instagram",
        "instagram_dialog_url": f"{sandbox_url}/dialog",
        "threads_graph_url": f"{sandbox_url}/threads",
        "threads_dialog_url": f"{sandbox_url}/dialog",
    }
    return Environment(secret_store=SecretStoreKind.FILE, passphrase="of no worth", networks=networks)


@contextmanager
def workspace(
    folder: Path, *, accounts: Sequence[Account] = HOUSE, sandbox_url: str = NOWHERE, clock: ManualClock | None = None
) -> Iterator[Container]:
    """Open a profile in ``folder`` with accounts that nobody signed in; its clock stands at ``NOW``."""
    container = build_container(Profile(folder), environment(sandbox_url), clock=clock or ManualClock(NOW))
    try:
        with container.storage.write() as work:
            for account in accounts:
                work.accounts.add(account)
            work.commit()
        container.settings.update(zone="Europe/Oslo")
        yield container
    finally:
        container.close()


def plan(
    container: Container,
    text: str,
    ahead: timedelta = timedelta(hours=2),
    *,
    account: Account = HOUSE[0],
    state: DeliveryState = DeliveryState.SCHEDULED,
    **changes: Any,
) -> DeliveryId:
    """Write a post and give it a delivery in any state; ``changes`` are fields of the delivery."""
    now = container.clock.now()
    post = container.drafting.create(Content((Part(text),)), [account.id])
    schedule = Schedule.from_instant(now + ahead, "Europe/Oslo")
    delivery = Delivery(
        id=DeliveryId(new_id()),
        post_id=post.id,
        account_id=account.id,
        network=account.network,
        slot_key=new_id(),
        schedule=schedule,
        due_at=schedule.at,
        late_limit=timedelta(minutes=15),
        state=state,
        state_since=now,
        created_at=now,
        next_action_at=schedule.at if state is DeliveryState.SCHEDULED else None,
    )
    with container.storage.write() as work:
        work.deliveries.add(replace(delivery, **changes), TimelineEntry(now, None, state, "planned"))
        work.commit()
    return delivery.id

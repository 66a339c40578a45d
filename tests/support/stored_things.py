"""Things to store, with every field filled that a test does not care about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from desktop.domain.accounts import Account, AccountId, AccountState, Hue, LoginKind
from desktop.domain.deliveries import Delivery, DeliveryId, DeliveryState, TimelineEntry
from desktop.domain.media import Asset, AssetId, MediaKind
from desktop.domain.networks import Network
from desktop.domain.posts import Content, Part, Post, PostId, Variant
from desktop.domain.schedules import Schedule
from desktop.kit.ids import new_id
from desktop.services.unit_of_work import Storage

NOW = datetime(2026, 11, 20, 9, 30, 15, 123456, tzinfo=UTC)
PLANNED = TimelineEntry(NOW, None, DeliveryState.SCHEDULED, "planned")


def an_account(**changes: Any) -> Account:
    fields: dict[str, Any] = {
        "id": AccountId(new_id()),
        "network": Network.THREADS,
        "login": LoginKind.THREADS,
        "remote_id": new_id(),
        "username": "ada",
        "display_name": "Ada",
        "state": AccountState.CONNECTED,
        "state_reason": "",
        "hue": Hue.INK,
        "is_sample": False,
        "connected_at": NOW,
        "token_expires_at": NOW + timedelta(days=60),
    }
    return Account(**fields | changes)


def a_post(text: str = "Hello", *account_ids: AccountId, **changes: Any) -> Post:
    fields: dict[str, Any] = {
        "id": PostId(new_id()),
        "shared": Content((Part(text),)),
        "variants": tuple(Variant(account_id) for account_id in account_ids),
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Post(**fields | changes)


def a_delivery(post: Post, account: Account, **changes: Any) -> Delivery:
    fields: dict[str, Any] = {
        "id": DeliveryId(new_id()),
        "post_id": post.id,
        "account_id": account.id,
        "network": account.network,
        "slot_key": "1",
        "schedule": Schedule(datetime(2026, 11, 21, 8, 0), "America/New_York"),  # noqa: DTZ001 - a wall time
        "due_at": NOW,
        "late_limit": timedelta(minutes=15),
        "state": DeliveryState.SCHEDULED,
        "state_since": NOW,
        "created_at": NOW,
        "next_action_at": NOW,
    }
    return Delivery(**fields | changes)


def an_asset(**changes: Any) -> Asset:
    fields: dict[str, Any] = {
        "id": AssetId(new_id()),
        "kind": MediaKind.VIDEO,
        "mime_type": "video/mp4",
        "sha256": new_id(),
        "size_bytes": 5_000_000_000,
        "width": 1080,
        "height": 1920,
        "duration": timedelta(seconds=12, microseconds=345678),
        "original_name": "sunset – final.mp4",
        "created_at": NOW,
    }
    return Asset(**fields | changes)


def put(storage: Storage, *things: Account | Post | Asset | Delivery) -> None:
    """Store the things in one transaction, in the order given."""
    with storage.write() as unit:
        for thing in things:
            if isinstance(thing, Account):
                unit.accounts.add(thing)
            elif isinstance(thing, Post):
                unit.posts.add(thing)
            elif isinstance(thing, Asset):
                unit.assets.add(thing)
            else:
                unit.deliveries.add(thing, PLANNED)
        unit.commit()

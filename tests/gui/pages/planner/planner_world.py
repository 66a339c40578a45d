"""A calendar page on real scheduling and drafting services over storage in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QUndoStack

from desktop.domain.accounts import Account, AccountId, Hue
from desktop.domain.deliveries import Delivery, DeliveryId, DeliveryState, PublishingTimers, TimelineEntry
from desktop.domain.media import AssetId
from desktop.domain.networks import Network
from desktop.domain.posts import Content, MediaUse, Part, Post, PostId, Variant
from desktop.domain.schedules import Schedule
from desktop.files.network_rules import load_rules
from desktop.gui.bridge.events import EventBridge
from desktop.gui.bridge.task_runners import ImmediateTaskRunner
from desktop.gui.bridge.tasks import TaskRunner
from desktop.kit.clock import ManualClock
from desktop.kit.ids import new_id
from desktop.services.changes import ChangeFeed
from desktop.services.drafting.service import DraftingService
from desktop.services.scheduling.service import SchedulingService
from tests.support.drafts import an_account
from tests.support.memory_storage import MemoryStorage

ZONE = "Europe/Oslo"
NOW = datetime(2026, 11, 12, 13, 42, tzinfo=UTC)  # Thursday, 14:42 in Oslo
HOUSE = (
    an_account(Network.THREADS, display_name="northandpine"),
    an_account(Network.INSTAGRAM, display_name="northandpine.studio"),
    an_account(Network.FACEBOOK, display_name="North & Pine"),
    an_account(
        Network.INSTAGRAM, id=AccountId("kitchen"), remote_id="kitchen", display_name="Pine Kitchen", hue=Hue.TEAL
    ),
)


@dataclass
class Toast:
    text: str
    action: str
    on_action: Callable[[], object] | None
    tone: str


class StoredAccounts:
    def __init__(self, storage: MemoryStorage) -> None:
        self._storage = storage

    def list(self) -> Sequence[Account]:
        with self._storage.read() as work:
            return work.accounts.list()


class DrawnMedia:
    """Thumbnails drawn on the spot."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def thumbnail(self, asset_id: AssetId, pixels: int) -> Path:
        assert self._folder is not None, "this test has no folder for pictures"
        path = self._folder / f"{asset_id}-{pixels}.png"
        image = QImage(pixels, pixels, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        gradient = QLinearGradient(0, 0, pixels, pixels)
        hue = sum(asset_id.encode()) * 37 % 360
        gradient.setColorAt(0, QColor.fromHsv(hue, 50, 240))
        gradient.setColorAt(1, QColor.fromHsv(hue, 150, 170))
        painter.fillRect(image.rect(), gradient)
        painter.end()
        assert image.save(str(path))
        return path


@dataclass
class World:
    """What :class:`PlannerPage` wants, and shortcuts to fill and read it. It satisfies ``PlannerContext``."""

    pictures: Path | None = None
    tasks: TaskRunner = field(default_factory=ImmediateTaskRunner)
    zone_name: str = ZONE

    def __post_init__(self) -> None:
        self.storage = MemoryStorage()
        self.clock = ManualClock(NOW)
        self.changes = ChangeFeed()
        self.events = EventBridge()
        self.changes.subscribe(self.events.post)
        self.undo = QUndoStack()
        self.toasts: list[Toast] = []
        drafting = DraftingService(self.storage, self.clock, self.changes, load_rules())
        scheduling = SchedulingService(self.storage, self.clock, self.changes, drafting, PublishingTimers())
        self.services: Any = SimpleNamespace(
            drafting=drafting,
            scheduling=scheduling,
            accounts=StoredAccounts(self.storage),
            media=DrawnMedia(self.pictures),
        )
        with self.storage.write() as work:
            for account in HOUSE:
                work.accounts.add(account)
            work.commit()

    def zone(self) -> str:
        return self.zone_name

    def notify(
        self, text: str, action: str = "", on_action: Callable[[], object] | None = None, *, tone: str = "ok"
    ) -> None:
        self.toasts.append(Toast(text, action, on_action, tone))

    def write(self, text: str, *accounts: int, media: int = 0, parts: int = 1) -> PostId:
        """Add a post that goes to the accounts of ``HOUSE`` with these places."""
        uses = tuple(MediaUse(AssetId(f"{text[:8]}-{i}"), "described") for i in range(media))
        more = tuple(Part(f"Part {i}") for i in range(2, parts + 1))
        variants = tuple(Variant(HOUSE[i].id) for i in accounts)
        post = Post(PostId(new_id()), Content((Part(text, media=uses), *more)), variants, NOW, NOW)
        with self.storage.write() as work:
            work.posts.add(post)
            work.commit()
        return post.id

    def plan(
        self,
        text: str,
        wall: str,
        *accounts: int,
        state: DeliveryState = DeliveryState.SCHEDULED,
        media: int = 0,
        zone: str = "",
    ) -> PostId:
        """Add a post with a delivery at ``wall`` ("2026-11-19 10:45") for each account (the first if none is named)."""
        accounts = accounts or (0,)
        post_id = self.write(text, *accounts, media=media)
        schedule = Schedule(datetime.fromisoformat(wall), zone or self.zone_name)
        with self.storage.write() as work:
            for place in accounts:
                delivery = Delivery(
                    id=DeliveryId(new_id()),
                    post_id=post_id,
                    account_id=HOUSE[place].id,
                    network=HOUSE[place].network,
                    slot_key="once",
                    schedule=schedule,
                    due_at=schedule.at,
                    late_limit=timedelta(minutes=15),
                    state=state,
                    state_since=NOW,
                    created_at=NOW,
                    next_action_at=schedule.at,
                )
                work.deliveries.add(delivery, TimelineEntry(NOW, None, state, "planned"))
            work.commit()
        return post_id

    def planned_times(self, post_id: PostId) -> list[str]:
        """Return the wall times of a post's deliveries that are still going out."""
        with self.storage.read() as work:
            found = work.deliveries.for_posts([post_id]).get(post_id, ())
        waiting = [d for d in found if d.state is not DeliveryState.CANCELLED]
        return [f"{d.schedule.wall_time:%Y-%m-%d %H:%M}" for d in waiting]

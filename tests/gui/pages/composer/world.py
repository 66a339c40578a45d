"""The composer on real services over storage in memory; what it asks of the shell is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from PySide6.QtGui import QUndoStack

from desktop.domain.accounts import Account
from desktop.domain.deliveries import PublishingTimers
from desktop.domain.networks import Network
from desktop.files.asset_store import DiskAssetStore
from desktop.files.network_rules import load_rules
from desktop.gui.bridge.events import EventBridge
from desktop.gui.bridge.task_runners import ImmediateTaskRunner
from desktop.gui.bridge.tasks import TaskRunner
from desktop.gui.pages.composer.view import ComposerView
from desktop.gui.pages.composer.viewmodel import ComposerViewModel
from desktop.gui.theme.painting import Status
from desktop.kit.clock import ManualClock
from desktop.services.accounts.service import AccountService
from desktop.services.changes import ChangeFeed
from desktop.services.drafting.service import DraftingService
from desktop.services.media.service import MediaService
from desktop.services.publishing.service import DeliveryService
from desktop.services.scheduling.service import SchedulingService
from desktop.services.unit_of_work import Storage
from tests.support.drafts import an_account
from tests.support.memory_storage import MemoryStorage

NOW = datetime(2026, 11, 16, 13, 41, tzinfo=UTC)
ZONE = "Europe/Oslo"

NORTH = an_account(Network.THREADS, username="northandpine", display_name="North & Pine")
STUDIO = an_account(Network.INSTAGRAM, username="northandpine.studio", display_name="Pine Studio")
PAGE = an_account(Network.FACEBOOK, username="northandpine", display_name="North & Pine")


@dataclass
class World:
    """A ``ComposerContext`` with what the tests look at."""

    folder: Path
    storage: Any = field(default_factory=MemoryStorage)
    tasks: TaskRunner = field(default_factory=ImmediateTaskRunner)
    accounts: tuple[Account, ...] = (NORTH, STUDIO, PAGE)
    zone_name: str = ZONE

    def __post_init__(self) -> None:
        self.clock = ManualClock(NOW)
        self.events = EventBridge()
        self.undo = QUndoStack()
        self.toasts: list[tuple[str, str, Callable[[], object] | None, str]] = []
        self.changes = ChangeFeed()
        self.changes.subscribe(self.events.post)
        rules, timers, store = load_rules(), PublishingTimers(), cast("Storage", self.storage)
        drafting = DraftingService(store, self.clock, self.changes, rules)
        nobody = cast("Any", None)
        with store.write() as work:
            for account in self.accounts:
                work.accounts.add(account)
            work.commit()
        self.services = SimpleNamespace(
            drafting=drafting,
            scheduling=SchedulingService(store, self.clock, self.changes, drafting, timers),
            deliveries=DeliveryService(store, self.clock, self.changes, timers),
            accounts=AccountService(store, self.clock, self.changes, nobody, nobody, nobody),
            media=MediaService(store, self.clock, self.changes, DiskAssetStore(self.folder / "media")),
            rules=rules,
        )

    def zone(self) -> str:
        return self.zone_name

    def notify(
        self, text: str, action: str = "", on_action: Callable[[], object] | None = None, *, tone: Status = "ok"
    ) -> None:
        self.toasts.append((text, action, on_action, tone))

    def viewmodel(self, *, ready: bool = True) -> ComposerViewModel:
        made = ComposerViewModel(cast("Any", self))
        if ready:
            made.set_ready()
        return made

    def view(self, *, ready: bool = True) -> ComposerView:
        viewmodel = self.viewmodel(ready=False)
        view = ComposerView(viewmodel, cast("Any", self))
        viewmodel.setParent(view)
        if ready:
            viewmodel.set_ready()
        return view

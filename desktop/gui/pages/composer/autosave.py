"""Keeps what is typed on disk within a second, and says whether it is there."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.posts import Post
from desktop.gui.bridge.messages import message_for
from desktop.gui.pages.composer.ports import ComposerContext
from desktop.gui.pages.composer.storing import DraftWriter, Written
from desktop.kit.i18n import tr

if TYPE_CHECKING:
    from desktop.gui.bridge.tasks import TaskContext

PAUSE_MS = 400
LONGEST_MS = 800
RETRY_MS = 3_000


class SaveState(StrEnum):
    """What the indicator shows."""

    NONE = "none"  # nothing written yet
    WAITING = "waiting"
    SAVED = "saved"
    FAILED = "failed"


class Autosave(QObject):
    """Saves ``PAUSE_MS`` after the last change and every ``LONGEST_MS`` during typing, on the serial lane.

    Before :meth:`start` changes are only remembered. A failed save is tried again by itself until it works.
    """

    changed = Signal()
    stored = Signal(object)

    def __init__(self, context: ComposerContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_started = False
        self._draft: Post | None = None
        self._under_way = 0
        self._left: list[tuple[DraftWriter, Post]] = []
        self.writer = DraftWriter()
        self.state = SaveState.NONE
        self.saved_at: datetime | None = None
        self.reason = ""
        self._pause, self._longest, self._retry = (self._timer(ms) for ms in (PAUSE_MS, LONGEST_MS, RETRY_MS))

    def _timer(self, interval_ms: int) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=interval_ms)
        timer.timeout.connect(self.flush)
        return timer

    @property
    def is_dirty(self) -> bool:
        """Whether something is not on disk yet."""
        return self._draft is not None or self._under_way > 0

    def start(self) -> None:
        """The services are there: save what has been written meanwhile."""
        self._is_started = True
        self.flush()

    def stop(self) -> None:
        """Save what is waiting and end."""
        self.flush()
        self._is_started = False

    def follow(self, post: Post | None) -> None:
        """Turn to another post, as stored (None: a new one). What was not saved of the one before is saved first."""
        self.flush()
        if self._draft is not None:
            self._left.append((self.writer, self._draft))
        self._draft, self._under_way = None, 0
        self.writer = DraftWriter(post)
        self.saved_at = post.updated_at if post else None
        self._show(SaveState.SAVED if post else SaveState.NONE)

    def put(self, draft: Post) -> None:
        """Save ``draft`` soon."""
        self._draft = draft
        if not self._longest.isActive():
            self._longest.start()
        self._pause.start()
        if self.state not in (SaveState.FAILED, SaveState.WAITING):
            self._show(SaveState.WAITING)

    def flush(self) -> None:
        """Save now what is waiting."""
        for timer in (self._pause, self._longest, self._retry):
            timer.stop()
        if not self._is_started:
            return
        left, self._left = self._left, []
        for writer, draft in left:
            self._submit(writer, draft)
        if self._draft is not None:
            draft, self._draft = self._draft, None
            self._under_way += 1
            self._submit(self.writer, draft)

    def _submit(self, writer: DraftWriter, draft: Post) -> None:
        drafting = self._context.services.drafting

        def write(_task: TaskContext) -> Written:
            return writer.write(drafting, draft)

        self._context.tasks.submit(
            write,
            lambda written: self._on_written(writer, written),
            lambda error: self._on_failed(writer, draft, error),
            serial=True,
            receiver=self,
        )

    def _on_written(self, writer: DraftWriter, written: Written) -> None:
        if written.was_changed_elsewhere:
            self._context.notify(
                tr("This post was changed elsewhere in the meantime. What you wrote here was kept."), tone="warning"
            )
        if writer is not self.writer:
            return
        self._under_way -= 1
        self.saved_at = self._context.clock.now()
        self.stored.emit(written.post)
        self._show(SaveState.WAITING if self.is_dirty else SaveState.SAVED)

    def _on_failed(self, writer: DraftWriter, draft: Post, error: Exception) -> None:
        self.reason = message_for(error).text
        self._retry.start()
        if writer is not self.writer:
            self._left.append((writer, draft))
            self._context.notify(self.reason, tone="danger")
            return
        self._under_way -= 1
        self._draft = self._draft or draft
        self._show(SaveState.FAILED)

    def _show(self, state: SaveState) -> None:
        self.state = state
        self.changed.emit()

"""A post being written: its content, the cursor and the way back. It knows no services and writes nothing down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from desktop.domain.accounts import AccountId
from desktop.domain.posts import Content, MediaUse, Post, Variant
from desktop.gui.pages.composer import editing
from desktop.gui.pages.composer.history import History, Step
from desktop.gui.pages.composer.storing import UNSTORED
from desktop.kit.clock import Clock

_NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cursor is: account tab (None: shared text), part, code point."""

    tab: AccountId | None = None
    part: int = 0
    position: int = 0


@dataclass(frozen=True, slots=True)
class _Moment:
    """A state Ctrl+Z can go to."""

    shared: Content
    variants: tuple[Variant, ...]
    place: Place


def blank_post() -> Post:
    """Return a post nobody has written anything in."""
    return Post(UNSTORED, Content(), (), _NEVER, _NEVER)


class EditableDraft(QObject):
    """All editing goes through here, so that every step can be undone in one order."""

    parts_changed = Signal(object)  # content changed other than by typing; carries the Place for the cursor
    typed = Signal(int)  # the text of one part changed by typing
    accounts_changed = Signal()  # known accounts, chosen ones, the tab, what differs
    edited = Signal()  # the post is another one than before and wants to be saved

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self.post = blank_post()
        self.place = Place()
        self.history: History[_Moment] = History(self._go_to)

    def begin(self, post: Post) -> None:
        """Turn to another post; there is no way back from it to the one before."""
        self.history.clear()
        self.post, self.place = post, Place()

    @property
    def content(self) -> Content:
        """The content of the tab at hand."""
        tab = self.place.tab
        return self.post.shared if tab is None else self.post.content_for(tab)

    @property
    def title(self) -> str:
        """The first line with words in it."""
        return self.post.shared.title or self.content.title

    @property
    def is_read_only(self) -> bool:
        """Whether nothing may be changed."""
        return False

    def is_overridden(self, tab: AccountId | None) -> bool:
        """Return whether a tab has a text of its own."""
        variant = self.post.variant_for(tab) if tab is not None else None
        return variant is not None and variant.override is not None

    def type_text(self, index: int, text: str, position: int) -> None:
        """Take the text of a part as the person typed it; the cursor is at code point ``position`` now."""
        part = self.content.parts[index]
        if part.text == text or self.is_read_only:
            return
        tab = self.place.tab
        was_overridden = self.is_overridden(tab)
        # A new line ends a step, so that undo goes back line by line at most.
        key = None if text.count("\n") != part.text.count("\n") else ("typing", tab, index)
        content = editing.with_part(self.content, index, editing.retyped(part, text))
        self._edit(content, Place(tab, index, position), key)
        self.typed.emit(index)
        if was_overridden != self.is_overridden(tab):
            self.accounts_changed.emit()

    def restructure(self, content: Content, part: int, position: int = 0) -> None:
        """Show other parts (see ``editing``) and put the cursor at ``position`` of ``part``."""
        if content != self.content and not self.is_read_only:
            was_overridden = self.is_overridden(self.place.tab)
            self._edit(content, Place(self.place.tab, part, position))
            self.parts_changed.emit(self.place)
            if was_overridden != self.is_overridden(self.place.tab):
                self.accounts_changed.emit()

    def set_media(self, index: int, media: tuple[MediaUse, ...]) -> None:
        """Give a part other media, another order or other descriptions."""
        part = replace(self.content.parts[index], media=media)
        self.restructure(editing.with_part(self.content, index, part), index, self.place.position)

    def choose_accounts(self, account_ids: Iterable[AccountId]) -> None:
        """Send the post to exactly these accounts; own texts of those that stay are kept."""
        ids = tuple(account_ids)
        tab = self.place.tab if self.place.tab in ids else None
        before = self._moment()
        self.post = self.post.with_accounts(ids)
        self._remember(before, replace(self.place, tab=tab), None)
        self.accounts_changed.emit()
        self.parts_changed.emit(self.place)

    def reset_override(self) -> bool:
        """Let the account at hand follow the shared text again; return whether it had its own."""
        tab = self.place.tab
        if tab is None or not self.is_overridden(tab) or self.is_read_only:
            return False
        before = self._moment()
        self.post = self.post.with_override(tab, None)
        self._remember(before, Place(tab), None)
        self.accounts_changed.emit()
        self.parts_changed.emit(self.place)
        return True

    def select_tab(self, tab: AccountId | None) -> None:
        """Show what one account gets, or the shared text."""
        if tab != self.place.tab:
            self.place = Place(tab)
            self.accounts_changed.emit()
            self.parts_changed.emit(self.place)

    def _edit(self, content: Content, place: Place, key: object = None) -> None:
        before = self._moment()
        tab = self.place.tab
        self.post = replace(self.post, shared=content) if tab is None else self.post.with_override(tab, content)
        self._remember(before, place, key)

    def _moment(self) -> _Moment:
        return _Moment(self.post.shared, self.post.variants, self.place)

    def _remember(self, before: _Moment, place: Place, key: object) -> None:
        self.place = place
        self.history.push(Step(before, self._moment(), key, self._clock.monotonic()))
        self.edited.emit()

    def _go_to(self, moment: _Moment) -> None:
        self.post = replace(self.post, shared=moment.shared, variants=moment.variants)
        self.place = moment.place
        self.edited.emit()
        self.accounts_changed.emit()
        self.parts_changed.emit(self.place)

"""The column of cards. It shows the content of the view model and carries what people do in the cards to it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from desktop.domain.posts import Part
from desktop.gui.pages.composer import editing
from desktop.gui.pages.composer.draft import Place
from desktop.gui.pages.composer.pasting import Pasted
from desktop.gui.pages.composer.pictures import Source
from desktop.gui.pages.composer.text_rules import Count
from desktop.gui.pages.composer.thread_card import ThreadCard
from desktop.gui.pages.composer.viewmodel import ComposerViewModel
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.layouts import column, row
from desktop.kit.i18n import tr


class ThreadColumn(QWidget):
    """Cards are kept and filled anew rather than rebuilt: typing and undo never lose the field under the cursor."""

    files_requested = Signal(int)
    alt_text_requested = Signal(int, int)
    cursor_moved = Signal(object)  # QRect in this widget's coordinates

    def __init__(self, viewmodel: ComposerViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewmodel = viewmodel
        self._current = 0
        self.cards: list[ThreadCard] = []
        self._cards = column(spacing=10)
        self._add = Button(
            tr("Add post to thread"), "composer.add_part", kind="ghost", icon="plus", on_click=self._append
        )
        self.setLayout(column(self._cards, row(self._add, None), spacing=8))
        viewmodel.opened.connect(self._on_opened)
        viewmodel.parts_changed.connect(self._on_parts_changed)
        viewmodel.typed.connect(self._on_typed)
        viewmodel.accounts_changed.connect(self.show_accounts)
        viewmodel.planning.changed.connect(self.show_parts)
        viewmodel.picture_refused.connect(self._on_picture_refused)
        self.show_parts()

    # --- showing -------------------------------------------------------------------------------------------------

    def show_parts(self) -> None:
        """Show the content of the tab at hand."""
        parts, locked = self._viewmodel.content.parts, self._viewmodel.is_read_only
        while len(self.cards) > len(parts):
            card = self.cards.pop()
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        while len(self.cards) < len(parts):
            self._add_card(len(self.cards))
        for card, part in zip(self.cards, parts, strict=True):
            card.show_part(part, count=len(parts), locked=locked)
        self._add.setVisible(not locked and not (len(parts) == 1 and parts[0].is_empty))
        self.show_accounts()
        self._mark_current(min(self._current, len(parts) - 1))

    def show_accounts(self) -> None:
        """Show who speaks and by whose rules."""
        chosen, tab = self._viewmodel.chosen, self._viewmodel.place.tab
        speaker = next((account for account in chosen if tab in (None, account.id)), None)
        rules = self._viewmodel.rules_for(tab)
        takes_threads = any(network.max_parts > 1 for network in rules)
        for card in self.cards:
            card.show_account(speaker)
            card.editor.splits_on_double_enter = takes_threads
        # the tab may have changed before its cards are shown
        for index in range(min(len(self.cards), len(self._viewmodel.content.parts))):
            self._show_count(index)

    def _show_count(self, index: int) -> None:
        count: Count = self._viewmodel.count(index)
        rule = tr(
            "{used} of {limit} characters, as {network} counts",
            used=count.used,
            limit=count.limit,
            network=count.network,
        )
        if self._viewmodel.place.tab is None and count.network:
            rule += "\n" + tr("{network} leaves the least room of the chosen accounts.", network=count.network)
        self.cards[index].show_count(count, rule)

    def _mark_current(self, index: int) -> None:
        self._current = index
        for card in self.cards:
            card.set_current(card.index == index, alone=len(self.cards) == 1)

    def focus(self, part: int, position: int | None = None) -> None:
        """Put the cursor into a part."""
        card = self.cards[min(part, len(self.cards) - 1)]
        card.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if position is not None:
            card.editor.set_position(position)

    @property
    def current(self) -> int:
        """The card one works in."""
        return self._current

    # --- what the view model says --------------------------------------------------------------------------------

    def _on_opened(self) -> None:
        self._current = 0
        for card in self.cards:
            card.strip.forget_refusals()
        self.show_parts()
        self.focus(0, len(self._viewmodel.content.parts[0].text))

    def _on_parts_changed(self, place: Place) -> None:
        self.show_parts()
        focus = QApplication.focusWidget()
        is_here = focus is None or (
            self.isAncestorOf(focus) and not any(c.strip.isAncestorOf(focus) for c in self.cards)
        )
        if is_here:
            self.focus(place.part, place.position)
        self._mark_current(min(place.part, len(self.cards) - 1))

    def _on_typed(self, index: int) -> None:
        self._show_count(index)
        if len(self.cards) == 1:
            self._add.setVisible(not self._viewmodel.content.parts[0].is_empty)

    def _on_picture_refused(self, index: int, words: str) -> None:
        self.cards[min(index, len(self.cards) - 1)].strip.show_refusal(words)

    # --- what people do ------------------------------------------------------------------------------------------

    def _add_card(self, index: int) -> None:
        card = ThreadCard(index, self._viewmodel.pictures)
        self.cards.append(card)
        self._cards.addWidget(card)
        editor, viewmodel = card.editor, self._viewmodel
        editor.edited.connect(lambda: viewmodel.type_text(index, editor.text(), editor.position))
        editor.split_requested.connect(lambda position: self._split(index, position))
        editor.removal_requested.connect(lambda: self._remove(index, is_back=True))
        editor.leave_requested.connect(lambda step: self._go(index, step))
        editor.undo_requested.connect(viewmodel.history.undo)
        editor.redo_requested.connect(viewmodel.history.redo)
        editor.cursorPositionChanged.connect(lambda: self._tell_cursor(card))
        card.activated.connect(lambda: self._mark_current(index))
        card.add_button.clicked.connect(lambda _checked=False: self.files_requested.emit(index))
        card.strip.files_requested.connect(lambda: self.files_requested.emit(index))
        card.strip.changed.connect(lambda media: viewmodel.set_media(index, media))
        card.strip.alt_text_requested.connect(lambda media: self.alt_text_requested.emit(index, media))
        card.media_dropped.connect(lambda pasted: self.add_media(index, pasted))
        card.picture_moved.connect(lambda part, media, before: self._move_picture(part, media, index, before))
        card.part_moved.connect(lambda source: self._move(source, index))
        card.action_requested.connect(lambda action: self._act(index, action))

    def add_media(self, index: int, pasted: Pasted) -> None:
        """Take what was pasted, dropped or chosen into a part."""
        sources: list[Source] = list(pasted.files) if pasted.image is None else [pasted.image]
        if sources:
            self.cards[index].strip.forget_refusals()
            self._viewmodel.add_pictures(index, sources)
        elif pasted.text:
            self.cards[index].editor.insertPlainText(pasted.text)

    def _tell_cursor(self, card: ThreadCard) -> None:
        if card.editor.hasFocus():
            rect = card.editor.cursorRect()
            rect.moveTopLeft(card.editor.mapTo(self, rect.topLeft()))
            self.cursor_moved.emit(rect)

    def _act(self, index: int, action: str) -> None:
        content = self._viewmodel.content
        if action == "up" and index > 0:
            self._move(index, index - 1)
        elif action == "down" and index < len(content.parts) - 1:
            self._move(index, index + 1)
        elif action == "split":
            self._split(index, self.cards[index].editor.position)
        elif action == "merge" and index < len(content.parts) - 1:
            merged, position = editing.merged(content, index)
            self._viewmodel.restructure(merged, index, position)
        elif action == "remove":
            self._remove(index, is_back=False)

    def _split(self, index: int, position: int) -> None:
        if self._viewmodel.content.parts[index].is_empty:
            return
        self._viewmodel.restructure(editing.split(self._viewmodel.content, index, position), index + 1)

    def _remove(self, index: int, *, is_back: bool) -> None:
        """Take a part away; Backspace does so only while there are others and nothing in it."""
        parts = self._viewmodel.content.parts
        if is_back and (len(parts) == 1 or parts[index].media):
            return
        neighbour = max(0, index - 1) if is_back else min(index, len(parts) - 2)
        content = editing.removed(self._viewmodel.content, index)
        end = len(content.parts[max(0, neighbour)].text)
        self._viewmodel.restructure(content, max(0, neighbour), end)

    def _move(self, index: int, to: int) -> None:
        if index != to:
            position = self.cards[index].editor.position
            self._viewmodel.restructure(editing.moved(self._viewmodel.content, index, to), to, position)

    def _move_picture(self, part: int, media: int, to_part: int, before: int) -> None:
        content = editing.with_picture_moved(self._viewmodel.content, part, media, to_part, before)
        self._viewmodel.restructure(content, to_part)

    def _append(self) -> None:
        count = len(self._viewmodel.content.parts)
        self._viewmodel.restructure(editing.inserted(self._viewmodel.content, count, Part()), count)

    def _go(self, index: int, step: int) -> None:
        """Let the cursor leave a card upward or downward."""
        to = index + step
        if 0 <= to < len(self.cards):
            self.focus(to, len(self._viewmodel.content.parts[to].text) if step < 0 else 0)

"""Quick looks: one post, or all posts of a crowded day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QApplication, QLayout, QSizePolicy, QWidget

from desktop.gui.pages.planner.chips import paint_chip, status_of
from desktop.gui.pages.planner.layout import CHIP_PX
from desktop.gui.pages.planner.viewmodel import PlannerViewModel
from desktop.gui.pages.planner.weeks import hue_of
from desktop.gui.pages.planner.words import entry_name, long_day, network_words, short_time, state_word, title_of
from desktop.gui.theme.fonts import font_for
from desktop.gui.theme.painting import clamped_lines, draw_box
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.buttons import Button, IconButton
from desktop.gui.widgets.cards import SectionHeader
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.painted_button import PaintedButton
from desktop.gui.widgets.popover import Popover
from desktop.gui.widgets.scroll import ScrollArea
from desktop.gui.widgets.status import StatusPill
from desktop.kit.i18n import tr
from desktop.services.scheduling.entries import CalendarEntry

_LOOK_PX = 300
_PREVIEW_LINES = 5
_LIST_PX = 260
_MAX_LIST_HEIGHT_PX = 320

EntryAction = Callable[[CalendarEntry], object]


class _Look(Popover):
    """A popover that assistive programs can reach: Qt leaves pop-up windows out of what it tells them.

    So it is a tool window, and closes by itself when something else is clicked or its window is left.
    """

    def __init__(self, identifier: str, name: str, content: QLayout, parent: QWidget) -> None:
        super().__init__(identifier, name, content, parent)
        self.setWindowFlag(Qt.WindowType.Popup, False)
        self.setWindowFlag(Qt.WindowType.Tool, True)
        self.setWindowTitle(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the keyboard and watch for clicks elsewhere."""
        super().showEvent(event)
        self._watch(True)
        self.activateWindow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Watch no longer."""
        self._watch(False)
        super().hideEvent(event)

    def _watch(self, active: bool) -> None:
        application = QApplication.instance()
        if application is not None:
            (application.installEventFilter if active else application.removeEventFilter)(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close when another window of ours is clicked; the click goes on to where it was meant."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            if watched.window() is not self:
                self.close()
        elif event.type() == QEvent.Type.WindowDeactivate and watched is self:
            self.close()
        return super().eventFilter(watched, event)


class QuickLook(_Look):
    """What a post is about, when it goes out, how it stands, and what can be done with it."""

    def __init__(
        self,
        entry: CalendarEntry,
        viewmodel: PlannerViewModel,
        on_open: EntryAction,
        on_move: EntryAction,
        parent: QWidget,
    ) -> None:
        self._text = Label("", "body", "muted", wrap=True)
        self._text.setFixedWidth(theme().scaled(_LOOK_PX))
        self._text.hide()
        word = state_word(entry.state)
        when = tr("{day}, {time}", day=long_day(entry.local.date()), time=short_time(entry.local))
        accounts = [account.display_name for account in viewmodel.accounts if account.id in entry.account_ids]
        where = Label(" · ".join((network_words(entry.networks), *accounts)), "caption", "faint", wrap=True)
        title = Label("\n".join(clamped_lines(title_of(entry), font_for("h2"), theme().scaled(_LOOK_PX), 2)), "h2")
        self.open_button = Button(tr("Open"), "planner.look.open", kind="primary", size="sm")
        self.move_button = Button(tr("Move to…"), "planner.look.move", size="sm")
        self.move_button.setEnabled(entry.can_move)
        self.delete_button = IconButton("trash-2", "planner.look.delete", tr("Delete"), size="sm")
        actions = (
            (self.open_button, on_open),
            (self.move_button, on_move),
            (self.delete_button, viewmodel.edits.delete),
        )
        for button, action in actions:
            button.clicked.connect(lambda _checked=False, action=action: self._leave(action, entry))
        content = column(
            row(where, StatusPill(word[:1].upper() + word[1:], status_of(entry.state)), spacing=10),
            title,
            Label(when, "label", "muted"),
            self._text,
            4,
            row(self.open_button, self.move_button, None, self.delete_button, spacing=6),
            spacing=7,
            margins=(14, 13, 14, 12),
        )
        super().__init__("planner.look", entry_name(entry), content, parent)
        self.open_button.setFocus()
        viewmodel.previews.read_text(entry.post_id, lambda text: self._show_text(text, title_of(entry)), self)

    def _show_text(self, text: str, title: str) -> None:
        rest = text.strip().removeprefix(title).strip()
        if rest:
            lines = clamped_lines(rest, font_for("body"), theme().scaled(_LOOK_PX), _PREVIEW_LINES)
            self._text.setText("\n".join(lines))
            self._text.show()
            self.adjustSize()

    def _leave(self, action: EntryAction, entry: CalendarEntry) -> None:
        self.close()
        action(entry)


class _EntryRow(PaintedButton):
    """One entry of the day list: its chip, as wide as the list."""

    ring_radius = 7.0

    def __init__(self, entry: CalendarEntry, hue: str, on_menu: Callable[[CalendarEntry], object]) -> None:
        super().__init__(title_of(entry), f"planner.list.{entry.post_id}", entry_name(entry))
        self._entry = entry
        self._hue = hue
        self._on_menu = on_menu
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def content_size(self) -> QSize:
        return QSize(theme().scaled(_LIST_PX), theme().scaled(CHIP_PX) + 6)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        chip = rect.adjusted(2, 2, -2, -2)
        paint_chip(painter, chip, self._entry, self._hue)
        if self.is_hovered:
            draw_box(painter, chip, 6, None, theme().hue(self._hue).bar)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._on_menu(self._entry)


class DayList(_Look):
    """Every post of one day."""

    def __init__(
        self,
        day: date,
        viewmodel: PlannerViewModel,
        on_open: EntryAction,
        on_menu: EntryAction,
        parent: QWidget,
    ) -> None:
        entries = viewmodel.entries_on(day)
        heading = SectionHeader(long_day(day))
        heading.set_count(len(entries))
        rows = column(spacing=0)
        for entry in entries:
            line = _EntryRow(entry, hue_of(entry, viewmodel.hues), lambda entry: self._leave(on_menu, entry))
            line.clicked.connect(lambda _checked=False, entry=entry: self._leave(on_open, entry))
            rows.addWidget(line)
        inside = QWidget()
        inside.setLayout(rows)
        scroll = ScrollArea(inside)
        scroll.setFixedHeight(min(inside.sizeHint().height(), theme().scaled(_MAX_LIST_HEIGHT_PX)))
        scroll.setMinimumWidth(inside.sizeHint().width() + 14)
        super().__init__("planner.list", long_day(day), column(heading, scroll, spacing=8, margins=12), parent)

    def _leave(self, action: EntryAction, entry: CalendarEntry) -> None:
        self.close()
        action(entry)

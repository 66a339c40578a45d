"""The composer page: header, tabs, cards and the column beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QSizePolicy, QWidget

from desktop.domain.errors import PreflightRefused
from desktop.domain.posts import MediaUse
from desktop.gui.bridge.messages import message_for
from desktop.gui.pages.composer.account_tabs import AccountTabs
from desktop.gui.pages.composer.autosave import SaveState
from desktop.gui.pages.composer.dialogs import AltTextDialog, ScheduleDialog
from desktop.gui.pages.composer.fixes import repair
from desktop.gui.pages.composer.header import Header
from desktop.gui.pages.composer.pasting import Pasted
from desktop.gui.pages.composer.ports import ComposerContext
from desktop.gui.pages.composer.side_panel import SidePanel
from desktop.gui.pages.composer.thread_column import ThreadColumn
from desktop.gui.pages.composer.viewmodel import ComposerViewModel
from desktop.gui.widgets.banner import Banner
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.scroll import ScrollArea
from desktop.kit.i18n import tr
from desktop.services.drafting.findings import Finding, Fix

COLUMN_PX = 660
# 1180 px of window less the sidebar
_SIDE_FROM_PX = 940
# controls whose tops differ by less are read as one line
_LINE_PX = 16
_FILES = "*.jpg *.jpeg *.png *.gif *.webp *.mp4 *.mov"


class ComposerView(QWidget):
    """Widgets and layout; what anything means is decided by the view model.

    Signals for the shell: ``accounts_requested`` (the Accounts page), ``delivery_requested`` (a delivery's id).
    """

    accounts_requested = Signal()
    delivery_requested = Signal(str)

    def __init__(self, viewmodel: ComposerViewModel, context: ComposerContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewmodel, self._context = viewmodel, context
        self._is_side_wanted: bool | None = None
        identify(self, "composer", tr("Composer"))
        self.header = Header(viewmodel, context)
        self.tabs = AccountTabs(viewmodel)
        self.parts = ThreadColumn(viewmodel)
        self.side = SidePanel(viewmodel)
        self._publishing = Banner("composer.publishing", "", action=tr("Cancel"))
        self._sent = Banner("composer.sent", "", action=tr("Show delivery"))
        self._not_saved = Banner("composer.not_saved", "", "danger", action=tr("Retry"))
        self._no_account = Banner(
            "composer.no_account",
            tr("No account is connected yet. Write now, and connect one before it goes out."),
            action=tr("Connect an account"),
        )
        self._content = self._middle()
        self._scroll = ScrollArea(self._content)
        body = row(self._scroll, self.side, spacing=0)
        body.setStretch(0, 1)
        self.setLayout(column(self.header, body, spacing=0))
        self._connect()
        self._show_banners()
        self._show_trouble()

    def _middle(self) -> QWidget:
        width = QWidget()
        width.setMaximumWidth(COLUMN_PX)
        width.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        banners = column(self._not_saved, self._publishing, self._sent, self._no_account, spacing=8)
        width.setLayout(column(self.tabs, banners, self.parts, None, spacing=12))
        middle = QWidget()
        layout = row(width, margins=(24, 14, 24, 40))
        layout.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.setAlignment(width, Qt.AlignmentFlag(0))
        layout.insertStretch(0, 1)
        layout.addStretch(1)
        layout.setStretch(1, 1000)
        middle.setLayout(layout)
        return middle

    def _connect(self) -> None:
        viewmodel = self.viewmodel
        self.header.schedule_requested.connect(self.open_schedule)
        self.header.publish_requested.connect(self.publish_now)
        self.header.accounts.connect_requested.connect(self.accounts_requested)
        self.header.side_toggled.connect(self._on_side_toggled)
        self.side.when.change_requested.connect(self.open_schedule)
        self.side.findings.fix_requested.connect(self.fix)
        self.parts.files_requested.connect(self._choose_files)
        self.parts.alt_text_requested.connect(self.open_alt_text)
        self.parts.cursor_moved.connect(self._on_cursor_moved)
        self._publishing.action.clicked.connect(lambda _checked=False: viewmodel.planning.cancel_publishing())
        self._not_saved.action.clicked.connect(lambda _checked=False: viewmodel.flush())
        viewmodel.autosave.changed.connect(self._show_trouble)
        self._sent.action.clicked.connect(lambda _checked=False: self._show_delivery())
        self._no_account.action.clicked.connect(lambda _checked=False: self.accounts_requested.emit())
        viewmodel.planning.changed.connect(self._show_banners)
        viewmodel.accounts_changed.connect(self._show_banners)
        viewmodel.opened.connect(self._show_banners)

    def start(self) -> None:
        """Put the cursor into the text."""
        self.parts.focus(0)

    # --- banners -------------------------------------------------------------------------------------------------

    def _show_banners(self) -> None:
        viewmodel = self.viewmodel
        planning = viewmodel.planning
        self._publishing.setVisible(planning.is_publishing)
        if planning.is_publishing:
            self._publishing.set_message(tr("Publishing… Cancel within five seconds to keep it here."), "info")
        sent = planning.plan.sent
        self._sent.setVisible(bool(sent))
        if sent:
            names = ", ".join(dict.fromkeys(summary.account.network.label for summary in sent))
            when = planning.say(sent[-1].delivery.schedule)
            is_live = all(summary.delivery.published_at for summary in sent)
            words = tr("Published on {names}, {when}. It can no longer be changed from here.", names=names, when=when)
            on_its_way = tr("On its way to {names} since {when}. It can no longer be changed.", names=names, when=when)
            self._sent.set_message(words if is_live else on_its_way)
        self._no_account.setVisible(viewmodel.is_ready and viewmodel.has_read_accounts and not viewmodel.accounts)

    def _show_trouble(self) -> None:
        autosave = self.viewmodel.autosave
        is_failed = autosave.state is SaveState.FAILED
        self._not_saved.setVisible(is_failed)
        if is_failed:
            self._not_saved.set_message(tr("Not saved. {reason} Keep this window open.", reason=autosave.reason))

    def _show_delivery(self) -> None:
        sent = self.viewmodel.planning.plan.sent
        if sent:
            self.delivery_requested.emit(sent[0].delivery.id)

    # --- questions -----------------------------------------------------------------------------------------------

    def open_schedule(self) -> None:
        """Ask for the time."""
        planning = self.viewmodel.planning
        if self._may_go_out():
            ScheduleDialog(planning.default_time(), planning.problem_with, planning.schedule, self.window()).open()

    def publish_now(self) -> None:
        """Publish after the moment to change one's mind."""
        if self._may_go_out():
            self.viewmodel.planning.publish_now()

    def _may_go_out(self) -> bool:
        """Return whether asking for a time makes sense; if not, the list beside the text says why."""
        viewmodel = self.viewmodel
        if not viewmodel.is_ready or viewmodel.is_untouched or viewmodel.is_read_only:
            return False
        blocking = viewmodel.checks.report.blocking
        if blocking:
            self._context.notify(
                message_for(PreflightRefused(count=len(blocking), first=blocking[0].message)).text, tone="warning"
            )
            self.header.side_button.setChecked(True)
        return not blocking

    def open_alt_text(self, part: int, index: int) -> None:
        """Ask what a picture shows."""
        media = self.viewmodel.content.parts[part].media
        use = media[index]

        def written(text: str) -> None:
            described = MediaUse(use.asset_id, text)
            self.viewmodel.set_media(part, (*media[:index], described, *media[index + 1 :]))

        limit = min((rules.max_alt_text for rules in self.viewmodel.rules_for(self.viewmodel.place.tab)), default=0)
        AltTextDialog(
            self.viewmodel.pictures.thumbnail(use.asset_id), use.alt_text, limit, written, self.window()
        ).open()

    def _choose_files(self, part: int) -> None:
        dialog = QFileDialog(self.window(), tr("Add pictures or videos"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([tr("Pictures and videos ({patterns})", patterns=_FILES), tr("All files (*)")])
        dialog.filesSelected.connect(
            lambda names: self.parts.add_media(part, Pasted(files=tuple(Path(name) for name in names)))
        )
        identify(dialog, "composer.files", tr("Add pictures or videos"))
        dialog.open()

    def fix(self, finding: Finding) -> None:
        """Do what the button of a finding says."""
        if finding.fix is Fix.CHOOSE_ACCOUNT:
            self.header.accounts.open_picker()
            return
        if finding.fix is Fix.RECONNECT_ACCOUNT:
            self.accounts_requested.emit()
            return
        if repair(self.viewmodel, finding):
            return
        part = finding.part or 0
        self.parts.focus(part)
        if finding.fix is Fix.ADD_MEDIA:
            self._choose_files(part)
        elif finding.fix in (Fix.ADD_ALT_TEXT, Fix.SHORTEN_ALT_TEXT) and finding.media is not None:
            self.open_alt_text(part, finding.media)
        elif finding.fix is Fix.REPLACE_MEDIA and finding.media is not None:
            self.parts.cards[part].strip.focus_media(finding.media)
        elif finding.fix is Fix.SHORTEN_TEXT:
            overflow = self.viewmodel.count(part).overflow
            if overflow is not None:
                self.parts.focus(part, overflow)

    # --- room and keys -------------------------------------------------------------------------------------------

    def _on_side_toggled(self, shown: bool) -> None:
        self._is_side_wanted = shown
        self.side.setVisible(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the text the room when there is little, unless the person wants the column."""
        super().resizeEvent(event)
        shown = self.width() >= _SIDE_FROM_PX if self._is_side_wanted is None else self._is_side_wanted
        self.side.setVisible(shown)
        self.header.side_button.blockSignals(True)
        self.header.side_button.setChecked(shown)
        self.header.side_button.blockSignals(False)

    def _on_cursor_moved(self, cursor: QRect) -> None:
        place = self.parts.mapTo(self._content, cursor.center())
        self._scroll.ensureVisible(place.x(), place.y(), 0, 60)

    def event(self, event: QEvent) -> bool:
        """Claim Ctrl+Z before the window's menu does: here it also takes back typing."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _undo_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo from anywhere on the page."""
        key = _undo_key(event)
        if key == "undo":
            self.viewmodel.history.undo()
        elif key == "redo":
            self.viewmodel.history.redo()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Walk in reading order: Qt's own chain is the order in which cards, tabs and tiles happened to be made."""
        order = list(_reading_order(self))
        here = QApplication.focusWidget()
        if here not in order:
            return super().focusNextPrevChild(forward)
        step = 1 if forward else -1
        place = order.index(here) + step
        target = order[place] if 0 <= place < len(order) else self._outside(here, forward) or order[place % len(order)]
        target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True

    def _outside(self, here: QWidget, forward: bool) -> QWidget | None:
        """Return the next control of the window that is not on this page."""
        found: QWidget | None = here
        while True:
            found = found and (found.nextInFocusChain() if forward else found.previousInFocusChain())
            if found is None or found is here:
                return None
            if found is not self and not self.isAncestorOf(found) and _takes_tab(found):
                return found

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave nothing unsaved behind."""
        self.viewmodel.flush()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Save when the window loses the focus."""
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.viewmodel.flush()
        super().changeEvent(event)


def _undo_key(event: QKeyEvent) -> str:
    if event.matches(QKeySequence.StandardKey.Undo):
        return "undo"
    return "redo" if event.matches(QKeySequence.StandardKey.Redo) else ""


def _takes_tab(widget: QWidget) -> bool:
    takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return takes and widget.isVisible() and widget.isEnabled() and not widget.isWindow()


def _reading_order(parent: QWidget) -> Iterator[QWidget]:
    """Yield the controls inside ``parent`` line by line, a control before what lies in it."""
    children = [child for child in parent.children() if isinstance(child, QWidget) and child.isVisible()]
    for child in sorted(children, key=lambda child: (child.y() // _LINE_PX, child.x())):
        if not child.isWindow():
            if _takes_tab(child):
                yield child
            yield from _reading_order(child)

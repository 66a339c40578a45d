"""The right column: how it will look, when it goes out, and what to repair before."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.domain.accounts import Account
from desktop.domain.posts import Part
from desktop.gui.pages.composer.findings_card import FindingsCard
from desktop.gui.pages.composer.preview_screens import Preview, PreviewPart, draw_screen
from desktop.gui.pages.composer.viewmodel import ComposerViewModel
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.cards import Card, Panel
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import ElidedLabel, IconLabel, Label
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.phone import PhoneFrame
from desktop.gui.widgets.scroll import ScrollArea
from desktop.gui.widgets.segmented import SegmentedControl
from desktop.kit.i18n import tr
from desktop.services.drafting.rendering import render

SIDE_PX = 392


class _Phone(PhoneFrame):
    """A telephone whose screen scrolls with the wheel and the arrow keys."""

    def __init__(self) -> None:
        super().__init__(tr("Preview"), self._paint_glass)
        self.preview: Preview | None = None
        self._offset = self._height = self._visible = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_preview(self, preview: Preview | None) -> None:
        if preview != self.preview:
            is_other = preview is None or self.preview is None or preview.network is not self.preview.network
            self._offset = 0.0 if is_other else self._offset
            self.preview = preview
            self.update()

    def scroll_by(self, pixels: float) -> None:
        self._offset = max(0.0, min(self._offset + pixels, self._height - self._visible))
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.scroll_by(-event.angleDelta().y() / 2)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -40, Qt.Key.Key_Down: 40}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.scroll_by(step)

    def _paint_glass(self, painter: QPainter, glass: QRectF) -> None:
        if self.preview is not None:
            self._visible = glass.height() - 12
            self._height = draw_screen(painter, glass, self.preview, self._offset)


class PreviewBox(QWidget):
    """The telephone and the choice of the network. It follows the tab until another network is chosen."""

    def __init__(self, viewmodel: ComposerViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewmodel = viewmodel
        self._shown: tuple[Account, ...] = ()
        self._choice: SegmentedControl | None = None
        self._phone = _Phone()
        identify(self._phone, "composer.preview.phone", tr("Preview"))
        self._head = row(Label(tr("Preview"), "h2"), None, spacing=8)
        self._empty = Label(tr("Choose an account to see how the post will look there."), "body", "muted", wrap=True)
        self._layout = column(self._head, self._phone, self._empty, None, spacing=10)
        self.setLayout(self._layout)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        identify(self, "composer.preview", tr("Preview"))
        viewmodel.accounts_changed.connect(self._on_accounts_changed)
        viewmodel.parts_changed.connect(lambda _place: self._show())
        viewmodel.opened.connect(self._show)
        viewmodel.settled.connect(self._show)
        viewmodel.pictures.loaded.connect(self._show)
        self._on_accounts_changed()

    def _on_accounts_changed(self) -> None:
        if self._viewmodel.chosen != self._shown or self._choice is None:
            self._build_choice()
        tab = self._viewmodel.place.tab
        if tab is not None and self._choice is not None and self._choice.current != tab:
            self._choice.select(tab)
        self._show()

    def _build_choice(self) -> None:
        before = self._choice.current if self._choice else ""
        if self._choice is not None:
            self._head.removeWidget(self._choice)
            self._choice.hide()
            self._choice.deleteLater()
            self._choice = None
        self._shown = self._viewmodel.chosen
        if self._shown:
            options = [(str(account.id), self._label(account)) for account in self._shown[:3]]
            current = before if before in dict(options) else options[0][0]
            self._choice = SegmentedControl(options, "composer.preview.network", tr("Preview for"), current)
            self._choice.selected.connect(lambda _key: self._show())
            self._head.addWidget(self._choice)
        self._phone.setVisible(bool(self._shown))
        self._empty.setVisible(not self._shown)
        self._layout.setStretch(1, 1 if self._shown else 0)
        self._layout.setStretch(3, 0 if self._shown else 1)

    def _label(self, account: Account) -> str:
        return account.network.label

    def _show(self) -> None:
        account = next((a for a in self._shown if self._choice and a.id == self._choice.current), None)
        if account is not None and self._viewmodel.is_ready:
            preview = self._preview(account)
            self._phone.show_preview(preview)
            words = " · ".join(part.text for part in preview.parts)
            self._phone.setAccessibleDescription(f"{account.network.label}: {words}"[:500])

    def _preview(self, account: Account) -> Preview:
        parts = self._viewmodel.post.content_for(account.id).parts
        shown = tuple(self._part(part, account) for part in parts if not part.is_empty) or (PreviewPart(""),)
        return Preview(account.network, account.display_name, account.username, account.hue.value, shown)

    def _part(self, part: Part, account: Account) -> PreviewPart:
        rendering = render(part, self._viewmodel.rules_for(account.id)[0])
        pictures = tuple(self._viewmodel.pictures.thumbnail(use.asset_id) for use in part.media)
        asset = self._viewmodel.pictures.assets.get(part.media[0].asset_id) if part.media else None
        return PreviewPart(rendering.text, pictures, rendering.link, asset.ratio if asset else 1.0)


class WhenCard(Card):
    """The planned time, with the way to change it."""

    change_requested = Signal()

    def __init__(self, viewmodel: ComposerViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._viewmodel = viewmodel
        self._title = ElidedLabel("", "body", weight=600)
        self._note = ElidedLabel("", "caption", "text3")
        self._change = Button(tr("Change"), "composer.when.change", size="sm")
        layout = row(
            IconLabel("calendar-days", "accentText", 20),
            column(self._title, self._note, spacing=2),
            self._change,
            spacing=10,
            margins=(14, 11, 12, 11),
        )
        layout.setStretch(1, 1)
        self.setLayout(layout)
        identify(self, "composer.when", "")
        self._change.clicked.connect(lambda _checked=False: self.change_requested.emit())
        viewmodel.planning.changed.connect(self._show)
        viewmodel.opened.connect(self._show)
        viewmodel.settled.connect(self._show)
        self._show()

    def _show(self) -> None:
        planning, locked = self._viewmodel.planning, self._viewmodel.is_read_only
        when = planning.plan.schedule
        title = planning.say(when) if when else tr("Not planned yet")
        note = when.zone.replace("_", " ") if when else tr("It waits in Unscheduled")
        self._title.set_text(title)
        self._note.set_text(note)
        self.setAccessibleName(f"{title}, {note}")
        self._change.setText(tr("Change") if when else tr("Pick time"))
        self._change.setVisible(not locked)
        self._change.setEnabled(self._viewmodel.is_ready and not self._viewmodel.is_untouched)


class _Below(ScrollArea):
    """As high as its content while the telephone keeps its share; then it scrolls."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        content = self.widget()
        layout = content.layout() if content is not None else None
        height = layout.heightForWidth(SIDE_PX - 32) if layout is not None else 0
        return QSize(SIDE_PX - 32, height)


class SidePanel(Panel):
    """Preview on top; below it time and check, which scroll when they do not fit."""

    def __init__(self, viewmodel: ComposerViewModel, parent: QWidget | None = None) -> None:
        super().__init__(line="left", parent=parent)
        self.preview = PreviewBox(viewmodel)
        self.when = WhenCard(viewmodel)
        self.findings = FindingsCard(viewmodel)
        below = QWidget()
        below.setLayout(column(self.when, self.findings, None, spacing=12, margins=(0, 0, 4, 12)))
        self._below = _Below(below)
        layout = column(self.preview, self._below, spacing=12, margins=(16, 14, 12, 0))
        layout.setStretch(0, 1)
        self._below.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._below.setMinimumHeight(120)
        self.setLayout(layout)
        self.setFixedWidth(SIDE_PX)
        identify(self, "composer.side", tr("Preview and checks"))

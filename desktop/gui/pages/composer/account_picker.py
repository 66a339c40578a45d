"""Which accounts the post goes to: a button in the header, a list of check boxes below it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from desktop.domain.accounts import Account
from desktop.gui.pages.composer.viewmodel import ComposerViewModel
from desktop.gui.theme.icons import draw_icon
from desktop.gui.theme.painting import LEFT, draw_box, draw_text, text_width
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.avatar import Avatar, draw_avatar, draw_network_badge, initials_of
from desktop.gui.widgets.buttons import LinkButton
from desktop.gui.widgets.cards import SectionHeader
from desktop.gui.widgets.checks import CheckBox
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import Item, column, row
from desktop.gui.widgets.painted_button import PaintedButton
from desktop.gui.widgets.popover import Popover
from desktop.kit.i18n import tr

_SHOWN = 4
_SIDE = 22
_STEP = 17


class AccountButton(PaintedButton):
    """Shows the chosen accounts' pictures, the first few of them, or asks for one."""

    connect_requested = Signal()

    def __init__(self, viewmodel: ComposerViewModel, parent: QWidget | None = None) -> None:
        super().__init__(tr("Choose accounts"), "composer.accounts", tr("Accounts"), self.open_picker, parent)
        self._viewmodel = viewmodel
        self._chosen: tuple[Account, ...] = ()
        viewmodel.accounts_changed.connect(self._on_accounts_changed)
        self._on_accounts_changed()

    def _on_accounts_changed(self) -> None:
        self._chosen = self._viewmodel.chosen
        names = ", ".join(f"{account.display_name} ({account.network.label})" for account in self._chosen)
        self.setAccessibleDescription(names or tr("This post goes to no account yet."))
        self.setToolTip(tr("Goes to {names}", names=names) if names else tr("This post goes to no account yet."))
        self.setEnabled(not self._viewmodel.is_read_only)
        self.updateGeometry()
        self.update()

    def content_size(self) -> QSize:
        """Return pictures or words, and the chevron."""
        height = theme().control_height()
        if not self._chosen:
            return QSize(round(text_width(self.text(), "body", 500)) + 46, height)
        shown = min(len(self._chosen), _SHOWN)
        more = 26 if len(self._chosen) > _SHOWN else 0
        return QSize(12 + _SIDE + _STEP * (shown - 1) + more + 32, height)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the box and who is in it."""
        ground = "pressed" if self.isDown() else "hover" if self.is_hovered else "surface"
        draw_box(painter, rect, 8, ground, "borderStrong")  # type: ignore[arg-type]
        draw_icon(painter, "chevron-down", QRectF(rect.right() - 24, rect.center().y() - 7, 14, 14), "text2")
        if not self._chosen:
            words = rect.adjusted(13, 0, -26, 0)
            draw_text(painter, words, self.text(), "body", "text" if self.isEnabled() else "disabled", LEFT, 500)
            return
        top, left = rect.center().y() - _SIDE / 2, 10.0
        for account in self._chosen[:_SHOWN]:
            disc = QRectF(left, top, _SIDE, _SIDE)
            draw_box(painter, disc.adjusted(-2, -2, 2, 2), _SIDE / 2 + 2, ground)  # type: ignore[arg-type]
            draw_avatar(painter, disc, initials_of(account.display_name), account.hue.value)
            badge = QRectF(disc.right() - 9, disc.bottom() - 9, 11, 11)
            draw_network_badge(painter, badge, account.network, account.hue.value, ground)  # type: ignore[arg-type]
            left += _STEP
        if len(self._chosen) > _SHOWN:
            words = QRectF(left + 10, rect.top(), 26, rect.height())
            draw_text(painter, words, f"+{len(self._chosen) - _SHOWN}", "label", "text2")

    def open_picker(self) -> None:
        """Show the list."""
        picker = Popover("composer.accounts.list", tr("Accounts"), column(*self._rows(), spacing=6, margins=14), self)
        picker.closed.connect(picker.deleteLater)
        picker.setMinimumWidth(300)
        self._popover = picker
        picker.show_beside(self)
        first = picker.findChild(CheckBox) or picker.findChild(LinkButton)
        if first is not None:
            first.setFocus()

    def _rows(self) -> list[Item]:
        if not self._viewmodel.accounts:
            words = Label(
                tr("No account is connected yet. You can write, and connect one later."), "body", "muted", wrap=True
            )
            words.setMinimumWidth(260)
            link = LinkButton(tr("Connect an account"), "composer.accounts.connect", on_click=self._on_connect)
            return [words, row(link, None)]
        chosen = {account.id for account in self._chosen}
        rows: list[Item] = [SectionHeader(tr("Goes to"), kind="overline")]
        for account in self._viewmodel.accounts:
            name = tr("{name} on {network}", name=account.display_name, network=account.network.label)
            box = CheckBox("", f"composer.accounts.{account.id}", name, account.id in chosen)
            box.toggled.connect(lambda checked, account=account: self._on_toggled(account, checked))
            label = Label(account.display_name or account.username)
            note = Label(account.network.label if account.can_publish else tr("Connect again"), "caption", "faint")
            words_column = column(label, note, spacing=0)
            avatar = Avatar(account.display_name, account.hue.value, 28, account.network)
            rows.append(row(box, avatar, words_column, None, spacing=8))
        return rows

    def _on_toggled(self, account: Account, checked: bool) -> None:
        chosen = {other.id for other in self._viewmodel.chosen} | {account.id}
        if not checked:
            chosen.discard(account.id)
        self._viewmodel.choose_accounts(other.id for other in self._viewmodel.accounts if other.id in chosen)

    def _on_connect(self) -> None:
        self._popover.close()
        self.connect_requested.emit()

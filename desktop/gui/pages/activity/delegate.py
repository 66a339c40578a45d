"""How a delivery looks in the list."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.gui.pages.activity.model import SUMMARY_ROLE
from desktop.gui.pages.activity.words import state_look, title_of, when_words
from desktop.gui.shell.context import PageContext
from desktop.gui.theme.icons import draw_icon
from desktop.gui.theme.painting import draw_box, draw_focus_ring, draw_line, draw_text, text_width
from desktop.gui.theme.theme import theme
from desktop.gui.theme.tokens import Token
from desktop.gui.widgets.avatar import draw_avatar, draw_network_badge, initials_of
from desktop.gui.widgets.status import draw_status_pill
from desktop.services.publishing.service import DeliverySummary

ROW_PX = 62


class DeliveryDelegate(QStyledItemDelegate):
    """Avatar, title over account and time, state in a pill, a mark when there is a link."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the height of a row."""
        return QSize(320, theme().scaled(ROW_PX))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the row."""
        summary: DeliverySummary = index.data(SUMMARY_ROLE)
        state = option.state
        rect = QRectF(option.rect)
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        is_under = bool(state & QStyle.StateFlag.State_MouseOver)
        box = rect.adjusted(8, 2, -8, -2)
        ground: Token = "selected" if is_chosen else "hover" if is_under else "canvas"
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_chosen or is_under:
            draw_box(painter, box, 10, ground)
        else:
            draw_line(painter, box.left() + 58, rect.bottom(), box.right() - 10, rect.bottom())
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            draw_focus_ring(painter, box, 10)
        self._paint_who(painter, box, summary, ground)
        self._paint_words(painter, box, summary)
        painter.restore()

    def _paint_who(self, painter: QPainter, box: QRectF, summary: DeliverySummary, ground: Token) -> None:
        account = summary.account
        avatar = QRectF(box.left() + 12, box.center().y() - 17, 34, 34)
        draw_avatar(painter, avatar, initials_of(account.display_name or account.username), account.hue)
        badge = QRectF(avatar.right() - 11, avatar.bottom() - 12, 15, 15)
        draw_network_badge(painter, badge, account.network, account.hue, ground)

    def _paint_words(self, painter: QPainter, box: QRectF, summary: DeliverySummary) -> None:
        delivery, account = summary.delivery, summary.account
        words, status = state_look(delivery.state)
        width = text_width(words, "caption", 600) + 34
        height = theme().scaled(22)
        right = box.right() - 12
        pill = QRectF(right - width, box.center().y() - height / 2, width, height)
        draw_status_pill(painter, pill, words, status)
        right = pill.left() - 10
        if delivery.permalink:
            right -= 18
            draw_icon(painter, "link", QRectF(right, box.center().y() - 8, 16, 16), "text3")
            right -= 8
        left, line = box.left() + 60, theme().scaled(20)
        top = box.center().y() - line
        title = QRectF(left, top + 1, right - left, line)
        draw_text(painter, title, title_of(summary.title), "body", weight=600)
        when = when_words(delivery, self._context.clock.now(), self._context.zone())
        below = QRectF(left, top + line, right - left, line)
        draw_text(
            painter, below, f"{when} · {account.display_name or account.username}", "label", "text2", tabular=True
        )

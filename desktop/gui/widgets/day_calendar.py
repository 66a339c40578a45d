"""The month that drops down from a day field, with its days painted like the rest of the window."""

from __future__ import annotations

from PySide6.QtCore import QDate, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QToolButton, QWidget

from desktop.gui.theme.fonts import font_for
from desktop.gui.theme.icons import icon_for
from desktop.gui.theme.painting import CENTER, draw_box, draw_disc, draw_text
from desktop.gui.theme.theme import theme
from desktop.gui.theme.tokens import Token
from desktop.kit.i18n import tr


class DayCalendar(QCalendarWidget):
    """Keys and clicks are Qt's: arrows choose a day, page keys turn the month, Enter takes the day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        self.setMinimumSize(theme().scaled(300), theme().scaled(270))
        turns = (
            ("qt_calendar_prevmonth", "chevron-left", tr("Previous month")),
            ("qt_calendar_nextmonth", "chevron-right", tr("Next month")),
        )
        for inner_name, icon, name in turns:
            button = self.findChild(QToolButton, inner_name)
            if isinstance(button, QToolButton):
                button.setIcon(icon_for(icon))
                button.setAccessibleName(name)
                button.setToolTip(name)
        self._dress()
        theme().changed.connect(self._dress)

    @Slot()
    def _dress(self) -> None:
        heading = QTextCharFormat()
        heading.setForeground(theme().color("text3"))
        heading.setFont(font_for("caption"))
        self.setHeaderTextFormat(heading)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.setWeekdayTextFormat(day, heading)  # or they would be red

    def paintCell(self, painter: QPainter, rect: QRect, date: QDate) -> None:
        """Draw one day: a disc for the chosen one, a ring for today, faint outside the month or the range."""
        area = QRectF(rect)
        painter.fillRect(area, theme().color("raised"))
        side = min(area.width(), area.height()) - 2
        disc = QRectF(area.center().x() - side / 2, area.center().y() - side / 2, side, side)
        ink: Token = "text" if date.month() == self.monthShown() else "disabled"
        if not self.minimumDate() <= date <= self.maximumDate():
            ink = "disabled"
        if date == self.selectedDate():
            draw_disc(painter, disc, "accent")
            ink = "onAccent"
        elif date == QDate.currentDate():
            draw_box(painter, disc, side / 2, None, "accent", 1.5)
        weight = 600 if date == self.selectedDate() else 500
        draw_text(painter, area, str(date.day()), "label", ink, CENTER, weight, tabular=True)

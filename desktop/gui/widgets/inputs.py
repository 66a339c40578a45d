"""Fields a person fills in. The style sheet draws them; these classes give them names, hints and errors."""

from __future__ import annotations

from PySide6.QtCore import QDate, QRectF, Qt, QTime, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QTimeEdit,
    QWidget,
)

from desktop.gui.theme.icons import draw_icon, icon_for
from desktop.gui.theme.tokens import Token
from desktop.gui.widgets.day_calendar import DayCalendar
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column
from desktop.kit.i18n import tr


class LineEdit(QLineEdit):
    """One line of text."""

    def __init__(
        self, identifier: str, name: str, text: str = "", placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setPlaceholderText(placeholder)
        identify(self, identifier, name)


class SearchField(LineEdit):
    """A line edit with a glass in front and a cross to empty it; so does Escape."""

    def __init__(self, identifier: str, name: str, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(identifier, name, "", placeholder or name, parent)
        self.setProperty("search", True)
        self.addAction(QAction(icon_for("search", "text3"), "", self), QLineEdit.ActionPosition.LeadingPosition)
        self._clear = QAction(icon_for("x", "text3"), tr("Clear"), self)
        self._clear.triggered.connect(self.clear)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setVisible(False)
        self.textChanged.connect(lambda text: self._clear.setVisible(bool(text)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape empties the field; in an empty field it is passed on."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class TextArea(QPlainTextEdit):
    """Several lines of text in a frame. Tab leaves the field."""

    def __init__(
        self, identifier: str, name: str, text: str = "", placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("framed", True)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        identify(self, identifier, name)


class ComboBox(QComboBox):
    """A choice of (key, label) pairs; ``selected`` carries the key, also when the program chose."""

    selected = Signal(str)

    def __init__(
        self,
        identifier: str,
        name: str,
        options: list[tuple[str, str]],
        current: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        for key, label in options:
            self.addItem(label, key)
        if current is not None:
            self.select(current)
        identify(self, identifier, name)
        self.currentIndexChanged.connect(lambda _index: self.selected.emit(self.current))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field and its sign."""
        super().paintEvent(event)
        _draw_sign(self, "chevron-down")

    @property
    def current(self) -> str:
        """Key of the choice; empty when there is none."""
        return str(self.currentData() or "")

    def select(self, key: str) -> None:
        """Choose ``key``; a key that is not offered changes nothing."""
        index = self.findData(key)
        if index >= 0:
            self.setCurrentIndex(index)


class DateField(QDateEdit):
    """A day, typed or taken from a calendar that drops down."""

    def __init__(self, identifier: str, name: str, day: QDate, parent: QWidget | None = None) -> None:
        super().__init__(day, parent)
        self.setCalendarPopup(True)
        self.setDisplayFormat("ddd d MMM yyyy")
        self.setCalendarWidget(DayCalendar(self))
        identify(self, identifier, name)

    def stepBy(self, steps: int) -> None:
        """Go to the next or the last day, over the end of the month too; Qt would stay inside week and month."""
        if self.currentSection() == QDateEdit.Section.DaySection:
            self.setDate(self.date().addDays(steps))
        else:
            super().stepBy(steps)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field and its sign."""
        super().paintEvent(event)
        _draw_sign(self, "calendar-days")


class TimeField(QTimeEdit):
    """A time of day on the 24 hour clock; the arrow keys change the part under the cursor."""

    def __init__(self, identifier: str, name: str, time: QTime, parent: QWidget | None = None) -> None:
        super().__init__(time, parent)
        self.setDisplayFormat("HH:mm")
        self.lineEdit().setTextMargins(10, 0, 0, 0)  # the sheet's padding does not reach a field without buttons
        identify(self, identifier, name)


def _draw_sign(field: QWidget, icon: str) -> None:
    """Draw what says that a field drops down, at its right end."""
    size, middle = 15, field.height() / 2
    color: Token = "text2" if field.isEnabled() else "disabled"
    draw_icon(QPainter(field), icon, QRectF(field.width() - size - 10, middle - size / 2, size, size), color)


class FormRow(QWidget):
    """A field under its label, with a hint or an error below it."""

    def __init__(self, label: str, field: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._hint = hint
        caption = Label(label, "label")
        caption.setBuddy(field)
        self._below = Label(hint, "caption", "faint", wrap=True)
        if not hint:
            self._below.hide()
        layout = column(caption, field, self._below, spacing=5)
        if field.sizePolicy().verticalPolicy() != QSizePolicy.Policy.Expanding:
            layout.addStretch()  # neighbours of another height keep their labels in line
        self.setLayout(layout)

    def set_error(self, message: str) -> None:
        """Show what is wrong with the field in red; an empty ``message`` brings the hint back."""
        self._below.setText(message or self._hint)
        self._below.set_tone("danger" if message else "faint")
        self._below.setVisible(bool(message or self._hint))
        self.field.setAccessibleDescription(message or self._hint)
        if self.field.property("invalid") != bool(message):
            self.field.setProperty("invalid", bool(message))
            self.field.style().unpolish(self.field)
            self.field.style().polish(self.field)

"""A segmented control: one of a few views or ranges."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QWidget

from desktop.gui.theme.painting import CENTER, draw_box, draw_text, text_width
from desktop.gui.theme.theme import theme
from desktop.gui.theme.tokens import Token
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.layouts import row
from desktop.gui.widgets.painted_button import PaintedButton


class _Segment(PaintedButton):
    ring_radius = 6.0

    def content_size(self) -> QSize:
        # Measured in the heavier weight, so that choosing a segment moves nothing.
        return QSize(round(text_width(self.text(), "label", 600)) + 26, theme().control_height() - 4)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        if self.isChecked():
            draw_box(painter, rect, 6, "raised", "borderStrong")
        strong = self.isChecked() or self.is_hovered
        color: Token = ("text" if strong else "text2") if self.isEnabled() else "disabled"
        draw_text(painter, rect, self.text(), "label", color, CENTER, 600 if self.isChecked() else 500)


class SegmentedControl(QWidget):
    """A row of exclusive choices; arrow keys move between them. ``selected`` carries the key of the choice."""

    selected = Signal(str)

    def __init__(
        self,
        options: list[tuple[str, str]],
        identifier: str,
        name: str,
        current: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """``options`` are (key, label); each segment's identifier is ``identifier.key``."""
        super().__init__(parent)
        identify(self, identifier, name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._segments: dict[str, _Segment] = {}
        layout = row(spacing=2, margins=2)
        for key, label in options:
            segment = _Segment(label, f"{identifier}.{key}", f"{name}: {label}")
            segment.setCheckable(True)
            segment.setChecked(key == (current or options[0][0]))
            segment.toggled.connect(lambda checked, key=key: self._on_segment_toggled(key, checked))
            self._group.addButton(segment)
            self._segments[key] = segment
            layout.addWidget(segment)
        self.setLayout(layout)

    @property
    def current(self) -> str:
        """Key of the choice."""
        return next(key for key, segment in self._segments.items() if segment.isChecked())

    def select(self, key: str) -> None:
        """Choose ``key``; ``KeyError`` if there is no such segment. ``selected`` follows when it was another."""
        self._segments[key].setChecked(True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the trough."""
        draw_box(QPainter(self), QRectF(self.rect()), 8, "inset", "border")

    def _on_segment_toggled(self, key: str, checked: bool) -> None:
        if checked:
            self.selected.emit(key)

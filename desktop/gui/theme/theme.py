"""The look in force: which scheme, which text size, and the signal that says it changed.

There is one :class:`Theme` per process, reached through :func:`theme`, because every paint event needs it.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop.gui.theme.fonts import font_for, load_fonts, set_text_scale
from desktop.gui.theme.palette import palette_for
from desktop.gui.theme.stylesheet import stylesheet_for
from desktop.gui.theme.tokens import ControlSize, HueColors, Scheme, Token, Tokens, load_tokens

ThemeMode: TypeAlias = Literal["system", "light", "dark"]


class Theme(QObject):
    """Current tokens, and how to change them. Use it on the GUI thread only."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens: Tokens = load_tokens()
        self.scheme: Scheme = self.tokens.light
        self.mode: ThemeMode = "system"
        self.text_scale = 1.0
        self._application: QApplication | None = None

    def apply(self, application: QApplication, mode: ThemeMode = "system", text_scale: float = 1.0) -> None:
        """Dress ``application``: fonts, palette, style sheet. ``text_scale`` is held between 0.9 and 1.5.

        Call it before the first widget is built: a sheet set later has to visit every widget.
        """
        if self._application is not application:
            self._application = application
            application.setStyle("Fusion")
            load_fonts()
            QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_style_hints_color_scheme_changed)
        self.mode = mode
        self.text_scale = set_text_scale(text_scale)
        self._dress(application)

    def set_mode(self, mode: ThemeMode) -> None:
        """Switch between system, light and dark; :meth:`apply` must have run."""
        if self._application is not None:
            self.apply(self._application, mode, self.text_scale)

    def color(self, token: Token, alpha: int | None = None) -> QColor:
        """Return a colour of the current scheme; ``alpha`` 0..255 gives a see-through copy."""
        color = self.scheme.colors[token]
        if alpha is None:
            return color
        copy = QColor(color)
        copy.setAlpha(alpha)
        return copy

    def hue(self, name: str) -> HueColors:
        """Return an account hue (``desktop.domain.accounts.Hue``) in the current scheme; ``KeyError`` if unknown."""
        return self.scheme.hues[name]

    def scaled(self, pixels: float) -> int:
        """Return a measure that has to grow with the text, in logical pixels."""
        return round(pixels * self.text_scale)

    def control_height(self, size: ControlSize = "md") -> int:
        """Return the height of a control in logical pixels at the current text size."""
        return self.scaled(self.tokens.control_height[size])

    def _dress(self, application: QApplication) -> None:
        self.scheme = self.tokens.dark if self._wants_dark() else self.tokens.light
        application.setFont(font_for("body"))
        application.setPalette(palette_for(self.scheme))
        application.setStyleSheet(stylesheet_for(self.scheme, self.tokens, self.text_scale))
        self.changed.emit()

    def _wants_dark(self) -> bool:
        if self.mode == "system":
            # Unknown (bare X servers, offscreen) counts as light.
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self.mode == "dark"

    @Slot()
    def _on_style_hints_color_scheme_changed(self) -> None:
        if self._application is not None and self.mode == "system":
            self._dress(self._application)


@cache
def theme() -> Theme:
    """Return the theme of this process."""
    return Theme()

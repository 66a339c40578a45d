"""Scheme to ``QPalette``, for everything Fusion paints itself."""

from __future__ import annotations

from PySide6.QtGui import QPalette

from desktop.gui.theme.tokens import Scheme, Token

_Role = QPalette.ColorRole
_ROLES: tuple[tuple[QPalette.ColorRole, Token], ...] = (
    (_Role.Window, "canvas"),
    (_Role.WindowText, "text"),
    (_Role.Base, "surface"),
    (_Role.AlternateBase, "zebra"),
    (_Role.Text, "text"),
    (_Role.PlaceholderText, "text3"),
    (_Role.Button, "surface"),
    (_Role.ButtonText, "text"),
    (_Role.Highlight, "accent"),
    (_Role.HighlightedText, "onAccent"),
    (_Role.Accent, "accent"),
    (_Role.Link, "accentText"),
    (_Role.LinkVisited, "accentText"),
    (_Role.ToolTipBase, "raised"),
    (_Role.ToolTipText, "text"),
    (_Role.Light, "surface"),
    (_Role.Midlight, "hover"),
    (_Role.Mid, "border"),
    (_Role.Dark, "borderStrong"),
    (_Role.Shadow, "borderStrong"),
)


def palette_for(scheme: Scheme) -> QPalette:
    """Return the palette of ``scheme``."""
    palette = QPalette()
    for role, token in _ROLES:
        palette.setColor(role, scheme.colors[token])
    for role in (_Role.Text, _Role.WindowText, _Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, scheme.colors["disabled"])
    return palette

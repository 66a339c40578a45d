"""Inter in its four static cuts, the type roles, and the text-size factor.

The cuts are static because Qt does not apply ``setWeight`` to a variable font loaded by the application.
"""

from __future__ import annotations

import sys
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from desktop.gui.theme.tokens import TypeRole, load_tokens
from desktop.kit.resources import resource_dir

FAMILY = "Inter UI"
_CUTS = ("Regular", "Medium", "SemiBold", "Bold")
_EMOJI_FAMILIES = {"win32": "Segoe UI Emoji", "darwin": "Apple Color Emoji"}
_MIN_SCALE, _MAX_SCALE = 0.9, 1.5

_text_scale = 1.0


def load_fonts() -> None:
    """Give the bundled cuts and the system's colour emoji to Qt."""
    folder = resource_dir() / "fonts"
    for cut in _CUTS:
        QFontDatabase.addApplicationFont(str(folder / f"InterUI-{cut}.ttf"))
    QFontDatabase.setApplicationEmojiFontFamilies([_EMOJI_FAMILIES.get(sys.platform, "Noto Color Emoji")])


def set_text_scale(factor: float) -> float:
    """Set the text-size factor, held between 0.9 and 1.5, and return what is now in force."""
    global _text_scale
    held = min(max(factor, _MIN_SCALE), _MAX_SCALE)
    if held != _text_scale:
        _text_scale = held
        font_for.cache_clear()
    return held


@cache
def font_for(role: TypeRole = "body", weight: int | None = None, tabular: bool = False) -> QFont:
    """Return the font of a type role at the current text size. Shared: copy it before changing it.

    ``weight`` (CSS 400..700) replaces the role's own; ``tabular`` gives every figure the same width.
    """
    style = load_tokens().type_scale[role]
    font = QFont(FAMILY)
    font.setPixelSize(round(style.size_px * _text_scale))
    font.setWeight(QFont.Weight(weight or style.weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if style.spacing_px:
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, style.spacing_px)
    if tabular:
        font.setFeature(QFont.Tag.fromString("tnum"), 1)
    return font

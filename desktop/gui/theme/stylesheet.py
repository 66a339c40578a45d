"""The one style sheet of the application, generated from tokens.

It dresses only what Qt paints: text fields, scroll bars, menus, tables, labels. Everything else here is painted by
its widget. There is no ``*`` rule: font and text colour come from the application's font and palette, which is
cheaper for every widget. A focused field's border is thicker, so its padding shrinks and the text stays put.
"""

from __future__ import annotations

from string import Template

from PySide6.QtGui import QColor

from desktop.gui.theme.tokens import Scheme, Tokens

_LABEL_TONES = {
    "muted": "text2",
    "faint": "text3",
    "accent": "accentText",
    "success": "success",
    "warning": "warning",
    "danger": "danger",
    "info": "info",
}

_SHEET = Template("""
QMainWindow, QDialog { background: $canvas; }
QLabel { background: transparent; }

QLineEdit, QAbstractSpinBox, QComboBox {
  min-height: ${field}px; padding: 0 10px; border: 1px solid $borderStrong; border-radius: 8px; background: $surface;
  selection-background-color: $accent; selection-color: $onAccent; placeholder-text-color: $text3; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $text3; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border: 2px solid $focus; padding: 0 9px;
  min-height: ${field_focus}px; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $disabled; background: $inset;
  border-color: $border; }
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"], QComboBox[invalid="true"] { border-color: $danger; }
QLineEdit[frameless="true"] { border: 0; background: transparent; padding: 0; }
QAbstractSpinBox { max-height: ${field}px; }
QAbstractSpinBox:focus { max-height: ${field_focus}px; }
QLineEdit[search="true"] { padding: 0 5px; }
QLineEdit[search="true"]:focus { padding: 0 4px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: 0; }
/* The chevron is painted by the widgets: a sheet cannot colour a picture. */
QComboBox::drop-down, QDateEdit::drop-down { border: 0; width: 28px; background: transparent; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: none; width: 0; height: 0; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $borderStrong; border-radius: 8px; padding: 4px;
  outline: 0; selection-background-color: $hover; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: ${field_focus}px; padding: 0 8px; border-radius: 6px; }
QComboBox QAbstractItemView::item:selected { background: $hover; color: $text; }

QPlainTextEdit, QTextEdit { border: 0; background: transparent; selection-background-color: $accent;
  selection-color: $onAccent; placeholder-text-color: $text3; }
QPlainTextEdit[framed="true"], QTextEdit[framed="true"] { border: 1px solid $borderStrong; border-radius: 8px;
  background: $surface; padding: 5px 6px; }
QPlainTextEdit[framed="true"]:focus, QTextEdit[framed="true"]:focus { border: 2px solid $focus; padding: 4px 5px; }

QPushButton { padding: 0 12px; border: 1px solid $borderStrong; border-radius: 8px; background: $surface; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border: 2px solid $focus; padding: 0 11px; }

QScrollArea, QScrollArea > QWidget > QWidget { border: 0; background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; border: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; border: 0; }
QScrollBar::handle { background: $borderStrong; border-radius: 3px; }
QScrollBar::handle:vertical { margin: 3px; min-height: 36px; }
QScrollBar::handle:horizontal { margin: 3px; min-width: 36px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $text3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QToolTip { background: $raised; color: $text; border: 1px solid $borderStrong; padding: 4px 6px; }
QMenuBar { background: $sidebar; border-bottom: 1px solid $border; }
QMenuBar::item { padding: 3px 9px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $raised; border: 1px solid $borderStrong; border-radius: 10px; padding: 5px; }
QMenu::item { padding: 7px 28px 7px 10px; border-radius: 6px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $disabled; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $border; margin: 5px 8px; }

QListView, QTreeView, QTableView { border: 0; background: transparent; outline: 0; gridline-color: transparent;
  alternate-background-color: $zebra; selection-background-color: $selected; selection-color: $text; }
QTableView::item { padding: 0 10px; border-bottom: 1px solid $border; }
QHeaderView { background: transparent; }
QHeaderView::section { background: $surface; color: $text3; border: 0; border-bottom: 1px solid $border;
  padding: 6px 10px; font-size: ${caption}px; font-weight: 600; }
QSplitter::handle { background: $border; }

QCalendarWidget QWidget { alternate-background-color: $inset; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: $raised; }
QCalendarWidget QToolButton { border: 0; border-radius: 6px; padding: 5px 8px; background: transparent; color: $text;
  font-weight: 600; }
QCalendarWidget QToolButton:hover { background: $hover; }
QCalendarWidget QToolButton::menu-indicator { image: none; }
QCalendarWidget QSpinBox { min-height: 22px; max-height: 22px; padding: 0 4px; }
QCalendarWidget QAbstractItemView { background: $raised; }
QCalendarWidget QTableView::item { padding: 0; border: 0; }
""")


def stylesheet_for(scheme: Scheme, tokens: Tokens, text_scale: float) -> str:
    """Return the sheet of ``scheme``; ``text_scale`` as in :class:`~desktop.gui.theme.theme.Theme`."""
    values: dict[str, str | int] = {name: _css(color) for name, color in scheme.colors.items()}
    field = round(tokens.control_height["md"] * text_scale) - 2
    values |= {
        "field": field,
        "field_focus": field - 2,
        "caption": round(tokens.type_scale["caption"].size_px * text_scale),
    }
    rules = [_SHEET.substitute(values)]
    for role, style in tokens.type_scale.items():
        size = round(style.size_px * text_scale)
        spacing = f" letter-spacing: {style.spacing_px}px;" if style.spacing_px else ""
        rules.append(f'QLabel[role="{role}"] {{ font-size: {size}px; font-weight: {style.weight};{spacing} }}')
    rules += [f'QLabel[tone="{tone}"] {{ color: {values[token]}; }}' for tone, token in _LABEL_TONES.items()]
    return "\n".join(rules)


def _css(color: QColor) -> str:
    if color.alpha() == 255:
        return color.name()
    return f"rgba({color.red()}, {color.green()}, {color.blue()}, {color.alpha()})"

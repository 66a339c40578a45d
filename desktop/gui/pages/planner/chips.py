"""Painting one chip: account hue, networks, time, title and state, on one line or two."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from desktop.domain.deliveries import DeliveryState
from desktop.domain.networks import Network
from desktop.gui.pages.planner.words import short_time, title_of
from desktop.gui.theme.icons import Color, draw_icon
from desktop.gui.theme.networks import NETWORK_ICONS
from desktop.gui.theme.painting import Status, draw_box, draw_status_glyph, draw_text, rounded_clip, text_width
from desktop.gui.theme.shadows import draw_shadow
from desktop.gui.theme.theme import theme
from desktop.gui.theme.tokens import Token
from desktop.services.scheduling.entries import CalendarEntry

Ground: TypeAlias = Literal["hue", "outline", "muted", "danger", "warning", "info"]

CHIP_RADIUS = 6.0
_BAR_PX = 3.0
_ICON_PX = 12
_DOT_PX = 12.0
_COUNT_PX = 16  # room for "+2"
_LEAST_TITLE_PX = 60  # fewer letters say nothing


@dataclass(frozen=True, slots=True)
class ChipLook:
    """How a state looks: its ground, and a mark at the end of the chip ("pause" is drawn, the others are icons)."""

    ground: Ground
    mark: str = ""
    mark_color: Token = "text2"


_LOOKS: dict[DeliveryState, ChipLook] = {
    DeliveryState.DRAFT: ChipLook("outline", "square-pen"),
    DeliveryState.AWAITING_APPROVAL: ChipLook("outline", "eye", "warning"),
    DeliveryState.SCHEDULED: ChipLook("hue"),
    DeliveryState.PREPARING: ChipLook("hue"),
    DeliveryState.READY: ChipLook("hue"),
    DeliveryState.SENDING: ChipLook("info", "send", "info"),
    DeliveryState.UNCERTAIN: ChipLook("info", "search", "info"),
    DeliveryState.LIVE_UNLINKED: ChipLook("muted", "check", "success"),
    DeliveryState.PUBLISHED: ChipLook("muted", "check", "success"),
    DeliveryState.HELD: ChipLook("outline", "pause", "warning"),
    DeliveryState.RETRY_WAIT: ChipLook("hue", "repeat-2", "warning"),
    DeliveryState.MISSED: ChipLook("warning", "triangle-alert", "warning"),
    DeliveryState.CANCELLED: ChipLook("muted", "x", "text3"),
    DeliveryState.FAILED: ChipLook("danger", "circle-alert", "danger"),
    DeliveryState.NEEDS_REVIEW: ChipLook("danger", "circle-alert", "danger"),
}


_STATUS: dict[Ground, Status] = {
    "hue": "scheduled",
    "outline": "draft",
    "muted": "ok",
    "danger": "danger",
    "warning": "warning",
    "info": "working",
}


def status_of(state: DeliveryState) -> Status:
    """Return the look of a pill that names the state."""
    if state is DeliveryState.CANCELLED:
        return "draft"
    return "paused" if state is DeliveryState.HELD else _STATUS[_LOOKS[state].ground]


def look_of(state: DeliveryState) -> ChipLook:
    """Return how chips of a state look."""
    return _LOOKS[state]


@dataclass(frozen=True, slots=True)
class _Inks:
    """Bar, fill, words, and the quieter time and networks."""

    bar: Color
    fill: Color
    words: Color
    detail: Color
    icons: Color


def _inks(look: ChipLook, hue: str) -> _Inks:
    colors = theme().hue(hue)
    match look.ground:
        case "hue":
            return _Inks(colors.bar, colors.fill, colors.text, colors.text, colors.bar)
        case "outline":
            return _Inks(colors.bar, "surface", colors.text, colors.text, colors.bar)
        case "muted":
            faded = QColor(colors.bar)
            faded.setAlpha(110)
            return _Inks(faded, "inset", "text2", "text3", "text3")
        case "danger":
            return _Inks("danger", "dangerSoft", "danger", "danger", "danger")
        case "warning":
            return _Inks("warning", "warningSoft", "warning", "warning", "warning")
        case "info":
            return _Inks("info", "infoSoft", "info", "info", "info")


def paint_chip(painter: QPainter, rect: QRectF, entry: CalendarEntry, hue: str, *, is_lifted: bool = False) -> None:
    """Draw the chip of ``entry`` into ``rect``; ``is_lifted`` adds the shadow of a chip under the pointer."""
    look = look_of(entry.state)
    inks = _inks(look, hue)
    if is_lifted:
        draw_shadow(painter, rect, CHIP_RADIUS, "sm")
    _paint_ground(painter, rect, look, inks)
    if rect.height() > theme().scaled(30):
        _paint_two_lines(painter, rect, entry, look, inks)
    else:
        _paint_one_line(painter, rect, entry, look, inks)


def _paint_ground(painter: QPainter, rect: QRectF, look: ChipLook, inks: _Inks) -> None:
    if look.ground == "outline":
        draw_box(painter, rect, CHIP_RADIUS, inks.fill, inks.bar, 1.0, (3, 2.5))
        return
    draw_box(painter, rect, CHIP_RADIUS, inks.fill)
    with rounded_clip(painter, rect, CHIP_RADIUS):
        draw_box(painter, QRectF(rect.left(), rect.top(), _BAR_PX, rect.height()), 0, inks.bar)


def _paint_two_lines(painter: QPainter, rect: QRectF, entry: CalendarEntry, look: ChipLook, inks: _Inks) -> None:
    line = theme().scaled(18)
    left, right = rect.left() + 9, rect.right() - 7
    draw_text(painter, QRectF(left, rect.top() + 3, right - left, line), title_of(entry), "label", inks.words)
    below = QRectF(left, rect.top() + 2 + line, right - left, theme().scaled(16))
    below.setRight(_paint_marks(painter, below, entry, look, inks))
    room = below.width() - _time_width(short_time(entry.local), theme().text_scale) - 4
    below.setLeft(_paint_networks(painter, below, room, entry, look, inks))
    draw_text(painter, below, short_time(entry.local), "caption", inks.detail, tabular=True)


def _paint_one_line(painter: QPainter, rect: QRectF, entry: CalendarEntry, look: ChipLook, inks: _Inks) -> None:
    line = QRectF(rect.left() + 9, rect.top(), rect.width() - 16, rect.height())
    line.setRight(_paint_marks(painter, line, entry, look, inks, with_media=False))
    words = short_time(entry.local)
    time_width = _time_width(words, theme().text_scale)
    room = line.width() - time_width - theme().scaled(_LEAST_TITLE_PX)
    line.setLeft(_paint_networks(painter, line, room, entry, look, inks))
    draw_text(painter, line, words, "caption", inks.detail, tabular=True)
    line.setLeft(line.left() + time_width + 6)
    draw_text(painter, line, title_of(entry), "label", inks.words)


@cache
def _time_width(words: str, _text_scale: float) -> float:
    return text_width(words, "caption", tabular=True)


def _paint_networks(
    painter: QPainter, line: QRectF, room: float, entry: CalendarEntry, look: ChipLook, inks: _Inks
) -> float:
    """Draw the networks' marks from the left of ``line`` and return where the next thing begins.

    An alert stands in their place on red, always: colour alone says nothing to some. Networks that do not fit into
    ``room`` are counted ("+2") or left out altogether: the title matters more, and the bar shows the account.
    """
    networks = [network for network in Network if network in entry.networks]
    icons = [look.mark] if look.ground == "danger" else [NETWORK_ICONS[network] for network in networks]
    side = theme().scaled(_ICON_PX)
    fitting = int((room - 2) // (side + 3))
    if fitting < len(icons):
        fitting = int((room - 2 - theme().scaled(_COUNT_PX)) // (side + 3))
    x = line.left()
    if look.ground == "danger":
        fitting = 1
    if fitting < 1 or not icons:
        return x
    for icon in icons[:fitting]:
        draw_icon(painter, icon, QRectF(x, line.center().y() - side / 2, side, side), inks.icons)
        x += side + 3
    if fitting < len(icons):
        count = QRectF(x - 1, line.top(), theme().scaled(_COUNT_PX), line.height())
        draw_text(painter, count, f"+{len(icons) - fitting}", "caption", inks.detail, weight=600)
        x = count.right()
    return x + 2


def _paint_marks(
    painter: QPainter, line: QRectF, entry: CalendarEntry, look: ChipLook, inks: _Inks, *, with_media: bool = True
) -> float:
    """Draw the mark of the state, else of media, at the right end of ``line``; return where they begin."""
    side = theme().scaled(_ICON_PX)
    place = QRectF(line.right() - side, line.center().y() - side / 2, side, side)
    if look.mark == "pause":
        draw_status_glyph(painter, place, "paused", look.mark_color)
    elif look.mark and look.ground != "danger":
        draw_icon(painter, look.mark, place, look.mark_color)
    elif with_media and entry.has_media:
        draw_icon(painter, "image", place, inks.detail)
    else:
        return line.right()
    return place.left() - 4


def paint_more(painter: QPainter, rect: QRectF, words: str) -> None:
    """Draw "+n more"."""
    draw_text(painter, rect.adjusted(4, 0, 0, 0), words, "caption", "text2", weight=600)


def pill_width(words: str, *, is_refusal: bool) -> float:
    """Return the width of a pill in logical pixels."""
    return text_width(words, "caption") + 24 + (_DOT_PX + 7 if is_refusal else 0)


def paint_pill(painter: QPainter, rect: QRectF, words: str, *, is_refusal: bool) -> None:
    """Draw the dark pill that says what a drop would do; a refusal carries a red cross."""
    draw_shadow(painter, rect, CHIP_RADIUS, "sm")
    draw_box(painter, rect, CHIP_RADIUS, "text")
    inner = rect.adjusted(12, 0, -8, 0)
    if is_refusal:
        # the pill is the other way round, so the other scheme's red reads on it
        scheme = theme().tokens.light if theme().scheme.is_dark else theme().tokens.dark
        mark = QRectF(inner.left() - 2, rect.center().y() - _DOT_PX / 2, _DOT_PX, _DOT_PX)
        draw_icon(painter, "x", mark, scheme.colors["danger"])
        inner.setLeft(mark.right() + 6)
    draw_text(painter, inner, words, "caption", "surface")

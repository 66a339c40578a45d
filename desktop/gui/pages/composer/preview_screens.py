"""How the post will look in the networks' own apps: their proportions and order, painted by us."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.domain.networks import Network
from desktop.gui.pages.composer.media_tile import draw_picture
from desktop.gui.pages.composer.preview_text import draw_post_text, preview_font
from desktop.gui.theme.icons import draw_icon
from desktop.gui.theme.painting import CENTER, LEFT, draw_box, draw_disc, draw_line
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.avatar import draw_avatar, initials_of
from desktop.gui.widgets.phone import screen_colors
from desktop.kit.i18n import tr

CAPTION_FOLD = 125
"""Characters of an Instagram caption before "more" (``desktop-ux.md`` §1.1)."""
FACEBOOK_FOLD = 477
"""Characters of a Page post before "See more", as seen in the app."""

_LINKS = {
    Network.THREADS: ("#0A66C2", "#5AA9FF"),
    Network.INSTAGRAM: ("#00376B", "#A8C7FF"),
    Network.FACEBOOK: ("#0064D1", "#5AA7FF"),
}


@dataclass(frozen=True, slots=True)
class PreviewPart:
    """A rendered part; a picture that is still loading is None. ``ratio`` is that of the first picture."""

    text: str
    pictures: tuple[QImage | None, ...] = ()
    link: str | None = None
    ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class Preview:
    """What one account would publish."""

    network: Network
    name: str
    username: str
    hue: str
    parts: tuple[PreviewPart, ...]


def draw_screen(painter: QPainter, glass: QRectF, preview: Preview, offset: float) -> float:
    """Draw the app of ``preview.network`` into ``glass``, scrolled by ``offset``; return the height of all of it."""
    screen: Callable[[_Screen], float] = {
        Network.THREADS: _draw_threads,
        Network.INSTAGRAM: _draw_instagram,
        Network.FACEBOOK: _draw_facebook,
    }[preview.network]
    return screen(_Screen(painter, glass, preview, offset))


class _Screen:
    """The painter with the colours of the app at hand and a top bar that does not scroll."""

    def __init__(self, painter: QPainter, glass: QRectF, preview: Preview, offset: float) -> None:
        self.painter, self.glass, self.preview, self.offset = painter, glass, preview, offset
        self.ground, self.ink, self.quiet, self.line = screen_colors()
        self.link = QColor(_LINKS[preview.network][theme().scheme.is_dark])
        self.left, self.right = glass.left() + 14, glass.right() - 14

    @property
    def top(self) -> float:
        """Where the post begins, below the bar."""
        return self.glass.top() + 46 - self.offset

    @property
    def end(self) -> float:
        """Below this nothing can be seen, but enough is measured to scroll."""
        return self.glass.bottom() + self.offset + 4000

    def bar(self, icon: str) -> None:
        """Draw the top bar over what scrolls below it."""
        bar = QRectF(self.glass.left(), self.glass.top(), self.glass.width(), 36)
        self.painter.fillRect(bar, self.ground)
        draw_icon(self.painter, icon, QRectF(bar.center().x() - 11, bar.top() + 5, 22, 22), self.ink)
        draw_line(self.painter, bar.left(), bar.bottom() - 1, bar.right(), bar.bottom() - 1, self.line)

    def words(
        self,
        rect: QRectF,
        text: str,
        color: QColor,
        weight: int = 400,
        size_px: int = 13,
        align: Qt.AlignmentFlag = LEFT,
    ) -> float:
        """Draw one line, elided; return its width."""
        font = preview_font(size_px, weight)
        self.painter.setFont(font)
        self.painter.setPen(color)
        metrics = self.painter.fontMetrics()
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(rect.width()))
        self.painter.drawText(rect, align, shown)
        return metrics.horizontalAdvance(shown)

    def avatar(self, rect: QRectF) -> None:
        """Draw the account's picture."""
        draw_avatar(self.painter, rect, initials_of(self.preview.name), self.preview.hue)

    def icons(self, y: float, left: float, names: tuple[str, ...], gap: float = 42) -> None:
        """Draw a row of the app's icons."""
        for index, name in enumerate(names):
            draw_icon(self.painter, name, QRectF(left + index * gap, y, 18, 18), self.ink)


def _draw_threads(screen: _Screen) -> float:
    y = screen.top + 4
    parts = screen.preview.parts
    for index, part in enumerate(parts):
        start = y
        screen.avatar(QRectF(screen.left, y, 34, 34))
        x = screen.left + 46
        width = screen.words(QRectF(x, y - 1, 150, 18), screen.preview.username, screen.ink, 600)
        screen.words(QRectF(x + width + 8, y - 1, 40, 18), tr("now"), screen.quiet)
        draw_icon(screen.painter, "ellipsis", QRectF(screen.right - 16, y, 16, 16), screen.quiet)
        y = draw_post_text(screen.painter, x, y + 18, screen.right - x, screen.end, part.text, screen.ink, screen.link)
        if part.pictures:
            y = _threads_pictures(screen, part, x, y + 6)
        elif part.link:
            y = _link_card(screen, part.link, QRectF(x, y + 6, screen.right - x, 44))
        screen.icons(y + 10, x, ("heart", "message-circle", "repeat-2", "send"), 38)
        y += 44
        if index < len(parts) - 1:
            draw_box(screen.painter, QRectF(screen.left + 16, start + 42, 2, max(4.0, y - start - 50)), 1, screen.line)
    screen.bar("brand-threads")
    return y + screen.offset - screen.glass.top()


def _threads_pictures(screen: _Screen, part: PreviewPart, x: float, y: float) -> float:
    if len(part.pictures) == 1:
        width = screen.right - x
        rect = QRectF(x, y, width, min(width / max(part.ratio, 0.3), 260))
        draw_picture(screen.painter, rect, part.pictures[0], 9)
        return rect.bottom()
    for index, picture in enumerate(part.pictures):
        rect = QRectF(x + index * 156, y, 150, 120)
        if rect.left() < screen.glass.right():
            draw_picture(screen.painter, rect, picture, 9)
    return y + 120


def _link_card(screen: _Screen, link: str, rect: QRectF) -> float:
    draw_box(screen.painter, rect, 9, None, screen.line)
    host = link.partition("://")[2].partition("/")[0] or link
    draw_icon(screen.painter, "link", QRectF(rect.left() + 12, rect.center().y() - 8, 16, 16), screen.quiet)
    inner = rect.adjusted(38, 5, -10, -5)
    screen.words(QRectF(inner.left(), inner.top(), inner.width(), 17), host, screen.quiet, 400, 11)
    screen.words(QRectF(inner.left(), inner.top() + 16, inner.width(), 17), link, screen.ink, 500, 12)
    return rect.bottom()


def _folded(text: str, fold: int, more: str) -> tuple[str, int | None]:
    """Return the text as shown at first, and from where on it is the word that unfolds it."""
    if len(text) <= fold:
        return text, None
    cut = text[:fold].rstrip() + "… "
    return cut + more, len(cut)


def _draw_instagram(screen: _Screen) -> float:
    y = screen.top - 10
    glass, part = screen.glass, _as_one(screen.preview.parts)
    screen.avatar(QRectF(screen.left - 2, y + 9, 30, 30))
    screen.words(QRectF(screen.left + 38, y + 14, 190, 20), screen.preview.username, screen.ink, 600)
    draw_icon(screen.painter, "ellipsis", QRectF(screen.right - 16, y + 16, 16, 16), screen.ink)
    y += 48
    frame = QRectF(glass.left(), y, glass.width(), glass.width() / min(max(part.ratio, 0.8), 1.91))
    if part.pictures:
        draw_picture(screen.painter, frame, part.pictures[0], 0)
    else:
        screen.painter.fillRect(frame, screen.line)
        draw_icon(
            screen.painter, "image", QRectF(frame.center().x() - 16, frame.center().y() - 28, 32, 32), screen.quiet
        )
        words = QRectF(frame.left(), frame.center().y() + 10, frame.width(), 20)
        screen.words(words, tr("Instagram needs a picture or a video"), screen.quiet, 500, 12, CENTER)
    if len(part.pictures) > 1:
        _carousel_signs(screen, frame, len(part.pictures))
    y = frame.bottom() + (20 if len(part.pictures) > 1 else 10)
    screen.icons(y, screen.left, ("heart", "message-circle", "send"), 34)
    draw_icon(screen.painter, "bookmark", QRectF(screen.right - 18, y, 18, 18), screen.ink)
    y += 28
    name = screen.preview.username
    caption, more = _folded(part.text.replace("\n\n", "\n"), CAPTION_FOLD, tr("more"))
    y = draw_post_text(
        screen.painter,
        screen.left,
        y,
        screen.right - screen.left,
        screen.end,
        f"{name} {caption}" if caption else name,
        screen.ink,
        screen.link,
        bold=len(name),
        quiet=None if more is None else (len(name) + 1 + more, screen.quiet),
    )
    screen.bar("brand-instagram")
    return y + 14 + screen.offset - glass.top()


def _carousel_signs(screen: _Screen, frame: QRectF, count: int) -> None:
    pill = QRectF(frame.right() - 46, frame.top() + 12, 34, 22)
    draw_box(screen.painter, pill, 11, QColor(0, 0, 0, 150))
    screen.words(pill, f"1/{count}", QColor("#FFFFFF"), 500, 11, CENTER)
    dots = min(count, 8)
    left = frame.center().x() - (dots * 10 - 4) / 2
    for index in range(dots):
        color = QColor("#3897F0") if index == 0 else screen.line
        draw_disc(screen.painter, QRectF(left + index * 10, frame.bottom() + 7, 6, 6), color)


def _draw_facebook(screen: _Screen) -> float:
    y = screen.top + 2
    part = _as_one(screen.preview.parts)
    screen.avatar(QRectF(screen.left, y, 36, 36))
    screen.words(QRectF(screen.left + 46, y, 190, 19), screen.preview.name, screen.ink, 600)
    screen.words(QRectF(screen.left + 46, y + 18, 190, 17), tr("Just now · Public"), screen.quiet, 400, 11)
    draw_icon(screen.painter, "ellipsis", QRectF(screen.right - 16, y + 4, 16, 16), screen.quiet)
    text, more = _folded(part.text, FACEBOOK_FOLD, tr("See more"))
    y = draw_post_text(
        screen.painter,
        screen.left,
        y + 46,
        screen.right - screen.left,
        screen.end,
        text,
        screen.ink,
        screen.link,
        quiet=None if more is None else (more, screen.quiet),
    )
    if part.pictures:
        y = _facebook_pictures(screen, part, y + 8)
    elif part.link:
        y = _link_card(screen, part.link, QRectF(screen.left, y + 8, screen.right - screen.left, 48))
    y += 10
    draw_line(screen.painter, screen.left, y, screen.right, y, screen.line)
    third = (screen.right - screen.left) / 3
    actions = (("thumbs-up", tr("Like")), ("message-circle", tr("Comment")), ("share-2", tr("Share")))
    for index, (icon, words) in enumerate(actions):
        x = screen.left + index * third
        draw_icon(screen.painter, icon, QRectF(x + 4, y + 11, 16, 16), screen.quiet)
        screen.words(QRectF(x + 26, y + 9, third - 26, 20), words, screen.quiet, 500, 12)
    screen.bar("brand-facebook")
    return y + 44 + screen.offset - screen.glass.top()


def _facebook_pictures(screen: _Screen, part: PreviewPart, y: float) -> float:
    """One picture in its own shape; more in a grid whose last field counts the rest."""
    left, width = screen.glass.left(), screen.glass.width()
    if len(part.pictures) == 1:
        rect = QRectF(left, y, width, min(width / max(part.ratio, 0.5), 380))
        draw_picture(screen.painter, rect, part.pictures[0], 0)
        return rect.bottom()
    shown = part.pictures[:4]
    columns = 2
    side = (width - 3) / columns
    rows = (len(shown) + 1) // 2
    for index, picture in enumerate(shown):
        is_wide = index == len(shown) - 1 and len(shown) % 2 == 1
        cell = QRectF(left + (index % 2) * (side + 3), y + (index // 2) * (side * 0.75 + 3), side, side * 0.75)
        if is_wide:
            cell.setWidth(width)
        draw_picture(screen.painter, cell, picture, 0)
        if index == 3 and len(part.pictures) > 4:
            screen.painter.fillRect(cell, QColor(0, 0, 0, 120))
            screen.words(cell, f"+{len(part.pictures) - 4}", QColor("#FFFFFF"), 600, 22, CENTER)
    return y + rows * (side * 0.75 + 3)


def _as_one(parts: tuple[PreviewPart, ...]) -> PreviewPart:
    """Show the first part of a chain: preflight says that this network takes no chains."""
    return parts[0] if parts else PreviewPart("")

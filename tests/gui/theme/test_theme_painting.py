import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from desktop.gui.theme.fonts import font_for
from desktop.gui.theme.painting import clamped_lines, draw_box, draw_status_glyph, rounded_clip
from desktop.gui.theme.shadows import draw_shadow, shadow_margin


@pytest.fixture
def canvas(qapp: QApplication) -> QPixmap:
    pixmap = QPixmap(120, 120)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def test_a_one_pixel_border_is_one_crisp_pixel(canvas: QPixmap) -> None:
    painter = QPainter(canvas)
    draw_box(painter, QRectF(10, 10, 80, 80), 8, QColor("#ffffff"), QColor("#ff0000"))
    painter.end()
    row = [canvas.toImage().pixelColor(x, 50).name() for x in (9, 10, 11)]
    assert row == ["#000000", "#ff0000", "#ffffff"]


def test_a_clip_stays_inside_the_outer_one_and_ends_with_the_block(canvas: QPixmap) -> None:
    painter = QPainter(canvas)
    painter.setClipRect(0, 0, 40, 120)
    with rounded_clip(painter, QRectF(0, 0, 120, 60), 0):
        painter.fillRect(canvas.rect(), QColor("#00ff00"))
    painter.fillRect(QRectF(0, 80, 120, 10), QColor("#0000ff"))
    painter.end()
    image = canvas.toImage()
    assert image.pixelColor(20, 30).name() == "#00ff00"
    assert image.pixelColor(60, 30).alpha() == 0
    assert image.pixelColor(20, 70).alpha() == 0
    assert image.pixelColor(20, 85).name() == "#0000ff"


def test_a_shadow_is_soft_and_ends_at_its_margin(canvas: QPixmap) -> None:
    painter = QPainter(canvas)
    draw_shadow(painter, QRectF(40, 40, 40, 40), 8, "sm", 4)
    painter.end()
    image = canvas.toImage()
    downwards = [image.pixelColor(60, y).alpha() for y in range(80, 120)]
    assert downwards[0] > 20
    assert downwards == sorted(downwards, reverse=True)
    assert max(downwards[shadow_margin("sm") :]) == 0
    assert max(downwards[i] - downwards[i + 1] for i in range(len(downwards) - 1)) < downwards[0] / 3


def test_a_shadow_around_something_smaller_than_its_corners_is_drawn(canvas: QPixmap) -> None:
    painter = QPainter(canvas)
    draw_shadow(painter, QRectF(55, 55, 6, 6), 3, "lg")
    painter.end()
    assert canvas.toImage().pixelColor(58, 66).alpha() > 0


_TEXT = "Why handmade costs more than you might think 🧵 and what it costs to throw one away 👩‍👩‍👧‍👦 at last"


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_clamped_lines_fit_and_the_last_shows_that_there_is_more(qapp: QApplication, lines: int) -> None:
    font = font_for("body")
    broken = clamped_lines(_TEXT, font, 160, lines)
    assert len(broken) == lines
    assert broken[-1].endswith("…")
    assert all(QFontMetricsF(font).horizontalAdvance(line) <= 161 for line in broken)


def test_lines_break_at_words_also_after_an_emoji(qapp: QApplication) -> None:
    broken = clamped_lines(_TEXT, font_for("body"), 160, 20)
    assert " ".join(broken) == _TEXT


def test_newlines_are_kept(qapp: QApplication) -> None:
    assert clamped_lines("one 🧵\n\ntwo", font_for("body"), 160, 5) == ["one 🧵", "", "two"]


def test_an_empty_text_has_at_most_an_empty_line(qapp: QApplication) -> None:
    assert "".join(clamped_lines("", font_for("body"), 160, 3)) == ""


def test_every_status_has_a_shape_of_its_own(qapp: QApplication) -> None:
    def drawn(status: str) -> bytes:
        pixmap = QPixmap(16, 16)
        pixmap.fill(Qt.GlobalColor.white)
        painter = QPainter(pixmap)
        draw_status_glyph(painter, QRectF(0, 0, 16, 16), status, QColor("#000000"))  # type: ignore[arg-type]
        painter.end()
        image = pixmap.toImage()
        return bytes(image.constBits())

    shapes = {drawn(status) for status in ("draft", "scheduled", "working", "ok", "warning", "danger", "paused")}
    assert len(shapes) == 7

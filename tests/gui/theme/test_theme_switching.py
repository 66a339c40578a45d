import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from desktop.gui.theme.fonts import font_for
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label


def test_switching_to_dark_changes_tokens_palette_and_tells(qapp: QApplication, qtbot) -> None:
    light_text = theme().color("text")
    with qtbot.waitSignal(theme().changed):
        theme().apply(qapp, "dark")
    assert theme().scheme.is_dark
    assert theme().color("text") != light_text
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme().color("canvas")


def test_a_system_that_does_not_tell_counts_as_light(qapp: QApplication) -> None:
    assert QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Unknown
    theme().apply(qapp, "system")
    assert not theme().scheme.is_dark


def test_a_see_through_copy_leaves_the_token_alone(qapp: QApplication) -> None:
    assert theme().color("accent", 10).alpha() == 10
    assert theme().color("accent").alpha() == 255


@pytest.mark.parametrize(("asked", "given"), [(0.2, 0.9), (1.3, 1.3), (9.0, 1.5)])
def test_the_text_size_is_held_in_its_bounds(qapp: QApplication, asked: float, given: float) -> None:
    theme().apply(qapp, "light", asked)
    assert theme().text_scale == given
    assert font_for("body").pixelSize() == round(13 * given)


def test_labels_and_buttons_grow_with_the_text_size(qapp: QApplication, qtbot) -> None:
    label, button = Label("Schedule", "h1"), Button("Schedule", "b")
    for widget in (label, button):
        qtbot.addWidget(widget)
        widget.show()
    before = label.sizeHint(), button.sizeHint()
    theme().apply(qapp, "light", 1.5)
    assert label.sizeHint().width() > before[0].width()
    assert (button.sizeHint().width() > before[1].width(), button.sizeHint().height()) == (True, 48)


def test_a_role_in_a_label_is_the_bundled_font_in_its_weight(qapp: QApplication, qtbot) -> None:
    label = Label("Words", "h1")
    qtbot.addWidget(label)
    label.ensurePolished()
    assert (label.fontInfo().family(), label.fontInfo().pixelSize(), label.font().weight()) == ("Inter UI", 18, 600)


def test_the_four_cuts_differ_in_width(qapp: QApplication) -> None:
    widths = [QFontMetricsF(font_for("body", weight)).horizontalAdvance("Schedule") for weight in (400, 500, 600, 700)]
    assert widths == sorted(set(widths))


def test_tabular_figures_are_all_of_one_width(qapp: QApplication) -> None:
    metrics = QFontMetricsF(font_for("body", tabular=True))
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("8888")
    plain = QFontMetricsF(font_for("body"))
    assert plain.horizontalAdvance("1111") != plain.horizontalAdvance("8888")

import gc

import pytest
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from desktop.domain.networks import Network
from desktop.gui.theme.icons import icon_for, icon_pixmap
from desktop.gui.theme.networks import NETWORK_ICONS
from desktop.gui.theme.painting import STATUS_LOOKS
from desktop.gui.theme.theme import theme


def _strongest(image: QImage) -> QColor:
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=QColor.alpha)


def _is_like(one: QColor, other: QColor) -> bool:
    # Half-covered pixels are rounded when Qt stores them premultiplied.
    return all(abs(a - b) <= 3 for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True))


def test_an_icon_takes_the_colour_it_is_given(qapp: QApplication) -> None:
    pixmap = icon_pixmap("plus", QColor("#ff0000"), 16)
    assert _is_like(_strongest(pixmap.toImage()), QColor("#ff0000"))


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_an_icon_has_the_pixels_of_the_device(qapp: QApplication, ratio: float) -> None:
    pixmap = icon_pixmap("plus", "text", 16, ratio)
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (16 * ratio, ratio)


def test_a_qicon_follows_the_scheme_and_greys_out(qapp: QApplication) -> None:
    icon = QIcon(icon_for("plus", "danger"))
    gc.collect()
    light = _strongest(icon.pixmap(16).toImage())
    theme().apply(qapp, "dark")
    dark = _strongest(icon.pixmap(16).toImage())
    off = _strongest(icon.pixmap(16, QIcon.Mode.Disabled).toImage())
    assert _is_like(light, theme().tokens.light.colors["danger"])
    assert _is_like(dark, theme().tokens.dark.colors["danger"])
    assert _is_like(off, theme().tokens.dark.colors["disabled"])


def test_an_unknown_icon_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icon_pixmap("no-such-icon", "text", 16)


def test_networks_and_states_have_their_icons(qapp: QApplication) -> None:
    assert set(NETWORK_ICONS) == set(Network)
    painted_by_hand = {"pause"}
    for name in {*NETWORK_ICONS.values(), *(look[0] for look in STATUS_LOOKS.values())} - painted_by_hand:
        assert not icon_pixmap(name, "text", 16).isNull()

from typing import get_args

import pytest
from PySide6.QtGui import QColor

from desktop.domain.accounts import Hue
from desktop.gui.theme.tokens import Scheme, Token, TypeRole, load_tokens

# Text on its grounds; WCAG 2.2 AA asks for 4.5.
_TEXT_PAIRS = [
    *((ink, ground) for ink in ("text", "text2", "text3") for ground in ("canvas", "sidebar", "surface", "inset")),
    *(("onAccent", ground) for ground in ("accent", "accentHover", "accentPressed")),
    *((tone, f"{tone}Soft") for tone in ("success", "warning", "danger", "info")),
    ("accentText", "accentSoft"),
    ("accentText", "selected"),
    ("text", "selected"),
    ("danger", "surface"),
]


def _luminance(color: QColor) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (color.redF(), color.greenF(), color.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _contrast(one: QColor, other: QColor) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Scheme:
    return getattr(load_tokens(), request.param)


def test_the_token_names_in_code_are_those_in_the_file(scheme: Scheme) -> None:
    assert set(get_args(Token)) == set(scheme.colors)
    assert set(get_args(TypeRole)) == set(load_tokens().type_scale)


def test_every_hue_an_account_can_have_is_in_the_file(scheme: Scheme) -> None:
    assert {hue.value for hue in Hue} == set(scheme.hues)


@pytest.mark.parametrize(("ink", "ground"), _TEXT_PAIRS)
def test_text_can_be_read_on_its_ground(scheme: Scheme, ink: str, ground: str) -> None:
    assert _contrast(scheme.colors[ink], scheme.colors[ground]) >= 4.5


def test_hue_text_can_be_read_on_its_fill_and_bars_stand_out(scheme: Scheme) -> None:
    for hue in scheme.hues.values():
        assert _contrast(hue.text, hue.fill) >= 4.5
        assert _contrast(hue.bar, scheme.colors["surface"]) >= 3.0


def test_white_can_be_read_on_a_danger_button() -> None:
    assert _contrast(QColor("white"), load_tokens().light.colors["danger"]) >= 4.5


def test_eight_digit_colours_keep_their_transparency() -> None:
    scrim = load_tokens().light.colors["scrim"]
    assert (scrim.name(), scrim.alpha()) == ("#14141c", 0x66)

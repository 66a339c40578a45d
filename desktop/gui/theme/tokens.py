"""Design tokens (``resources/themes/tokens.json``) as frozen values: colours of both schemes, type, space and radii."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias, cast

from PySide6.QtGui import QColor

from desktop.kit.resources import resource_path

SchemeName: TypeAlias = Literal["light", "dark"]
ControlSize: TypeAlias = Literal["sm", "md", "lg"]
TypeRole: TypeAlias = Literal["display", "h1", "h2", "body", "bodyStrong", "editor", "label", "caption", "over"]
Token: TypeAlias = Literal[
    "canvas",
    "sidebar",
    "surface",
    "inset",
    "raised",
    "hover",
    "pressed",
    "selected",
    "zebra",
    "border",
    "borderStrong",
    "focus",
    "text",
    "text2",
    "text3",
    "disabled",
    "onAccent",
    "accent",
    "accentHover",
    "accentPressed",
    "accentSoft",
    "accentText",
    "success",
    "successSoft",
    "warning",
    "warningSoft",
    "danger",
    "dangerSoft",
    "info",
    "infoSoft",
    "shadow",
    "scrim",
    "chart1",
    "chart2",
    "grid",
    "heat0",
    "heat1",
]


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """One step of the type scale: pixels at 100 % text size, CSS weight, letter spacing in pixels."""

    size_px: int
    weight: int
    spacing_px: float


@dataclass(frozen=True, slots=True)
class HueColors:
    """The three colours of an account hue: full-strength bar, soft fill, and text that reads on the fill."""

    bar: QColor
    fill: QColor
    text: QColor


@dataclass(frozen=True, slots=True)
class Scheme:
    """All colours of one appearance. The colours are shared: copy one before changing it."""

    name: SchemeName
    colors: Mapping[str, QColor]
    hues: Mapping[str, HueColors]

    @property
    def is_dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return self.name == "dark"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Everything in the token file."""

    light: Scheme
    dark: Scheme
    type_scale: Mapping[str, TypeStyle]
    control_height: Mapping[str, int]
    radius: Mapping[str, int]
    space: Mapping[str, int]


def _color(text: str) -> QColor:
    """Read ``#RRGGBB`` or ``#RRGGBBAA`` (Qt itself would read the long form as ARGB)."""
    color = QColor(text[:7])
    if len(text) == 9:
        color.setAlpha(int(text[7:], 16))
    return color


def _scheme(document: Mapping[str, Any], name: SchemeName) -> Scheme:
    raw = document[name]
    colors = {key: _color(value) for key, value in raw.items() if isinstance(value, str) and value.startswith("#")}
    colors["shadow"].setAlpha(raw["shadowAlpha"])
    hues = {hue: HueColors(*(_color(value) for value in schemes[name])) for hue, schemes in document["hues"].items()}
    return Scheme(name, colors, hues)


@cache
def load_tokens() -> Tokens:
    """Read the token file once; ``FileNotFoundError`` when the installation is broken."""
    document = cast("dict[str, Any]", json.loads(resource_path("themes", "tokens.json").read_bytes()))
    return Tokens(
        light=_scheme(document, "light"),
        dark=_scheme(document, "dark"),
        type_scale={role: TypeStyle(*values) for role, values in document["type"].items()},
        control_height=document["control_height"],
        radius=document["radius"],
        space=document["space"],
    )

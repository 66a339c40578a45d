"""Every setting of a workspace, declared once: name, type, default, title, help and what it accepts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, get_type_hints

from desktop.domain.errors import InvalidInput, UnknownZone
from desktop.domain.schedules import zone_info
from desktop.kit.i18n import tr


class Theme(StrEnum):
    """Light or dark."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class CloseButton(StrEnum):
    """What closing the window does."""

    ASK = "ask"
    TRAY = "tray"
    QUIT = "quit"


class WorkspaceKind(StrEnum):
    """``sandbox``: sample accounts on the imitation of the networks; ``new``: nobody has decided yet."""

    NEW = "new"
    SANDBOX = "sandbox"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class SettingInfo:
    """How a setting is shown; titles and help are looked up in the person's language. No title: not shown at all."""

    title: str = ""
    help: str = ""
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Preferences:
    """The settings and their defaults. ``zone`` is an IANA name; empty only as the stored "use the computer's"."""

    theme: Annotated[Theme, SettingInfo("Appearance", "Light, dark, or as the computer is set.")] = Theme.SYSTEM
    zone: Annotated[str, SettingInfo("Time zone", "New posts are planned in this zone.")] = ""
    close_button: Annotated[
        CloseButton,
        SettingInfo("Closing the window", "Posts go out only while Tidings runs, in the window or beside the clock."),
    ] = CloseButton.ASK
    text_size: Annotated[int, SettingInfo("Text size", "In percent.", minimum=90, maximum=150)] = 100
    workspace_kind: Annotated[WorkspaceKind, SettingInfo()] = WorkspaceKind.NEW


_TYPES: dict[str, type] = get_type_hints(Preferences)
SETTINGS: dict[str, SettingInfo] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(Preferences, include_extras=True).items()
}


def checked(name: str, value: object) -> object:
    """Return ``value`` as the setting's type; ``InvalidInput`` when it does not fit."""
    if name not in SETTINGS:
        raise InvalidInput(field=name, reason=tr("there is no such setting"))
    kind = _TYPES[name]
    if issubclass(kind, StrEnum):
        return _checked_choice(name, kind, value)
    if name == "zone":
        return _checked_zone(value)
    return _checked_number(name, value)


def _checked_choice(name: str, kind: type[StrEnum], value: object) -> StrEnum:
    try:
        return kind(str(value))
    except ValueError:
        choices = ", ".join(kind)
        raise InvalidInput(field=name, reason=tr("it must be one of {choices}", choices=choices)) from None


def _checked_zone(value: object) -> str:
    if not isinstance(value, str):
        raise UnknownZone(zone=str(value))
    if value:
        zone_info(value)
    return value


def _checked_number(name: str, value: object) -> int:
    low, high = SETTINGS[name].minimum, SETTINGS[name].maximum
    if not isinstance(value, int) or isinstance(value, bool) or low is None or high is None or not low <= value <= high:
        raise InvalidInput(field=name, reason=tr("it must be a number from {low} to {high}", low=low, high=high))
    return value

"""Reads ``resources/networks``: what each network takes, each figure with its source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from desktop.domain.networks import CountUnit, ImageRules, Network, NetworkRules, PostFormat, VideoRules
from desktop.kit.resources import resource_path

Value = TypeVar("Value")


class NetworkRulesInvalid(ValueError):
    """A rules file of this installation cannot be used; the message names the file and the figure."""


def load_rules(folder: Path | None = None) -> dict[Network, NetworkRules]:
    """Read the rules of every network; ``NetworkRulesInvalid``, or ``FileNotFoundError`` for a missing file."""
    folder = folder or resource_path("networks")
    return {network: _read(folder / f"{network.value}.toml", network) for network in Network}


def _read(path: Path, network: Network) -> NetworkRules:
    try:
        figures = _Figures(path.name, tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NetworkRulesInvalid(f"{path.name}: {error}") from error
    if figures.document.get("network") != network.value:
        raise figures.invalid("network", f"must be {network.value!r}")
    checked_on = figures.document.get("checked_on")
    if type(checked_on) is not date:
        raise figures.invalid("checked_on", "must be a date")
    rules = NetworkRules(
        network=network,
        checked_on=checked_on,
        formats=tuple(figures.words("formats", PostFormat)),
        max_text=figures.whole("max_text"),
        count_unit=figures.words("count_unit", CountUnit)[0],
        max_parts=figures.whole("max_parts"),
        max_media=figures.whole("max_media"),
        min_carousel=figures.whole("min_carousel"),
        needs_media=figures.take("needs_media", bool),
        max_links=figures.whole_or_none("max_links"),
        max_hashtags=figures.whole_or_none("max_hashtags"),
        max_mentions=figures.whole_or_none("max_mentions"),
        max_alt_text=figures.whole("max_alt_text"),
        image=_image_rules(figures),
        video=_video_rules(figures),
    )
    figures.require_all_taken()
    return rules


def _image_rules(figures: _Figures) -> ImageRules:
    return ImageRules(
        mime_types=tuple(figures.words("image.mime_types", str)),
        max_bytes=figures.whole("image.max_bytes"),
        min_ratio=figures.take("image.min_ratio", float),
        max_ratio=figures.take("image.max_ratio", float),
        min_width=figures.whole("image.min_width"),
        max_width=figures.whole("image.max_width"),
    )


def _video_rules(figures: _Figures) -> VideoRules:
    return VideoRules(
        mime_types=tuple(figures.words("video.mime_types", str)),
        max_bytes=figures.whole("video.max_bytes"),
        min_duration=timedelta(seconds=float(figures.take("video.min_seconds", (int, float)))),
        max_duration=timedelta(seconds=float(figures.take("video.max_seconds", (int, float)))),
    )


class _Figures:
    """Takes figures by dotted name out of a document and remembers which, so that a misspelt one is noticed."""

    def __init__(self, file: str, document: Mapping[str, Any]) -> None:
        self.document = document
        self._file = file
        self._untaken = set(_figure_names(document))

    def invalid(self, name: str, what: str) -> NetworkRulesInvalid:
        return NetworkRulesInvalid(f"{self._file}: {name} {what}")

    def take(self, name: str, kind: type[Value] | tuple[type[Any], ...]) -> Value:
        value = self._entry(name).get("value")
        # bool is a kind of int in Python, but true is no number of characters
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.invalid(name, f"has the wrong kind of value: {value!r}")
        return value

    def whole(self, name: str) -> int:
        value: int = self.take(name, int)
        if value < 0:
            raise self.invalid(name, "must not be negative")
        return value

    def whole_or_none(self, name: str) -> int | None:
        return self.whole(name) if "value" in self._entry(name) else None

    def words(self, name: str, kind: type[Value]) -> list[Value]:
        value: Any = self.take(name, (str, list))
        try:
            return [kind(word) for word in ([value] if isinstance(value, str) else value)]  # type: ignore[call-arg]
        except ValueError as error:
            raise self.invalid(name, f"has an unknown word: {error}") from error

    def require_all_taken(self) -> None:
        if self._untaken:
            raise self.invalid(", ".join(sorted(self._untaken)), "is not a figure we know")

    def _entry(self, name: str) -> Mapping[str, Any]:
        entry: Any = self.document
        for key in name.split("."):
            entry = entry.get(key) if isinstance(entry, dict) else None
        if not isinstance(entry, dict):
            raise self.invalid(name, "is missing")
        if not entry.get("source"):
            raise self.invalid(name, "names no source")
        self._untaken.discard(name)
        return entry


def _figure_names(document: Mapping[str, Any]) -> list[str]:
    names: list[str] = []
    for key, value in document.items():
        if key in ("image", "video") and isinstance(value, dict):
            names += [f"{key}.{name}" for name in value]
        elif key not in ("network", "checked_on"):
            names.append(key)
    return names

"""Reads ``resources/networks``: what each network takes, each figure with its source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from desktop.domain.networks import (
    CountUnit,
    ImageRules,
    MediaPurpose,
    Network,
    NetworkRules,
    PostFormat,
    VideoRules,
)
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
        image=_image_rules(figures, "image"),
        video=_video_rules(figures, "video"),
        purposes=_own_rules(figures),
        crops_carousel=figures.is_set("crops_carousel"),
        single_video_is_reel=figures.is_set("single_video_is_reel"),
    )
    figures.require_all_taken()
    return rules


def _image_rules(figures: _Figures, table: str) -> ImageRules:
    return ImageRules(
        mime_types=tuple(figures.words(f"{table}.mime_types", str)),
        max_bytes=figures.whole(f"{table}.max_bytes"),
        min_ratio=figures.number(f"{table}.min_ratio"),
        max_ratio=figures.number(f"{table}.max_ratio"),
        min_width=figures.whole(f"{table}.min_width"),
        max_width=figures.whole(f"{table}.max_width"),
        advised_ratio=figures.number_or_none(f"{table}.advised_ratio"),
    )


def _video_rules(figures: _Figures, table: str) -> VideoRules:
    return VideoRules(
        mime_types=tuple(figures.words(f"{table}.mime_types", str)),
        max_bytes=figures.whole(f"{table}.max_bytes"),
        min_duration=timedelta(seconds=figures.number(f"{table}.min_seconds")),
        max_duration=timedelta(seconds=figures.number(f"{table}.max_seconds")),
        codecs=tuple(figures.words(f"{table}.codecs", str)),
        audio_codecs=tuple(figures.words(f"{table}.audio_codecs", str)),
        min_frame_rate=figures.number(f"{table}.min_frame_rate"),
        max_frame_rate=figures.number(f"{table}.max_frame_rate"),
        min_ratio=figures.number(f"{table}.min_ratio"),
        max_ratio=figures.number(f"{table}.max_ratio"),
        min_width=figures.whole(f"{table}.min_width"),
        max_width=figures.whole(f"{table}.max_width"),
        max_bit_rate=figures.whole_or_none(f"{table}.max_bit_rate"),
        max_sample_rate=figures.whole(f"{table}.max_sample_rate"),
        max_channels=figures.whole(f"{table}.max_channels"),
        needs_moov_first=figures.take(f"{table}.needs_moov_first", bool),
        allows_edits=figures.take(f"{table}.allows_edits", bool),
        advised_ratio=figures.number_or_none(f"{table}.advised_ratio"),
    )


def _own_rules(figures: _Figures) -> dict[MediaPurpose, ImageRules | VideoRules]:
    """Read the tables of single purposes; what one does not name, it takes from the table it is ``like``."""
    found: dict[MediaPurpose, ImageRules | VideoRules] = {}
    for purpose in MediaPurpose:
        if purpose.value in figures.document:
            of_images = figures.model(purpose.value) == MediaPurpose.IMAGE
            found[purpose] = (_image_rules if of_images else _video_rules)(figures, purpose.value)
    return found


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

    def number(self, name: str) -> float:
        return float(self.take(name, (int, float)))

    def number_or_none(self, name: str) -> float | None:
        return self.number(name) if self.has(name) else None

    def is_set(self, name: str) -> bool:
        return self.has(name) and self.take(name, bool)

    def has(self, name: str) -> bool:
        return self._find(name) is not None or self._find(self._inherited(name)) is not None

    def model(self, table: str) -> str:
        """Return the table that ``table`` is like: ``image`` or ``video``."""
        like: Any = self.document.get(table, {}).get("like", table)
        if like not in (MediaPurpose.IMAGE.value, MediaPurpose.VIDEO.value):
            raise self.invalid(f"{table}.like", "must be 'image' or 'video'")
        return str(like)

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
        entry = self._find(name)
        if entry is None:
            name = self._inherited(name)
            entry = self._find(name)
        if entry is None:
            raise self.invalid(name, "is missing")
        if not entry.get("source"):
            raise self.invalid(name, "names no source")
        self._untaken.discard(name)
        return entry

    def _find(self, name: str) -> Mapping[str, Any] | None:
        entry: Any = self.document
        for key in name.split("."):
            entry = entry.get(key) if isinstance(entry, dict) else None
        return entry if isinstance(entry, dict) else None

    def _inherited(self, name: str) -> str:
        table, dot, figure = name.partition(".")
        return f"{self.model(table)}.{figure}" if dot else name


def _figure_names(document: Mapping[str, Any]) -> list[str]:
    names: list[str] = []
    for key, value in document.items():
        if key in list(MediaPurpose) and isinstance(value, dict):
            names += [f"{key}.{name}" for name in value if name != "like"]
        elif key not in ("network", "checked_on"):
            names.append(key)
    return names

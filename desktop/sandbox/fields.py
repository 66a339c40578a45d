"""The ``fields`` parameter: what was asked for, at any depth, and nothing else (Graph field expansion)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from desktop.sandbox.errors import JSON, bad_parameter

Subject = TypeVar("Subject")
_MODIFIER = re.compile(r"(\w+)\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Field:
    """One wanted field; ``inner`` are the fields wanted inside it, empty for all of them."""

    name: str
    inner: tuple[Field, ...] = ()
    modifiers: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What followed the name: ``comments.limit(2).summary(true)`` has limit and summary."""


class Node(dict[str, JSON]):
    """Another object inside an answer: its ``id`` alone, unless fields of it are asked for."""


def parse_fields(text: str) -> tuple[Field, ...]:
    """Parse ``a,b{c,d},e.limit(0).summary(true)``."""
    return tuple(_parse_one(part) for part in _split(text))


def project(
    subject: Subject, readers: Mapping[str, Callable[[Subject], JSON]], wanted: tuple[Field, ...], node_type: str
) -> dict[str, JSON]:
    """Return ``id`` and the wanted fields; unset ones (None) are left out, unknown ones raise code 100."""
    answer: dict[str, JSON] = {}
    for one in wanted:
        if one.name not in readers:
            raise bad_parameter(f"Tried accessing nonexisting field ({one.name}) on node type ({node_type})")
        value = readers[one.name](subject)
        if value is not None:
            answer[one.name] = _narrow(value, one.inner)
    answer["id"] = readers["id"](subject)
    return answer


def timestamp(at: datetime) -> str:
    """Write an instant as Meta does: ``2026-01-31T08:00:00+0000``."""
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def _narrow(value: JSON, inner: tuple[Field, ...]) -> JSON:
    if isinstance(value, list):
        return [_narrow(item, inner) for item in value]
    if isinstance(value, Node) and not inner:
        return {"id": value["id"]}
    if isinstance(value, dict):
        if isinstance(value.get("data"), list):
            return value | {"data": _narrow(value["data"], inner)}
        if inner:
            return {f.name: _narrow(value[f.name], f.inner) for f in (*inner, Field("id")) if f.name in value}
    return value


def _split(text: str) -> Iterator[str]:
    depth, part = 0, ""
    for letter in text:
        depth += (letter in "{(") - (letter in "})")
        if letter == "," and depth == 0:
            yield part
            part = ""
        else:
            part += letter
    yield part


def _parse_one(part: str) -> Field:
    name, brace, inner = part.strip().partition("{")
    name, _, modifiers = name.partition(".")
    inner, _, after = inner.rpartition("}")
    found = dict(_MODIFIER.findall(modifiers + after))
    return Field(name, parse_fields(inner) if brace else (), found)

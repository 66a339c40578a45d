"""The ``fields`` parameter: what was asked for, at any depth, and nothing else (Graph field expansion)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from desktop.sandbox.errors import JSON, bad_parameter

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Field:
    """One wanted field; ``inner`` are the fields wanted inside it, empty for all of them."""

    name: str
    inner: tuple[Field, ...] = ()


def parse_fields(text: str) -> tuple[Field, ...]:
    """Parse ``a,b{c,d},e.limit(0).summary(true)``; the dotted modifiers are accepted and dropped."""
    return tuple(_parse_one(part) for part in _split(text))


def project(
    subject: Subject, readers: Mapping[str, Callable[[Subject], JSON]], wanted: tuple[Field, ...], node_type: str
) -> dict[str, JSON]:
    """Return ``id`` and the wanted fields; unset ones (None) are left out, unknown ones raise code 100."""
    answer: dict[str, JSON] = {}
    for field in wanted:
        if field.name not in readers:
            raise bad_parameter(f"Tried accessing nonexisting field ({field.name}) on node type ({node_type})")
        value = readers[field.name](subject)
        if value is not None:
            answer[field.name] = _narrow(value, field.inner)
    answer["id"] = readers["id"](subject)
    return answer


def timestamp(at: datetime) -> str:
    """Write an instant as Meta does: ``2026-01-31T08:00:00+0000``."""
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def _narrow(value: JSON, inner: tuple[Field, ...]) -> JSON:
    if not inner:
        return value
    if isinstance(value, list):
        return [_narrow(item, inner) for item in value]
    if isinstance(value, dict):
        if isinstance(value.get("data"), list):
            return value | {"data": _narrow(value["data"], inner)}
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
    name = re.sub(r"\..*", "", name)
    return Field(name, parse_fields(inner.rpartition("}")[0]) if brace else ())

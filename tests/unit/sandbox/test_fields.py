from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desktop.sandbox.errors import GraphError
from desktop.sandbox.fields import Field, parse_fields, project, timestamp

READERS = {
    "id": lambda _: "1",
    "text": lambda subject: subject,
    "owner": lambda _: {"id": "9", "name": "n"},
    "children": lambda _: {"data": [{"id": "2", "kind": "a", "deep": {"x": 1, "y": 2}}]},
    "unset": lambda _: None,
}


def test_parsing_keeps_depth_and_modifiers():
    parsed = parse_fields("id, a{b,c{d}},comments.limit(0).summary(true),e.order(x){f}")
    assert parsed == (
        Field("id"),
        Field("a", (Field("b"), Field("c", (Field("d"),)))),
        Field("comments", (), {"limit": "0", "summary": "true"}),
        Field("e", (Field("f"),), {"order": "x"}),
    )


def test_projection_narrows_and_leaves_out():
    wanted = parse_fields("text,owner{name},children{kind,deep{y}},unset")
    assert project("hello", READERS, wanted, "Node") == {
        "id": "1",
        "text": "hello",
        "owner": {"id": "9", "name": "n"},
        "children": {"data": [{"id": "2", "kind": "a", "deep": {"y": 2}}]},
    }


def test_unknown_fields_are_refused():
    with pytest.raises(GraphError, match="nonexisting field \\(nonsense\\) on node type \\(Node\\)"):
        project("x", READERS, parse_fields("nonsense"), "Node")


def test_timestamps_have_no_colon_and_parse_back():
    at = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)
    assert timestamp(at) == "2026-01-31T08:00:00+0000"
    assert datetime.fromisoformat(timestamp(at)) == at

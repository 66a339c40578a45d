"""What is stored of contents, options and payloads comes back as it was, and old documents still read."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.deliveries import Payload, PayloadMedia, PayloadPart
from desktop.domain.documents import (
    content_from_document,
    content_to_document,
    options_from_document,
    options_to_document,
    payload_from_document,
    payload_sha256,
    payload_to_document,
)
from desktop.domain.media import AssetId, MediaKind
from desktop.domain.networks import Network, PostFormat
from desktop.domain.options import (
    FacebookOptions,
    InstagramOptions,
    NetworkOptions,
    PartOptions,
    TextAttachment,
    ThreadsOptions,
)
from desktop.domain.posts import Content, Mark, MarkKind, MediaUse, Part


@st.composite
def marks(draw: st.DrawFn) -> Mark:
    start = draw(st.integers(0, 500))
    return Mark(start, start + draw(st.integers(1, 50)), draw(st.sampled_from(MarkKind)), draw(st.none() | st.text()))


COVER_AT = st.none() | st.integers(0, 900_000).map(lambda ms: timedelta(milliseconds=ms))
MARKS = st.lists(marks(), max_size=3).map(tuple)
ATTACHMENTS = st.none() | st.builds(TextAttachment, st.text(), MARKS, st.none() | st.text())
PART_OPTIONS = st.builds(PartOptions, attachment=ATTACHMENTS)
USES = st.builds(MediaUse, st.text().map(AssetId), cover_id=st.none() | st.text().map(AssetId), cover_at=COVER_AT)
PARTS = st.builds(Part, marks=MARKS, media=st.lists(USES, max_size=3).map(tuple), options=PART_OPTIONS)
CONTENTS = st.builds(Content, st.lists(PARTS, min_size=1, max_size=3).map(tuple))
OPTIONS: st.SearchStrategy[NetworkOptions | None] = st.none() | st.one_of(
    st.builds(ThreadsOptions), st.builds(InstagramOptions), st.builds(FacebookOptions)
)
PLAIN_MEDIA = st.builds(PayloadMedia, st.text().map(AssetId), cover=st.none(), cover_at=COVER_AT)
MEDIA = st.builds(PayloadMedia, st.text().map(AssetId), cover=st.none() | PLAIN_MEDIA, cover_at=COVER_AT)
PAYLOADS = st.builds(
    Payload,
    parts=st.lists(
        st.builds(PayloadPart, marks=MARKS, media=st.lists(MEDIA, max_size=2).map(tuple), options=PART_OPTIONS),
        min_size=1,
        max_size=2,
    ).map(tuple),
    options=OPTIONS,
)


def stored(document: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(json.dumps(document))
    return read


@given(CONTENTS)
def test_a_content_comes_back(content: Content) -> None:
    assert content_from_document(stored(content_to_document(content))) == content


@given(PAYLOADS)
def test_a_payload_comes_back_with_the_same_fingerprint(payload: Payload) -> None:
    again = payload_from_document(stored(payload_to_document(payload)))
    assert again == payload
    assert payload_sha256(again) == payload_sha256(payload)


@given(OPTIONS)
def test_options_come_back(options: NetworkOptions | None) -> None:
    assert options_from_document(stored(options_to_document(options))) == options


def test_a_document_without_options_reads_and_stays_as_it_was() -> None:
    """The very text an older version stored, and the fingerprint its receipts show."""
    old = {
        "schema": 1,
        "network": "threads",
        "format": "feed",
        "parts": [
            {
                "text": "Hello",
                "marks": [[0, 5, "spoiler", None]],
                "link": None,
                "media": [{"asset": "a", "kind": "image", "mime": "image/png", "sha256": "ff", "alt": "a cat"}],
            }
        ],
    }
    payload = payload_from_document(old)
    assert payload_to_document(payload) == old
    media = (PayloadMedia(AssetId("a"), MediaKind.IMAGE, "image/png", "ff", "a cat"),)
    part = PayloadPart("Hello", (Mark(0, 5, MarkKind.SPOILER),), media)
    assert payload == Payload(Network.THREADS, PostFormat.FEED, (part,))
    assert payload_sha256(payload) == "38858cf7fd40e81c43eca1fd516616a02470645b28d16a26d4b1f0cf10fd9fb3"


@pytest.mark.parametrize(
    "document", [{"schema": 1}, {"parts": [{"text": "x"}]}, {"parts": [{"text": "x", "marks": [[0]]}]}]
)
def test_a_foreign_document_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        content_from_document(document)

"""JSON documents of contents and payloads: what is stored in the database and hashed as proof.

The schema number is inside each document, so that an old row can be read after the shape has changed.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from desktop.domain.deliveries import Payload, PayloadMedia, PayloadPart
from desktop.domain.media import AssetId, MediaKind
from desktop.domain.networks import Network, PostFormat
from desktop.domain.posts import Content, Mark, MarkKind, MediaUse, Part

SCHEMA = 1


def content_to_document(content: Content) -> dict[str, Any]:
    """Return the JSON-ready form of ``content``."""
    return {
        "schema": SCHEMA,
        "parts": [
            {
                "text": part.text,
                "marks": [_mark_to_list(mark) for mark in part.marks],
                "media": [{"asset": use.asset_id, "alt": use.alt_text} for use in part.media],
            }
            for part in content.parts
        ],
    }


def content_from_document(document: dict[str, Any]) -> Content:
    """Return the content of a document; ``KeyError`` or ``ValueError`` for one we did not write."""
    return Content(
        tuple(
            Part(
                text=part["text"],
                marks=tuple(_mark_from_list(mark) for mark in part["marks"]),
                media=tuple(MediaUse(AssetId(use["asset"]), use["alt"]) for use in part["media"]),
            )
            for part in document["parts"]
        )
    )


def payload_to_document(payload: Payload) -> dict[str, Any]:
    """Return the JSON-ready form of ``payload``."""
    return {
        "schema": SCHEMA,
        "network": payload.network.value,
        "format": payload.format.value,
        "parts": [
            {
                "text": part.text,
                "marks": [_mark_to_list(mark) for mark in part.marks],
                "link": part.link,
                "media": [
                    {
                        "asset": media.asset_id,
                        "kind": media.kind.value,
                        "mime": media.mime_type,
                        "sha256": media.sha256,
                        "alt": media.alt_text,
                    }
                    for media in part.media
                ],
            }
            for part in payload.parts
        ],
    }


def payload_from_document(document: dict[str, Any]) -> Payload:
    """Return the payload of a document; ``KeyError`` or ``ValueError`` for one we did not write."""
    return Payload(
        network=Network(document["network"]),
        format=PostFormat(document["format"]),
        parts=tuple(
            PayloadPart(
                text=part["text"],
                marks=tuple(_mark_from_list(mark) for mark in part["marks"]),
                link=part["link"],
                media=tuple(
                    PayloadMedia(
                        AssetId(media["asset"]),
                        MediaKind(media["kind"]),
                        media["mime"],
                        media["sha256"],
                        media["alt"],
                    )
                    for media in part["media"]
                ),
            )
            for part in document["parts"]
        ),
    )


def payload_sha256(payload: Payload) -> str:
    """Return the hex SHA-256 of the payload's canonical JSON: the fingerprint shown on receipts."""
    canonical = json.dumps(payload_to_document(payload), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _mark_to_list(mark: Mark) -> list[Any]:
    return [mark.start, mark.end, mark.kind.value, mark.value]


def _mark_from_list(raw: list[Any]) -> Mark:
    start, end, kind, value = raw
    return Mark(start, end, MarkKind(kind), value)

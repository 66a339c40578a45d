"""JSON documents of contents, options and payloads: what is stored in the database and hashed as proof.

The schema number is inside each document, so that an old row can be read after the shape has changed. What has its
default is left out: documents of schema 1 read as they are, and a post without options keeps its fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from desktop.domain.deliveries import Payload, PayloadMedia, PayloadPart
from desktop.domain.media import AssetId, MediaKind
from desktop.domain.networks import Network, PostFormat
from desktop.domain.options import (
    NO_PART_OPTIONS,
    FacebookOptions,
    InstagramOptions,
    NetworkOptions,
    PartOptions,
    Place,
    ReplyControl,
    TextAttachment,
    ThreadsOptions,
    Trial,
    UserTag,
)
from desktop.domain.posts import Content, Mark, MarkKind, MediaUse, Part

SCHEMA = 1
_MILLISECOND = timedelta(milliseconds=1)


def content_to_document(content: Content) -> dict[str, Any]:
    """Return the JSON-ready form of ``content``."""
    return {
        "schema": SCHEMA,
        "parts": [
            {
                "text": part.text,
                "marks": [_mark_to_list(mark) for mark in part.marks],
                "media": [_use_to_document(use) for use in part.media],
                **_part_options_to_document(part.options),
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
                media=tuple(_use_from_document(use) for use in part["media"]),
                options=_part_options_from_document(part),
            )
            for part in document["parts"]
        )
    )


def options_to_document(options: NetworkOptions | None) -> dict[str, Any]:
    """Return the JSON-ready form of a variant's options; empty for none."""
    match options:
        case None:
            return {}
        case ThreadsOptions():
            return {
                "network": Network.THREADS.value,
                "reply_control": options.reply_control.value,
                "approves_replies": options.approves_replies,
                "countries": list(options.countries),
                "is_ghost": options.is_ghost,
                "shares_to_instagram": options.shares_to_instagram,
            }
        case InstagramOptions():
            return {
                "network": Network.INSTAGRAM.value,
                "collaborators": list(options.collaborators),
                "place": _place_to_list(options.place),
                "shares_to_feed": options.shares_to_feed,
                "trial": None if options.trial is None else options.trial.value,
                "audio_name": options.audio_name,
                "allows_comments": options.allows_comments,
            }
        case FacebookOptions():
            return {
                "network": Network.FACEBOOK.value,
                "title": options.title,
                "place": _place_to_list(options.place),
                "hands_over": options.hands_over,
            }


def options_from_document(document: dict[str, Any]) -> NetworkOptions | None:
    """Return the options of a document; ``KeyError`` or ``ValueError`` for one we did not write."""
    if not document:
        return None
    match Network(document["network"]):
        case Network.THREADS:
            return ThreadsOptions(
                ReplyControl(document["reply_control"]),
                document["approves_replies"],
                tuple(document["countries"]),
                document["is_ghost"],
                document["shares_to_instagram"],
            )
        case Network.INSTAGRAM:
            return InstagramOptions(
                tuple(document["collaborators"]),
                _place_from_list(document["place"]),
                document["shares_to_feed"],
                None if document["trial"] is None else Trial(document["trial"]),
                document["audio_name"],
                document["allows_comments"],
            )
        case Network.FACEBOOK:
            return FacebookOptions(document["title"], _place_from_list(document["place"]), document["hands_over"])


def payload_to_document(payload: Payload) -> dict[str, Any]:
    """Return the JSON-ready form of ``payload``."""
    options = options_to_document(payload.options)
    return {
        "schema": SCHEMA,
        "network": payload.network.value,
        "format": payload.format.value,
        "parts": [
            {
                "text": part.text,
                "marks": [_mark_to_list(mark) for mark in part.marks],
                "link": part.link,
                "media": [_media_to_document(media) for media in part.media],
                **_part_options_to_document(part.options),
            }
            for part in payload.parts
        ],
        **({"options": options} if options else {}),
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
                media=tuple(_media_from_document(media) for media in part["media"]),
                options=_part_options_from_document(part),
            )
            for part in document["parts"]
        ),
        options=options_from_document(document.get("options", {})),
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


def _use_to_document(use: MediaUse) -> dict[str, Any]:
    found: dict[str, Any] = {"asset": use.asset_id, "alt": use.alt_text}
    if use.cover_id is not None:
        found["cover"] = use.cover_id
    return found | _shown_to_document(use.tags, use.cover_at)


def _use_from_document(document: dict[str, Any]) -> MediaUse:
    cover = document.get("cover")
    return MediaUse(
        AssetId(document["asset"]),
        document["alt"],
        _tags_from_document(document),
        None if cover is None else AssetId(cover),
        _cover_at_from_document(document),
    )


def _media_to_document(media: PayloadMedia) -> dict[str, Any]:
    found: dict[str, Any] = {
        "asset": media.asset_id,
        "kind": media.kind.value,
        "mime": media.mime_type,
        "sha256": media.sha256,
        "alt": media.alt_text,
    }
    if media.cover is not None:
        found["cover"] = _media_to_document(media.cover)
    return found | _shown_to_document(media.tags, media.cover_at)


def _media_from_document(document: dict[str, Any]) -> PayloadMedia:
    cover = document.get("cover")
    return PayloadMedia(
        AssetId(document["asset"]),
        MediaKind(document["kind"]),
        document["mime"],
        document["sha256"],
        document["alt"],
        _tags_from_document(document),
        None if cover is None else _media_from_document(cover),
        _cover_at_from_document(document),
    )


def _shown_to_document(tags: tuple[UserTag, ...], cover_at: timedelta | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if tags:
        found["tags"] = [[tag.username, tag.x, tag.y] for tag in tags]
    if cover_at is not None:
        found["cover_ms"] = cover_at // _MILLISECOND
    return found


def _tags_from_document(document: dict[str, Any]) -> tuple[UserTag, ...]:
    return tuple(UserTag(name, x, y) for name, x, y in document.get("tags", ()))


def _cover_at_from_document(document: dict[str, Any]) -> timedelta | None:
    found = document.get("cover_ms")
    return None if found is None else found * _MILLISECOND


def _part_options_to_document(options: PartOptions) -> dict[str, Any]:
    if options == NO_PART_OPTIONS:
        return {}
    attachment = options.attachment
    return {
        "options": {
            "topic": options.topic,
            "link": options.link,
            "poll": list(options.poll),
            "quote": options.quote_id,
            "gif": options.gif_id,
            "attachment": None
            if attachment is None
            else [attachment.text, [_mark_to_list(mark) for mark in attachment.marks], attachment.link],
            "place": _place_to_list(options.place),
            "hides_media": options.hides_media,
        }
    }


def _part_options_from_document(part: dict[str, Any]) -> PartOptions:
    document = part.get("options")
    if document is None:
        return NO_PART_OPTIONS
    return PartOptions(
        topic=document["topic"],
        link=document["link"],
        poll=tuple(document["poll"]),
        quote_id=document["quote"],
        gif_id=document["gif"],
        attachment=_attachment_from_list(document["attachment"]),
        place=_place_from_list(document["place"]),
        hides_media=document["hides_media"],
    )


def _attachment_from_list(raw: list[Any] | None) -> TextAttachment | None:
    if raw is None:
        return None
    text, marks, link = raw
    return TextAttachment(text, tuple(_mark_from_list(mark) for mark in marks), link)


def _place_to_list(place: Place | None) -> list[str] | None:
    return None if place is None else [place.id, place.name]


def _place_from_list(raw: list[str] | None) -> Place | None:
    return None if raw is None else Place(*raw)

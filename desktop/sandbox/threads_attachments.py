"""Polls, spoilers, GIFs and long texts that come with a Threads post, each as JSON in one parameter."""

from __future__ import annotations

import json
from collections.abc import Mapping

from desktop.sandbox.errors import JSON, bad_parameter
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.sandbox import Sandbox

_LONGEST_ATTACHED_TEXT = 10_000
_LONGEST_POLL_OPTION = 25
_MOST_SPOILERS = 10
_STYLES = {"bold", "italic", "highlight", "underline", "strikethrough"}
_POLL_OPTIONS = ("option_a", "option_b", "option_c", "option_d")


def read_poll(box: Sandbox, call: GraphCall) -> dict[str, str]:
    """Return the options. JSON of another shape is dropped in silence, as real clients found out."""
    if not call.text("poll_attachment"):
        return {}
    try:
        poll = json.loads(call.text("poll_attachment"))
    except ValueError:
        poll = None
    if not _is_poll(poll):
        if box.config.threads_refuse_bad_polls:
            raise bad_parameter("Param poll_attachment must have option_a and option_b", blamed="poll_attachment")
        return {}
    if not all(1 <= len(option) <= _LONGEST_POLL_OPTION for option in poll.values()):
        raise bad_parameter("Every poll option must have 1 to 25 characters", blamed="poll_attachment")
    return dict(poll)


def _is_poll(poll: object) -> bool:
    if not isinstance(poll, dict) or not all(isinstance(option, str) for option in poll.values()):
        return False
    return sorted(poll) in [list(_POLL_OPTIONS[:count]) for count in (2, 3, 4)]


def check_spoilers(call: GraphCall) -> None:
    """Check ``text_entities``: at most ten spoilers within the text."""
    if not call.text("text_entities"):
        return
    entities = call.document("text_entities")
    if not isinstance(entities, list) or len(entities) > _MOST_SPOILERS:
        raise bad_parameter("Param text_entities must be a list of at most 10 entities", blamed="text_entities")
    for entity in entities:
        if not isinstance(entity, dict) or entity.get("entity_type") != "SPOILER":
            raise bad_parameter("Every text entity must be of the type SPOILER", blamed="text_entities")
        _range_of(entity, len(call.text("text")), "text_entities")


def check_gif(call: GraphCall) -> None:
    """Check ``gif_attachment``; Tenor ended in March 2026."""
    if call.text("gif_attachment"):
        gif = call.document("gif_attachment")
        if not isinstance(gif, dict) or gif.get("provider") != "GIPHY" or not gif.get("gif_id"):
            raise bad_parameter("Param gif_attachment needs a gif_id and the provider GIPHY", blamed="gif_attachment")


def read_text_attachment(call: GraphCall) -> Mapping[str, JSON]:
    """Return ``text_attachment``, checked, empty without one."""
    name = "text_attachment"
    if not call.text(name):
        return {}
    attachment = call.document(name)
    plain = attachment.get("plaintext") if isinstance(attachment, dict) else None
    if not isinstance(attachment, dict) or not isinstance(plain, str) or not 0 < len(plain) <= _LONGEST_ATTACHED_TEXT:
        raise bad_parameter("Param text_attachment needs a plaintext of at most 10000 characters", blamed=name)
    if attachment.get("link_attachment_url") and call.text("link_attachment"):
        raise bad_parameter("A link may be given in one place only", blamed="link_attachment")
    styling = attachment.get("text_with_styling_info") or []
    if not isinstance(styling, list):
        raise bad_parameter("text_with_styling_info must be a list", blamed=name)
    end = 0
    for start, stop in sorted(_styled_range(part, len(plain)) for part in styling):
        if start < end:
            raise bad_parameter("Styled ranges must not overlap", blamed=name)
        end = stop
    return attachment


def _styled_range(part: JSON, length: int) -> tuple[int, int]:
    styles = part.get("styling_info") if isinstance(part, dict) else None
    if not isinstance(part, dict) or not isinstance(styles, list) or not styles or not _STYLES.issuperset(styles):
        raise bad_parameter("styling_info must list styles", blamed="text_attachment")
    return _range_of(part, length, "text_attachment")


def _range_of(part: Mapping[str, JSON], length: int, blamed: str) -> tuple[int, int]:
    start, count = part.get("offset"), part.get("length")
    if not isinstance(start, int) or not isinstance(count, int) or start < 0 or count < 1 or start + count > length:
        raise bad_parameter("offset and length must name a part of the text", blamed=blamed)
    return start, start + count

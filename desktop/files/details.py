"""What probing found out about a file, kept as JSON beside the thumbnails so that nobody looks twice."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from desktop.domain.media import AudioDetails, ImageDetails, VideoDetails

_FORM = 1
"""Raised when probing learns something new: older notes are not read then."""


def details_json(details: ImageDetails | VideoDetails) -> str:
    """Return the note to keep."""
    kind = "image" if isinstance(details, ImageDetails) else "video"
    return json.dumps({"form": _FORM, kind: asdict(details)})


def read_details(text: str) -> ImageDetails | VideoDetails | None:
    """Return what a note says; None for one of another form or a damaged one, since the file can be asked again."""
    try:
        document: dict[str, Any] = json.loads(text)
        if document["form"] != _FORM:
            return None
        if "image" in document:
            return ImageDetails(**document["image"])
        video = document["video"]
        audio = video.pop("audio")
        return VideoDetails(**video, audio=AudioDetails(**audio) if audio else None)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None

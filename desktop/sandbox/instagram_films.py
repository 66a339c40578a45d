"""Judging films for Instagram, whichever way they came."""

from __future__ import annotations

from desktop.sandbox.config import SandboxConfig
from desktop.sandbox.media_rules import INSTAGRAM_REEL, INSTAGRAM_STORY_FILM, film_flaw, instagram_number
from desktop.sandbox.model import Container, Media

OFFSET_OUT_OF_RANGE = "2207057"


def film_error(container: Container, media: Media, config: SandboxConfig) -> str:
    """Return the number of what is wrong with ``media`` in ``container``, empty when nothing is."""
    rule = INSTAGRAM_STORY_FILM if container.kind == "STORIES" else INSTAGRAM_REEL
    number = instagram_number(film_flaw(media, rule, config))
    if number or media.film is None or "thumb_offset" not in container.extras:
        return number
    return OFFSET_OUT_OF_RANGE if int(container.extras["thumb_offset"]) > media.film.seconds * 1000 else ""

"""What Pages take as a film, and how they word what is wrong with one (videos, Reels and stories guides)."""

from __future__ import annotations

from desktop.sandbox.config import SandboxConfig
from desktop.sandbox.errors import GraphError, bad_parameter
from desktop.sandbox.model import Film, Media, Video

_SMALLEST_BYTES = 64
_SMALLEST_SIDES = (540, 960)
_RATIO = 9 / 16
_SECONDS = (3.0, 90.0)
_FRAME_RATES = (23.9, 60.1)
# Lengths as files really have them: 90 s may end with a frame more.
_TOLERANCE = 0.05


def film_error(video: Video, media: Media, config: SandboxConfig) -> GraphError | None:
    """Return the refusal of ``media`` as what ``video`` is to be; what its boxes do not tell is not judged."""
    if media.size_bytes < _SMALLEST_BYTES:
        return GraphError("The video file you selected is too small", 382)
    if media.kind != "mp4" or (media.film is None and config.refuse_films_without_moov):
        return bad_parameter("The video has a format that is not supported", subcode=1349125)
    if media.size_bytes > config.facebook_video_largest_bytes:
        return upload_trouble("The video file is too large", 6001)
    film = media.film
    if film is None:
        return None
    if video.kind == "VIDEO":
        is_long = film.seconds > config.facebook_video_longest_seconds
        return upload_trouble("The video is too long", 6001) if is_long else None
    longest = config.facebook_story_longest_seconds if video.kind == "STORY" else _SECONDS[1]
    return _upright_error(media, film, longest)


def upload_trouble(message: str, code: int = 6000) -> GraphError:
    """6000 or 6001: the upload itself went wrong."""
    return GraphError(f"There was a problem uploading your video file. {message}", code)


def unfetchable() -> GraphError:
    """389: nobody answered at ``file_url``."""
    return GraphError("Unable to fetch video file from URL.", 389)


def _upright_error(media: Media, film: Film, longest_seconds: float) -> GraphError | None:
    if media.height and abs(media.width / media.height - _RATIO) > 0.01:
        return bad_parameter("The video has an aspect ratio that is not supported", subcode=1363040)
    if media.height and (media.width < _SMALLEST_SIDES[0] or media.height < _SMALLEST_SIDES[1]):
        return bad_parameter("The video has a resolution that is not supported", subcode=1363127)
    if not _SECONDS[0] - _TOLERANCE <= film.seconds <= longest_seconds + _TOLERANCE:
        return bad_parameter("The video has a duration that is not supported", subcode=1363128)
    rate = film.frames_per_second
    if rate and not _FRAME_RATES[0] <= rate <= _FRAME_RATES[1]:
        return bad_parameter("The video has a frame rate that is not supported", subcode=1363129)
    return None

"""What was made of originals: carries a plan out, and remembers what came of it so that nothing is made twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from desktop.domain.media import Asset, MediaKind
from desktop.files.fitting import write_image
from desktop.files.video_writing import VideoWork, write_video
from desktop.services.media.plans import ImagePlan, Plan, Size
from desktop.services.media.ports import StoredFile


def write_rendition(
    asset: Asset,
    source: Path,
    target: Path,
    plan: Plan,
    encoder: str | None,
    check: Callable[[], object],
    progress: Callable[[float], object],
) -> None:
    """Write what ``plan`` makes of ``source``; ``ImageInvalid``, ``VideoInvalid`` or ``NotFittable``."""
    whole = Size(asset.width, asset.height)
    if isinstance(plan, ImagePlan):
        progress(0.0)
        write_image(source, whole, target, plan, check)
        progress(1.0)
    else:
        work = VideoWork(source, target, whole, asset.duration or timedelta(), plan, encoder)
        write_video(work, check, progress)


def plan_key(plan: Plan) -> str:
    """Return a name for a plan: equal plans of one version of the program have equal names."""
    return hashlib.sha256(repr(plan).encode()).hexdigest()[:24]


def stored_json(stored: StoredFile) -> str:
    """Return the note to keep of a result."""
    seconds = None if stored.duration is None else stored.duration.total_seconds()
    figures = [stored.sha256, stored.kind, stored.mime_type, stored.size_bytes, stored.width, stored.height, seconds]
    return json.dumps(figures)


def read_stored(text: str) -> StoredFile | None:
    """Return what a note says, None when it is damaged."""
    try:
        figures: list[Any] = json.loads(text)
        sha256, kind, mime_type, size_bytes, width, height, seconds = figures
        duration = None if seconds is None else timedelta(seconds=seconds)
        return StoredFile(sha256, MediaKind(kind), mime_type, size_bytes, width, height, duration)
    except (ValueError, TypeError):
        return None

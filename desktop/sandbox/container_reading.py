"""``GET /{container}``: how far Threads and Instagram are with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from desktop.sandbox.containers import status
from desktop.sandbox.errors import JSON
from desktop.sandbox.fields import Field, project
from desktop.sandbox.model import Container, ContainerStatus, Network
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.world import World

_STATUS_TEXT = {
    ContainerStatus.IN_PROGRESS: "In Progress: Media is still being processed.",
    ContainerStatus.FINISHED: "Finished: Media has been uploaded and it is ready to be published.",
    ContainerStatus.EXPIRED: "Expired: The container was not published within 24 hours.",
    ContainerStatus.PUBLISHED: "Published: Media has been published.",
}


def read(box: Sandbox, container: Container, fields: tuple[Field, ...]) -> JSON:
    """Answer ``GET /{container}``; Threads calls the state ``status``, Instagram ``status_code``."""
    state = _shown_status(box, container)
    readers: dict[str, Callable[[Container], JSON]] = {"id": lambda c: c.id}
    if container.network is Network.THREADS:
        failure = _failure(box.world, container) if state is ContainerStatus.ERROR else None
        readers |= {"status": lambda _: state, "error_message": lambda _: failure}
    else:
        text = (
            _STATUS_TEXT.get(state)
            or f"Error: Media upload has failed with error code {_failure(box.world, container)}"
        )
        readers |= {
            "status_code": lambda _: state,
            "status": lambda _: text,
            "video_status": lambda c: _upload_phases(box, c, state),
            "copyright_check_status": lambda c: _copyright(box, c, state),
        }
    return project(container, readers, fields, "MediaContainer")


def _shown_status(box: Sandbox, container: Container) -> ContainerStatus:
    now, config = box.clock.now(), box.config
    published_at = box.world.posts[container.media_ids[0]].published_at if container.media_ids else None
    if published_at is not None and now < published_at + timedelta(seconds=config.published_status_delay_seconds):
        return ContainerStatus.FINISHED
    return status(box.world, container, now, config.container_life_seconds)


def _is_film(container: Container) -> bool:
    return container.is_resumable or any(media.kind == "mp4" for media in container.media)


def _upload_phases(box: Sandbox, container: Container, state: ContainerStatus) -> JSON:
    """Tell how far a film is; a broken upload goes on from ``bytes_transfered`` (spelt so by Meta)."""
    if not _is_film(container):
        return None
    sizes = [media.size_bytes for media in container.media]
    transferred = box.uploads.size(container.id) if container.is_resumable and not sizes else sum(sizes)
    uploading = "complete" if sizes else "in_progress" if transferred else "not_started"
    processed = {ContainerStatus.ERROR: "error", ContainerStatus.IN_PROGRESS: "in_progress"}.get(state, "complete")
    return {
        "uploading_phase": {"status": uploading, "bytes_transfered": transferred},
        "processing_phase": {"status": processed if sizes else "not_started"},
    }


def _copyright(box: Sandbox, container: Container, state: ContainerStatus) -> JSON:
    if not _is_film(container):
        return None
    if state is ContainerStatus.IN_PROGRESS:
        return {"status": "in_progress"}
    return {"status": "completed", "matches_found": box.config.instagram_copyright_matches}


def _failure(world: World, container: Container) -> str:
    if container.error:
        return container.error
    children = (world.containers[child].error for child in container.children)
    return next((error for error in children if error), "UNKNOWN")

"""Publishing on Threads (``meta-api.md`` §2): text, image, video, carousel, and chains of replies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from desktop.connectors.meta.answers import Json
from desktop.connectors.meta.containers import container_status, instant_of, items_of, not_built, span, text_of, within
from desktop.connectors.meta.errors import CallKind
from desktop.connectors.meta.graph import Caller, GraphClient, unclear
from desktop.domain.deliveries import Payload, PayloadMedia, Upload
from desktop.domain.errors import FailureKind
from desktop.domain.media import MediaKind
from desktop.domain.posts import Mark, MarkKind
from desktop.kit.i18n import tr
from desktop.services.publishing.ports import ContainerReading, ContainerStatus, MediaSource, RemoteAccount, RemoteMedia

_FIRST_SECOND = 1_688_540_400  # earlier values of since are refused
_LISTED = "id,text,timestamp,permalink,children,replied_to"


class ThreadsConnector:
    """``NetworkConnector`` for Threads."""

    def __init__(self, graph: GraphClient) -> None:
        """Call through ``graph``."""
        self._graph = graph

    def child_count(self, payload: Payload, ordinal: int) -> int:
        """Return one child per item of a carousel; a single item goes into the container itself."""
        media = payload.parts[ordinal].media
        return len(media) if len(media) > 1 else 0

    def create_child(
        self, who: RemoteAccount, payload: Payload, ordinal: int, media: PayloadMedia, files: MediaSource
    ) -> str:
        """Create one carousel item."""
        params = _media_params(media, files.address(media)) | {"is_carousel_item": True}
        return self._graph.create(Caller.of(who), f"{who.remote_id}/threads", params)

    def create_container(
        self,
        who: RemoteAccount,
        payload: Payload,
        ordinal: int,
        *,
        children: tuple[str, ...],
        files: MediaSource,
        reply_to: str | None,
    ) -> str:
        """Create the container of one part; later parts answer the one before."""
        part = payload.parts[ordinal]
        params: dict[str, Json]
        if children:
            params = {"media_type": "CAROUSEL", "children": ",".join(children)}
        elif part.media:
            params = _media_params(part.media[0], files.address(part.media[0]))
        else:
            params = {"media_type": "TEXT", "link_attachment": part.link}
        params |= {
            "text": part.text or None,
            "reply_to_id": reply_to,
            "text_entities": _spoilers(part.marks),
        }
        return self._graph.create(Caller.of(who), f"{who.remote_id}/threads", params)

    def takes_bytes(self, who: RemoteAccount, payload: Payload, ordinal: int) -> bool:
        """Return False: what is built so far is fetched by the network."""
        return False

    def upload(
        self,
        who: RemoteAccount,
        payload: Payload,
        ordinal: int,
        *,
        container_id: str,
        upload: Upload | None,
        files: MediaSource,
        on_sent: Callable[[int, int], object],
    ) -> Upload:
        """Refuse: no container takes bytes."""
        raise not_built(payload, tr("Nothing is sent as bytes there."))

    def read_child(self, who: RemoteAccount, child_id: str) -> ContainerReading:
        """Read whether a carousel item is processed."""
        return self.read_container(who, child_id)

    def read_container(self, who: RemoteAccount, container_id: str) -> ContainerReading:
        """Read ``status`` and, on ERROR, what its ``error_message`` means."""
        caller = Caller.of(who)
        answer = self._graph.read(caller, container_id, {"fields": "id,status,error_message"})
        if not (word := text_of(answer, "status")):
            raise unclear(caller, CallKind.READ)
        status = container_status(word)
        if status is not ContainerStatus.ERROR:
            return ContainerReading(status)
        detail = text_of(answer, "error_message")
        return ContainerReading(status, failure=_processing_failure(detail), detail=detail)

    def publish(self, who: RemoteAccount, container_id: str, *, deadline: datetime) -> str:
        """Make the container public and return the media id."""
        path = f"{who.remote_id}/threads_publish"
        return self._graph.publish(Caller.of(who), path, {"creation_id": container_id}, deadline)

    def list_recent(self, who: RemoteAccount, since: datetime, until: datetime) -> tuple[RemoteMedia, ...]:
        """List posts and replies of a time span; two listings, one request for each page."""
        return within(self._list(who, since, until), since, until)

    def read_permalink(self, who: RemoteAccount, media_id: str) -> str | None:
        """Return the address of a live post."""
        return text_of(self._graph.read(Caller.of(who), media_id, {"fields": "permalink"}), "permalink") or None

    def check_token(self, who: RemoteAccount) -> None:
        """Ask who the token belongs to."""
        self._graph.read(Caller.of(who), "me", {"fields": "id"})

    def _list(self, who: RemoteAccount, since: datetime, until: datetime) -> Iterator[RemoteMedia]:
        first, last = span(since, until)
        params: dict[str, Json] = {
            "fields": _LISTED,
            "since": max(first, _FIRST_SECOND),
            "until": last,
            "limit": 100,
        }
        for edge in ("threads", "replies"):
            for row in self._graph.list_all(Caller.of(who), f"{who.remote_id}/{edge}", params):
                parent = row.get("replied_to")
                yield RemoteMedia(
                    id=text_of(row, "id"),
                    text=text_of(row, "text"),
                    published_at=instant_of(row, "timestamp", until),
                    permalink=text_of(row, "permalink") or None,
                    child_count=len(items_of(row, "children")),
                    reply_to=(text_of(parent, "id") or None) if isinstance(parent, dict) else None,
                )


def _media_params(media: PayloadMedia, url: str) -> dict[str, Json]:
    is_video = media.kind is MediaKind.VIDEO
    return {
        "media_type": "VIDEO" if is_video else "IMAGE",
        "video_url" if is_video else "image_url": url,
        "alt_text": media.alt_text or None,
    }


def _spoilers(marks: tuple[Mark, ...]) -> Json:
    found: list[Json] = [
        {"entity_type": "SPOILER", "offset": mark.start, "length": mark.end - mark.start}
        for mark in marks
        if mark.kind is MarkKind.SPOILER
    ]
    return found or None


def _processing_failure(word: str) -> FailureKind:
    """INVALID_... is the content's fault; a failed download or processing is worth a new container (§2.2)."""
    return FailureKind.BAD_INPUT if word.startswith("INVALID_") else FailureKind.RECREATE_CONTAINER

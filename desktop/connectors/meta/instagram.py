"""Publishing on Instagram (``meta-api.md`` §3): image, carousel and reel, under either of its two logins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from desktop.connectors.meta.answers import Json
from desktop.connectors.meta.containers import (
    container_status,
    instant_of,
    items_of,
    not_built,
    span,
    text_of,
    within,
)
from desktop.connectors.meta.errors import CallKind, kind_of_subcode
from desktop.connectors.meta.graph import Caller, GraphClient, unclear
from desktop.domain.deliveries import Payload, PayloadMedia, Upload
from desktop.domain.errors import FailureKind
from desktop.domain.media import MediaKind
from desktop.domain.networks import PostFormat
from desktop.kit.i18n import tr
from desktop.services.publishing.ports import ContainerReading, ContainerStatus, MediaSource, RemoteAccount, RemoteMedia

_LISTED = "id,caption,timestamp,permalink,media_type,children"
_ERROR_NUMBER = re.compile(r"\b2207\d{3}\b")


class InstagramConnector:
    """``NetworkConnector`` for Instagram professional accounts."""

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
        """Create one carousel item; the caption belongs to the parent only."""
        params: dict[str, Json] = {"is_carousel_item": True}
        if media.kind is MediaKind.VIDEO:
            params |= {"media_type": "VIDEO", "video_url": files.address(media)}
        else:
            params |= {"image_url": files.address(media), "alt_text": media.alt_text or None}
        return self._graph.create(Caller.of(who), f"{who.remote_id}/media", params)

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
        """Create the container of the only part there is; a single video is always a reel."""
        part = payload.parts[ordinal]
        if payload.format is PostFormat.STORY or reply_to is not None or not part.media:
            raise not_built(payload, tr("Only images, carousels and reels can be published there."))
        params: dict[str, Json] = {"caption": part.text or None}
        if children:
            params |= {"media_type": "CAROUSEL", "children": ",".join(children)}
        elif part.media[0].kind is MediaKind.VIDEO:
            params |= {"media_type": "REELS", "video_url": files.address(part.media[0]), "share_to_feed": True}
        else:
            params |= {"image_url": files.address(part.media[0]), "alt_text": part.media[0].alt_text or None}
        return self._graph.create(Caller.of(who), f"{who.remote_id}/media", params)

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
        """Read ``status_code`` and, on ERROR, the number hidden in the words of ``status``."""
        caller = Caller.of(who)
        answer = self._graph.read(caller, container_id, {"fields": "id,status_code,status"})
        if not (word := text_of(answer, "status_code")):
            raise unclear(caller, CallKind.READ)
        status = container_status(word)
        if status is not ContainerStatus.ERROR:
            return ContainerReading(status)
        detail = text_of(answer, "status")
        return ContainerReading(status, failure=_processing_failure(detail), detail=detail)

    def publish(self, who: RemoteAccount, container_id: str, *, deadline: datetime) -> str:
        """Make the container public and return the media id."""
        path = f"{who.remote_id}/media_publish"
        return self._graph.publish(Caller.of(who), path, {"creation_id": container_id}, deadline)

    def list_recent(self, who: RemoteAccount, since: datetime, until: datetime) -> tuple[RemoteMedia, ...]:
        """List the posts of a time span, one request for each page."""
        return within(self._list(who, since, until), since, until)

    def read_permalink(self, who: RemoteAccount, media_id: str) -> str | None:
        """Return the address of a live post."""
        return text_of(self._graph.read(Caller.of(who), media_id, {"fields": "permalink"}), "permalink") or None

    def check_token(self, who: RemoteAccount) -> None:
        """Ask for the account itself, which under a Page's login is not ``me``."""
        self._graph.read(Caller.of(who), who.remote_id, {"fields": "id"})

    def _list(self, who: RemoteAccount, since: datetime, until: datetime) -> Iterator[RemoteMedia]:
        first, last = span(since, until)
        params: dict[str, Json] = {"fields": _LISTED, "since": first, "until": last, "limit": 100}
        for row in self._graph.list_all(Caller.of(who), f"{who.remote_id}/media", params):
            yield RemoteMedia(
                id=text_of(row, "id"),
                text=text_of(row, "caption"),
                published_at=instant_of(row, "timestamp", until),
                permalink=text_of(row, "permalink") or None,
                child_count=len(items_of(row, "children")),
                reply_to=None,
            )


def _processing_failure(words: str) -> FailureKind:
    """A container in ERROR never recovers, so where waiting would be advised only a new one helps."""
    number = _ERROR_NUMBER.search(words)
    kind = kind_of_subcode(int(number[0])) if number else None
    return FailureKind.RECREATE_CONTAINER if kind in {None, FailureKind.TRANSIENT_RETRY} else kind

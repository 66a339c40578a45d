"""Publishing on Facebook Pages (``meta-api.md`` §4): text, link, one and many photos.

A Page has no containers. The same two steps are made by hand (``reliability.md`` §1.6, B): the post is created
unpublished, which gives it its id, and later switched to published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from desktop.connectors.meta.answers import Json, as_int
from desktop.connectors.meta.containers import instant_of, items_of, not_built, span, text_of, within
from desktop.connectors.meta.errors import CallKind
from desktop.connectors.meta.graph import Caller, FilePart, GraphClient, unclear
from desktop.domain.deliveries import Payload, PayloadMedia, Upload
from desktop.domain.errors import RemoteFailure
from desktop.domain.media import MediaKind
from desktop.domain.networks import PostFormat
from desktop.kit.i18n import tr
from desktop.services.publishing.ports import ContainerReading, ContainerStatus, MediaSource, RemoteAccount, RemoteMedia

_GONE = 33
_LISTED = "id,message,created_time,permalink_url,attachments{media_type,subattachments}"


class FacebookConnector:
    """``NetworkConnector`` for Facebook Pages; tokens are page tokens."""

    def __init__(self, graph: GraphClient) -> None:
        """Call through ``graph``."""
        self._graph = graph

    def child_count(self, payload: Payload, ordinal: int) -> int:
        """Return one child per photo: even a single one is uploaded unseen before the post."""
        return len(payload.parts[ordinal].media)

    def create_child(
        self, who: RemoteAccount, payload: Payload, ordinal: int, media: PayloadMedia, files: MediaSource
    ) -> str:
        """Upload the bytes of one photo, which nobody sees yet: a Page needs no public address."""
        if media.kind is MediaKind.VIDEO:
            raise not_built(payload, tr("Videos cannot be published on Pages yet."))
        params: dict[str, Json] = {"published": False, "alt_text_custom": media.alt_text or None}
        path = files.path(media)
        photo = FilePart(path, 0, path.stat().st_size, media.mime_type)
        return self._graph.create_from_file(Caller.of(who), f"{who.remote_id}/photos", params, "source", photo)

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
        """Create the unpublished post; a link shows its preview only when there are no photos."""
        if payload.format not in {PostFormat.FEED, PostFormat.CAROUSEL} or reply_to is not None:
            raise not_built(payload, tr("Only text, links and photos can be published there."))
        part = payload.parts[ordinal]
        photos: list[Json] = [{"media_fbid": child} for child in children]
        params: dict[str, Json] = {
            "message": part.text or None,
            "link": None if children else part.link,
            "attached_media": photos or None,
            "published": False,
        }
        return self._graph.create(Caller.of(who), f"{who.remote_id}/feed", params)

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
        """Photos are complete when their upload answers; no request is made."""
        return ContainerReading(ContainerStatus.FINISHED)

    def read_container(self, who: RemoteAccount, container_id: str) -> ContainerReading:
        """Read whether the post is public; its id is the media id then."""
        caller = Caller.of(who)
        answer = self._graph.read(caller, container_id, {"fields": "id,is_published,scheduled_publish_time"})
        match answer.get("is_published"):
            case True | "true":
                return ContainerReading(ContainerStatus.PUBLISHED, media_id=container_id)
            case False | "false":
                seconds = as_int(answer.get("scheduled_publish_time"))
                at = datetime.fromtimestamp(seconds, UTC) if seconds else None
                return ContainerReading(ContainerStatus.FINISHED, scheduled_for=at)
            case _:
                raise unclear(caller, CallKind.READ)

    def publish(self, who: RemoteAccount, container_id: str, *, deadline: datetime) -> str:
        """Switch the post to published; it keeps its id."""
        self._graph.update_public(Caller.of(who), container_id, {"is_published": True}, deadline)
        return container_id

    def hand_over(self, who: RemoteAccount, container_id: str, at: datetime, *, deadline: datetime) -> None:
        """Let Facebook publish the unpublished post at ``at``, 10 minutes to 29 days from now (``NativeScheduler``).

        It names the post, so however often it is said, it is one post.
        """
        params: dict[str, Json] = {
            "scheduled_publish_time": int(at.timestamp()),
            "unpublished_content_type": "SCHEDULED",
        }
        answer = self._graph.change(Caller.of(who), container_id, params, deadline)
        if answer.get("success") not in (True, "true"):
            raise unclear(Caller.of(who), CallKind.CREATE)

    def take_back(self, who: RemoteAccount, container_id: str) -> bool:
        """Delete the post before Facebook publishes it; False when it is public already.

        Deleting is the only certain way: a late request to schedule it would find nothing (``NativeScheduler``).
        """
        try:
            if self.read_container(who, container_id).status is ContainerStatus.PUBLISHED:
                return False
        except RemoteFailure as failure:
            if failure.subcode == _GONE:  # deleted by an earlier call whose answer was lost
                return True
            raise
        self._graph.delete(Caller.of(who), container_id)
        return True

    def list_recent(self, who: RemoteAccount, since: datetime, until: datetime) -> tuple[RemoteMedia, ...]:
        """List the published posts of a time span, one request for each page."""
        return within(self._list(who, since, until), since, until)

    def read_permalink(self, who: RemoteAccount, media_id: str) -> str | None:
        """Return the address of a live post."""
        answer = self._graph.read(Caller.of(who), media_id, {"fields": "permalink_url"})
        return text_of(answer, "permalink_url") or None

    def check_token(self, who: RemoteAccount) -> None:
        """Ask who the token belongs to."""
        self._graph.read(Caller.of(who), "me", {"fields": "id"})

    def _list(self, who: RemoteAccount, since: datetime, until: datetime) -> Iterator[RemoteMedia]:
        first, last = span(since, until)
        params: dict[str, Json] = {"fields": _LISTED, "since": first, "until": last, "limit": 100}
        for row in self._graph.list_all(Caller.of(who), f"{who.remote_id}/published_posts", params):
            yield RemoteMedia(
                id=text_of(row, "id"),
                text=text_of(row, "message"),
                published_at=instant_of(row, "created_time", until),
                permalink=text_of(row, "permalink_url") or None,
                child_count=_photo_count(row),
                reply_to=None,
            )


def _photo_count(row: Mapping[str, Json]) -> int:
    """Count the photos of an album; like the other networks, a single photo counts as none."""
    return sum(len(items_of(item, "subattachments")) for item in items_of(row, "attachments"))

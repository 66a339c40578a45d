"""The life of Threads and Instagram containers: in progress, finished or failed, published, expired after a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop.sandbox.config import Republish
from desktop.sandbox.errors import JSON, GraphError, already_published, bad_parameter, quota_reached
from desktop.sandbox.model import Account, Container, ContainerStatus, Network, Post
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.world import World

PROCESSING_SECONDS = {"TEXT": (0.0, 1.0), "IMAGE": (1.0, 2.0), "VIDEO": (5.0, 10.0), "CAROUSEL": (0.5, 1.0)}
"""Shortest and longest time per kind; REELS and STORIES take that of their media."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """How a network words the reasons not to publish a container."""

    unknown: Callable[[str], GraphError]
    expired: Callable[[str], GraphError]
    not_ready: Callable[[str], GraphError]


def status(world: World, container: Container, now: datetime, life_seconds: float) -> ContainerStatus:
    """Compute the status at ``now``; a carousel waits for all its children and fails with any of them."""
    if container.media_ids:
        return ContainerStatus.PUBLISHED
    if now >= container.created_at + timedelta(seconds=life_seconds):
        return ContainerStatus.EXPIRED
    children = {status(world, world.containers[child], now, life_seconds) for child in container.children}
    if container.ready_at is None or now < container.ready_at or ContainerStatus.IN_PROGRESS in children:
        return ContainerStatus.IN_PROGRESS
    if container.error or children & {ContainerStatus.ERROR, ContainerStatus.EXPIRED}:
        return ContainerStatus.ERROR
    return ContainerStatus.FINISHED


def add(box: Sandbox, container: Container) -> dict[str, JSON]:
    """Keep a new container and answer its id; it is processed unless its bytes are still to be uploaded."""
    if container.is_resumable:
        box.world.save(container)
    else:
        start_processing(box, container)
    box.world.quotas.note(container.account_id, "containers", container.created_at)
    return {"id": container.id}


def start_processing(box: Sandbox, container: Container) -> None:
    """Decide when ``container`` will be ready, counted from now and from its children."""
    media_kind = "VIDEO" if any(m.kind == "mp4" for m in container.media) else container.kind
    shortest, longest = PROCESSING_SECONDS.get(media_kind, PROCESSING_SECONDS["IMAGE"])
    children = [box.world.containers[child].ready_at for child in container.children]
    start = max([box.clock.now(), *(at for at in children if at is not None)])
    container.ready_at = start + box.processing_time(shortest, longest)
    box.world.save(container)


def children_of(box: Sandbox, account: Account, ids: list[str], most: int, subcode: int | None) -> list[Container]:
    """Return the children of a carousel; code 100 unless 2 to ``most`` living carousel items of ``account``."""
    if not 2 <= len(ids) <= most:
        raise bad_parameter(f"A carousel needs between 2 and {most} children", subcode=subcode, blamed="children")
    found = [box.world.containers.get(i) for i in ids]
    children = [c for c in found if c is not None and c.account_id == account.id and c.is_carousel_item]
    now, life = box.clock.now(), box.config.container_life_seconds
    if len(children) < len(ids) or any(status(box.world, c, now, life) is ContainerStatus.EXPIRED for c in children):
        raise bad_parameter("Param children must be unexpired carousel item containers", blamed="children")
    return children


def publish(box: Sandbox, account: Account, container_id: str, refusals: Refusals) -> Container:
    """Make the container public and return it; its last media id is the post to answer with.

    Publishing it again does what ``config.republish`` says.
    """
    container = box.world.containers.get(container_id)
    if container is None or container.account_id != account.id or container.is_carousel_item:
        raise refusals.unknown(container_id)
    match status(box.world, container, box.clock.now(), box.config.container_life_seconds):
        case ContainerStatus.EXPIRED:
            raise refusals.expired(container_id)
        case ContainerStatus.ERROR:
            raise refusals.unknown(container_id)
        case ContainerStatus.IN_PROGRESS:
            raise refusals.not_ready(container_id)
        case ContainerStatus.PUBLISHED if box.config.republish is Republish.REJECT:
            raise already_published()
        case ContainerStatus.PUBLISHED if box.config.republish is Republish.IDEMPOTENT:
            return container
    if container.refusals_left:
        container.refusals_left -= container.refusals_left > 0
        raise refusals.unknown(container_id)
    _check_quota(box, container)
    _go_live(box, container)
    return container


def _check_quota(box: Sandbox, container: Container) -> None:
    config = box.config
    is_reply = container.network is Network.THREADS and bool(container.reply_to_id)
    total = config.threads_reply_quota_total if is_reply else config.threads_quota_total
    if container.network is Network.INSTAGRAM:
        total = config.instagram_quota_total
    if box.world.quotas.used(container.account_id, "replies" if is_reply else "posts", box.clock.now()) >= total:
        raise quota_reached()


def _go_live(box: Sandbox, container: Container) -> None:
    world, now = box.world, box.clock.now()
    children = [world.containers[child] for child in container.children]
    is_threads = container.network is Network.THREADS
    post = Post(
        world.new_id(),
        container.network,
        container.account_id,
        read_kind(container),
        created_at=now,
        shortcode=world.new_shortcode(),
        text=container.text,
        media=[m for c in children for m in c.media] or list(container.media),
        # Threads lists the children under their container ids, Instagram under fresh ones.
        children=[c.id if is_threads else world.new_id() for c in children],
        container_id=container.id,
        reply_to_id=container.reply_to_id,
        link=container.extras.get("link_attachment", ""),
        extras=dict(container.extras),
    )
    world.go_live(post, now)
    container.media_ids.append(post.id)
    world.save(container)


def read_kind(container: Container) -> str:
    """Return the type a published container is read as: TEXT becomes TEXT_POST, CAROUSEL becomes CAROUSEL_ALBUM."""
    if container.kind in {"REELS", "STORIES"}:
        return "VIDEO" if container.media and container.media[0].kind == "mp4" else "IMAGE"
    return {"TEXT": "TEXT_POST", "CAROUSEL": "CAROUSEL_ALBUM"}.get(container.kind, container.kind)

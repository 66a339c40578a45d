"""Resumable uploads of films for Instagram: ``POST /rupload/ig-api-upload/{version}/{container}``.

The headers ``offset`` and ``file_size`` come with the bytes; a broken upload goes on from the offset that
``GET /{container}?fields=video_status`` tells. ``file_url`` lets the server fetch the film instead.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from desktop.sandbox import containers
from desktop.sandbox.auth import require_publish
from desktop.sandbox.connection import CutError
from desktop.sandbox.errors import JSON, bad_parameter, unknown_object
from desktop.sandbox.fetching import LARGEST_BYTES, UnreachableError, describe_file, fetch
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.instagram_films import film_error
from desktop.sandbox.model import Container, ContainerStatus, Media, Network, Token
from desktop.sandbox.sandbox import Sandbox


async def receive(box: Sandbox, call: GraphCall, token: Token) -> JSON:
    """Take bytes, or the address of the film, for a container made with ``upload_type=resumable``."""
    container = _container(box, call, token)
    if call.text("file_url"):
        container.media, container.error = await _fetched(box, container, call.text("file_url"))
        container.uploaded_bytes = container.upload_bytes = container.media[0].size_bytes
        return _complete(box, container)
    _check_offset(call, container)
    container.upload_bytes = call.number("file_size", 0)
    box.world.save(container)
    try:
        await box.uploads.append(container.id, _limited(box, call, container))
    finally:
        container.uploaded_bytes = box.uploads.size(container.id)
        box.world.save(container)
    if container.uploaded_bytes < container.upload_bytes:
        return {"success": False, "message": "The upload is not complete."}
    path = box.uploads.path(container.id)
    container.media = [await describe_file(path)]
    container.error = film_error(container, container.media[0], box.config)
    box.uploads.discard(container.id)
    return _complete(box, container)


def _container(box: Sandbox, call: GraphCall, token: Token) -> Container:
    container = box.world.containers.get(call.node)
    if (
        container is None
        or not container.is_resumable
        or container.network is not Network.INSTAGRAM
        or container.account_id not in token.reaches
    ):
        raise unknown_object(call.node)
    require_publish(token, box.world.accounts[container.account_id])
    state = containers.status(box.world, container, box.clock.now(), box.config.container_life_seconds)
    if state is not ContainerStatus.IN_PROGRESS or container.media:
        raise bad_parameter("The upload is over")
    return container


def _check_offset(call: GraphCall, container: Container) -> None:
    size, offset = call.number("file_size", 0), call.number("offset", -1)
    if not 0 < size <= LARGEST_BYTES or (container.upload_bytes and size != container.upload_bytes):
        raise bad_parameter("The header file_size must tell the size of the whole film", blamed="file_size")
    if offset != container.uploaded_bytes:
        message = f"The header offset must be {container.uploaded_bytes}"
        raise bad_parameter(message, blamed="offset")


async def _limited(box: Sandbox, call: GraphCall, container: Container) -> AsyncIterator[bytes]:
    """Yield the body up to the announced size, or up to where the configuration cuts the connection."""
    left, cut = container.upload_bytes - container.uploaded_bytes, box.config.instagram_upload_cut_after_bytes
    room = cut or left + 1
    if call.stream is None:  # not a call on the upload host
        raise unknown_object(call.node)
    async for piece in call.stream:
        if len(piece) > left:
            raise bad_parameter("The body is longer than file_size", blamed="file_size")
        yield piece[:room]
        left, room = left - len(piece), room - len(piece)
        if room <= 0 and left:
            raise CutError


async def _fetched(box: Sandbox, container: Container, url: str) -> tuple[list[Media], str]:
    try:
        media = await fetch(url, box.config, box.pictures)
    except UnreachableError:
        return [Media("mp4", "", 0, url)], "2207052"
    return [media], film_error(container, media, box.config)


def _complete(box: Sandbox, container: Container) -> JSON:
    containers.start_processing(box, container)
    return {"success": True, "message": "Upload successful."}

"""Builders of accounts, assets and contents for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from desktop.domain.accounts import DEFAULT_HUES, Account, AccountId, AccountState, LoginKind
from desktop.domain.media import Asset, AssetId, MediaKind
from desktop.domain.networks import Network
from desktop.domain.posts import Content, MediaUse, Part

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

_LOGINS = {
    Network.THREADS: LoginKind.THREADS,
    Network.INSTAGRAM: LoginKind.INSTAGRAM,
    Network.FACEBOOK: LoginKind.FACEBOOK_PAGE,
}


def an_account(network: Network, **changes: Any) -> Account:
    """A connected account of a network; its id is the network's name."""
    account = Account(
        id=AccountId(network.value),
        network=network,
        login=_LOGINS[network],
        remote_id=f"remote-{network.value}",
        username="mara",
        display_name=f"Mara on {network.label}",
        state=AccountState.CONNECTED,
        state_reason="",
        hue=DEFAULT_HUES[network],
        is_sample=False,
        connected_at=NOW,
        token_expires_at=None,
    )
    return replace(account, **changes)


def an_image(name: str = "a", **changes: Any) -> Asset:
    """A square JPEG every network takes."""
    asset = Asset(
        id=AssetId(name),
        kind=MediaKind.IMAGE,
        mime_type="image/jpeg",
        sha256=name.encode().hex().rjust(64, "0"),
        size_bytes=200_000,
        width=1080,
        height=1080,
        duration=None,
        original_name=f"{name}.jpg",
        created_at=NOW,
    )
    return replace(asset, **changes)


def a_video(name: str = "v", **changes: Any) -> Asset:
    """A ten-second MP4 for a phone's screen."""
    video = an_image(name, kind=MediaKind.VIDEO, mime_type="video/mp4", original_name=f"{name}.mp4")
    return replace(replace(video, width=720, height=1280, duration=timedelta(seconds=10)), **changes)


def a_part(text: str = "", *assets: Asset, alt: str = "a description") -> Part:
    """A part with media in order."""
    return Part(text, media=tuple(MediaUse(asset.id, alt) for asset in assets))


def a_content(*texts: str) -> Content:
    """One part for each text."""
    return Content(tuple(Part(text) for text in texts))


def wall(text: str) -> datetime:
    """A wall time: no zone on purpose."""
    return datetime.fromisoformat(text)

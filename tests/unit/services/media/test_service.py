from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

from desktop.domain.errors import NotFound
from desktop.domain.media import Asset, AssetId, MediaKind
from desktop.domain.networks import ImageRules
from desktop.kit.clock import ManualClock
from desktop.services.changes import Change, ChangeFeed, Noun
from desktop.services.media.ports import StoredFile
from desktop.services.media.service import MediaService
from tests.support.drafts import NOW
from tests.support.memory_storage import MemoryStorage


@dataclass
class MemoryStore:
    """An asset store that takes everything for a picture; the real one has its own tests."""

    files: dict[str, bytes] = field(default_factory=dict)

    def take_file(self, path: Path) -> StoredFile:
        return self.take_bytes(path.read_bytes(), path.name)

    def take_bytes(self, data: bytes, name: str) -> StoredFile:
        digest = sha256(data).hexdigest()
        self.files[digest] = data
        return StoredFile(digest, MediaKind.IMAGE, "image/png", len(data), 4, 3, None)

    def path(self, sha256: str) -> Path:
        return Path(sha256)

    def thumbnail(self, asset: Asset, pixels: int) -> Path:
        return Path(f"{asset.sha256}-{pixels}")

    def fitted(self, asset: Asset, rules: ImageRules, check: Callable[[], object]) -> StoredFile:
        return self.take_bytes(self.files[asset.sha256] + b" made to fit", asset.original_name)


@pytest.fixture
def heard() -> list[Change]:
    return []


@pytest.fixture
def media(heard: list[Change]) -> MediaService:
    changes = ChangeFeed()
    changes.subscribe(heard.append)
    return MediaService(MemoryStorage(), ManualClock(NOW), changes, MemoryStore())


def test_what_the_store_found_is_recorded(media: MediaService, heard: list[Change], tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(b"meow")
    asset = media.add_file(tmp_path / "cat.png")
    assert (asset.original_name, asset.width, asset.height, asset.size_bytes, asset.created_at) == (
        "cat.png",
        4,
        3,
        4,
        NOW,
    )
    assert media.get_many([asset.id, AssetId("none")]) == {asset.id: asset}
    assert heard == [Change(Noun.MEDIA, frozenset({asset.id}))]


def test_the_same_content_is_the_same_asset(media: MediaService, heard: list[Change]) -> None:
    first = media.add_bytes(b"meow", "cat.png")
    assert media.add_bytes(b"meow", "copy of cat.png") == first
    assert media.add_bytes(b"woof", "dog.png").id != first.id
    assert len(heard) == 2


def test_a_fitted_picture_is_an_asset_of_its_own(media: MediaService, heard: list[Change]) -> None:
    original = media.add_bytes(b"meow", "cat.png")
    rules = ImageRules(("image/jpeg",), 8_000_000, 0.8, 1.91, 320, 1440)
    fitted = media.fit(original.id, rules)
    assert (fitted.id == original.id, fitted.original_name) == (False, "cat.jpg")
    assert set(media.get_many([original.id, fitted.id])) == {original.id, fitted.id}
    assert heard[-1] == Change(Noun.MEDIA, frozenset({fitted.id}))
    with pytest.raises(NotFound):
        media.fit(AssetId("none"), rules)


def test_thumbnails(media: MediaService) -> None:
    asset = media.add_bytes(b"meow", "cat.png")
    assert media.thumbnail(asset.id, 96) == Path(f"{asset.sha256}-96")
    with pytest.raises(NotFound):
        media.thumbnail(AssetId("none"), 96)

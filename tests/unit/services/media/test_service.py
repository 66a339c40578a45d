from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from desktop.domain.errors import Cancelled, MediaUnreadable, NotFound
from desktop.domain.media import Asset, AssetId, ImageDetails, MediaKind, VideoDetails
from desktop.domain.networks import ImageRules
from desktop.kit.clock import ManualClock
from desktop.services.changes import Change, ChangeFeed, Noun
from desktop.services.media.plans import Plan
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
        return StoredFile(digest, MediaKind.IMAGE, "image/png", len(data), 400, 300, None)

    def path(self, sha256: str) -> Path:
        return Path(sha256)

    def thumbnail(self, asset: Asset, pixels: int) -> Path:
        return Path(f"{asset.sha256}-{pixels}")

    def details(self, asset: Asset) -> ImageDetails | VideoDetails:
        if self.files[asset.sha256] == b"broken":
            raise MediaUnreadable(name=asset.original_name)
        return ImageDetails(has_transparency=True)

    def make(
        self, asset: Asset, plan: Plan, check: Callable[[], object], progress: Callable[[float], object]
    ) -> StoredFile:
        check()
        progress(1.0)
        made = self.take_bytes(self.files[asset.sha256] + b" made to fit", asset.original_name)
        return replace(made, mime_type="image/jpeg")

    def frame(self, asset: Asset, offset: timedelta) -> StoredFile:
        made = self.take_bytes(f"{asset.sha256} at {offset}".encode(), asset.original_name)
        return replace(made, mime_type="image/jpeg")


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
        400,
        300,
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


RULES = ImageRules(("image/jpeg",), 8_000_000, 0.8, 1.91, 320, 1440)


def test_a_fitted_picture_is_an_asset_of_its_own(media: MediaService, heard: list[Change]) -> None:
    original = media.add_bytes(b"meow", "cat.png")
    shares: list[float] = []
    fitted = media.fit(original.id, RULES, progress=shares.append)
    assert (fitted.id == original.id, fitted.original_name, shares) == (False, "cat.jpg", [1.0])
    assert set(media.get_many([original.id, fitted.id])) == {original.id, fitted.id}
    assert heard[-1] == Change(Noun.MEDIA, frozenset({fitted.id}))
    with pytest.raises(NotFound):
        media.fit(AssetId("none"), RULES)


def test_what_fits_stays_as_it_is(media: MediaService) -> None:
    original = media.add_bytes(b"meow", "cat.png")
    fitted = media.fit(original.id, RULES)
    assert media.fit(fitted.id, RULES) == fitted
    assert media.plan(fitted.id, RULES).steps == ()
    assert [step.words for step in media.plan(original.id, RULES).steps] == [
        "Put #ffffff behind what is transparent",
        "Save PNG as JPEG",
    ]


def test_it_can_be_stopped(media: MediaService, heard: list[Change]) -> None:
    original = media.add_bytes(b"meow", "cat.png")

    def check() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        media.fit(original.id, RULES, check)
    assert len(heard) == 1


def test_details_come_with_the_assets_and_what_cannot_be_read_has_none(media: MediaService) -> None:
    good, broken = media.add_bytes(b"meow", "cat.png"), media.add_bytes(b"broken", "b.png")
    described = media.described({asset.id: asset for asset in (good, broken)})
    assert described[good.id].details == ImageDetails(has_transparency=True)
    assert described[broken.id].details is None


def test_a_frame_for_a_cover(media: MediaService) -> None:
    video = media.add_bytes(b"film", "film.mov")
    cover = media.cover(video.id, timedelta(seconds=2))
    assert (cover.original_name, cover.mime_type) == ("film.jpg", "image/jpeg")
    assert media.cover(video.id, timedelta(seconds=2)) == cover != media.cover(video.id, timedelta())


def test_thumbnails(media: MediaService) -> None:
    asset = media.add_bytes(b"meow", "cat.png")
    assert media.thumbnail(asset.id, 96) == Path(f"{asset.sha256}-96")
    with pytest.raises(NotFound):
        media.thumbnail(AssetId("none"), 96)

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from desktop.domain.errors import (
    DatabaseReadOnly,
    DiskFull,
    FileUnreadable,
    MediaTooLarge,
    MediaUnreadable,
    TidingsError,
)
from desktop.domain.media import Asset, AssetId, MediaKind
from desktop.files import asset_store
from desktop.files.asset_store import DiskAssetStore
from desktop.services.media.ports import StoredFile
from tests.support.drafts import NOW
from tests.support.pictures import image_bytes, video_bytes


@pytest.fixture
def store(tmp_path: Path) -> DiskAssetStore:
    return DiskAssetStore(tmp_path / "media")


def asset_of(stored: StoredFile) -> Asset:
    return Asset(
        AssetId("a"),
        stored.kind,
        stored.mime_type,
        stored.sha256,
        stored.size_bytes,
        stored.width,
        stored.height,
        stored.duration,
        "a",
        NOW,
    )


def kept(tmp_path: Path) -> list[str]:
    media = tmp_path / "media"
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_images_are_judged_by_their_content(store: DiskAssetStore, tmp_path: Path, kind: str) -> None:
    data = image_bytes(kind, (60, 40))
    source = tmp_path / "holiday.txt"
    source.write_bytes(data)
    stored = store.take_file(source)
    digest = sha256(data).hexdigest()
    expected = StoredFile(digest, MediaKind.IMAGE, f"image/{kind.lower()}", len(data), 60, 40, None)
    assert stored == expected
    assert store.path(digest) == tmp_path / "media" / digest[:2] / digest[2:]
    assert store.path(digest).read_bytes() == source.read_bytes() == data
    assert store.take_bytes(data, "again") == expected
    assert len(kept(tmp_path)) == 1


def test_a_turned_camera_is_turned_back(store: DiskAssetStore) -> None:
    stored = store.take_bytes(image_bytes(size=(60, 40), orientation=6), "a.jpg")
    assert (stored.width, stored.height) == (40, 60)
    with Image.open(store.thumbnail(asset_of(stored), 30)) as small:
        assert small.size == (20, 30)


def test_videos(store: DiskAssetStore) -> None:
    stored = store.take_bytes(video_bytes((720, 1280), 12.5), "v.mp4")
    assert (stored.kind, stored.mime_type, stored.width, stored.height, stored.duration) == (
        MediaKind.VIDEO,
        "video/mp4",
        720,
        1280,
        timedelta(seconds=12.5),
    )
    with Image.open(store.thumbnail(asset_of(stored), 64)) as picture:
        assert picture.size == (36, 64)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Dear diary, this is no picture.",
        image_bytes(size=(200, 200), noise=True)[:2000],
        b"\xff\xd8\xff" + bytes(500),
        b"\x89PNG\r\n\x1a\n" + bytes(500),
        image_bytes("GIF")[:20],
        image_bytes("BMP"),
        video_bytes()[:-20],
    ],
    ids=["empty", "text", "cut JPEG", "JPEG head", "PNG head", "cut GIF", "BMP", "cut video"],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(store: DiskAssetStore, tmp_path: Path, data: bytes) -> None:
    source = tmp_path / "cat.jpg"
    source.write_bytes(data)
    with pytest.raises(MediaUnreadable) as refused:
        store.take_file(source)
    assert "cat.jpg" in refused.value.title
    assert kept(tmp_path) == []


def test_too_many_pixels_are_refused_before_they_are_decoded(store: DiskAssetStore, tmp_path: Path) -> None:
    buffer = tmp_path / "bomb.png"
    Image.new("1", (10_000, 8_001)).save(buffer)
    assert buffer.stat().st_size < 100_000
    with pytest.raises(MediaUnreadable):
        store.take_file(buffer)
    assert kept(tmp_path) == []


def test_a_9_mb_image_is_taken_and_51_mb_are_not(store: DiskAssetStore, tmp_path: Path) -> None:
    picture = image_bytes()
    assert store.take_bytes(picture + bytes(9_000_000 - len(picture)), "big.jpg").size_bytes == 9_000_000
    before = kept(tmp_path)
    source = tmp_path / "huge.jpg"
    source.write_bytes(picture)
    os.truncate(source, 51_000_001)
    with pytest.raises(MediaTooLarge) as refused:
        store.take_file(source)
    assert refused.value.details == {"name": "huge.jpg", "size_mb": 52, "limit_mb": 50}
    assert kept(tmp_path) == before


def test_the_limit_of_videos(store: DiskAssetStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asset_store, "MAX_VIDEO_BYTES", 100)
    with pytest.raises(MediaTooLarge):
        store.take_bytes(video_bytes(), "v.mp4")


@pytest.mark.parametrize("make", [lambda path: None, Path.mkdir, getattr(os, "mkfifo", Path.mkdir)])
def test_what_is_no_file_is_refused(store: DiskAssetStore, tmp_path: Path, make: Callable[[Path], object]) -> None:
    path = tmp_path / "thing.jpg"
    make(path)
    with pytest.raises(FileUnreadable) as refused:
        store.take_file(path)
    assert refused.value.details["name"] == "thing.jpg"


@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.ENOSPC, DiskFull), (errno.EROFS, DatabaseReadOnly), (errno.EIO, FileUnreadable)],
)
def test_a_disk_that_fails_is_named_and_nothing_is_left(
    store: DiskAssetStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    error: type[TidingsError],
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(error):
        store.take_bytes(image_bytes(), "a.jpg")
    assert kept(tmp_path) == []


def test_a_media_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("in the way")
    with pytest.raises(TidingsError):
        DiskAssetStore(tmp_path / "media").take_bytes(image_bytes(), "a.jpg")


def test_an_original_that_has_gone(store: DiskAssetStore) -> None:
    stored = store.take_bytes(image_bytes(), "a.jpg")
    store.path(stored.sha256).unlink()
    with pytest.raises(FileUnreadable):
        store.path(stored.sha256)
    with pytest.raises(FileUnreadable):
        store.thumbnail(asset_of(stored), 50)
    store.take_bytes(image_bytes(), "a.jpg")
    assert store.path(stored.sha256).is_file()


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 64, "a" * 63])
def test_only_a_digest_names_an_original(store: DiskAssetStore, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.path(name)


def test_thumbnails_are_made_once_and_keep_transparency(store: DiskAssetStore, tmp_path: Path) -> None:
    buffer = tmp_path / "ghost.png"
    Image.new("RGBA", (400, 100), (0, 0, 0, 0)).save(buffer)
    stored = store.take_file(buffer)
    path = store.thumbnail(asset_of(stored), 80)
    with Image.open(path) as small:
        assert (small.size, small.mode) == ((80, 20), "RGBA")
    store.path(stored.sha256).unlink()
    assert store.thumbnail(asset_of(stored), 80) == path


def test_a_small_image_is_not_blown_up(store: DiskAssetStore) -> None:
    stored = store.take_bytes(image_bytes(size=(30, 20)), "a.jpg")
    with Image.open(store.thumbnail(asset_of(stored), 100)) as small:
        assert small.size == (30, 20)


def test_leftovers_of_a_killed_process_are_removed_after_a_day(store: DiskAssetStore, tmp_path: Path) -> None:
    incoming = tmp_path / "media" / "incoming"
    incoming.mkdir(parents=True)
    old, young = incoming / "old", incoming / "young"
    old.touch()
    young.touch()
    os.utime(old, (time.time() - 90_000,) * 2)
    store.take_bytes(image_bytes(), "a.jpg")
    assert not old.exists()
    assert young.exists()


def test_many_threads_may_take_the_same_picture(store: DiskAssetStore, tmp_path: Path) -> None:
    data = image_bytes()
    found: list[StoredFile] = []
    threads = [threading.Thread(target=lambda: found.append(store.take_bytes(data, "a.jpg"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == len(kept(tmp_path)) == 1

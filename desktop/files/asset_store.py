"""The store of originals: files by the SHA-256 of their content, never changed once they are in."""

from __future__ import annotations

import errno
import hashlib
import io
import math
import os
import re
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from desktop.domain.errors import DatabaseReadOnly, DiskFull, FileUnreadable, MediaTooLarge, MediaUnreadable
from desktop.domain.media import Asset, ImageDetails, MediaKind, VideoDetails
from desktop.files.boxes import BoxesInvalid, read_video
from desktop.files.details import details_json, read_details
from desktop.files.fitting import NotFittable
from desktop.files.images import (
    ImageInvalid,
    image_details,
    read_image,
    write_placeholder,
    write_small,
    write_thumbnail,
)
from desktop.files.renditions import plan_key, read_stored, stored_json, write_rendition
from desktop.files.video_encoders import H264_ENCODERS, usable_encoder
from desktop.files.video_reading import VideoInvalid, frame_at, length_of, probe_video
from desktop.kit.i18n import tr
from desktop.services.media.plans import MediaNotFittable, Plan, VideoPlan
from desktop.services.media.ports import StoredFile

MAX_IMAGE_BYTES = 50_000_000
MAX_VIDEO_BYTES = 1_000_000_000
_CHUNK_BYTES = 1 << 20
_LEFTOVER_SECONDS = 24 * 3600
_FRAME_QUALITY = 92
_THUMBNAIL_OFFSET = timedelta(seconds=1)  # many videos start black
# first brands of pictures in the family of MP4 (ISO/IEC 23008-12, AVIF 1.1)
_IMAGE_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx", b"avif", b"avis")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class DiskAssetStore:
    """``AssetStore`` in a folder. Safe for several threads and processes: a file appears whole or not at all.

    Writing raises ``DiskFull`` or ``DatabaseReadOnly`` besides the errors of the port.
    """

    def __init__(self, folder: Path, encoders: tuple[str, ...] = H264_ENCODERS) -> None:
        self._folder = folder
        self._encoders = encoders

    def take_file(self, path: Path) -> StoredFile:
        """Copy a file in; errors as in the port."""
        try:
            # a pipe or a device would block or never end
            if not stat.S_ISREG(path.stat().st_mode):
                raise FileUnreadable(name=path.name, reason=tr("it is not a file"))
            source = path.open("rb")
        except OSError as error:
            raise _unreadable(path.name, error) from error
        with source:
            return self._take(source, path.name)

    def take_bytes(self, data: bytes, name: str) -> StoredFile:
        """Store bytes; errors as in the port."""
        return self._take(io.BytesIO(data), name)

    def path(self, sha256: str) -> Path:
        """Return where the original lies; ``FileUnreadable`` when it has gone."""
        path = self._place(sha256)
        if not path.is_file():
            raise FileUnreadable(name=sha256[:12], reason=tr("it is no longer in the media folder"))
        return path

    def thumbnail(self, asset: Asset, pixels: int) -> Path:
        """Return a small PNG, made at the first call; a neutral one for a video whose frames cannot be read."""
        target = self._beside("thumbnails", asset.sha256, f"-{pixels}.png")
        if target.is_file():
            return target
        with self._temporary() as temporary, _named(asset.original_name):
            self._draw(asset, temporary, pixels)
            self._keep(temporary, target)
        return target

    def details(self, asset: Asset) -> ImageDetails | VideoDetails:
        """Look into the file, once; errors as in the port."""
        note = self._beside("details", asset.sha256, ".json")
        found = read_details(_text(note))
        if found is None:
            path = self.path(asset.sha256)
            with _named(asset.original_name):
                found = image_details(path) if asset.kind is MediaKind.IMAGE else probe_video(path)
            self._note(note, details_json(found))
        if isinstance(found, VideoDetails):
            return replace(found, can_encode=usable_encoder(self._encoders) is not None)
        return found

    def make(
        self, asset: Asset, plan: Plan, check: Callable[[], object], progress: Callable[[float], object]
    ) -> StoredFile:
        """Store what ``plan`` makes of the original; errors as in the port."""
        note = self._beside("renditions", asset.sha256, f"-{plan_key(plan)}.json")
        known = read_stored(_text(note))
        if known is not None and self._place(known.sha256).is_file():
            progress(1.0)
            return known
        encoder = usable_encoder(self._encoders) if isinstance(plan, VideoPlan) and plan.bit_rate else None
        with self._temporary() as temporary, _named(asset.original_name):
            source = self.path(asset.sha256)
            write_rendition(asset, source, temporary, plan, encoder, check, progress)
            stored = self._take_made(temporary, asset.original_name)
        self._note(note, stored_json(stored))
        return stored

    def frame(self, asset: Asset, offset: timedelta) -> StoredFile:
        """Store the frame of a video shown at ``offset``; errors as in the port."""
        source = self.path(asset.sha256)
        with self._temporary() as temporary, _named(asset.original_name):
            frame_at(source, offset).save(temporary, "JPEG", quality=_FRAME_QUALITY)
            return self._take_made(temporary, asset.original_name)

    def _draw(self, asset: Asset, target: Path, pixels: int) -> None:
        source = self.path(asset.sha256)
        if asset.kind is MediaKind.IMAGE:
            write_thumbnail(source, target, pixels)
            return
        try:
            write_small(frame_at(source, min(_THUMBNAIL_OFFSET, (asset.duration or timedelta()) / 10)), target, pixels)
        except VideoInvalid:
            write_placeholder(target, asset.width, asset.height, pixels)

    def _take_made(self, path: Path, name: str) -> StoredFile:
        with path.open("rb") as made:
            return self._take(made, name)

    def _beside(self, folder: str, sha256: str, ending: str) -> Path:
        place = self._place(sha256)
        return self._folder / folder / place.parent.name / f"{place.name}{ending}"

    def _note(self, target: Path, text: str) -> None:
        with self._temporary() as temporary:
            temporary.write_text(text, encoding="utf-8")
            self._keep(temporary, target)

    def _take(self, source: BinaryIO, name: str) -> StoredFile:
        with self._temporary() as temporary:
            kind, sha256, size_bytes = self._copy(source, temporary, name)
            stored = _inspect(temporary, name, kind, sha256, size_bytes)
            target = self._place(sha256)
            if not (target.is_file() and target.stat().st_size == size_bytes):
                self._keep(temporary, target)
        return stored

    def _copy(self, source: BinaryIO, target: Path, name: str) -> tuple[MediaKind, str, int]:
        """Copy what is worth looking at; the first bytes decide the kind and with it the limit."""
        chunk = _read(source, name)
        kind = _kind(chunk)
        if kind is None:
            raise MediaUnreadable(name=name)
        limit = MAX_IMAGE_BYTES if kind is MediaKind.IMAGE else MAX_VIDEO_BYTES
        digest, size_bytes = hashlib.sha256(), 0
        with target.open("wb") as copy:
            while chunk:
                size_bytes += len(chunk)
                if size_bytes > limit:
                    raise _too_large(source, name, size_bytes, limit)
                digest.update(chunk)
                copy.write(chunk)
                chunk = _read(source, name)
            copy.flush()
            os.fsync(copy.fileno())
        return kind, digest.hexdigest(), size_bytes

    def _place(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256 in hex")
        return self._folder / sha256[:2] / sha256[2:]

    @contextmanager
    def _temporary(self) -> Iterator[Path]:
        """Give a file that is gone afterwards unless it was kept; failed writes become typed errors."""
        folder = self._folder / "incoming"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _remove_leftovers(folder)
            descriptor, name = tempfile.mkstemp(dir=folder)
            os.close(descriptor)
            try:
                yield Path(name)
            finally:
                Path(name).unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error

    def _keep(self, temporary: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(target)
        if os.name == "posix":  # Windows cannot open a folder, and keeps the entry by itself
            descriptor = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _unwritable(self, error: OSError) -> Exception:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return DiskFull(path=str(self._folder))
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return DatabaseReadOnly(path=str(self._folder))
        return _unreadable(self._folder.name, error)


def _read(source: BinaryIO, name: str) -> bytes:
    try:
        return source.read(_CHUNK_BYTES)
    except OSError as error:
        raise _unreadable(name, error) from error


def _kind(head: bytes) -> MediaKind | None:
    """Judge by the first bytes; the name of a file proves nothing."""
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")):
        return MediaKind.IMAGE
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaKind.IMAGE
    if head[4:8] != b"ftyp":
        return None
    return MediaKind.IMAGE if head[8:12] in _IMAGE_BRANDS else MediaKind.VIDEO


def _inspect(path: Path, name: str, kind: MediaKind, sha256: str, size_bytes: int) -> StoredFile:
    with _named(name):
        if kind is MediaKind.IMAGE:
            image = read_image(path)
            return StoredFile(sha256, kind, image.mime_type, size_bytes, image.width, image.height, None)
        with path.open("rb") as file:
            video = read_video(file, size_bytes)
        duration = video.duration or length_of(path)  # live recorders write no length
        return StoredFile(sha256, kind, video.mime_type, size_bytes, video.width, video.height, duration)


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Turn what the readers and writers of files say into errors that name the file."""
    try:
        yield
    except NotFittable as error:
        raise MediaNotFittable(name=name, reason=str(error)) from error
    except (ImageInvalid, VideoInvalid, BoxesInvalid) as error:
        raise MediaUnreadable(name=name) from error


def _text(note: Path) -> str:
    """Return a note, or nothing: whatever is wrong with it, the file itself can be asked again."""
    try:
        return note.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _too_large(source: BinaryIO, name: str, size_bytes: int, limit: int) -> MediaTooLarge:
    size_bytes = max(size_bytes, source.seek(0, os.SEEK_END))
    return MediaTooLarge(name=name, size_mb=math.ceil(size_bytes / 1e6), limit_mb=limit // 1_000_000)


def _unreadable(name: str, error: OSError) -> FileUnreadable:
    return FileUnreadable(name=name, reason=error.strerror or type(error).__name__)


def _remove_leftovers(folder: Path) -> None:
    """Remove what a killed process left; another process may be writing the younger ones."""
    oldest = time.time() - _LEFTOVER_SECONDS
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:
            continue  # the other process has just finished with it

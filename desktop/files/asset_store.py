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
from pathlib import Path
from typing import BinaryIO

from desktop.domain.errors import DatabaseReadOnly, DiskFull, FileUnreadable, MediaTooLarge, MediaUnreadable
from desktop.domain.media import Asset, MediaKind
from desktop.domain.networks import ImageRules
from desktop.files.boxes import BoxesInvalid, read_video
from desktop.files.fitting import NotFittable, write_fitted
from desktop.files.images import ImageInvalid, read_image, write_placeholder, write_thumbnail
from desktop.kit.i18n import tr
from desktop.services.media.ports import MediaNotFittable, StoredFile

MAX_IMAGE_BYTES = 50_000_000
MAX_VIDEO_BYTES = 1_000_000_000
_CHUNK_BYTES = 1 << 20
_LEFTOVER_SECONDS = 24 * 3600
_SHA256 = re.compile(r"[0-9a-f]{64}")


class DiskAssetStore:
    """``AssetStore`` in a folder. Safe for several threads and processes: a file appears whole or not at all.

    Writing raises ``DiskFull`` or ``DatabaseReadOnly`` besides the errors of the port.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

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
        """Return a small PNG, made at the first call."""
        target = self._folder / "thumbnails" / asset.sha256[:2] / f"{asset.sha256[2:]}-{pixels}.png"
        if target.is_file():
            return target

        def draw(temporary: Path) -> None:
            if asset.kind is MediaKind.VIDEO:
                write_placeholder(temporary, asset.width, asset.height, pixels)
            else:
                write_thumbnail(self.path(asset.sha256), temporary, pixels)

        try:
            with self._temporary() as temporary:
                draw(temporary)
                self._keep(temporary, target)
        except ImageInvalid as error:
            raise MediaUnreadable(name=asset.original_name) from error
        return target

    def fitted(self, asset: Asset, rules: ImageRules, check: Callable[[], object]) -> StoredFile:
        """Store a JPEG of a picture that keeps to ``rules``; errors as in the port."""
        try:
            if asset.kind is MediaKind.VIDEO:
                raise NotFittable(tr("it is a video"))
            with self._temporary() as temporary:
                write_fitted(self.path(asset.sha256), temporary, rules, check)
                with temporary.open("rb") as made:
                    return self._take(made, asset.original_name)
        except NotFittable as error:
            raise MediaNotFittable(name=asset.original_name, reason=str(error)) from error
        except ImageInvalid as error:
            raise MediaUnreadable(name=asset.original_name) from error

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
    return MediaKind.VIDEO if head[4:8] == b"ftyp" else None


def _inspect(path: Path, name: str, kind: MediaKind, sha256: str, size_bytes: int) -> StoredFile:
    try:
        if kind is MediaKind.IMAGE:
            image = read_image(path)
            return StoredFile(sha256, kind, image.mime_type, size_bytes, image.width, image.height, None)
        with path.open("rb") as file:
            video = read_video(file, size_bytes)
        return StoredFile(sha256, kind, video.mime_type, size_bytes, video.width, video.height, video.duration)
    except (ImageInvalid, BoxesInvalid) as error:
        raise MediaUnreadable(name=name) from error


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

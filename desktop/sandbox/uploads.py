"""Bytes that arrive in pieces: files of forms, chunks of films, resumable uploads; in files, never in memory."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

_FORM = "form-"


@dataclass(slots=True)
class Upload:
    """One file of a multipart request; it is gone when the request was answered, unless somebody took it."""

    path: Path
    size_bytes: int = 0

    def read(self) -> bytes:
        """Return the whole content; for pictures, whose size was looked at before."""
        return self.path.read_bytes()

    def discard(self) -> None:
        """Delete the file; nothing happens when it was taken."""
        self.path.unlink(missing_ok=True)


class UploadStore:
    """Unfinished uploads by the id of the object they become."""

    def __init__(self, folder: Path | None = None) -> None:
        """Keep files in ``folder``, also across restarts; without one in a temporary folder until ``close``."""
        self._kept = folder
        self._folder: Path | None = None

    def new_upload(self) -> Upload:
        """Return an empty file of a form."""
        with tempfile.NamedTemporaryFile(dir=self._home(), prefix=_FORM, delete=False) as file:
            return Upload(Path(file.name))

    def path(self, upload_id: str) -> Path:
        """Return where the bytes of ``upload_id`` lie or would lie."""
        return self._home() / upload_id

    def size(self, upload_id: str) -> int:
        """Return how many bytes arrived."""
        path = self.path(upload_id)
        return path.stat().st_size if path.exists() else 0

    async def append(self, upload_id: str, pieces: AsyncIterator[bytes]) -> None:
        """Add ``pieces``; what came before they broke off stays."""
        with self.path(upload_id).open("ab") as file:
            async for piece in pieces:
                file.write(piece)

    def append_upload(self, upload_id: str, upload: Upload) -> None:
        """Add a file of a form; the first one is moved, not copied."""
        target = self.path(upload_id)
        if not self.size(upload_id):
            upload.path.replace(target)
            return
        with target.open("ab") as file, upload.path.open("rb") as piece:
            shutil.copyfileobj(piece, file)

    def shorten(self, upload_id: str, size_bytes: int) -> None:
        """Forget everything after the first ``size_bytes``."""
        with self.path(upload_id).open("r+b") as file:
            file.truncate(size_bytes)

    def discard(self, upload_id: str) -> None:
        """Forget ``upload_id``."""
        self.path(upload_id).unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget every upload."""
        folder, self._folder = self._folder or self._kept, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Delete a temporary folder; a kept one stays."""
        if self._kept is None:
            self.clear()

    def _home(self) -> Path:
        if self._folder is None:
            if self._kept is not None:
                self._kept.mkdir(parents=True, exist_ok=True)
                for left_over in self._kept.glob(f"{_FORM}*"):  # of a server that was killed meanwhile
                    left_over.unlink()
            self._folder = self._kept or Path(tempfile.mkdtemp(prefix="tidings-sandbox-"))
        return self._folder

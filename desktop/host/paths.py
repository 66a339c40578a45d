"""Where a profile keeps its files."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from desktop.domain.errors import DatabaseReadOnly, DiskFull
from desktop.kit import branding
from desktop.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Profile:
    """A fully separate instance: its data, settings, logs and secrets. ``dir`` is absolute."""

    dir: Path

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.dir / "tidings.db"

    @property
    def media(self) -> Path:
        """Originals and thumbnails."""
        return self.dir / "media"

    @property
    def backups(self) -> Path:
        """Copies of the database."""
        return self.dir / "backups"

    @property
    def logs(self) -> Path:
        """Rotating log files."""
        return self.dir / "logs"

    @property
    def run(self) -> Path:
        """What only means something while a process lives: locks, the sandbox's address."""
        return self.dir / "run"

    @property
    def secrets(self) -> Path:
        """The encrypted file of ``TIDINGS_SECRET_STORE=file``."""
        return self.dir / "secrets.json"

    @property
    def sandbox_secrets(self) -> Path:
        """The file of the sandbox workspace, whose tokens protect nothing real."""
        return self.dir / "sandbox-secrets.json"

    @property
    def sandbox_state(self) -> Path:
        """What the workspace's own sandbox remembers."""
        return self.dir / "sandbox-state.json"

    def prepare(self) -> None:
        """Make the folders, readable by their owner only; ``DatabaseReadOnly`` or ``DiskFull`` when that fails."""
        try:
            for folder in (self.dir, self.media, self.backups, self.logs, self.run):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise _refusal(error, self.dir) from error

    def identity(self) -> str:
        """Return the id of this profile, made at first use; it names its entries in the keychain."""
        path = self.dir / "profile-id"
        try:
            try:
                with path.open("x", encoding="ascii") as file:
                    file.write(new_id())
            except FileExistsError:
                pass
            return path.read_text(encoding="ascii").strip()
        except OSError as error:
            raise _refusal(error, self.dir) from error


def find_profile(given: str | os.PathLike[str] | None) -> Profile:
    """Return the profile of ``--profile`` or ``TIDINGS_PROFILE``, else the platform's own place."""
    chosen = given or os.environ.get("TIDINGS_PROFILE")
    folder = Path(chosen).expanduser() if chosen else platformdirs.user_data_path(branding.NAME, appauthor=False)
    return Profile(folder.absolute())


def _refusal(error: OSError, folder: Path) -> DatabaseReadOnly | DiskFull:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return DiskFull(path=str(folder)) if full else DatabaseReadOnly(path=str(folder))

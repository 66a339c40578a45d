"""Reading and changing settings."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from desktop.domain.errors import InvalidInput, UnknownZone
from desktop.services.changes import ChangeFeed, Noun
from desktop.services.settings.preferences import SETTINGS, Preferences, checked
from desktop.services.unit_of_work import Storage

PREFIX = "preferences."
_log = logging.getLogger(__name__)


class SettingsService:
    """The workspace's settings; safe to share between threads."""

    def __init__(self, storage: Storage, changes: ChangeFeed, *, computer_zone: str = "UTC") -> None:
        """``computer_zone`` (IANA) counts while the person has not chosen a zone."""
        self._storage = storage
        self._changes = changes
        self._computer_zone = computer_zone

    def get(self) -> Preferences:
        """Return what counts now; a stored value this version cannot use gives way to its default."""
        with self._storage.read() as uow:
            stored = uow.settings.all()
        values: dict[str, Any] = {}
        for name in SETTINGS.keys() & {key.removeprefix(PREFIX) for key in stored if key.startswith(PREFIX)}:
            try:
                values[name] = checked(name, stored[PREFIX + name])
            except (InvalidInput, UnknownZone) as error:
                _log.warning("setting %s ignored: %s", name, error)
        preferences = Preferences(**values)
        return preferences if preferences.zone else replace(preferences, zone=self._computer_zone)

    def update(self, **changes: object) -> Preferences:
        """Change some settings by name, all or none; ``InvalidInput`` or ``UnknownZone``.

        An empty ``zone`` means the computer's from now on.
        """
        values = {name: checked(name, value) for name, value in changes.items()}
        with self._storage.write() as uow:
            for name, value in values.items():
                uow.settings.put(PREFIX + name, value)
            uow.commit()
        self._changes.announce(Noun.SETTINGS, values)
        return self.get()

"""The data keys of a profile in a vault: the computer's keychain, or a file with a passphrase.

There is one key in one short entry, because Windows keeps only some 1280 characters and macOS forgets who may read an
entry whenever it is rewritten. While a key is replaced the newer one has a second entry: some keychains remove an
entry before they rewrite it, so at each moment every key that is needed is in an entry nobody touches.
"""

from __future__ import annotations

from desktop.domain.errors import SecretStoreUnavailable
from desktop.host.sealing import DataKey
from desktop.kit.i18n import tr
from desktop.services.accounts.ports import SecretStore

ENTRY, NEXT_ENTRY = "data-key", "data-key/next"


class KeyVault:
    """Reads the keys when they are first needed and remembers them. ``SecretStoreUnavailable`` from every method.

    Whoever changes keys sees to it that no other process does.
    """

    def __init__(self, store: SecretStore) -> None:
        self.store = store
        self.keys: tuple[DataKey, ...] = ()
        """Those known so far, oldest first; the last one seals."""

    def load(self) -> tuple[DataKey, ...]:
        """Read the keys anew, since another process may have made or replaced them."""
        texts = (self.store.get(entry) for entry in (ENTRY, NEXT_ENTRY))
        found = {key.id: key for key in (DataKey.from_text(text) for text in texts if text is not None)}
        self.keys = tuple(found.values())
        return self.keys

    def find(self, key_id: str) -> DataKey | None:
        """Return the key with this id; asks the store again for one that is not known."""
        known = next((key for key in self.keys if key.id == key_id), None)
        return known or next((key for key in self.load() if key.id == key_id), None)

    def begin(self, key: DataKey) -> None:
        """Keep the first key of the profile."""
        self._entrust(ENTRY, key)

    def begin_replacing(self) -> None:
        """Keep a new key beside the one that seals so far."""
        self._entrust(NEXT_ENTRY, DataKey.generate())

    def is_replacing(self) -> bool:
        """Whether a newer key was kept and the older one not forgotten yet, perhaps by a process that died."""
        return self.store.get(NEXT_ENTRY) is not None

    def finish_replacing(self) -> None:
        """Keep the newest key only."""
        self._entrust(ENTRY, self.keys[-1])
        self.store.remove(NEXT_ENTRY)

    def _entrust(self, entry: str, key: DataKey) -> None:
        """Store a key and read it back; one that does not come back must seal nothing."""
        self.store.put(entry, key.to_text())
        if key not in self.load():
            raise SecretStoreUnavailable(reason=tr("it does not give back what it was given"))

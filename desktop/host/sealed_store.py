"""Secrets sealed in the database. The key to them is never there: it is in a vault, before the first one is sealed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import filelock

from desktop.domain.errors import DataKeyMissing, SecretStoreUnavailable, SecretUnreadable
from desktop.host.key_vault import ENTRY, KeyVault
from desktop.host.redaction import remember
from desktop.host.sealing import DataKey
from desktop.kit.clock import Clock
from desktop.kit.i18n import tr
from desktop.services.accounts.ports import SecretStore
from desktop.services.unit_of_work import SealedSecret, Storage

LOCK_SECONDS = 60  # longer than a keychain may wait for its owner

_log = logging.getLogger(__name__)


class SealedSecretStore:
    """``SecretStore`` for the real tokens of a profile. Nothing is opened before the first secret is asked for.

    Safe to share between threads and processes. ``put`` and ``rotate_key`` write to the database: never call them
    inside a writing unit of work.
    """

    def __init__(self, storage: Storage, vault: SecretStore, profile_id: str, lock: Path, clock: Clock) -> None:
        """``lock`` is the file by which processes agree who makes the key."""
        self._storage, self._profile_id, self._clock = storage, profile_id, clock
        self._vault = KeyVault(vault)
        self._turn = threading.Lock()
        self._file_lock = filelock.FileLock(lock, timeout=LOCK_SECONDS, thread_local=False, fallback_to_soft=False)

    def get(self, name: str) -> str | None:
        """Return the secret, or None. ``SecretUnreadable`` when it cannot be opened, ``SecretStoreUnavailable``."""
        if not self._vault.keys:
            self._vault.load()  # before the secret is read: a key replaced between the two would be missed
        stored = self._stored(name)
        return self._opened(stored) if stored is not None else self._moved_in(name)

    def put(self, name: str, secret: str) -> None:
        """Store or replace the secret; ``SecretStoreUnavailable``."""
        self._keep(name, secret, replacing=True)

    def remove(self, name: str) -> None:
        """Forget the secret; nothing happens when there is none."""
        was_stored = self._stored(name) is not None
        with self._storage.write() as uow:
            uow.secrets.remove(name)
            uow.commit()
        try:
            self._vault.store.remove(name)  # it may still be where Part 1 kept it
        except SecretStoreUnavailable:
            if not was_stored:
                raise

    def rotate_key(self) -> None:
        """Seal everything with a new data key and forget the old one; nothing happens when there is none yet.

        A crash at any step loses nothing: the old key stays in the vault until no secret needs it, and the next
        process to seal something finishes what was begun. ``SecretStoreUnavailable``.
        """
        with self._alone():
            if self._vault.load():
                self._finish_rotation()
                self._vault.begin_replacing()
                self._finish_rotation()

    def move_key(self, store: SecretStore) -> None:
        """Keep the data key in ``store`` from now on; ``SecretStoreUnavailable``, and nothing has changed then.

        A key the old place does not give is replaced by a new one: what it sealed stays, and cannot be read.
        """
        vault, before = KeyVault(store), self._vault
        with self._alone():
            if not vault.load():
                with suppress(SecretStoreUnavailable):
                    before.load()
                    self._finish_rotation()
                vault.begin(before.keys[-1] if before.keys else DataKey.generate())
                with suppress(SecretStoreUnavailable):
                    before.store.remove(ENTRY)
            self._vault = vault

    def _stored(self, name: str) -> SealedSecret | None:
        with self._storage.read() as uow:
            return uow.secrets.get(name)

    def _opened(self, stored: SealedSecret) -> str:
        key = self._vault.find(stored.key_id)
        if key is None:
            raise DataKeyMissing(name=stored.name)
        secret = key.open(self._profile_id, stored.name, stored.sealed)
        remember(secret)
        return secret

    def _moved_in(self, name: str) -> str | None:
        """Take over a secret from before they were sealed, when each was an entry of the vault."""
        secret = self._vault.store.get(name)
        if secret is None:
            return None
        self._keep(name, secret, replacing=False)
        return self.get(name)

    def _keep(self, name: str, secret: str, *, replacing: bool) -> None:
        remember(secret)
        with self._alone():
            key = self._sealing_key()
            with self._storage.write() as uow:
                is_new = uow.secrets.get(name) is None
                if is_new or replacing:
                    sealed = key.seal(self._profile_id, name, secret)
                    uow.secrets.put(SealedSecret(name, key.id, sealed, self._clock.now()))
                    uow.commit()
            if is_new:
                self._forget_entry(name, secret)

    def _forget_entry(self, name: str, secret: str) -> None:
        """Remove the entry from before, once the sealed secret is known to open."""
        stored = self._stored(name)
        if stored is None or self._opened(stored) != secret:
            return
        try:
            self._vault.store.remove(name)
        except SecretStoreUnavailable as error:
            _log.warning("an old entry stays in the vault: %s", error)

    def _sealing_key(self) -> DataKey:
        """Return the key to seal with, made at first use; only while no other process can change it."""
        with self._storage.read() as uow:
            in_use = {stored.key_id for stored in uow.secrets.list()}
        keys = self._vault.keys
        if not keys or in_use != {keys[-1].id}:  # what we know may be out of date
            if not self._vault.load():
                self._vault.begin(DataKey.generate())
            self._finish_rotation()
        return self._vault.keys[-1]

    def _finish_rotation(self) -> None:
        if self._vault.is_replacing():
            self._reseal(self._vault.keys[-1])
            self._vault.finish_replacing()

    def _reseal(self, newest: DataKey) -> None:
        with self._storage.write() as uow:
            for stored in uow.secrets.list():
                try:
                    secret = self._opened(stored)
                except SecretUnreadable as error:
                    _log.warning("%s stays as it is: %s", stored.name, error)
                    continue
                sealed = newest.seal(self._profile_id, stored.name, secret)
                uow.secrets.put(replace(stored, key_id=newest.id, sealed=sealed))
            uow.commit()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._turn:
            try:
                self._file_lock.acquire()
            except filelock.Timeout as error:
                raise SecretStoreUnavailable(reason=tr("another program is using it")) from error
            except OSError as error:
                raise SecretStoreUnavailable(reason=error.strerror or tr("its file cannot be written")) from error
            try:
                yield
            finally:
                self._file_lock.release()

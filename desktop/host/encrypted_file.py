"""Secrets in one encrypted file, for computers without a keychain.

AES-256-GCM over the whole set; the key is derived from the passphrase by Argon2id with the second recommended
parameters of RFC 9106 §4 (64 MiB, three passes, four lanes). Salt and parameters lie in the file, which is
authenticated with them; so does a fingerprint of the key, which tells a wrong passphrase from a damaged file.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import filelock

from desktop.domain.errors import PassphraseNeeded, SecretFileDamaged, SecretStoreUnavailable, WrongPassphrase
from desktop.host.atomic_file import write_private
from desktop.host.redaction import remember
from desktop.kit.i18n import tr

FORMAT = 1
ITERATIONS, LANES, MEMORY_KIB = 3, 4, 64 * 1024
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32
LOCK_SECONDS = 10


class FileSecretStore:
    """Secrets by name in one file, shared safely between threads and processes."""

    def __init__(self, path: Path, passphrase: str) -> None:
        """Nothing is read yet; ``passphrase`` must not be empty when it is."""
        self._path = path
        self._passphrase = passphrase
        self._key: tuple[tuple[object, ...], bytes] | None = None
        self._lock = threading.Lock()
        self._file_lock = filelock.FileLock(
            path.with_suffix(".lock"), timeout=LOCK_SECONDS, thread_local=False, fallback_to_soft=False
        )

    def get(self, name: str) -> str | None:
        """Return the secret, or None; ``SecretStoreUnavailable``."""
        with self._lock:
            secret = self._read().get(name)
        if secret is not None:
            remember(secret)
        return secret

    def put(self, name: str, secret: str) -> None:
        """Store or replace the secret; ``SecretStoreUnavailable``."""
        remember(secret)
        self._change(lambda secrets: secrets.__setitem__(name, secret))

    def remove(self, name: str) -> None:
        """Forget the secret; nothing happens when there is none."""
        if self.get(name) is not None:
            self._change(lambda secrets: secrets.pop(name, None))

    def _change(self, change: Callable[[dict[str, str]], object]) -> None:
        try:
            with self._lock, self._file_lock:
                secrets = self._read()
                change(secrets)
                self._write(secrets)
        except filelock.Timeout as error:
            raise SecretStoreUnavailable(reason=tr("another program is using its file")) from error
        except OSError as error:
            raise SecretStoreUnavailable(reason=error.strerror or tr("its file cannot be written")) from error

    def _read(self) -> dict[str, str]:
        header, sealed = self._load()
        if sealed is None:
            return {}
        from cryptography.exceptions import InvalidTag  # slow: 30 ms
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key = self._key_for(header)
        if header.get("check", _fingerprint(key)) != _fingerprint(key):
            raise WrongPassphrase
        nonce, box = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            secrets: dict[str, str] = json.loads(AESGCM(key).decrypt(nonce, box, _canonical(header)))
        except (InvalidTag, ValueError) as error:
            if "check" not in header:  # files of Part 1 do not tell one from the other
                raise WrongPassphrase from error
            raise SecretFileDamaged(path=str(self._path)) from error
        return secrets

    def _write(self, secrets: dict[str, str]) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # slow, as above

        header, _ = self._load()
        key = self._key_for(header)
        header["check"] = _fingerprint(key)
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + AESGCM(key).encrypt(nonce, json.dumps(secrets).encode(), _canonical(header))
        document = {**header, "sealed": base64.b64encode(sealed).decode()}
        write_private(self._path, json.dumps(document, indent=1).encode())

    def _load(self) -> tuple[dict[str, Any], bytes | None]:
        """Return the parameters and the sealed secrets; fresh parameters and None when there is no file yet."""
        try:
            document = json.loads(self._path.read_bytes())
            sealed = base64.b64decode(document.pop("sealed"), validate=True)
            if document["format"] != FORMAT or document["memory_kib"] > 16 * MEMORY_KIB or document["iterations"] > 100:
                raise ValueError(document["format"])
            return document, sealed
        except FileNotFoundError:
            salt = base64.b64encode(os.urandom(SALT_BYTES)).decode()
            fresh = {"format": FORMAT, "kdf": "argon2id", "salt": salt}
            return {**fresh, "iterations": ITERATIONS, "lanes": LANES, "memory_kib": MEMORY_KIB}, None
        except OSError as error:
            raise SecretStoreUnavailable(reason=error.strerror or tr("its file cannot be read")) from error
        except (ValueError, KeyError, TypeError) as error:
            raise SecretFileDamaged(path=str(self._path)) from error

    def _key_for(self, header: dict[str, Any]) -> bytes:
        if not self._passphrase:
            raise PassphraseNeeded
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # slow, as above

        try:
            parameters = (header["salt"], header["iterations"], header["lanes"], header["memory_kib"])
            if self._key is None or self._key[0] != parameters:
                salt, iterations, lanes, memory_kib = parameters
                argon2 = Argon2id(
                    salt=base64.b64decode(salt),
                    length=KEY_BYTES,
                    iterations=iterations,
                    lanes=lanes,
                    memory_cost=memory_kib,
                )
                self._key = (parameters, argon2.derive(self._passphrase.encode()))
        except (ValueError, KeyError, TypeError) as error:
            raise SecretFileDamaged(path=str(self._path)) from error
        return self._key[1]


def _fingerprint(key: bytes) -> str:
    """Return 64 bits that tell nothing about the key but whether it is the same."""
    return hashlib.sha256(b"fingerprint of a key" + key).hexdigest()[:16]


def _canonical(header: dict[str, Any]) -> bytes:
    return json.dumps(header, sort_keys=True).encode()

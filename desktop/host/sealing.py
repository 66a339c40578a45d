"""Sealing secrets with a data key: AES-256-GCM, so that a changed or swapped record is noticed."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass, field

from desktop.domain.errors import SecretDamaged, SecretStoreUnavailable
from desktop.host.redaction import remember
from desktop.kit.i18n import tr
from desktop.kit.ids import new_id

KEY_BYTES, NONCE_BYTES = 32, 12


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key that seals the secrets of one profile; ``material`` is 256 random bits."""

    id: str
    material: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> DataKey:
        """Return a new one."""
        return cls(new_id(), os.urandom(KEY_BYTES))

    @classmethod
    def from_text(cls, text: str) -> DataKey:
        """Return the key a vault kept; ``SecretStoreUnavailable`` when it is not one."""
        key_id, _, encoded = text.partition(" ")
        remember(encoded)
        try:
            material = base64.b64decode(encoded, validate=True)
        except ValueError:
            material = b""
        if len(material) != KEY_BYTES:
            raise SecretStoreUnavailable(reason=tr("its entry for this profile is damaged"))
        return cls(key_id, material)

    def to_text(self) -> str:
        """Return what a vault keeps: 81 characters."""
        return f"{self.id} {base64.b64encode(self.material).decode()}"

    def seal(self, profile_id: str, name: str, secret: str) -> bytes:
        """Return nonce and ciphertext. They open only for the same profile and name, with the same key."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # slow: 30 ms

        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.material).encrypt(nonce, secret.encode(), self._bound_to(profile_id, name))

    def open(self, profile_id: str, name: str, sealed: bytes) -> str:
        """Return what was sealed; ``SecretDamaged`` when it was changed or belongs elsewhere."""
        from cryptography.exceptions import InvalidTag  # slow, as above
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce, box = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return AESGCM(self.material).decrypt(nonce, box, self._bound_to(profile_id, name)).decode()
        except (InvalidTag, ValueError) as error:  # ValueError: too short for a nonce
            raise SecretDamaged(name=name) from error

    def _bound_to(self, profile_id: str, name: str) -> bytes:
        return json.dumps([profile_id, name, self.id]).encode()

"""Secrets in the operating system's own keychain."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from types import ModuleType

from desktop.domain.errors import SecretStoreUnavailable
from desktop.host.redaction import remember
from desktop.kit import branding
from desktop.kit.i18n import tr

WINDOWS_LIMIT_BYTES = 2560  # CRED_MAX_CREDENTIAL_BLOB_SIZE, of UTF-16 text


class KeyringSecretStore:
    """Credential Manager, Keychain or the Secret Service, through ``keyring``. Safe to share between threads."""

    def __init__(self, profile_id: str) -> None:
        """Entries belong to the service ``Tidings PROFILE_ID``, so that profiles never meet."""
        self._service = f"{branding.NAME} {profile_id}"
        self._lock = threading.Lock()  # two prompts at once would confuse people and some back ends

    def get(self, name: str) -> str | None:
        """Return the secret, or None; ``SecretStoreUnavailable``."""
        with self._lock, _keychain() as keyring:
            secret: str | None = keyring.get_password(self._service, name)
        if secret is not None:
            remember(secret)
        return secret

    def put(self, name: str, secret: str) -> None:
        """Store or replace the secret; ``SecretStoreUnavailable``."""
        remember(secret)
        if sys.platform == "win32" and len(secret.encode("utf-16-le")) > WINDOWS_LIMIT_BYTES:
            raise SecretStoreUnavailable(reason=tr("Windows keeps at most {n} bytes", n=WINDOWS_LIMIT_BYTES))
        with self._lock, _keychain() as keyring:
            keyring.set_password(self._service, name, secret)

    def remove(self, name: str) -> None:
        """Forget the secret; nothing happens when there is none."""
        with self._lock, _keychain() as keyring:
            if keyring.get_password(self._service, name) is not None:
                keyring.delete_password(self._service, name)


@contextlib.contextmanager
def _keychain() -> Iterator[ModuleType]:
    """Yield the ``keyring`` module; everything that goes wrong inside means that the keychain cannot be used."""
    import keyring  # slow: it searches the installed packages for back ends
    import keyring.errors

    try:
        _refuse_plain_text(keyring.get_keyring())
        yield keyring
    except SecretStoreUnavailable:
        raise
    except keyring.errors.NoKeyringError as error:
        raise SecretStoreUnavailable(reason=tr("there is none")) from error
    except (keyring.errors.KeyringLocked, keyring.errors.InitError) as error:
        raise SecretStoreUnavailable(reason=tr("it is locked")) from error
    except Exception as error:  # back ends leak the errors of D-Bus, COM and Security.framework
        raise SecretStoreUnavailable(reason=type(error).__name__) from error


def _refuse_plain_text(backend: object) -> None:
    # keyrings.alt puts a plain text file into the chain of back ends without a word
    members = getattr(backend, "backends", None) or [backend]
    if any(type(member).__module__.startswith("keyrings.alt") for member in members):
        raise SecretStoreUnavailable(reason=tr("the one installed keeps secrets in plain text"))

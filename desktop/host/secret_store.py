"""Secrets in the operating system's own keychain."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

from desktop.domain.errors import KeychainLocked, KeychainMissing, SecretStoreUnavailable
from desktop.host.redaction import remember
from desktop.kit import branding
from desktop.kit.i18n import tr

WINDOWS_LIMIT_BYTES = 2560  # CRED_MAX_CREDENTIAL_BLOB_SIZE, of UTF-16 text
PATIENCE = timedelta(seconds=20)


class KeyringSecretStore:
    """Credential Manager, Keychain or the Secret Service, through ``keyring``. Safe to share between threads."""

    def __init__(self, profile_id: str, patience: timedelta = PATIENCE) -> None:
        """Entries belong to the service ``Tidings PROFILE_ID``, so that profiles never meet."""
        self._service = f"{branding.NAME} {profile_id}"
        self._patience_seconds = patience.total_seconds()
        self._turn = threading.Lock()  # two prompts at once would confuse people and some back ends

    def get(self, name: str) -> str | None:
        """Return the secret, or None; ``SecretStoreUnavailable``."""
        secret: str | None = self._ask(lambda keyring: keyring.get_password(self._service, name))
        if secret is not None:
            remember(secret)
        return secret

    def put(self, name: str, secret: str) -> None:
        """Store or replace the secret; ``SecretStoreUnavailable``."""
        remember(secret)
        if sys.platform == "win32" and len(secret.encode("utf-16-le")) > WINDOWS_LIMIT_BYTES:
            raise SecretStoreUnavailable(reason=tr("Windows keeps at most {n} bytes", n=WINDOWS_LIMIT_BYTES))
        self._ask(lambda keyring: keyring.set_password(self._service, name, secret))

    def remove(self, name: str) -> None:
        """Forget the secret; nothing happens when there is none."""
        if self.get(name) is not None:
            self._ask(lambda keyring: keyring.delete_password(self._service, name))

    def _ask(self, call: Callable[[Any], Any]) -> Any:
        """Make one call on a thread of its own, since a back end waits for ever for a prompt that nobody answers.

        After ``KeychainLocked`` the prompt stays open; once it is answered the next call goes through.
        """
        if not self._turn.acquire(timeout=self._patience_seconds):
            raise KeychainLocked
        answer: Future[Any] = Future()

        def work() -> None:
            try:
                result = _with_keyring(call)
            except BaseException as error:  # noqa: BLE001 - it is raised where somebody waits for it
                self._turn.release()
                answer.set_exception(error)
            else:
                self._turn.release()
                answer.set_result(result)

        threading.Thread(target=work, name="keychain", daemon=True).start()
        try:
            return answer.result(self._patience_seconds)
        except TimeoutError:
            raise KeychainLocked from None


def _with_keyring(call: Callable[[Any], Any]) -> Any:
    """Return what ``call`` makes of the ``keyring`` module; whatever goes wrong is a ``SecretStoreUnavailable``."""
    import keyring  # slow: it searches the installed packages for back ends
    import keyring.errors

    try:
        _refuse_plain_text(keyring.get_keyring())
        return call(keyring)
    except SecretStoreUnavailable:
        raise
    except keyring.errors.NoKeyringError as error:
        raise KeychainMissing from error
    except (keyring.errors.KeyringLocked, keyring.errors.InitError) as error:
        raise KeychainLocked from error
    except Exception as error:  # back ends leak the errors of D-Bus, COM and Security.framework
        raise SecretStoreUnavailable(reason=type(error).__name__) from error


def _refuse_plain_text(backend: object) -> None:
    # keyrings.alt puts a plain text file into the chain of back ends without a word
    members = getattr(backend, "backends", None) or [backend]
    if any(type(member).__module__.startswith("keyrings.alt") for member in members):
        raise SecretStoreUnavailable(reason=tr("the one installed keeps secrets in plain text"))

"""Where the tokens of this workspace are kept."""

from __future__ import annotations

from desktop.bootstrap.networks import CurrentKind
from desktop.host.encrypted_file import FileSecretStore
from desktop.host.environment import Environment, SecretStoreKind
from desktop.host.paths import Profile
from desktop.host.secret_store import KeyringSecretStore
from desktop.services.accounts.ports import SecretStore
from desktop.services.settings.preferences import WorkspaceKind

# protects nothing: the sandbox prints the tokens it keeps on its own page, and they open nothing else
SANDBOX_PASSPHRASE = "sandbox"  # noqa: S105


class WorkspaceSecretStore:
    """``SecretStore``: a file for the sandbox's own tokens, else what the environment chose.

    Sandbox and real tokens never share a store (``meta-api.md`` §10).
    """

    def __init__(self, profile: Profile, environment: Environment, kind: CurrentKind) -> None:
        self._kind = kind
        self._sandbox = FileSecretStore(profile.sandbox_secrets, SANDBOX_PASSPHRASE)
        self._own: SecretStore
        if environment.secret_store is SecretStoreKind.FILE:
            self._own = FileSecretStore(profile.secrets, environment.passphrase)
        else:
            self._own = KeyringSecretStore(profile.identity())

    def get(self, name: str) -> str | None:
        """Return the secret, or None."""
        return self._store().get(name)

    def put(self, name: str, secret: str) -> None:
        """Store or replace the secret."""
        self._store().put(name, secret)

    def remove(self, name: str) -> None:
        """Forget the secret."""
        self._store().remove(name)

    def _store(self) -> SecretStore:
        return self._sandbox if self._kind() is WorkspaceKind.SANDBOX else self._own

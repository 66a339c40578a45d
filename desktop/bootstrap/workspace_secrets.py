"""Where the tokens of this workspace are kept."""

from __future__ import annotations

from desktop.bootstrap.networks import CurrentKind
from desktop.host.encrypted_file import FileSecretStore
from desktop.host.environment import Environment, SecretStoreKind
from desktop.host.paths import Profile
from desktop.host.sealed_store import SealedSecretStore
from desktop.host.secret_store import KeyringSecretStore
from desktop.kit.clock import Clock
from desktop.services.accounts.ports import SecretStore
from desktop.services.settings.preferences import WorkspaceKind
from desktop.services.unit_of_work import Storage

# protects nothing: the sandbox prints the tokens it keeps on its own page, and they open nothing else
SANDBOX_PASSPHRASE = "sandbox"  # noqa: S105


class WorkspaceSecretStore:
    """``SecretStore``: a file for the sandbox's own tokens, else sealed in the database.

    Sandbox and real tokens never share a store (``meta-api.md`` §10). The key to the real ones is where the environment
    says, else in the profile's encrypted file if it has one (``use_passphrase`` makes it), else in the keychain.
    """

    def __init__(
        self, profile: Profile, environment: Environment, kind: CurrentKind, storage: Storage, clock: Clock
    ) -> None:
        self._profile, self._kind = profile, kind
        self._sandbox = FileSecretStore(profile.sandbox_secrets, SANDBOX_PASSPHRASE)
        lock = profile.run / "data-key.lock"
        self._own = SealedSecretStore(storage, _vault(profile, environment), profile.identity(), lock, clock)

    def get(self, name: str) -> str | None:
        """Return the secret, or None."""
        return self._store().get(name)

    def put(self, name: str, secret: str) -> None:
        """Store or replace the secret."""
        self._store().put(name, secret)

    def remove(self, name: str) -> None:
        """Forget the secret."""
        self._store().remove(name)

    def rotate_key(self) -> None:
        """Seal the real tokens with a new key; see ``SealedSecretStore.rotate_key``."""
        self._own.rotate_key()

    def use_passphrase(self, passphrase: str) -> None:
        """Open the profile's encrypted file, or make it and keep the key there instead of in the keychain.

        ``WrongPassphrase``. Accounts must be connected again where the keychain does not give the key.
        """
        self._own.move_key(FileSecretStore(self._profile.secrets, passphrase))

    def _store(self) -> SecretStore:
        return self._sandbox if self._kind() is WorkspaceKind.SANDBOX else self._own


def _vault(profile: Profile, environment: Environment) -> SecretStore:
    chosen = environment.secret_store
    if chosen is SecretStoreKind.FILE or (chosen is None and profile.secrets.exists()):
        return FileSecretStore(profile.secrets, environment.passphrase)
    return KeyringSecretStore(profile.identity())

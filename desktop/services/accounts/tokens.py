"""Under which names tokens are kept: one for each account, and one for each person behind Facebook Pages."""

from __future__ import annotations

from desktop.services.accounts.ports import SecretStore


class TokenVault:
    """The tokens in the secret store; every method may raise ``SecretStoreUnavailable``.

    A Page has a token of its own (``meta-api.md`` §11, trap 8); the person's is kept to take permissions back later.
    """

    def __init__(self, secrets: SecretStore) -> None:
        self._secrets = secrets

    def of_account(self, account_id: str) -> str | None:
        """Return the token an account publishes with."""
        return self._secrets.get(f"account/{account_id}")

    def keep(self, account_id: str, token: str) -> None:
        """Store or replace it, in one step."""
        self._secrets.put(f"account/{account_id}", token)

    def forget(self, account_id: str) -> None:
        """Remove it."""
        self._secrets.remove(f"account/{account_id}")

    def of_person(self, grantor_id: str) -> str | None:
        """Return the token of a person behind Pages."""
        return self._secrets.get(f"person/{grantor_id}")

    def keep_person(self, grantor_id: str, token: str) -> None:
        """Store or replace it."""
        self._secrets.put(f"person/{grantor_id}", token)

    def forget_person(self, grantor_id: str) -> None:
        """Remove it."""
        self._secrets.remove(f"person/{grantor_id}")

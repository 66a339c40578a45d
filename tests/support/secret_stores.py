"""A secret store without a computer behind it."""

from __future__ import annotations


class MemorySecretStore:
    """``SecretStore`` in a dictionary; ``secrets`` may be looked at."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.secrets.get(name)

    def put(self, name: str, secret: str) -> None:
        self.secrets[name] = secret

    def remove(self, name: str) -> None:
        self.secrets.pop(name, None)

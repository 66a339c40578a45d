"""What the sample workspace needs from outside: a sandbox with ready-made accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from desktop.domain.errors import TidingsError
from desktop.domain.networks import Network


class SandboxUnavailable(TidingsError):
    """The imitation of the networks cannot be started (details: reason)."""

    code = "sandbox_unavailable"
    title_text = "The sandbox could not be started: {reason}."
    advice_text = "Your posts are untouched. Look into the folder “logs” of the profile, then start Tidings again."


@dataclass(frozen=True, slots=True)
class ReadyAccount:
    """An account of the sandbox that may publish, with its token."""

    network: Network
    remote_id: str
    token: str = field(repr=False)


class ReadyAccounts(Protocol):
    """Lists the sandbox's accounts."""

    def ready_accounts(self) -> Sequence[ReadyAccount]:
        """Return them in the sandbox's order; ``SandboxUnavailable``."""
        ...

"""An account as the command line's JSON tells it."""

from __future__ import annotations

from typing import Any

from desktop.domain.accounts import Account
from desktop.services.publishing.report import instant


def account_to_json(account: Account) -> dict[str, Any]:
    """Return the JSON form of an account."""
    return {
        "id": account.id,
        "network": account.network.value,
        "remote_id": account.remote_id,
        "username": account.username,
        "display_name": account.display_name,
        "state": account.state.value,
        "state_reason": account.state_reason,
        "is_sample": account.is_sample,
        "connected_at": instant(account.connected_at),
        "token_expires_at": instant(account.token_expires_at),
        "token_refreshed_at": instant(account.token_refreshed_at),
        "data_access_expires_at": instant(account.data_access_expires_at),
        "scopes": list(account.scopes),
    }

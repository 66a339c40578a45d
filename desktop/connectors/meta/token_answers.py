"""Reads what token endpoints answer, in all the shapes they were seen to use (``meta-api.md`` §1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from desktop.connectors.meta.answers import Json, as_int
from desktop.services.accounts.ports import TokenFacts, TokenGrant


def unwrapped(document: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the token object itself: Instagram documents ``{"data": [{...}]}`` and sends it flat as well."""
    rows = document.get("data")
    first = rows[0] if isinstance(rows, list) and rows else rows
    return first if isinstance(first, dict) else document


def read_grant(document: Mapping[str, Json], now: datetime) -> TokenGrant | None:
    """Return the token of an answer, None when it holds none."""
    found = unwrapped(document)
    token = found.get("access_token")
    if not isinstance(token, str) or not token:
        return None
    seconds = as_int(found.get("expires_in"))
    user_id = found.get("user_id")
    return TokenGrant(
        token=token,
        issued_at=now,
        expires_at=now + timedelta(seconds=seconds) if seconds is not None and seconds > 0 else None,
        scopes=read_scopes(found.get("permissions")),
        user_id=str(user_id) if isinstance(user_id, str | int) else "",
    )


def read_scopes(value: Json) -> tuple[str, ...]:
    """Return permissions that came as a list or as text with commas."""
    names = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(name.strip() for name in names if isinstance(name, str) and name.strip())


def read_facts(document: Mapping[str, Json]) -> TokenFacts | None:
    """Return what ``debug_token`` says; None when it is not understood.

    ``expires_at`` 0 means never, a missing one unknown (``meta-api.md`` §11, trap 7).
    """
    data = document.get("data")
    if not isinstance(data, dict) or "is_valid" not in data:
        return None
    error = data.get("error")
    user_id = data.get("user_id")
    return TokenFacts(
        is_valid=data["is_valid"] in (True, "true"),
        never_expires=as_int(data.get("expires_at")) == 0,
        expires_at=_instant(data.get("expires_at")),
        issued_at=_instant(data.get("issued_at")),
        data_access_expires_at=_instant(data.get("data_access_expires_at")),
        scopes=read_scopes(data.get("scopes")),
        user_id=str(user_id) if isinstance(user_id, str | int) else "",
        subcode=as_int(error.get("subcode")) if isinstance(error, dict) else None,
    )


def _instant(value: Json) -> datetime | None:
    seconds = as_int(value)
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None

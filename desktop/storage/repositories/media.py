"""Stored assets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, select

from desktop.domain.errors import NotFound
from desktop.domain.media import Asset, AssetId, MediaKind
from desktop.storage.repositories.statements import add_new, among
from desktop.storage.tables.media import ASSET


class SqlAssetRepository:
    """``AssetRepository`` on one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the connection's transaction."""
        self._connection = connection

    def get(self, asset_id: AssetId) -> Asset:
        """Return an asset; ``NotFound``."""
        row = self._connection.execute(select(ASSET).where(ASSET.c.id == asset_id)).one_or_none()
        if row is None:
            raise NotFound(noun="asset", id=asset_id)
        return _from_row(row)

    def find(self, sha256: str) -> Asset | None:
        """Return the asset with this content."""
        row = self._connection.execute(select(ASSET).where(ASSET.c.sha256 == sha256)).one_or_none()
        return None if row is None else _from_row(row)

    def add(self, asset: Asset) -> None:
        """Store a new asset; ``StaleVersion`` when its content is already known."""
        values = {
            "id": asset.id,
            "kind": asset.kind,
            "mime_type": asset.mime_type,
            "sha256": asset.sha256,
            "size_bytes": asset.size_bytes,
            "width": asset.width,
            "height": asset.height,
            "duration": asset.duration,
            "original_name": asset.original_name,
            "created_at": asset.created_at,
        }
        add_new(self._connection, ASSET, values, "asset")

    def by_ids(self, asset_ids: Iterable[AssetId]) -> dict[AssetId, Asset]:
        """Return the assets that exist, in one query."""
        wanted = tuple(asset_ids)
        if not wanted:  # most posts are text; a query costs as much as the rest of preparing one
            return {}
        rows = self._connection.execute(select(ASSET).where(among(ASSET.c.id, wanted)))
        return {AssetId(row.id): _from_row(row) for row in rows}


def _from_row(row: Row[Any]) -> Asset:
    return Asset(
        id=AssetId(row.id),
        kind=MediaKind(row.kind),
        mime_type=row.mime_type,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        width=row.width,
        height=row.height,
        duration=row.duration,
        original_name=row.original_name,
        created_at=row.created_at,
    )

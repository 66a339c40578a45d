"""Stored posts with their variants."""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Text, bindparam, delete, exists, func, insert, select, update

from desktop.domain.accounts import AccountId
from desktop.domain.documents import (
    content_from_document,
    content_to_document,
    options_from_document,
    options_to_document,
)
from desktop.domain.errors import NotFound, StaleVersion
from desktop.domain.networks import PostFormat
from desktop.domain.posts import Content, Post, PostId, Variant
from desktop.services.unit_of_work import MAX_TITLE, BacklogItem
from desktop.storage.repositories.planning import IN_BACKLOG, backlog
from desktop.storage.repositories.prepared import Prepared
from desktop.storage.repositories.statements import add_new, among, to_json
from desktop.storage.tables.deliveries import (
    DELIVERY,
    DELIVERY_ATTEMPT,
    DELIVERY_PART,
    DELIVERY_TIMELINE,
    DELIVERY_TOMBSTONE,
)
from desktop.storage.tables.posts import POST, POST_VARIANT

# children before parents: the guards look at the delivery and its post to see that it is a sample
_OF_DELIVERY = [DELIVERY_TIMELINE, DELIVERY_ATTEMPT, DELIVERY_TOMBSTONE, DELIVERY_PART]

_GET = Prepared(select(POST).where(POST.c.id == bindparam("id")))
_VARIANTS = Prepared(
    select(POST_VARIANT)
    .where(
        POST_VARIANT.c.post_id.in_(select(func.json_each(bindparam("ids", type_=Text)).table_valued("value").c.value))
    )
    .order_by(POST_VARIANT.c.position)
)


class SqlPostRepository:
    """``PostRepository`` on one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the connection's transaction."""
        self._connection = connection

    def get(self, post_id: PostId) -> Post:
        """Return a post, also one in the bin; ``NotFound``."""
        posts = self._posts(_GET.rows(self._connection, {"id": post_id}))
        if not posts:
            raise NotFound(noun="post", id=post_id)
        return posts[0]

    def add(self, post: Post) -> None:
        """Store a new post."""
        add_new(self._connection, POST, _values(post), "post")
        self._add_variants(post)

    def save(self, post: Post) -> Post:
        """Store a changed post and return it with its new version; ``StaleVersion`` when ``post.version`` is old."""
        saved = replace(post, version=post.version + 1)
        statement = update(POST).where(POST.c.id == post.id, POST.c.version == post.version)
        if self._connection.execute(statement, _values(saved)).rowcount == 0:
            raise StaleVersion(noun="post")
        self._connection.execute(delete(POST_VARIANT).where(POST_VARIANT.c.post_id == post.id))
        self._add_variants(post)
        return saved

    def list(
        self,
        *,
        search: str | None = None,
        account_id: AccountId | None = None,
        without_delivery: bool = False,
        samples_only: bool = False,
        limit: int = 200,
        offset: int = 0,
    ) -> Sequence[Post]:
        """Return posts that are not in the bin, last changed first."""
        wanted: list[ColumnElement[bool]] = [POST.c.deleted_at.is_(None)]
        if search:
            wanted.append(func.instr(POST.c.search_text, _folded(search)) > 0)
        if account_id is not None:
            wanted.append(exists().where(POST_VARIANT.c.post_id == POST.c.id, POST_VARIANT.c.account_id == account_id))
        if without_delivery:
            wanted.append(IN_BACKLOG)
        if samples_only:
            wanted.append(POST.c.is_sample)
        statement = select(POST).where(*wanted).order_by(POST.c.updated_at.desc(), POST.c.id.desc())
        return self._posts(self._connection.execute(statement.limit(limit).offset(offset)).all())

    def backlog(self) -> Sequence[BacklogItem]:
        """Return what a list of the backlog shows, last changed first."""
        return backlog(self._connection)

    def by_ids(self, post_ids: Iterable[PostId]) -> dict[PostId, Post]:
        """Return the posts that exist, in one query (and one for their variants)."""
        rows = self._connection.execute(select(POST).where(among(POST.c.id, post_ids))).all()
        return {post.id: post for post in self._posts(rows)}

    def purge(self, post_ids: Iterable[PostId]) -> None:
        """Remove sample posts for good with their deliveries; any other post is an ``InvariantViolation``."""
        ids = list(post_ids)
        deliveries = select(DELIVERY.c.id).where(among(DELIVERY.c.post_id, ids))
        for table in _OF_DELIVERY:
            self._connection.execute(delete(table).where(table.c.delivery_id.in_(deliveries)))
        self._connection.execute(delete(DELIVERY).where(among(DELIVERY.c.post_id, ids)))
        self._connection.execute(delete(POST_VARIANT).where(among(POST_VARIANT.c.post_id, ids)))
        self._connection.execute(delete(POST).where(among(POST.c.id, ids)))

    def _add_variants(self, post: Post) -> None:
        values = [
            {
                "post_id": post.id,
                "account_id": variant.account_id,
                "position": position,
                "format": variant.format,
                "title": _title(variant.override or post.shared, post),
                "thumbnail": _thumbnail(variant.override or post.shared),
                "override": None if variant.override is None else to_json(content_to_document(variant.override)),
                "options": to_json(options_to_document(variant.options)),
            }
            for position, variant in enumerate(post.variants)
        ]
        if values:
            self._connection.execute(insert(POST_VARIANT), values)

    def _posts(self, rows: Sequence[Row[Any]]) -> Sequence[Post]:
        if not rows:
            return []
        variants: defaultdict[str, list[Variant]] = defaultdict(list)
        for row in _VARIANTS.rows(self._connection, {"ids": to_json([row.id for row in rows])}):
            override = None if row.override is None else content_from_document(json.loads(row.override))
            options = options_from_document(json.loads(row.options))
            variants[row.post_id].append(Variant(AccountId(row.account_id), override, PostFormat(row.format), options))
        return [_from_row(row, tuple(variants[row.id])) for row in rows]


def _folded(text: str) -> str:
    """Fold case in every language; composed again, because folding can take a letter apart."""
    return unicodedata.normalize("NFC", text.casefold())


def _search_text(post: Post) -> str:
    contents: list[Content] = [post.shared, *(v.override for v in post.variants if v.override is not None)]
    return _folded("\n".join(part.text for content in contents for part in content.parts))


def _title(content: Content, post: Post) -> str:
    return (content.title or post.shared.title)[:MAX_TITLE]


def _thumbnail(content: Content) -> str | None:
    return next((use.asset_id for part in content.parts for use in part.media), None)


def _values(post: Post) -> dict[str, object]:
    return {
        "id": post.id,
        "title": _title(post.shared, post),
        "thumbnail": _thumbnail(post.shared),
        "part_count": len(post.shared.parts),
        "media_count": sum(len(part.media) for part in post.shared.parts),
        "created_at": post.created_at,
        "updated_at": post.updated_at,
        "deleted_at": post.deleted_at,
        "is_sample": post.is_sample,
        "version": post.version,
        "content": to_json(content_to_document(post.shared)),
        "search_text": _search_text(post),
    }


def _from_row(row: Row[Any], variants: tuple[Variant, ...]) -> Post:
    return Post(
        id=PostId(row.id),
        shared=content_from_document(json.loads(row.content)),
        variants=variants,
        created_at=row.created_at,
        updated_at=row.updated_at,
        is_sample=row.is_sample,
        deleted_at=row.deleted_at,
        version=row.version,
    )

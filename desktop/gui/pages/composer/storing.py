"""Puts a draft on disk. It runs on the serial lane only, so each write knows the version of the one before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop.domain.errors import NotFound, StaleVersion
from desktop.domain.posts import Post, PostId

if TYPE_CHECKING:
    from desktop.services.drafting.service import DraftingService

UNSTORED = PostId("")
"""The id of a post that has no row yet."""

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Written:
    """The post as stored; ``was_changed_elsewhere`` when another writer had to be overruled to keep the words."""

    post: Post
    was_changed_elsewhere: bool = False


class DraftWriter:
    """Stores the versions of one post one after the other. ``stored`` is the last one, None before the first."""

    def __init__(self, stored: Post | None = None) -> None:
        self.stored = stored

    def write(self, drafting: DraftingService, draft: Post) -> Written:
        """Store content and accounts of ``draft``; the errors of storage, never ``StaleVersion``.

        A post changed elsewhere is read again and gets what the person here sees, because that is what they are
        looking at while they type. One that is gone altogether is made anew.
        """
        was_changed = False
        for _ in range(_ATTEMPTS):
            try:
                self.stored = self._write(drafting, draft)
                return Written(self.stored, was_changed)
            except StaleVersion:
                before, self.stored = self.stored, drafting.get(self.stored.id) if self.stored else None
                was_changed = was_changed or _words(before) != _words(self.stored)
            except NotFound:
                was_changed, self.stored = True, None
        raise StaleVersion(noun="post")

    def _write(self, drafting: DraftingService, draft: Post) -> Post:
        stored = self.stored
        if stored is None:
            formats = {variant.account_id: variant.format for variant in draft.variants}
            stored = drafting.create(draft.shared, [variant.account_id for variant in draft.variants], formats=formats)
        if (stored.shared, stored.variants) == (draft.shared, draft.variants):
            return stored
        return drafting.save(replace(stored, shared=draft.shared, variants=draft.variants))


def _words(post: Post | None) -> object:
    return post and (post.shared, post.variants)

r"""Posts: the idea and its text, the parts of a thread, and how it reads on each account.

Text is plain Unicode in NFC with ``\n`` as the only line break. Marks carry styling beside it, counted in code
points; neither HTML nor Markdown is stored, because both lose something on the way back (``desktop-ux.md`` §3.4).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from desktop.domain.accounts import AccountId
from desktop.domain.media import AssetId
from desktop.domain.networks import PostFormat
from desktop.domain.options import NO_PART_OPTIONS, NetworkOptions, PartOptions, UserTag

PostId = NewType("PostId", str)


class MarkKind(StrEnum):
    """Styling or meaning of a stretch of text."""

    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    STRIKETHROUGH = "strikethrough"
    HIGHLIGHT = "highlight"
    SPOILER = "spoiler"
    MENTION = "mention"
    LINK = "link"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """``kind`` on the code points ``start <= i < end``; ``value`` is an id or address for mentions and links."""

    start: int
    end: int
    kind: MarkKind
    value: str | None = None


@dataclass(frozen=True, slots=True)
class MediaUse:
    """An asset in its place, with the description people who cannot see it get.

    A video's cover is either the picture ``cover_id`` or the frame at ``cover_at``.
    """

    asset_id: AssetId
    alt_text: str = ""
    tags: tuple[UserTag, ...] = ()
    cover_id: AssetId | None = None
    cover_at: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One item of a thread chain; most posts have one."""

    text: str = ""
    marks: tuple[Mark, ...] = ()
    media: tuple[MediaUse, ...] = ()
    options: PartOptions = NO_PART_OPTIONS

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to publish in it."""
        return not self.text.strip() and not self.media and self.options == NO_PART_OPTIONS


@dataclass(frozen=True, slots=True)
class Content:
    """The parts in order; at least one."""

    parts: tuple[Part, ...] = (Part(),)

    @property
    def is_empty(self) -> bool:
        """Whether every part is empty."""
        return all(part.is_empty for part in self.parts)

    @property
    def title(self) -> str:
        """The first line with words in it; empty when there is none."""
        for part in self.parts:
            for line in part.text.splitlines():
                if line.strip():
                    return line.strip()
        return ""


@dataclass(frozen=True, slots=True)
class Variant:
    """How the post reads on one account; ``override`` None means it follows the shared content.

    ``options`` None means the defaults of the account's network.
    """

    account_id: AccountId
    override: Content | None = None
    format: PostFormat = PostFormat.FEED
    options: NetworkOptions | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """The idea, its shared content and its variants.

    ``version`` grows by one with every stored change (optimistic locking). ``deleted_at`` marks the bin.
    """

    id: PostId
    shared: Content
    variants: tuple[Variant, ...]
    created_at: datetime
    updated_at: datetime
    is_sample: bool = False
    deleted_at: datetime | None = None
    version: int = 0

    def variant_for(self, account_id: AccountId) -> Variant | None:
        """Return the variant of an account, or None when the post does not go there."""
        return next((variant for variant in self.variants if variant.account_id == account_id), None)

    def content_for(self, account_id: AccountId) -> Content:
        """Return what an account would publish: its override, else the shared content."""
        variant = self.variant_for(account_id)
        return variant.override if variant is not None and variant.override is not None else self.shared

    def with_accounts(self, account_ids: tuple[AccountId, ...]) -> Post:
        """Go to exactly these accounts, in this order; overrides of those that stay are kept."""
        known = {variant.account_id: variant for variant in self.variants}
        return replace(self, variants=tuple(known.get(i, Variant(i)) for i in dict.fromkeys(account_ids)))

    def with_override(self, account_id: AccountId, override: Content | None) -> Post:
        """Set or clear (None) what one account publishes instead of the shared content."""
        variants = tuple(
            replace(variant, override=override) if variant.account_id == account_id else variant
            for variant in self.variants
        )
        return replace(self, variants=variants)


def normalize_text(text: str) -> str:
    r"""Return ``text`` as it is stored: NFC, ``\n`` line breaks, no NUL."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""))

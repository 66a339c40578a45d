"""What really happened, for tests to compare with the program's own database."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime

from desktop.sandbox.errors import JSON
from desktop.sandbox.model import Comment, Post
from desktop.sandbox.permalinks import permalink


@dataclass(slots=True)
class CallRecord:
    """One call; ``status`` is None when no answer left the server (dropped, or still running)."""

    n: int
    at: str
    method: str
    path: str
    endpoint: list[str]
    account_id: str
    status: int | None = None
    fault: str | None = None


@dataclass(slots=True)
class CallLog:
    """Every call on a network prefix, in the order of arrival; the path carries no query, so no token."""

    records: list[CallRecord] = field(default_factory=list)

    def note(self, at: datetime, method: str, path: str, endpoint: frozenset[str], account_id: str) -> CallRecord:
        """Add a call and return its record, to be completed when it was answered."""
        number = len(self.records) + 1
        self.records.append(CallRecord(number, at.isoformat(), method, path, sorted(endpoint), account_id))
        return self.records[-1]

    def as_json(self) -> JSON:
        """Return the calls as a list of objects."""
        return [asdict(record) for record in self.records]


def ledger_post(post: Post, base_url: str, username: str) -> dict[str, JSON]:
    """Return the ledger's line about a post that went live."""
    return {
        "order": post.order,
        "account_id": post.account_id,
        "network": post.network,
        "id": post.id,
        "created_at": (post.published_at or post.created_at).isoformat(),
        "media_type": post.kind,
        "text": post.text,
        "link": post.link or None,
        "alt_texts": [media.alt_text for media in post.media],
        "media_hashes": [media.sha256 for media in post.media],
        "media_sizes": [media.size_bytes for media in post.media],
        "container_id": post.container_id or None,
        "children": list(post.children),
        "reply_to_id": post.reply_to_id or None,
        "topic_tag": post.extras.get("topic_tag"),
        "permalink": permalink(base_url, post, username),
        "deleted": post.deleted_at is not None,
    }


def ledger_comment(comment: Comment) -> dict[str, JSON]:
    """Return the ledger's line about a comment an account wrote itself."""
    return {
        "account_id": comment.account_id,
        "network": comment.network,
        "id": comment.id,
        "post_id": comment.object_id,
        "parent_id": comment.parent_id or None,
        "created_at": comment.created_at.isoformat(),
        "text": comment.text,
        "deleted": comment.deleted_at is not None,
    }

"""How many people reacted to and shared a Page post, drawn from the seed and growing with the sandbox clock."""

from __future__ import annotations

from desktop.sandbox import growth
from desktop.sandbox.errors import JSON
from desktop.sandbox.facebook_comment_reading import require_reading
from desktop.sandbox.fields import Field
from desktop.sandbox.model import Post, Token
from desktop.sandbox.sandbox import Sandbox

REACTIONS = ("like", "love", "wow", "haha", "sorry", "anger")


def reactions(box: Sandbox, post: Post) -> dict[str, int]:
    """Return the reactions until now by their kind."""
    total = growth.of_post(box, post, "likes", box.clock.now())
    return growth.parts(total, REACTIONS, box.world.seed, post.id, "reactions")


def shares(box: Sandbox, post: Post) -> int:
    """Return how often it was shared until now."""
    return growth.of_post(box, post, "shares", box.clock.now())


def expand_reactions(box: Sandbox, token: Token, post: Post, field: Field) -> JSON:
    """``reactions.limit(0).summary(true)`` among the fields of a post; who reacted is not told."""
    require_reading(token, box.world.accounts[post.account_id])
    found = reactions(box, post)
    kind = field.modifiers.get("type", "").lower()
    answer: dict[str, JSON] = {"data": []}
    if field.modifiers.get("summary") in {"true", "total_count"}:
        count = found.get(kind, 0) if kind else sum(found.values())
        answer["summary"] = {"total_count": count, "viewer_reaction": "NONE"}
    return answer

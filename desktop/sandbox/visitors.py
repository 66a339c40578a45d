"""Invented people who answer, comment on and mention the accounts; the same seed lets them say the same things.

What they wrote becomes a record when somebody first looks, so that it can be hidden, approved or answered.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from desktop.sandbox.model import Account, Comment, Network, Post
from desktop.sandbox.sandbox import Sandbox

_DAYS_KEPT = 30
_FIRST_AFTER = timedelta(minutes=10)
_MEAN_PAUSE_SECONDS = 4 * 3600
_NESTED = 0.25
_REMARKS = (
    "This made my morning, thank you.",
    "Where can I read more about this?",
    "Same here! We tried it last week.",
    "Not sure I agree, but well put.",
    "Saving this for later.",
    "Could you share the source?",
    "Beautiful. Which camera was this?",
    "We need more of this.",
    "Been waiting for this one!",
    "Does this also work in winter?",
)
_TOPICS = ("tides", "printing", "slow news", "harbour walks", "street food", "old maps")


def _visitor(number: int, username: str, name: str, followers: int, *features: str) -> Account:
    return Account(
        Network.THREADS, f"1700000000000{number:03}", username, name, followers=followers, features=list(features)
    )


VISITORS = {
    visitor.id: visitor
    for visitor in (
        _visitor(1, "marta.sails", "Marta Sails", 15_300, "verified"),
        _visitor(2, "okonjo.prints", "Okonjo Prints", 2_480),
        _visitor(3, "lena_at_dawn", "Lena At Dawn", 640),
        _visitor(4, "tom.reads.maps", "Tom Reads Maps", 118),
        _visitor(5, "paper.boats", "Paper Boats", 42),
        _visitor(6, "northern.kiosk", "Northern Kiosk", 9_020),
    )
}


def author_of(box: Sandbox, account_id: str) -> Account:
    """Return the account or visitor who wrote something."""
    return box.world.accounts.get(account_id) or VISITORS[account_id]


def is_visitor(post: Post) -> bool:
    """Tell whether a visitor wrote ``post``."""
    return post.account_id in VISITORS


def reply_to(box: Sandbox, root: Post) -> None:
    """Let the replies and comments due under ``root`` arrive."""
    if root.published_at is None or root.network is Network.FACEBOOK or root.extras.get("product") == "STORIES":
        return
    ids: list[str] = []
    chance = random.Random(f"{box.world.seed}:{root.id}")  # noqa: S311 - invented people, not secrets
    at = root.published_at + _FIRST_AFTER
    for number in range(min(chance.randint(1, 6), box.config.visitor_replies)):
        at += timedelta(seconds=int(chance.expovariate(1 / _MEAN_PAUSE_SECONDS)))
        visitor, text = chance.choice(list(VISITORS.values())), chance.choice(_REMARKS)
        parent = chance.choice(ids) if ids and chance.random() < _NESTED else ""
        if at > box.clock.now():
            return
        ids.append(_id(box, f"{root.id}:{number}"))
        if root.network is Network.THREADS:
            _add_reply(box, root, ids[-1], visitor, text, at, parent)
        elif parent not in box.world.comments or not box.world.comments[parent].parent_id:
            _add_comment(box, root, ids[-1], visitor, text, at, parent)


def mention(box: Sandbox, account: Account) -> Iterator[Post]:
    """Yield what visitors wrote about ``account`` in the last 30 days."""
    for day, chance in _days(box, f"mentions {account.id}"):
        if box.config.threads_mentions and chance.random() < 1 / 3:
            visitor = chance.choice(list(VISITORS.values()))
            text = f"@{account.username} {chance.choice(_REMARKS)}"
            yield from _wrote(box, visitor, day, text, f"mention {account.id}")


def posts_of(box: Sandbox, visitor: Account) -> Iterator[Post]:
    """Yield a visitor's own posts of the last 30 days."""
    for day, chance in _days(box, f"posts {visitor.id}"):
        if chance.random() < 1 / 2:
            topic = chance.choice(_TOPICS)
            text = f"Thoughts about {topic}: {chance.choice(_REMARKS)} #{topic.replace(' ', '')}"
            yield from _wrote(box, visitor, day, text, "own")


def _days(box: Sandbox, purpose: str) -> Iterator[tuple[datetime, random.Random]]:
    today = datetime.combine(box.clock.now().date(), time(), UTC)
    for back in range(_DAYS_KEPT):
        day = today - timedelta(days=back)
        yield day, random.Random(f"{box.world.seed}:{purpose}:{day:%F}")  # noqa: S311


def _wrote(box: Sandbox, visitor: Account, day: datetime, text: str, purpose: str) -> Iterator[Post]:
    post_id = _id(box, f"{visitor.id}:{day:%F}:{purpose}")
    at = day + timedelta(seconds=int(post_id) % 86_400)
    if at <= box.clock.now():
        yield box.world.posts.get(post_id) or _keep(box, _post(post_id, visitor, text, at))


def _add_reply(box: Sandbox, root: Post, post_id: str, visitor: Account, text: str, at: datetime, parent: str) -> None:
    if post_id not in box.world.posts:
        post = _post(post_id, visitor, text, at)
        post.reply_to_id = parent or root.id
        if root.extras.get("enable_reply_approvals"):
            post.extras["reply_approval_status"] = "PENDING"
        _keep(box, post)


def _add_comment(
    box: Sandbox, root: Post, comment_id: str, visitor: Account, text: str, at: datetime, parent: str
) -> None:
    if comment_id not in box.world.comments and root.extras.get("comment_enabled") != "false":
        author = (visitor.id, visitor.username)
        comment = Comment(comment_id, root.network, root.account_id, root.id, parent, *author, text, at)
        box.world.save(comment)


def _post(post_id: str, visitor: Account, text: str, at: datetime) -> Post:
    code = f"V{int(post_id):x}"[-11:]
    return Post(post_id, Network.THREADS, visitor.id, "TEXT_POST", at, code, text, published_at=at)


def _keep(box: Sandbox, post: Post) -> Post:
    box.world.save(post)
    return post


def _id(box: Sandbox, purpose: str) -> str:
    """Return an id below all those the world gives out."""
    number = random.Random(f"{box.world.seed}:{purpose}").randrange(10**14, 10**15)  # noqa: S311
    return f"17{number}"

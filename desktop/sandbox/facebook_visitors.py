"""People who comment on Page posts and write on Pages; the same seed lets them say the same things at the same times.

What they wrote becomes a record when somebody first looks, so that it can be hidden, answered or deleted.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from desktop.sandbox.growth import draw
from desktop.sandbox.model import Account, Comment, Network, Post
from desktop.sandbox.sandbox import Sandbox

_PEOPLE = ("Ines Falk", "Jonah Reyes", "Mei Tanaka", "Paul Okafor", "Sanna Lind", "Viktor Petrov")
_REMARKS = (
    "Lovely, thanks for sharing.",
    "When do you open on Sunday?",
    "My neighbour told me about this!",
    "Is there parking nearby?",
    "Count me in.",
    "I would read a longer piece about this.",
    "Sent this to my sister.",
    "Great news for the whole street.",
)
_NESTED = 0.25
_FIRST_AFTER, _SPAN = timedelta(minutes=10), timedelta(days=2)
_DAYS_KEPT = 30


def write_comments(box: Sandbox, post: Post) -> None:
    """Let the comments due under ``post`` arrive; those deleted since stay deleted."""
    if post.published_at is None:
        return
    above = ""
    number = post.id.rpartition("_")[2]
    for index in range(min(int(7 * draw(box.world.seed, post.id, "comments")), box.config.visitor_replies)):
        luck = draw(box.world.seed, post.id, "comment", index)
        at = post.published_at + _FIRST_AFTER + index * _SPAN / 6 + timedelta(seconds=int(3600 * luck))
        if at > box.clock.now():
            return
        comment_id = f"{number}_{_own_number(box, post.id, index)}"
        parent = above if luck < _NESTED else ""
        author_id, name = _person(luck)
        if comment_id not in box.world.comments:
            text = _REMARKS[int(luck * 1e6) % len(_REMARKS)]
            found = Comment(comment_id, Network.FACEBOOK, post.account_id, post.id, parent, author_id, name, text, at)
            box.world.save(found)
        above = above or comment_id


def write_posts(box: Sandbox, page: Account) -> None:
    """Let what people wrote on ``page`` in the last 30 days arrive, when ``config`` lets them write."""
    if not box.config.facebook_visitor_posts:
        return
    now = box.clock.now()
    today = datetime.combine(now.date(), time(), UTC)
    for back in range(_DAYS_KEPT):
        day = today - timedelta(days=back)
        luck = draw(box.world.seed, page.id, f"{day:%F}")
        at = day + timedelta(seconds=int(86_400 * luck))
        post_id = f"{page.id}_{_own_number(box, page.id, f'{day:%F}')}"
        if at <= now and post_id not in box.world.posts:
            author_id, name = _person(luck)
            post = Post(post_id, Network.FACEBOOK, page.id, "TEXT", at, f"pfbidV{post_id[-10:]}")
            post.text, post.published_at = _REMARKS[int(luck * 1e6) % len(_REMARKS)], at
            post.extras = {"author_id": author_id, "author_name": name}
            box.world.save(post)


def _person(luck: float) -> tuple[str, str]:
    number = int(luck * 1e9) % len(_PEOPLE)
    return f"24000000000000{number:03}", _PEOPLE[number]


def _own_number(box: Sandbox, *names: object) -> int:
    """Return an id below all those the world gives out."""
    return 10**15 + int(draw(box.world.seed, "id", *names) * 10**15)

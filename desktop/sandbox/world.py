"""Everything the imitation remembers, and the one place where a post becomes public."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from desktop.sandbox.apps import App, AuthorizationCode, Business, Grant
from desktop.sandbox.clock import MovableClock
from desktop.sandbox.journal import FileJournal, Journal, NoJournal, Record, read_journal
from desktop.sandbox.model import Account, Comment, Container, Network, Photo, Post, Subscription, Token, Use, Video
from desktop.sandbox.quotas import Quotas
from desktop.sandbox.seeding import Cast

_FIRST_ID = 18_000_000_000_000_000
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class World:
    """Accounts, tokens, containers, photos and posts of one sandbox."""

    def __init__(self, seed: int, clock: MovableClock, state_file: Path | None = None) -> None:
        """Read ``state_file`` when it exists, else start with the ready-made accounts of ``seed``."""
        self.clock = clock
        self.seed = seed
        self._forget()
        kept = list(read_journal(state_file)) if state_file else []
        self._journal: Journal = FileJournal(state_file) if state_file else NoJournal()
        if kept:
            self._restore(kept)
        else:
            self._populate()
        self._journal.rewrite(self._records(), clock.offset.total_seconds())

    def reset(self, seed: int) -> None:
        """Start over with the ready-made accounts of ``seed``."""
        self.seed = seed
        self._forget()
        self._populate()
        self._journal.rewrite(self._records(), self.clock.offset.total_seconds())

    def close(self) -> None:
        """Let go of the state file."""
        self._journal.close()

    def save(self, record: Record) -> None:
        """Remember ``record`` (new or changed)."""
        self._keep(record)
        self._journal.write(record)

    def save_clock(self) -> None:
        """Remember how far the clock is from the real one."""
        self._journal.write_offset(self.clock.offset.total_seconds())

    def new_id(self) -> str:
        """Return a numeric id no other object has, as Meta writes them."""
        self._last_id += 1
        return str(self._last_id)

    def new_shortcode(self) -> str:
        """Return the eleven characters that name a post in its address."""
        return "".join(self.random.choices(_ALPHABET, k=11))

    def posts_of(self, account_id: str) -> Iterator[Post]:
        """Yield the account's posts that were not deleted, in the order they were made."""
        return (self.posts[i] for i in self._posts_by_account[account_id] if self.posts[i].deleted_at is None)

    def go_live(self, post: Post, at: datetime) -> None:
        """Make ``post`` public: the effect itself, the ledger's order number and the quota in one step."""
        self._last_order += 1
        post.published_at, post.order, post.scheduled_for = at, self._last_order, None
        self.save(post)
        self.quotas.note(post.account_id, _bucket(post), at)

    def settle(self, now: datetime) -> None:
        """Publish every scheduled Page post whose time has come."""
        due = [p for p in self._scheduled.values() if p.scheduled_for is not None and p.scheduled_for <= now]
        for post in sorted(due, key=lambda p: (p.scheduled_for or now, p.id)):
            post.container_id = post.container_id or post.id
            self.go_live(post, post.scheduled_for or now)

    def live_posts(self) -> list[Post]:
        """Return everything that ever went public, deleted or not, in that order; not what visitors wrote."""
        return sorted((p for p in self.posts.values() if p.order), key=lambda p: p.order)

    def note_use(self, account_id: str, bucket: str, at: datetime, detail: str = "") -> None:
        """Count one use of a quota that leaves no other trace."""
        self.save(Use(self.new_id(), account_id, bucket, at, detail))
        self.quotas.note(account_id, bucket, at)

    def network_of(self, node: str) -> Network | None:
        """Return the network an object belongs to, None for an unknown one."""
        if node in self.photos or node in self.videos:
            return Network.FACEBOOK
        found = self.accounts.get(node) or self.posts.get(node) or self.containers.get(node) or self.comments.get(node)
        return found.network if found else None

    def _forget(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - a repeatable imitation, not a secret
        self.accounts: dict[str, Account] = {}
        self.tokens: dict[str, Token] = {}
        self.containers: dict[str, Container] = {}
        self.photos: dict[str, Photo] = {}
        self.posts: dict[str, Post] = {}
        self.apps: dict[Network, App] = {}
        self.businesses: dict[str, Business] = {}
        self.grants: dict[tuple[Network, str], Grant] = {}
        self.codes: dict[str, AuthorizationCode] = {}
        self.videos: dict[str, Video] = {}
        self.comments: dict[str, Comment] = {}
        self.uses: dict[str, Use] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.quotas = Quotas()
        self._posts_by_account: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._scheduled: dict[str, Post] = {}
        self._last_id = _FIRST_ID + self.seed % 1000 * 1_000_000_000
        self._last_order = 0

    def _populate(self) -> None:
        cast = Cast(self.seed, self.clock.now())
        accounts = cast.accounts()
        for record in (*accounts, *cast.tokens(accounts), *cast.sign_in_records(accounts)):
            self._keep(record)

    def _restore(self, kept: Iterable[Record | float]) -> None:
        for record in kept:
            if isinstance(record, float):
                self.clock.offset = timedelta(seconds=record)
            else:
                self._keep(record)
        if not self.apps:  # a file of before there was sign-in; its tokens stay as they are
            cast = Cast(self.seed, self.clock.now())
            for added in (*cast.accounts(), *cast.sign_in_records(cast.accounts())):
                self._keep(added)
        sessions = (video.session_id or video.id for video in self.videos.values())
        made = (*self.containers, *self.photos, *self.posts, *self.comments, *self.uses, *self.videos, *sessions)
        ids = (i.rpartition("_")[2] for i in made)
        self._last_id = max([self._last_id, *map(int, ids)])
        self._last_order = max((p.order for p in self.posts.values()), default=0)
        for use in self.uses.values():
            self.quotas.note(use.account_id, use.bucket, use.used_at)
        for container in self.containers.values():
            self.quotas.note(container.account_id, "containers", container.created_at)
        for post in self.live_posts():
            self.quotas.note(post.account_id, _bucket(post), post.published_at or post.created_at)
            if post.deleted_at is not None:
                self.quotas.note(post.account_id, "deletes", post.deleted_at)

    def _keep(self, record: Record) -> None:
        match record:
            case Account():
                self.accounts[record.id] = record
            case Token():
                self.tokens[record.value] = record
            case Container():
                self.containers[record.id] = record
            case Photo():
                self.photos[record.id] = record
            case Post():
                self._keep_post(record)
            case App():
                self.apps[record.network] = record
            case Business():
                self.businesses[record.id] = record
            case Grant():
                self.grants[record.network, record.person_id] = record
            case AuthorizationCode():
                self.codes[record.value] = record
            case Video():
                self.videos[record.id] = record
            case Comment():
                self.comments[record.id] = record
            case Subscription():
                self.subscriptions[record.account_id] = record
            case Use():
                self.uses[record.id] = record

    def _keep_post(self, post: Post) -> None:
        self.posts[post.id] = post
        self._posts_by_account[post.account_id][post.id] = None
        if post.scheduled_for is not None and post.published_at is None and post.deleted_at is None:
            self._scheduled[post.id] = post
        else:
            self._scheduled.pop(post.id, None)

    def _records(self) -> Iterator[Record]:
        for records in (self.accounts, self.tokens, self.containers, self.photos, self.posts):
            yield from records.values()
        for others in (self.videos, self.comments, self.subscriptions, self.uses):
            yield from others.values()
        for signed_in in (self.apps, self.businesses, self.grants, self.codes):
            yield from signed_in.values()


def _bucket(post: Post) -> str:
    if post.kind == "REPOST_FACADE":
        return "reposts"
    return "replies" if post.network is Network.THREADS and post.reply_to_id else "posts"

"""Drafts: writing them, keeping them, and what their deliveries hear about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from desktop.domain.accounts import AccountId
from desktop.domain.deliveries import Delivery, DeliveryState, PublishingTimers, TimelineEntry, wants_hand_over
from desktop.domain.media import Asset, AssetId
from desktop.domain.networks import Network, NetworkRules, PostFormat
from desktop.domain.posts import Content, Part, Post, PostId, Variant, normalize_text
from desktop.domain.transitions import CancelRequested, ContentChanged, Event, Rescheduled, transition
from desktop.kit.clock import Clock
from desktop.kit.ids import new_id
from desktop.services.changes import ChangeFeed, Noun
from desktop.services.drafting.findings import PreflightReport
from desktop.services.drafting.preflight import check_post
from desktop.services.drafting.rendering import asset_ids, clipped_marks
from desktop.services.unit_of_work import Storage, UnitOfWork

EventChoice = Callable[[Delivery], Event | None]


class DraftingService:
    """Use cases of the composer and the list of posts. Safe to call from any thread."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        changes: ChangeFeed,
        rules: Mapping[Network, NetworkRules],
        timers: PublishingTimers = PublishingTimers(),  # noqa: B008 - immutable
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._changes = changes
        self._rules = rules
        self._timers = timers

    def create(
        self,
        content: Content = Content(),  # noqa: B008 - immutable
        account_ids: Sequence[AccountId] = (),
        *,
        formats: Mapping[AccountId, PostFormat] = MappingProxyType({}),
        is_sample: bool = False,
    ) -> Post:
        """Store a new post for these accounts, in this order."""
        now = self._clock.now()
        variants = tuple(Variant(i, None, formats.get(i, PostFormat.FEED)) for i in dict.fromkeys(account_ids))
        return self._add(Post(PostId(new_id()), normalized(content), variants, now, now, is_sample))

    def get(self, post_id: PostId) -> Post:
        """Return a post, also one in the bin; ``NotFound``."""
        with self._storage.read() as work:
            return work.posts.get(post_id)

    def save(self, post: Post) -> Post:
        """Store the whole post and return it with its new version; ``StaleVersion`` when it was changed elsewhere.

        Unsent deliveries are prepared again where their content changed, and cancelled where their account was taken
        out of the post; both in the same transaction.
        """
        now = self._clock.now()
        variants = tuple(replace(v, override=v.override and normalized(v.override)) for v in post.variants)
        post = replace(post, shared=normalized(post.shared), variants=variants, updated_at=now)
        with self._storage.write() as work:
            before = work.posts.get(post.id)
            saved = work.posts.save(post)
            touched = self._tell(work, [post.id], now, lambda delivery: _event_after_edit(delivery, before, post))
            work.commit()
        self._announce([post.id], touched)
        return saved

    def delete(self, post_ids: Iterable[PostId]) -> None:
        """Put posts into the bin and cancel what was not sent yet; what is out stays out."""
        now = self._clock.now()
        with self._storage.write() as work:
            posts = [post for post in work.posts.by_ids(post_ids).values() if post.deleted_at is None]
            for post in posts:
                work.posts.save(replace(post, deleted_at=now))
            ids = [post.id for post in posts]
            touched = self._tell(work, ids, now, lambda delivery: CancelRequested() if _is_unsent(delivery) else None)
            work.commit()
        self._announce(ids, touched)

    def restore(self, post_ids: Iterable[PostId]) -> None:
        """Take posts out of the bin; what their deletion cancelled is planned again at its old time."""
        now = self._clock.now()
        with self._storage.write() as work:
            posts = {i: post for i, post in work.posts.by_ids(post_ids).items() if post.deleted_at is not None}
            for post in posts.values():
                work.posts.save(replace(post, deleted_at=None))
            touched = self._tell(work, posts, now, lambda delivery: _event_after_restore(delivery, posts))
            work.commit()
        self._announce(posts, touched)

    def duplicate(self, post_id: PostId) -> Post:
        """Store a copy with everything but its deliveries."""
        now = self._clock.now()
        post = self.get(post_id)
        return self._add(replace(post, id=PostId(new_id()), created_at=now, updated_at=now, deleted_at=None, version=0))

    def preflight(self, post: Post) -> PreflightReport:
        """Check ``post`` as given, saved or not, against the rules of its accounts' networks. Reads storage."""
        with self._storage.read() as work:
            accounts = {account.id: account for account in work.accounts.list(include_disconnected=True)}
            assets: dict[AssetId, Asset] = work.assets.by_ids(_asset_ids(post))
        return check_post(post, self._rules, accounts, assets)

    def _add(self, post: Post) -> Post:
        with self._storage.write() as work:
            work.posts.add(post)
            work.commit()
        self._announce([post.id], [])
        return post

    def _tell(self, work: UnitOfWork, post_ids: Iterable[PostId], now: datetime, choose: EventChoice) -> list[Delivery]:
        touched = []
        for deliveries in work.deliveries.for_posts(post_ids).values():
            for delivery in deliveries:
                event = choose(delivery)
                after = delivery if event is None else transition(delivery, event, now, self._timers)
                if event is not None and after != delivery:
                    entry = TimelineEntry(now, delivery.state, after.state, event.why)
                    touched.append(work.deliveries.save(after, entries=[entry]))
        return touched

    def _announce(self, post_ids: Iterable[PostId], deliveries: Sequence[Delivery]) -> None:
        self._changes.announce(Noun.POSTS, post_ids)
        if deliveries:
            self._changes.announce(Noun.DELIVERIES, [delivery.id for delivery in deliveries])

    def list(
        self,
        *,
        search: str | None = None,
        account_id: AccountId | None = None,
        without_delivery: bool = False,
        limit: int = 200,
        offset: int = 0,
    ) -> Sequence[Post]:
        """Return posts that are not in the bin, last changed first; the filters are those of ``PostRepository``."""
        with self._storage.read() as work:
            return work.posts.list(
                search=search, account_id=account_id, without_delivery=without_delivery, limit=limit, offset=offset
            )


def normalized(content: Content) -> Content:
    """Return ``content`` as it is stored: text in NFC, marks moved with it and inside it."""
    return Content(tuple(_normalized_part(part) for part in content.parts) or (Part(),))


def _normalized_part(part: Part) -> Part:
    text = normalize_text(part.text)
    marks = part.marks
    if text != part.text:
        marks = tuple(
            replace(mark, start=_moved(part.text, mark.start), end=_moved(part.text, mark.end)) for mark in marks
        )
    media = tuple(replace(use, alt_text=normalize_text(use.alt_text)) for use in part.media)
    return replace(part, text=text, marks=clipped_marks(marks, 0, len(text)), media=media)


def _moved(text: str, index: int) -> int:
    return len(normalize_text(text[:index]))


def _is_unsent(delivery: Delivery) -> bool:
    return not delivery.was_sent and not delivery.is_terminal


def _event_after_edit(delivery: Delivery, before: Post, after: Post) -> Event | None:
    if not _is_unsent(delivery):
        return None
    old, new = before.variant_for(delivery.account_id), after.variant_for(delivery.account_id)
    if new is None:
        return CancelRequested(why="the account was taken out of the post")
    is_same = before.content_for(delivery.account_id) == after.content_for(delivery.account_id)
    if is_same and old is not None and (old.format, old.options) == (new.format, new.options):
        return None
    return ContentChanged(hands_over=wants_hand_over(new.options))


def _event_after_restore(delivery: Delivery, posts: Mapping[PostId, Post]) -> Event | None:
    """Only what the deletion itself cancelled comes back: it carries the instant of the deletion."""
    is_cancelled = delivery.state is DeliveryState.CANCELLED and not delivery.was_sent
    if is_cancelled and delivery.state_since == posts[delivery.post_id].deleted_at:
        return Rescheduled(delivery.schedule, why="the post was restored")
    return None


def _asset_ids(post: Post) -> set[AssetId]:
    contents = [post.shared, *(variant.override for variant in post.variants if variant.override)]
    return {asset_id for content in contents for asset_id in asset_ids(content)}

"""What the composer knows and does; no widgets, no blocking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.accounts import Account, AccountId
from desktop.domain.media import Asset
from desktop.domain.networks import Network, NetworkRules
from desktop.domain.posts import MediaUse, Post, PostId
from desktop.gui.bridge.messages import message_for
from desktop.gui.pages.composer.autosave import Autosave
from desktop.gui.pages.composer.checks import Checks
from desktop.gui.pages.composer.draft import EditableDraft, blank_post
from desktop.gui.pages.composer.pictures import Pictures, Source
from desktop.gui.pages.composer.planning import Planning
from desktop.gui.pages.composer.ports import ComposerContext
from desktop.gui.pages.composer.storing import UNSTORED
from desktop.gui.pages.composer.text_rules import Count, count_text
from desktop.kit.i18n import tr
from desktop.services.changes import Change, Noun

SETTLE_MS = 70


class ComposerViewModel(EditableDraft):
    """State and actions of the composer.

    The draft in memory is the truth while the page is open; :class:`Autosave` writes behind it. The page takes
    keys before :meth:`set_ready`: they are kept and saved as soon as the services are there.
    """

    opened = Signal()  # another post, or everything anew
    settled = Signal()  # a moment after the last change: time for what is slow
    picture_refused = Signal(int, str)

    def __init__(self, context: ComposerContext, parent: QObject | None = None) -> None:
        super().__init__(context.clock, parent)
        self._context = context
        self.accounts: tuple[Account, ...] = ()
        self.is_ready = self.is_loading = self.has_read_accounts = False
        self._has_chosen_accounts = False
        self._wanted: PostId | None = None
        self._opening = 0
        self.autosave = Autosave(context, self)
        self.checks = Checks(context, self)
        self.pictures = Pictures(context, self)
        self.planning = Planning(context, self.autosave, self)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._on_settle_timeout)
        self.edited.connect(self._on_edited)
        self.autosave.stored.connect(self._on_autosave_stored)
        self.planning.detour_made.connect(self.history.push)
        self.planning.duplicated.connect(lambda post_id: self.open(PostId(post_id)))
        self.planning.deleted.connect(self.start_new)

    # --- beginning -----------------------------------------------------------------------------------------------

    def set_ready(self) -> None:
        """Tell the page that ``context.services`` can be used now; typing before that is saved first."""
        self.is_ready = True
        self._context.events.delivered.connect(self._on_events_delivered)
        self.autosave.start()
        self._read_accounts()
        if self._wanted is not None:
            self.open(self._wanted)
        self._settle.start()

    def start_new(self, day: date | None = None) -> None:
        """Turn to a new post, which gets a row with its first key; ``day`` is proposed when it is scheduled."""
        self._opening += 1
        self._wanted = None
        self.is_loading = self._has_chosen_accounts = False
        self._show_post(blank_post(), day)
        self._choose_by_default()

    def open(self, post_id: PostId) -> None:
        """Turn to a stored post. It is read behind what is still being saved, so it is never an older version."""
        self._wanted, self._has_chosen_accounts = post_id, True
        if not self.is_ready:
            return
        self.autosave.flush()
        self._opening += 1
        number, drafting = self._opening, self._context.services.drafting
        self.is_loading = True
        self._context.tasks.submit(
            lambda _task: drafting.get(post_id),
            lambda post: self._on_read(number, post),
            lambda error: self._on_read_failed(number, error),
            serial=True,
            receiver=self,
        )

    def _on_read(self, number: int, post: Post) -> None:
        if number == self._opening:
            self.is_loading = False
            self._show_post(post)

    def _on_read_failed(self, number: int, error: Exception) -> None:
        if number == self._opening:
            self.is_loading = False
            self._context.notify(message_for(error).text, tone="danger")

    def _show_post(self, post: Post, day: date | None = None) -> None:
        if self.is_ready:
            self.planning.follow(post.id, day)
        else:
            self.planning.suggested_day = day
        self.autosave.follow(post if post.id else None)
        self.begin(post)
        self.opened.emit()
        self.accounts_changed.emit()
        self._settle.start()

    def flush(self) -> None:
        """Save now: the page is left, or the window loses the focus."""
        self.autosave.flush()

    def close(self) -> None:
        """Save and end, before the task runner is shut down; a post in its moment of grace stays a draft."""
        self.autosave.stop()
        self.planning.stop()
        self._settle.stop()
        self.is_ready = False

    # --- what is shown -------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> tuple[Account, ...]:
        """The accounts this post goes to, as far as they are known."""
        known = {account.id: account for account in self.accounts}
        return tuple(known[v.account_id] for v in self.post.variants if v.account_id in known)

    @property
    def is_read_only(self) -> bool:
        """Whether the post has left: it is history then."""
        return self.is_loading or bool(self.planning.plan.sent)

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has written anything yet, so that there is nothing to plan, copy or delete."""
        return self.post.id == UNSTORED and self.post.shared.is_empty

    def rules_for(self, tab: AccountId | None) -> tuple[NetworkRules, ...]:
        """Return the rules a tab's text has to obey; on the shared tab those of every account that follows it."""
        if not self.is_ready:
            return ()
        own = {v.account_id for v in self.post.variants if v.override is not None}
        accounts = (a for a in self.chosen if (a.id not in own if tab is None else a.id == tab))
        networks: dict[Network, None] = dict.fromkeys(account.network for account in accounts)
        return tuple(self._context.services.rules[network] for network in networks)

    def count(self, index: int) -> Count:
        """Return how full a part is."""
        return count_text(self.content.parts[index].text, self.rules_for(self.place.tab))

    # --- writing -------------------------------------------------------------------------------------------------

    def add_pictures(self, index: int, sources: Sequence[Source]) -> None:
        """Take files or pictures into a part; what cannot be taken is said under its strip."""
        if not self.is_ready or self.is_read_only:
            return
        number, tab = self._opening, self.place.tab

        def added(asset: Asset) -> None:
            if number == self._opening and tab == self.place.tab:
                place = min(index, len(self.content.parts) - 1)
                self.set_media(place, (*self.content.parts[place].media, MediaUse(asset.id)))

        self.pictures.take_in(sources, added, lambda words: self.picture_refused.emit(index, words))

    def choose_accounts(self, account_ids: Iterable[AccountId]) -> None:
        """Send the post to exactly these accounts; own texts of those that stay are kept."""
        self._has_chosen_accounts = True
        super().choose_accounts(account_ids)

    def reset_override(self) -> bool:
        """Let the account at hand follow the shared text again, and offer the way back."""
        is_reset = super().reset_override()
        if is_reset:
            self._context.notify(tr("Back to the shared text"), tr("Undo"), self.history.undo)
        return is_reset

    def _on_edited(self) -> None:
        self.autosave.put(self.post)
        self._settle.start()

    # --- keeping up ----------------------------------------------------------------------------------------------

    def _read_accounts(self) -> None:
        accounts = self._context.services.accounts
        self._context.tasks.submit(
            lambda _task: tuple(accounts.list()), self._on_accounts_read, lambda _error: None, receiver=self
        )

    def _on_accounts_read(self, accounts: tuple[Account, ...]) -> None:
        self.accounts, self.has_read_accounts = accounts, True
        self._choose_by_default()
        self.accounts_changed.emit()
        self._settle.start()

    def _choose_by_default(self) -> None:
        """A new post goes to every account that can publish, until the person chooses."""
        if not self._has_chosen_accounts and (self.is_untouched or not self.post.variants):
            self.post = self.post.with_accounts(tuple(a.id for a in self.accounts if a.can_publish))
            if not self.post.shared.is_empty:
                self._on_edited()
            self.accounts_changed.emit()

    def _on_settle_timeout(self) -> None:
        if self.is_ready:
            if self.is_untouched:
                self.checks.clear()
            else:
                self.checks.check(self.post)
            contents = (self.post.shared, *(v.override for v in self.post.variants if v.override is not None))
            self.pictures.look_up(use.asset_id for content in contents for part in content.parts for use in part.media)
        self.settled.emit()

    def _on_autosave_stored(self, post: Post) -> None:
        is_first = self.post.id == UNSTORED
        # what was typed since stays; only what storage decides is taken over
        self.post = replace(post, shared=self.post.shared, variants=self.post.variants)
        if is_first:
            self.planning.reload(post.id)

    def _on_events_delivered(self, events: tuple[object, ...]) -> None:
        changes = [event for event in events if isinstance(event, Change)]
        if any(change.noun is Noun.ACCOUNTS for change in changes):
            self._read_accounts()
        if self.post.id == UNSTORED:
            return
        if any(change.noun is Noun.DELIVERIES for change in changes):
            self.planning.reload(self.post.id)
        if any(change.noun is Noun.POSTS and self.post.id in change.ids for change in changes):
            self._reread()

    def _reread(self) -> None:
        """Show what another page or program made of this post, unless the person is writing just now."""
        if self.autosave.is_dirty or self.is_loading:
            return
        number, drafting, post_id = self._opening, self._context.services.drafting, self.post.id

        def show(post: Post) -> None:
            if number != self._opening or self.autosave.is_dirty:
                return
            stored, self.autosave.writer.stored = self.autosave.writer.stored, post
            if post.deleted_at is not None:
                self.start_new()
            elif stored is not None and (post.shared, post.variants) != (stored.shared, stored.variants):
                self._show_post(post)

        self._context.tasks.submit(
            lambda _task: drafting.get(post_id), show, lambda _error: None, serial=True, receiver=self
        )

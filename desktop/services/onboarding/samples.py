"""The sample workspace: the sandbox's accounts and two weeks of posts, to try everything without consequences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from desktop.domain.accounts import AccountId
from desktop.domain.media import AssetId
from desktop.domain.networks import Network
from desktop.domain.posts import Content, MediaUse, Part
from desktop.domain.schedules import Schedule
from desktop.kit.clock import Clock
from desktop.kit.resources import resource_path
from desktop.services.accounts.service import AccountService
from desktop.services.changes import ChangeFeed, Noun
from desktop.services.drafting.service import DraftingService
from desktop.services.media.service import MediaService
from desktop.services.onboarding.ports import ReadyAccounts
from desktop.services.onboarding.sample_posts import SAMPLE_POSTS, SamplePicture, SamplePost
from desktop.services.publishing.service import DeliveryService
from desktop.services.scheduling.service import SchedulingService
from desktop.services.settings.preferences import WorkspaceKind
from desktop.services.settings.service import SettingsService
from desktop.services.unit_of_work import Storage


class SampleWorkspace:
    """Makes and removes the sample accounts and posts."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        changes: ChangeFeed,
        sandbox: ReadyAccounts,
        accounts: AccountService,
        media: MediaService,
        drafting: DraftingService,
        scheduling: SchedulingService,
        deliveries: DeliveryService,
        settings: SettingsService,
    ) -> None:
        self._storage, self._clock, self._changes, self._sandbox = storage, clock, changes, sandbox
        self._accounts, self._media, self._drafting = accounts, media, drafting
        self._scheduling, self._deliveries, self._settings = scheduling, deliveries, settings

    def is_present(self) -> bool:
        """Whether this workspace works on the sandbox with sample accounts."""
        return self._settings.get().workspace_kind is WorkspaceKind.SANDBOX

    def create(self) -> None:
        """Turn the workspace into a sandbox workspace, connect the sandbox's accounts and write the posts.

        What an interrupted call left behind is replaced. ``SandboxUnavailable``: the kind stays "sandbox", so that
        calling again finishes the work.
        """
        self._settings.update(workspace_kind=WorkspaceKind.SANDBOX)
        account_ids: dict[Network, AccountId] = {}
        for ready in self._sandbox.ready_accounts():
            if ready.network not in account_ids:
                account = self._accounts.connect_with_token(
                    ready.network, ready.token, remote_id=ready.remote_id, is_sample=True
                )
                account_ids[ready.network] = account.id
        self._purge_posts()
        for sample in SAMPLE_POSTS:
            self._write(sample, account_ids)

    def remove(self) -> None:
        """Remove sample posts, disconnect every account of the sandbox and turn the workspace "live".

        The person's own posts stay; what was planned to a sandbox account goes back to the backlog.
        """
        self._purge_posts()
        for account in self._accounts.list():
            planned = self._deliveries.list(account_id=account.id, limit=10_000)
            for post_id in dict.fromkeys(summary.delivery.post_id for summary in planned):
                self._scheduling.unschedule(post_id)
            self._accounts.disconnect(account.id)
        self._settings.update(workspace_kind=WorkspaceKind.LIVE)

    def _write(self, sample: SamplePost, account_ids: Mapping[Network, AccountId]) -> None:
        chosen = [account_ids[network] for network in sample.networks]
        parts = (Part(part.text, media=tuple(map(self._use, part.pictures))) for part in sample.parts)
        formats = dict.fromkeys(chosen, sample.format)
        post = self._drafting.create(Content(tuple(parts)), chosen, formats=formats, is_sample=True)
        schedule = self._planned(sample)
        if schedule is not None:
            # never late: the workspace may be opened days later, and a sample that asks to be rescued helps nobody
            self._scheduling.schedule(post.id, schedule, late_limit=None)

    def _use(self, picture: SamplePicture) -> MediaUse:
        asset = self._media.add_file(resource_path("samples", picture.file))
        return MediaUse(AssetId(asset.id), picture.alt_text)

    def _planned(self, sample: SamplePost) -> Schedule | None:
        now, zone = self._clock.now(), self._settings.get().zone
        if sample.soon is not None:
            soon = Schedule.from_instant(now + sample.soon, zone)
            # in the hour that the clocks repeat its wall time means the first pass, which may be over
            return soon if soon.at > now else Schedule.from_instant(now + sample.soon, "UTC")
        if sample.day is None:
            return None
        day = Schedule.from_instant(now, zone).wall_time.date() + timedelta(days=sample.day)
        wanted = Schedule(datetime.combine(day, sample.at), zone)
        return Schedule.from_instant(wanted.at, zone)  # out of a gap the clocks skip that day

    def _purge_posts(self) -> None:
        with self._storage.write() as uow:
            ids = [post.id for post in uow.posts.list(samples_only=True, limit=10_000)]
            uow.posts.purge(ids)
            uow.commit()
        if ids:
            self._changes.announce(Noun.POSTS, ids)
            self._changes.announce(Noun.DELIVERIES)

"""Builds the services of one profile: a fraction of a second, nearly all of it imports."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop.bootstrap.limit_keeper import LimitKeeper
from desktop.bootstrap.networks import CurrentKind, Networks
from desktop.bootstrap.outside_changes import OutsideChanges
from desktop.bootstrap.relay import build_hosting
from desktop.bootstrap.relay_sweeper import RelaySweeper
from desktop.bootstrap.sign_in import SignIns
from desktop.bootstrap.token_keeper import TokenKeeper
from desktop.bootstrap.workspace_secrets import WorkspaceSecretStore
from desktop.domain.deliveries import PublishingTimers
from desktop.domain.networks import Network, NetworkRules
from desktop.files.asset_store import DiskAssetStore
from desktop.files.network_rules import load_rules
from desktop.host.environment import Environment
from desktop.host.local_sandbox import LocalSandbox
from desktop.host.paths import Profile
from desktop.host.process_lock import ProcessLock
from desktop.host.time_zone import computer_zone
from desktop.kit.clock import Clock, SystemClock
from desktop.services.accounts.apps import AppService
from desktop.services.accounts.doctor import ConnectionDoctor
from desktop.services.accounts.service import AccountService
from desktop.services.accounts.sign_in import SignInService
from desktop.services.accounts.token_care import TokenCare
from desktop.services.changes import Change, ChangeFeed, Noun
from desktop.services.drafting.service import DraftingService
from desktop.services.hosting.service import HostingService
from desktop.services.limits.readings import ReadingBook
from desktop.services.limits.service import LimitService
from desktop.services.media.service import MediaService
from desktop.services.onboarding.samples import SampleWorkspace
from desktop.services.publishing.engine import PublishingEngine
from desktop.services.publishing.lease import LeaseKeeper
from desktop.services.publishing.service import DeliveryService
from desktop.services.scheduling.service import SchedulingService
from desktop.services.settings.preferences import WorkspaceKind
from desktop.services.settings.service import SettingsService
from desktop.storage.backup import copy_database
from desktop.storage.database import open_storage
from desktop.storage.unit_of_work import SqlStorage
from desktop.worker.publisher import Publisher


@dataclass(slots=True)
class Container:
    """The services of one open profile. ``changes`` tells everybody what changed; close it when done."""

    profile: Profile
    clock: Clock
    changes: ChangeFeed
    storage: SqlStorage
    rules: Mapping[Network, NetworkRules]
    timers: PublishingTimers
    settings: SettingsService
    secrets: WorkspaceSecretStore
    networks: Networks
    accounts: AccountService
    apps: AppService
    sign_in: SignInService
    token_care: TokenCare
    doctor: ConnectionDoctor
    media: MediaService
    drafting: DraftingService
    scheduling: SchedulingService
    deliveries: DeliveryService
    limits: LimitService
    hosting: HostingService
    samples: SampleWorkspace
    publisher: Publisher
    outside: OutsideChanges
    limit_keeper: LimitKeeper
    relay_sweeper: RelaySweeper
    token_keeper: TokenKeeper

    @property
    def is_sandbox(self) -> bool:
        """Whether this workspace talks to an imitation of the networks; the window says so."""
        return self.networks.is_sandbox

    def fill_if_new(self) -> bool:
        """Make the sample workspace when nobody has used this one yet; True when it did. Takes seconds.

        Also finishes what an interrupted first start left undone. ``SandboxUnavailable``.
        """
        is_undecided = self.settings.get().workspace_kind is not WorkspaceKind.LIVE
        is_unused = not self.accounts.list(include_disconnected=True) and not self.drafting.list(limit=1)
        is_wanted = is_undecided and is_unused and not self.networks.are_given
        if is_wanted:
            self.samples.create()
        return is_wanted

    def start_publishing(self) -> None:
        """Publish on a thread, and notice what other processes change."""
        self.outside.start()
        self.limit_keeper.start()
        self.relay_sweeper.start()
        self.token_keeper.start()
        self.publisher.start()

    def back_up(self, target: Path) -> None:
        """Write a verified copy of the database, without secrets, to ``target``; ``DiskFull``, ``DatabaseReadOnly``."""
        copy_database(self.storage.path, target, without_secrets=True)

    def close(self) -> None:
        """Finish what is being sent, then let go of everything."""
        self.publisher.stop()
        self.outside.stop()
        self.limit_keeper.stop()
        self.relay_sweeper.stop()
        self.token_keeper.stop()
        self.networks.close()
        self.storage.close()


def build_container(
    profile: Profile,
    environment: Environment,
    *,
    clock: Clock | None = None,
    timers: PublishingTimers | None = None,
) -> Container:
    """Open the profile and return its services; ``TidingsError`` when it cannot be opened.

    Starts no thread, no process and no network call.
    """
    clock, timers = clock or SystemClock(), timers or PublishingTimers()
    profile.prepare()
    changes = ChangeFeed()
    storage = open_storage(profile.database, backups=profile.backups, clock=clock)
    try:
        return _assemble(profile, environment, clock, timers, changes, storage)
    except BaseException:
        storage.close()
        raise


def _assemble(
    profile: Profile,
    environment: Environment,
    clock: Clock,
    timers: PublishingTimers,
    changes: ChangeFeed,
    storage: SqlStorage,
) -> Container:
    # what people change also wakes the publisher; what the publisher itself changes must not
    by_people = ChangeFeed()
    by_people.subscribe(lambda change: changes.announce(change.noun, change.ids))
    rules, store = load_rules(), DiskAssetStore(profile.media)
    settings = SettingsService(storage, by_people, computer_zone=computer_zone())
    kind, sandbox = CurrentKind(settings, changes), LocalSandbox(profile)
    book = ReadingBook(storage, clock)
    networks = Networks(environment.networks, kind, sandbox, store, clock, timers, book.note)
    secrets = WorkspaceSecretStore(profile, environment, kind, storage, clock)
    sign_ins = SignIns(networks, secrets)
    accounts = AccountService(storage, clock, by_people, secrets, networks, networks, timers, sign_ins)
    hosting = build_hosting(storage, secrets, by_people, environment, store.path, clock, lambda: networks.is_sandbox)
    networks.use_relay(hosting)
    limits = LimitService(storage, clock, book, networks, accounts)
    publisher = _publisher(profile, storage, accounts, networks, store, rules, clock, timers, changes)
    media = MediaService(storage, clock, by_people, store)
    drafting = DraftingService(storage, clock, by_people, rules, timers)
    scheduling = SchedulingService(storage, clock, by_people, drafting, timers)
    deliveries = DeliveryService(storage, clock, by_people, timers, publisher.poke)
    by_people.subscribe(lambda change: _wake(publisher, change))
    token_care = TokenCare(accounts, sign_ins, clock)
    return Container(
        profile=profile,
        clock=clock,
        changes=changes,
        storage=storage,
        rules=rules,
        timers=timers,
        settings=settings,
        secrets=secrets,
        networks=networks,
        accounts=accounts,
        apps=sign_ins.apps,
        sign_in=SignInService(sign_ins, accounts),
        token_care=token_care,
        doctor=ConnectionDoctor(accounts, sign_ins, clock, lambda: _can_host(networks, hosting)),
        media=media,
        drafting=drafting,
        scheduling=scheduling,
        deliveries=deliveries,
        limits=limits,
        hosting=hosting,
        samples=SampleWorkspace(
            storage, clock, by_people, sandbox, accounts, media, drafting, scheduling, deliveries, settings
        ),
        publisher=publisher,
        outside=OutsideChanges(storage.data_version, lambda: _announce_all(by_people)),
        limit_keeper=LimitKeeper(book, limits, clock),
        relay_sweeper=RelaySweeper(hosting, changes),
        token_keeper=TokenKeeper(token_care),
    )


def _can_host(networks: Networks, hosting: HostingService) -> bool:
    return networks.is_sandbox or hosting.settings.current() is not None


def _publisher(
    profile: Profile,
    storage: SqlStorage,
    accounts: AccountService,
    networks: Networks,
    store: DiskAssetStore,
    rules: Mapping[Network, NetworkRules],
    clock: Clock,
    timers: PublishingTimers,
    changes: ChangeFeed,
) -> Publisher:
    engine = PublishingEngine(storage, networks, accounts, networks, store.path, rules, clock, timers, changes)
    lock = ProcessLock(profile.run / "publisher.lock")
    owner = f"{socket.gethostname()}:{os.getpid()}"
    leases = LeaseKeeper(storage, lock, clock, timers, owner)
    return Publisher(engine, leases, storage, clock, timers, changes)


def _wake(publisher: Publisher, change: Change) -> None:
    if change.noun in (Noun.DELIVERIES, Noun.ACCOUNTS):
        publisher.poke()


def _announce_all(changes: ChangeFeed) -> None:
    for noun in Noun:
        changes.announce(noun)

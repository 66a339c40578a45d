"""The doctor: every part that can be unfit for publishing, looked at in turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.domain.errors import TidingsError
from desktop.domain.networks import Network
from desktop.host.checkups import (
    Checkup,
    disk_checkup,
    failed,
    network_checkups,
    profile_checkup,
    publisher_checkup,
    secrets_checkup,
)
from desktop.host.paths import Profile
from desktop.host.process_lock import ProcessLock
from desktop.kit.i18n import tr
from desktop.storage.backup import verify

if TYPE_CHECKING:
    from desktop.bootstrap.container import Container


def examine(profile: Profile, open_workspace: Callable[[], Container]) -> list[Checkup]:
    """Return what was found; a part that cannot be looked at because of another is left out."""
    checkups = [profile_checkup(profile)]
    if not checkups[0].is_ok:
        return checkups
    checkups += [disk_checkup(profile), publisher_checkup(ProcessLock(profile.run / "publisher.lock"))]
    try:
        container = open_workspace()
        schema = verify(profile.database)
    except TidingsError as error:
        return [*checkups, failed("database", error)]
    checkups.append(Checkup("database", True, tr("The data is sound (format {number}).", number=schema)))
    checkups.append(secrets_checkup(container.secrets))
    return checkups + _networks(container) + _relay(container)


def _networks(container: Container) -> list[Checkup]:
    try:
        addresses = container.networks.addresses()
    except TidingsError as error:
        return [failed("networks", error)]
    graphs = {
        "Threads": addresses.threads_graph_url,
        "Instagram": addresses.instagram_graph_url,
        "Facebook": addresses.facebook_graph_url,
    }
    return network_checkups(graphs, container.clock)


def _relay(container: Container) -> list[Checkup]:
    """Try the relay out where there is one, or where an account needs one."""
    is_needed = not container.is_sandbox and any(a.network is not Network.FACEBOOK for a in container.accounts.list())
    if container.hosting.settings.current() is None and not is_needed:
        return []
    return [Checkup(found.code, found.is_ok, found.words, found.advice) for found in container.hosting.check()]

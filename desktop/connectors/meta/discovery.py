"""Which accounts a granted token reaches, and what keeps each from being connected (``meta-api.md`` §1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from desktop.connectors.meta.addresses import HostFamily
from desktop.connectors.meta.containers import text_of
from desktop.connectors.meta.graph import Caller, GraphClient
from desktop.connectors.meta.pages import Page, granted_permissions, list_pages
from desktop.domain.accounts import LoginKind
from desktop.domain.networks import Network
from desktop.domain.permissions import missing_for_publishing
from desktop.kit.i18n import tr
from desktop.services.accounts.ports import Candidate, TokenGrant

_PROFILE_FIELDS = {
    Network.THREADS: "id,username,name",
    Network.INSTAGRAM: "user_id,username,name,account_type",
}
_PROFILE_LOGINS = {Network.THREADS: LoginKind.THREADS, Network.INSTAGRAM: LoginKind.INSTAGRAM}


@dataclass(frozen=True, slots=True)
class Person:
    """The Facebook person behind Pages, and what they granted."""

    id: str
    scopes: tuple[str, ...]


class AccountFinder:
    """Reads accounts for the sign-in; every failure is a ``RemoteFailure``."""

    def __init__(self, graph: GraphClient) -> None:
        """Call through ``graph``."""
        self._graph = graph

    def find(self, network: Network, grant: TokenGrant) -> tuple[Candidate, ...]:
        """Return the profile itself, or the person's Pages and the Instagram accounts linked to them."""
        if network is Network.FACEBOOK:
            return tuple(self._of_pages(_facebook(grant.token), grant))
        return (self._profile(network, grant),)

    def person(self, token: str) -> Person:
        """Return who a Facebook user token belongs to; two requests."""
        caller = _facebook(token)
        me = self._graph.read(caller, "me", {"fields": "id,name"})
        return Person(text_of(me, "id"), granted_permissions(self._graph, caller))

    def _profile(self, network: Network, grant: TokenGrant) -> Candidate:
        login = _PROFILE_LOGINS[network]
        caller = Caller(network, HostFamily.of_login(login), "", grant.token)
        me = self._graph.read(caller, "me", {"fields": _PROFILE_FIELDS[network]})
        obstacle = _missing(network, login, grant.scopes)
        if text_of(me, "account_type").upper() == "PERSONAL":
            obstacle = tr("This is a personal account; only professional ones can publish.")
        return Candidate(
            network=network,
            login=login,
            remote_id=text_of(me, "user_id") or text_of(me, "id"),  # user_id is the id of paths
            username=text_of(me, "username"),
            display_name=text_of(me, "name") or text_of(me, "username"),
            token=grant.token,
            obstacle=obstacle,
        )

    def _of_pages(self, caller: Caller, grant: TokenGrant) -> Iterator[Candidate]:
        for page in list_pages(self._graph, caller):
            yield _page(page, grant)
            if page.instagram:
                yield _linked_instagram(page, grant)


def _page(page: Page, grant: TokenGrant) -> Candidate:
    login = LoginKind.FACEBOOK_PAGE
    return Candidate(
        network=Network.FACEBOOK,
        login=login,
        remote_id=page.id,
        username=page.name,
        display_name=page.name,
        token=page.token,
        obstacle=_role(page) or _missing(Network.FACEBOOK, login, grant.scopes),
    )


def _linked_instagram(page: Page, grant: TokenGrant) -> Candidate:
    login, row = LoginKind.FACEBOOK_PAGE, page.instagram
    username = text_of(row, "username")
    return Candidate(
        network=Network.INSTAGRAM,
        login=login,
        remote_id=text_of(row, "id"),
        username=username,
        display_name=text_of(row, "name") or username,
        token=page.token,
        obstacle=_role(page) or _missing(Network.INSTAGRAM, login, grant.scopes),
    )


def _role(page: Page) -> str:
    if page.can_post:
        return ""
    return tr("Your role on the Page {name} does not allow to create content.", name=page.name)


def _missing(network: Network, login: LoginKind, scopes: tuple[str, ...]) -> str:
    missing = missing_for_publishing(network, login, scopes)
    return tr("Not allowed in the sign-in: {names}.", names=", ".join(missing)) if missing else ""


def _facebook(token: str) -> Caller:
    return Caller(Network.FACEBOOK, HostFamily.FACEBOOK, "", token)

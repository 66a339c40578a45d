"""Asks Meta's networks who a token belongs to and whether it may publish (``meta-api.md`` §1)."""

from __future__ import annotations

from collections.abc import Mapping

from desktop.connectors.meta.addresses import HostFamily
from desktop.connectors.meta.answers import Json
from desktop.connectors.meta.containers import text_of
from desktop.connectors.meta.errors import CallKind
from desktop.connectors.meta.graph import Caller, GraphClient, unclear
from desktop.connectors.meta.pages import Page, granted_permissions, list_pages
from desktop.domain.accounts import LoginKind
from desktop.domain.errors import Effect, FailureKind, InvalidInput, RemoteFailure
from desktop.domain.networks import Network
from desktop.kit.i18n import tr
from desktop.services.accounts.ports import RemoteIdentity
from desktop.services.publishing.ports import RemoteAccount

_PAGE_PERMISSION = "pages_manage_posts"


class MetaIdentityReader:
    """``IdentityReader`` for Threads, Instagram (with its own login) and Facebook Pages."""

    def __init__(self, graph: GraphClient) -> None:
        """Call through ``graph``."""
        self._graph = graph

    def identify(self, network: Network, token: str, remote_id: str | None) -> RemoteIdentity:
        """Return who ``token`` belongs to; several requests. The networks do not tell here when it ends.

        ``RemoteFailure`` when the network refuses, ``InvalidInput`` when the token is of the wrong account or kind.
        """
        match network:
            case Network.THREADS:
                identity = self._threads(token.strip())
            case Network.INSTAGRAM:
                identity = self._instagram(token.strip())
            case Network.FACEBOOK:
                return self._facebook(token.strip(), remote_id)
        if remote_id not in (None, identity.remote_id):
            raise InvalidInput(
                field=tr("token"), reason=tr("it belongs to {name}, not to the chosen account", name=identity.username)
            )
        return identity

    def _threads(self, token: str) -> RemoteIdentity:
        caller = Caller(Network.THREADS, HostFamily.THREADS, "", token)
        me = self._graph.read(caller, "me", {"fields": "id,username,name"})
        # answers only to a token that may publish
        self._graph.read(caller, "me/threads_publishing_limit", {"fields": "quota_usage,config"})
        return _identity(caller, LoginKind.THREADS, me, text_of(me, "id"))

    def _instagram(self, token: str) -> RemoteIdentity:
        caller = Caller(Network.INSTAGRAM, HostFamily.INSTAGRAM, "", token)
        me = self._graph.read(caller, "me", {"fields": "user_id,username,name,account_type"})
        _refuse_personal(me)
        # user_id is the id for paths; id may be scoped to the app
        remote_id = text_of(me, "user_id") or text_of(me, "id")
        self._graph.read(caller, f"{remote_id}/content_publishing_limit", {"fields": "quota_usage,config"})
        return _identity(caller, LoginKind.INSTAGRAM, me, remote_id)

    def _facebook(self, token: str, remote_id: str | None) -> RemoteIdentity:
        caller = Caller(Network.FACEBOOK, HostFamily.FACEBOOK, "", token)
        page = self._as_page(caller)
        if page is None:
            self._require_permission(caller)
            page = self._choose_page(caller, remote_id)
        elif remote_id not in (None, page.remote_id):
            raise InvalidInput(
                field=tr("token"), reason=tr("it belongs to {name}, not to the chosen Page", name=page.display_name)
            )
        return page

    def _as_page(self, caller: Caller) -> RemoteIdentity | None:
        """Return the Page of a page token, None for a person's token: only Pages have a category."""
        try:
            me = self._graph.read(caller, "me", {"fields": "id,name,category"})
        except RemoteFailure as failure:
            if failure.remote_code == "100":
                return None
            raise
        return _identity(caller, LoginKind.FACEBOOK_PAGE, me, text_of(me, "id")) if text_of(me, "category") else None

    def _require_permission(self, caller: Caller) -> None:
        if _PAGE_PERMISSION not in granted_permissions(self._graph, caller):
            raise _no_permission(tr("The permission {name} is missing.", name=_PAGE_PERMISSION))

    def _choose_page(self, caller: Caller, remote_id: str | None) -> RemoteIdentity:
        pages = list_pages(self._graph, caller)
        chosen = [page for page in pages if remote_id in (None, page.id)]
        if len(chosen) != 1:
            raise InvalidInput(field=tr("Page"), reason=_choice(pages, remote_id))
        page = chosen[0]
        if not page.can_post:
            raise _no_permission(tr("Your role on the Page {name} does not allow to post.", name=page.name))
        return RemoteIdentity(
            Network.FACEBOOK, LoginKind.FACEBOOK_PAGE, page.id, page.name, page.name, None, page.token
        )


def probe_account(graph: GraphClient, who: RemoteAccount) -> None:
    """Ask whether the account is there and may publish; ``InvalidInput`` for a personal Instagram account.

    The publishing limit is answered only to a token that may publish; Pages have none.
    """
    caller = Caller.of(who)
    match who.network:
        case Network.THREADS:
            graph.read(caller, "me", {"fields": "id"})
            graph.read(caller, "me/threads_publishing_limit", {"fields": "quota_usage"})
        case Network.INSTAGRAM:
            if who.login is LoginKind.INSTAGRAM:
                _refuse_personal(graph.read(caller, "me", {"fields": "user_id,username,name,account_type"}))
            graph.read(caller, f"{who.remote_id}/content_publishing_limit", {"fields": "quota_usage"})
        case Network.FACEBOOK:
            graph.read(caller, "me", {"fields": "id,name"})


def _refuse_personal(me: Mapping[str, Json]) -> None:
    if text_of(me, "account_type").upper() == "PERSONAL":
        raise InvalidInput(
            field=tr("token"),
            reason=tr("{name} is a personal account; only professional ones can publish", name=_name(me)),
        )


def _identity(caller: Caller, login: LoginKind, row: Mapping[str, Json], remote_id: str) -> RemoteIdentity:
    if not remote_id:
        raise unclear(caller, CallKind.READ)
    username = text_of(row, "username") or _name(row)
    return RemoteIdentity(caller.network, login, remote_id, username, _name(row), None)


def _name(row: Mapping[str, Json]) -> str:
    return text_of(row, "name") or text_of(row, "username")


def _no_permission(message: str) -> RemoteFailure:
    return RemoteFailure(
        network=Network.FACEBOOK.label, kind=FailureKind.PERMISSION, effect=Effect.REFUSED, message=message
    )


def _choice(pages: list[Page], remote_id: str | None) -> str:
    if not pages:
        return tr("this token manages no Page; sign in again and tick the Page")
    names = ", ".join(f"{page.name} ({page.id})" for page in pages)
    if remote_id is None:
        return tr("choose one of: {names}", names=names)
    return tr("{id} is not among: {names}", id=remote_id, names=names)

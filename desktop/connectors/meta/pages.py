"""The Pages a person's token reaches, those of Business Manager included (``meta-api.md`` §1a)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from desktop.connectors.meta.answers import Json
from desktop.connectors.meta.containers import text_of
from desktop.connectors.meta.graph import Caller, GraphClient
from desktop.domain.errors import FailureKind, RemoteFailure

_FIELDS = "id,name,access_token,category,tasks,instagram_business_account{id,username,name}"
_NO_BUSINESSES = {FailureKind.PERMISSION, FailureKind.BAD_INPUT}
_WRITING_TASKS = frozenset({"CREATE_CONTENT", "MANAGE"})


@dataclass(frozen=True, slots=True)
class Page:
    """A Page with its own token; ``can_post`` is whether the person's role on it allows to post.

    ``instagram`` is the professional account linked to it, empty when there is none.
    """

    id: str
    name: str
    token: str = field(repr=False)
    can_post: bool
    instagram: Mapping[str, Json] = field(default_factory=dict)


def list_pages(graph: GraphClient, caller: Caller) -> list[Page]:
    """Return every Page once. An empty ``me/accounts`` does not mean that there is none (trap 9)."""
    found = {page.id: page for page in _edge(graph, caller, "me/accounts")}
    try:
        for page in _business_pages(graph, caller):
            found.setdefault(page.id, page)
    except RemoteFailure as failure:
        # mostly the permission is missing; what is known already must not be lost over it
        if not found and failure.kind not in _NO_BUSINESSES:
            raise
    return list(found.values())


def granted_permissions(graph: GraphClient, caller: Caller) -> tuple[str, ...]:
    """Return what the person granted; permissions may be unticked one by one in the dialog."""
    rows = graph.list_all(caller, "me/permissions", {})
    return tuple(text_of(row, "permission") for row in rows if text_of(row, "status") == "granted")


def _business_pages(graph: GraphClient, caller: Caller) -> Iterator[Page]:
    businesses = [text_of(row, "id") for row in graph.list_all(caller, "me/businesses", {"fields": "id,name"})]
    for business in businesses:
        for edge in ("owned_pages", "client_pages"):
            yield from _edge(graph, caller, f"{business}/{edge}")


def _edge(graph: GraphClient, caller: Caller, path: str) -> Iterator[Page]:
    for row in graph.list_all(caller, path, {"fields": _FIELDS, "limit": 100}):
        tasks, token, linked = row.get("tasks"), text_of(row, "access_token"), row.get("instagram_business_account")
        # without tasks the Page's token alone tells of a role on it
        may_write = not isinstance(tasks, list) or bool(_WRITING_TASKS.intersection(map(str, tasks)))
        yield Page(
            id=text_of(row, "id"),
            name=text_of(row, "name"),
            token=token,
            can_post=bool(token) and may_write,
            instagram=linked if isinstance(linked, dict) else {},
        )

"""One client for all Graph hosts: builds requests, reads answers, follows cursors. It never repeats a call."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from desktop.connectors.meta.addresses import HostFamily, MetaAddresses
from desktop.connectors.meta.answers import GraphAnswer, Json, parse_answer
from desktop.connectors.meta.errors import CallKind, classify
from desktop.connectors.meta.usage import UsageBoard, retry_after_header
from desktop.connectors.transport.http_transport import HttpTransport
from desktop.connectors.transport.messages import HttpRequest, TransportFailure
from desktop.domain.errors import Effect, FailureKind, RemoteFailure
from desktop.domain.networks import Network
from desktop.kit.clock import Clock
from desktop.kit.i18n import tr
from desktop.services.publishing.ports import RemoteAccount

logger = logging.getLogger(__name__)

Params = Mapping[str, Json]

_FORM = ("Content-Type", "application/x-www-form-urlencoded")
_MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose call it is: the network it is made for, the hosts the token belongs to, the account, the token."""

    network: Network
    family: HostFamily
    owner_id: str
    token: str = field(repr=False)

    @classmethod
    def of(cls, who: RemoteAccount) -> Caller:
        """Return the caller for a connected account."""
        return cls(who.network, HostFamily.of_login(who.login), who.remote_id, who.token)


class GraphClient:
    """Calls the Graph API as a caller; safe to use from several threads.

    Every failure is a ``RemoteFailure``. Tokens travel in the Authorization header only.
    """

    def __init__(self, transport: HttpTransport, addresses: MetaAddresses, clock: Clock, timeout: timedelta) -> None:
        """``timeout`` bounds each call as a whole."""
        self._transport = transport
        self._addresses = addresses
        self._clock = clock
        self._timeout = timeout
        self.usage = UsageBoard()

    def read(self, caller: Caller, path: str, params: Params | None = None) -> Mapping[str, Json]:
        """GET ``path`` and return the answered object."""
        return self._call(caller, CallKind.READ, path, params or {})

    def create(self, caller: Caller, path: str, params: Params) -> str:
        """POST something that stays unseen and return its id."""
        return self._id(caller, CallKind.CREATE, self._call(caller, CallKind.CREATE, path, params))

    def publish(self, caller: Caller, path: str, params: Params, deadline: datetime) -> str:
        """POST what makes a container public and return the media id; nothing is sent after ``deadline``."""
        answer = self._call(caller, CallKind.PUBLISH, path, params, deadline)
        return self._id(caller, CallKind.PUBLISH, answer)

    def update_public(self, caller: Caller, path: str, params: Params, deadline: datetime) -> None:
        """POST a change that makes an object public and return when the network said ``success``."""
        answer = self._call(caller, CallKind.PUBLISH, path, params, deadline)
        if answer.get("success") not in (True, "true"):
            raise unclear(caller, CallKind.PUBLISH)

    def list_all(self, caller: Caller, path: str, params: Params) -> Iterator[Mapping[str, Json]]:
        """GET every page of a listing and yield its objects.

        A short or empty page does not end it: Threads ends without an ``after`` cursor or with an empty page, the
        other two without ``next`` (``meta-api.md`` §8). ``next`` itself holds the token and is never used.
        """
        cursor = ""
        for _ in range(_MOST_PAGES):
            page = self.read(caller, path, {**params, "after": cursor} if cursor else params)
            rows = page.get("data")
            if not isinstance(rows, list):
                raise unclear(caller, CallKind.READ)
            yield from (row for row in rows if isinstance(row, dict))
            cursor = _next_cursor(caller.family, page, is_empty=not rows)
            if not cursor:
                return
        # an unfinished list must not pass for a complete one: absence in it would count as proof
        raise unclear(caller, CallKind.READ)

    def _call(
        self, caller: Caller, call: CallKind, path: str, params: Params, deadline: datetime | None = None
    ) -> Mapping[str, Json]:
        if not caller.token.isascii() or not caller.token.isprintable() or not caller.token.strip():
            raise _failure(caller, FailureKind.REAUTH, Effect.NOT_SENT, tr("This is not an access token."))
        try:
            answer = self._transport.send(self._request(caller, call, path, params, deadline))
        except TransportFailure as problem:
            raise _failure(caller, _kind_unanswered(call, problem.effect), problem.effect, problem.reason) from None
        self.usage.note(caller.family, answer.headers, self._clock.now())
        parsed = parse_answer(answer, (caller.token,))
        _log(caller, call, path, parsed)
        if parsed.error is not None:
            raise classify(parsed, call, network=caller.network.label, retry_after=self._retry_after(caller, parsed))
        return parsed.document

    def _request(
        self, caller: Caller, call: CallKind, path: str, params: Params, deadline: datetime | None
    ) -> HttpRequest:
        url = f"{self._addresses.graph_root(caller.family)}/{quote(path, safe='/')}"
        form = urlencode({name: _form_value(value) for name, value in params.items() if value is not None})
        bearer = ("Authorization", f"Bearer {caller.token}")
        if call is CallKind.READ:
            return HttpRequest("GET", f"{url}?{form}" if form else url, self._timeout, (bearer,))
        return HttpRequest("POST", url, self._timeout, (bearer, _FORM), form.encode("ascii"), deadline)

    def _retry_after(self, caller: Caller, answer: GraphAnswer) -> timedelta | None:
        return retry_after_header(answer.headers) or self.usage.regain_after(
            caller.family, caller.owner_id, self._clock.now()
        )

    def _id(self, caller: Caller, call: CallKind, answer: Mapping[str, Json]) -> str:
        found = answer.get("id")
        if isinstance(found, bool) or not isinstance(found, str | int) or not str(found):
            raise unclear(caller, call)
        return str(found)


def unclear(caller: Caller, call: CallKind) -> RemoteFailure:
    """Return the failure of an answer that looks like a success and lacks what it must hold."""
    kind = FailureKind.AMBIGUOUS if call is CallKind.PUBLISH else FailureKind.TRANSIENT_RETRY
    return _failure(caller, kind, Effect.UNKNOWN, tr("The answer was not understood."))


def _kind_unanswered(call: CallKind, effect: Effect) -> FailureKind:
    may_be_live = call is CallKind.PUBLISH and effect is Effect.UNKNOWN
    return FailureKind.AMBIGUOUS if may_be_live else FailureKind.TRANSIENT_RETRY


def _failure(caller: Caller, kind: FailureKind, effect: Effect, message: str) -> RemoteFailure:
    return RemoteFailure(network=caller.network.label, kind=kind, effect=effect, message=message)


def _form_value(value: Json) -> str:
    if isinstance(value, bool | list | dict):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return str(value)


def _next_cursor(family: HostFamily, page: Mapping[str, Json], *, is_empty: bool) -> str:
    paging = page.get("paging")
    cursors = paging.get("cursors") if isinstance(paging, dict) else None
    after = cursors.get("after") if isinstance(cursors, dict) else None
    if not isinstance(paging, dict) or not isinstance(after, str):
        return ""
    is_last = is_empty if family is HostFamily.THREADS else "next" not in paging
    return "" if is_last else after


def _log(caller: Caller, call: CallKind, path: str, answer: GraphAnswer) -> None:
    error = answer.error
    logger.debug(
        "%s %s %s: HTTP %d, version %s, code %s/%s, trace %s",
        caller.family,
        call,
        path,
        answer.status,
        answer.headers.get("facebook-api-version", "-"),
        error and (error.symbol or error.code),
        error and error.subcode,
        error and error.trace_id,
    )

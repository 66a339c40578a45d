"""One client for all Graph hosts: builds requests, reads answers, follows cursors. It never repeats a call."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

from desktop.connectors.meta.addresses import HostFamily, MetaAddresses
from desktop.connectors.meta.answers import GraphAnswer, Json, parse_answer
from desktop.connectors.meta.errors import CallKind, classify
from desktop.connectors.meta.usage import UsageBoard, retry_after_header
from desktop.connectors.transport.http_transport import HttpTransport
from desktop.connectors.transport.messages import FileBody, HttpRequest, TransportFailure
from desktop.domain.errors import Effect, FailureKind, RemoteFailure
from desktop.domain.networks import Network
from desktop.kit.clock import Clock
from desktop.kit.i18n import tr
from desktop.services.publishing.ports import RemoteAccount

logger = logging.getLogger(__name__)

Params = Mapping[str, Json]

_FORM = ("Content-Type", "application/x-www-form-urlencoded")
_MOST_PAGES = 200
_SLOWEST_BYTES_PER_SECOND = 32 * 1024  # a line slower than this does not finish a film in a night anyway


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


@dataclass(frozen=True, slots=True)
class FilePart:
    """``length`` bytes of a file from ``offset`` to be sent in a form."""

    path: Path
    offset: int
    length: int
    mime_type: str
    on_sent: Callable[[int], object] | None = None


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

    def create_from_file(self, caller: Caller, path: str, params: Params, name: str, file: FilePart) -> str:
        """POST something that stays unseen with a file in it, as multipart form, and return its id."""
        answer = self._send(caller, CallKind.CREATE, path, self._with_file(caller, path, params, name, file))
        return self._id(caller, CallKind.CREATE, answer)

    def change(self, caller: Caller, path: str, params: Params, deadline: datetime | None = None) -> Mapping[str, Json]:
        """POST a change that may be repeated without harm and return the answered object.

        Nothing is sent after ``deadline``; an answer that says it did not succeed is a ``RemoteFailure``.
        """
        return self._call(caller, CallKind.CREATE, path, params, deadline)

    def post_once(
        self, caller: Caller, path: str, params: Params, deadline: datetime | None = None
    ) -> Mapping[str, Json]:
        """POST what people may see at once and return the answered object; nothing is sent after ``deadline``."""
        return self._call(caller, CallKind.PUBLISH, path, params, deadline)

    def delete(self, caller: Caller, path: str) -> None:
        """DELETE an object; deleting it twice does no harm."""
        url = f"{self._addresses.graph_root(caller.family)}/{quote(path, safe='/')}"
        self._send(caller, CallKind.CREATE, path, HttpRequest("DELETE", url, self._timeout, (_bearer(caller),)))

    def upload(
        self, caller: Caller, path: str, body: FileBody | None, headers: Mapping[str, str]
    ) -> Mapping[str, Json]:
        """POST bytes (or, without a body, only headers) to Meta's upload host and return the answered object.

        There the token's header has a form of its own (``meta-api.md`` §0). The call may take as long as a slow line
        needs.
        """
        url = f"{self._addresses.facebook_upload_url}/{quote(path, safe='/')}"
        size = body.length if body else 0
        timeout = self._timeout + timedelta(seconds=size / _SLOWEST_BYTES_PER_SECOND)
        named = (("Authorization", f"OAuth {caller.token}"), *headers.items())
        return self._send(caller, CallKind.CREATE, path, HttpRequest("POST", url, timeout, named, body or b""))

    def list_page(
        self, caller: Caller, path: str, params: Params, cursor: str | None
    ) -> tuple[list[Mapping[str, Json]], str | None]:
        """GET one page of a listing and return its objects and the cursor of the next, None on the last."""
        page = self.read(caller, path, {**params, "after": cursor} if cursor else params)
        rows = page.get("data")
        if not isinstance(rows, list):
            raise unclear(caller, CallKind.READ)
        return [row for row in rows if isinstance(row, dict)], _next_cursor(
            caller.family, page, is_empty=not rows
        ) or None

    def list_all(self, caller: Caller, path: str, params: Params) -> Iterator[Mapping[str, Json]]:
        """GET every page of a listing and yield its objects.

        A short or empty page does not end it: Threads ends without an ``after`` cursor or with an empty page, the
        other two without ``next`` (``meta-api.md`` §8). ``next`` itself holds the token and is never used.
        """
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            rows, cursor = self.list_page(caller, path, params, cursor)
            yield from rows
            if cursor is None:
                return
        # an unfinished list must not pass for a complete one: absence in it would count as proof
        raise unclear(caller, CallKind.READ)

    def _call(
        self, caller: Caller, call: CallKind, path: str, params: Params, deadline: datetime | None = None
    ) -> Mapping[str, Json]:
        return self._send(caller, call, path, self._request(caller, call, path, params, deadline))

    def _send(self, caller: Caller, call: CallKind, path: str, request: HttpRequest) -> Mapping[str, Json]:
        if not caller.token.isascii() or not caller.token.isprintable() or not caller.token.strip():
            raise _failure(caller, FailureKind.REAUTH, Effect.NOT_SENT, tr("This is not an access token."))
        try:
            answer = self._transport.send(request)
        except TransportFailure as problem:
            raise _failure(caller, _kind_unanswered(call, problem.effect), problem.effect, problem.reason) from None
        self.usage.note(caller.family, answer.headers, self._clock.now(), caller.owner_id)
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
        if call is CallKind.READ:
            return HttpRequest("GET", f"{url}?{form}" if form else url, self._timeout, (_bearer(caller),))
        return HttpRequest("POST", url, self._timeout, (_bearer(caller), _FORM), form.encode("ascii"), deadline)

    def _with_file(self, caller: Caller, path: str, params: Params, name: str, file: FilePart) -> HttpRequest:
        boundary = secrets.token_hex(16)
        fields = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{_form_value(value)}\r\n'
            for field, value in params.items()
            if value is not None
        )
        head = (
            f'{fields}--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="file"\r\n'
            f"Content-Type: {file.mime_type}\r\n\r\n"
        )
        body = FileBody(
            file.path, file.offset, file.length, file.on_sent, head.encode(), f"\r\n--{boundary}--\r\n".encode()
        )
        url = f"{self._addresses.graph_root(caller.family)}/{quote(path, safe='/')}"
        timeout = self._timeout + timedelta(seconds=file.length / _SLOWEST_BYTES_PER_SECOND)
        kind = ("Content-Type", f"multipart/form-data; boundary={boundary}")
        return HttpRequest("POST", url, timeout, (_bearer(caller), kind), body)

    def _retry_after(self, caller: Caller, answer: GraphAnswer) -> timedelta | None:
        return retry_after_header(answer.headers) or self.usage.regain_after(
            caller.family, caller.owner_id, self._clock.now()
        )

    def _id(self, caller: Caller, call: CallKind, answer: Mapping[str, Json]) -> str:
        found = answer.get("id")
        if isinstance(found, bool) or not isinstance(found, str | int) or not str(found):
            raise unclear(caller, call)
        return str(found)


def _bearer(caller: Caller) -> tuple[str, str]:
    return ("Authorization", f"Bearer {caller.token}")


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

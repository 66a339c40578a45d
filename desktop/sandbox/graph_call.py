"""Reads one request the way the Graph hosts do: version, node, edge, parameters from anywhere, token."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from starlette.requests import Request

from desktop.sandbox.errors import JSON, bad_parameter
from desktop.sandbox.model import Network
from desktop.sandbox.upload_forms import read_form
from desktop.sandbox.uploads import Upload, UploadStore

_VERSION = re.compile(r"v(\d+)\.\d+")
_OLDEST_LIVING = 21
_DEFAULT_VERSION = {Network.THREADS: "v1.0", Network.INSTAGRAM: "v25.0", Network.FACEBOOK: "v25.0"}


@dataclass(slots=True)
class GraphCall:
    """One parsed request. ``edge`` is empty for a call on the node itself; ``base_url`` has no slash at its end."""

    family: Network
    method: str
    path: str
    version: str
    node: str
    edge: str
    base_url: str
    token: str = field(repr=False)
    params: dict[str, str]
    files: dict[str, Upload] = field(default_factory=dict, repr=False)
    stream: AsyncIterator[bytes] | None = field(default=None, repr=False)
    """The body itself, of calls on the upload host."""
    is_json_body: bool = False

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter as it came."""
        return self.params.get(name, default)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean parameter: true, 1 and yes count as true."""
        value = self.params.get(name)
        return default if value is None else value.strip().lower() in {"true", "1", "yes"}

    def number(self, name: str, default: int) -> int:
        """Return an integer parameter; code 100 when it is none."""
        try:
            return int(self.params.get(name, default))
        except ValueError:
            raise bad_parameter(f"Param {name} must be an integer", blamed=name) from None

    def instant(self, name: str) -> datetime | None:
        """Return a unix or ISO 8601 time; code 100 when it is neither."""
        value = self.params.get(name)
        if not value:
            return None
        try:
            if re.fullmatch(r"\d+(\.\d+)?", value):
                return datetime.fromtimestamp(float(value), UTC)
            parsed = datetime.fromisoformat(value)
        except (ValueError, OverflowError, OSError):
            raise bad_parameter(f"Param {name} must be a unix or ISO 8601 time", blamed=name) from None
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)

    def ids(self, name: str) -> list[str]:
        """Return a list of ids sent as a comma list or a JSON list."""
        value = self.text(name).strip()
        if value.startswith("["):
            items = self.document(name)
            return [str(i) for i in items] if isinstance(items, list) else []
        return [i.strip() for i in value.split(",") if i.strip()]

    def document(self, name: str) -> JSON:
        """Return a parameter holding JSON; code 100 when it does not parse."""
        try:
            document: JSON = json.loads(self.text(name))
        except ValueError:
            raise bad_parameter(f"Param {name} must be valid JSON", blamed=name) from None
        return document

    def indexed(self, name: str) -> Iterator[JSON]:
        """Yield ``name[0]``, ``name[1]``... sent form style, or the items of ``name`` sent as one JSON list."""
        if name in self.params:
            items = self.document(name)
            yield from items if isinstance(items, list) else [items]
            return
        keys = [k for k in self.params if re.fullmatch(re.escape(name) + r"\[\d+\]", k)]
        for key in sorted(keys, key=lambda k: int(k[len(name) + 1 : -1])):
            yield self.document(key)


async def read_call(request: Request, family: Network, path: str, uploads: UploadStore) -> GraphCall:
    """Parse ``request``; ``path`` is what follows the network's prefix, and files it carries go to ``uploads``."""
    params = dict(request.query_params)
    files: dict[str, Upload] = {}
    if request.method in {"POST", "DELETE"}:
        body, files = await _read_body(request, uploads)
        params |= body
    version, node, edge = split_path(family, path)
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    token = params.pop("access_token", "") or (bearer if scheme.lower() in {"bearer", "oauth"} else "")
    if scheme.lower() == "basic":
        params = _app_credentials(bearer) | params
    if not params.get("fields", "all"):
        del params["fields"]  # as if it had not been sent
    return GraphCall(
        family,
        request.method,
        request.url.path,
        version,
        node,
        edge,
        base_url=str(request.base_url).rstrip("/"),
        token=token,
        params=params,
        files=files,
        is_json_body=_content_type(request) == "application/json",
    )


def split_path(family: Network, path: str) -> tuple[str, str, str]:
    """Return version, node and edge; a dead version becomes the oldest living one, none the family's default."""
    parts = [p for p in path.split("/") if p]
    version = _DEFAULT_VERSION[family]
    if parts and (found := _VERSION.fullmatch(parts[0])):
        version = parts.pop(0)
        if family is not Network.THREADS and int(found[1]) < _OLDEST_LIVING:
            version = f"v{_OLDEST_LIVING}.0"
    return version, parts[0] if parts else "", "/".join(parts[1:])


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _app_credentials(basic: str) -> dict[str, str]:
    """Return what an app may also send as HTTP Basic (RFC 6749 §2.3.1), as ``requests-oauthlib`` does."""
    try:
        client_id, _, secret = base64.b64decode(basic).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return {}
    return {"client_id": client_id, "client_secret": secret}


async def _read_body(request: Request, uploads: UploadStore) -> tuple[dict[str, str], dict[str, Upload]]:
    content_type = _content_type(request)
    if content_type == "multipart/form-data":
        return await read_form(request.headers["content-type"], request.stream(), uploads)
    raw = await request.body()
    if content_type == "application/json" and raw:
        try:
            document = json.loads(raw)
        except ValueError:
            raise bad_parameter("The request body is not valid JSON") from None
        return (_as_text(document) if isinstance(document, dict) else {}), {}
    return dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)), {}


def _as_text(document: Mapping[str, JSON]) -> dict[str, str]:
    """JSON bodies mean the same as forms: nested values become JSON text, flags become true and false."""
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in document.items() if v is not None}

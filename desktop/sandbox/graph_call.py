"""Reads one request the way the Graph hosts do: version, node, edge, parameters from anywhere, token."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from desktop.sandbox.errors import JSON, bad_parameter
from desktop.sandbox.model import Network

_VERSION = re.compile(r"v(\d+)\.\d+")
_OLDEST_LIVING = 21
_LARGEST_UPLOAD_BYTES = 1 << 30
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
    files: dict[str, bytes] = field(default_factory=dict, repr=False)

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


async def read_call(request: Request, family: Network, path: str) -> GraphCall:
    """Parse ``request``; ``path`` is what follows the network's prefix."""
    params = dict(request.query_params)
    files: dict[str, bytes] = {}
    if request.method in {"POST", "DELETE"}:
        body, files = await _read_body(request)
        params |= body
    parts = [p for p in path.split("/") if p]
    version = _DEFAULT_VERSION[family]
    if parts and (found := _VERSION.fullmatch(parts[0])):
        version = parts.pop(0)
        if family is not Network.THREADS and int(found[1]) < _OLDEST_LIVING:
            version = f"v{_OLDEST_LIVING}.0"
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    token = params.pop("access_token", "") or (bearer if scheme.lower() in {"bearer", "oauth"} else "")
    return GraphCall(
        family,
        request.method,
        request.url.path,
        version,
        node=parts[0] if parts else "",
        edge="/".join(parts[1:]),
        base_url=str(request.base_url).rstrip("/"),
        token=token,
        params=params,
        files=files,
    )


async def _read_body(request: Request) -> tuple[dict[str, str], dict[str, bytes]]:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "multipart/form-data":
        return await _read_multipart(request)
    raw = await request.body()
    if content_type == "application/json" and raw:
        try:
            document = json.loads(raw)
        except ValueError:
            raise bad_parameter("The request body is not valid JSON") from None
        return (_as_text(document) if isinstance(document, dict) else {}), {}
    return dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)), {}


async def _read_multipart(request: Request) -> tuple[dict[str, str], dict[str, bytes]]:
    parser = MultiPartParser(request.headers, request.stream())
    parser.spool_max_size = _LARGEST_UPLOAD_BYTES  # in memory: files on disk would be read on pool threads
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise bad_parameter(f"The request body is not valid multipart: {error.message}") from None
    params: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files[name] = await value.read()
        else:
            params[name] = value
    await form.close()
    return params, files


def _as_text(document: Mapping[str, JSON]) -> dict[str, str]:
    """JSON bodies mean the same as forms: nested values become JSON text, flags become true and false."""
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in document.items() if v is not None}

"""Which bucket is the relay, written as one address without any secret.

``s3://bucket/prefix?endpoint=https://…&region=…&style=path|virtual``, ``az://container/prefix?account=…&endpoint=…``,
``gs://bucket/prefix?endpoint=…``. Each takes ``public=https://…``: the address under which anyone can read what lies
below the prefix. Without it addresses are signed for a short time.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from desktop.domain.errors import InsecureAddress, InvalidInput
from desktop.kit.i18n import tr

_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}", re.ASCII)
_PREFIX = re.compile(r"([A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?", re.ASCII)
_WORD = re.compile(r"[a-z0-9-]{1,63}", re.ASCII)
_STYLES = ("path", "virtual")


class StoreKind(StrEnum):
    """Whose protocol the store speaks."""

    S3 = "s3"
    AZURE = "az"
    GOOGLE = "gs"


_OPTIONS = {
    StoreKind.S3: {"endpoint", "region", "style", "public"},
    StoreKind.AZURE: {"endpoint", "account", "public"},
    StoreKind.GOOGLE: {"endpoint", "public"},
}


@dataclass(frozen=True, slots=True)
class Relay:
    """A bucket (for Azure: a container) and how it is reached. Empty means "the store's own default"."""

    kind: StoreKind
    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    account: str = ""
    style: str = ""
    public: str = ""

    def __str__(self) -> str:
        """Return the address it was read from, in one spelling."""
        named = {
            "account": self.account,
            "endpoint": self.endpoint,
            "public": self.public,
            "region": self.region,
            "style": self.style,
        }
        options = urlencode({name: value for name, value in named.items() if value}, safe="/:")
        path = f"/{self.prefix}" if self.prefix else ""
        return f"{self.kind.value}://{self.bucket}{path}" + (f"?{options}" if options else "")

    @property
    def location(self) -> tuple[str, ...]:
        """Where its keys are sent: they belong to this place and to no other."""
        return self.kind.value, self.bucket, self.account, self.endpoint

    @property
    def is_local(self) -> bool:
        """Whether files are served from an address that means nothing on the internet."""
        served_from = self.public or self.endpoint
        return bool(served_from) and _is_private(urlsplit(served_from).hostname or "")

    @property
    def host(self) -> str:
        """The name of the place for people."""
        return urlsplit(self.public or self.endpoint).hostname or self.bucket

    def public_address(self, key: str) -> str:
        """Return the public address of an object."""
        return f"{self.public}/{quote(key)}"


@dataclass(frozen=True, slots=True)
class RelayCredentials:
    """Keys of a store; ``secret`` never shows in a repr.

    S3: access key id and secret access key. Azure: account key, or a SAS token (which cannot sign, so it needs a public
    address). Google: the JSON of a service account's key, or the path of its file.
    """

    key_id: str
    secret: str
    session_token: str = ""

    def __repr__(self) -> str:
        return f"RelayCredentials({self.key_id!r})"


# names of key id and key (the first that is set) in the environment, by store
_VARIABLES: dict[StoreKind, tuple[str, tuple[str, ...]]] = {
    StoreKind.S3: ("AWS_ACCESS_KEY_ID", ("AWS_SECRET_ACCESS_KEY",)),
    StoreKind.AZURE: ("AZURE_STORAGE_ACCOUNT_NAME", ("AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_SAS_TOKEN")),
    StoreKind.GOOGLE: ("", ("GOOGLE_SERVICE_ACCOUNT_KEY", "GOOGLE_APPLICATION_CREDENTIALS")),
}
_SESSION_TOKEN = "AWS_SESSION_TOKEN"  # noqa: S105 - the name of a variable
STORE_VARIABLES = (*(name for key_id, keys in _VARIABLES.values() for name in (key_id, *keys) if name), _SESSION_TOKEN)
"""The variables the stores' own tools read."""


def given_credentials(kind: StoreKind, variables: Mapping[str, str]) -> RelayCredentials | None:
    """Return the keys that ``variables`` hold for a kind of store, or None."""
    name_of_id, names = _VARIABLES[kind]
    secret = next((variables[name] for name in names if variables.get(name)), "")
    key_id = variables.get(name_of_id, "")
    if not secret or (kind is StoreKind.S3 and not key_id):
        return None
    return RelayCredentials(key_id, secret, variables.get(_SESSION_TOKEN, "") if kind is StoreKind.S3 else "")


def read_relay(text: str) -> Relay:
    """Return the relay an address names; ``InvalidInput`` (field "relay") or ``InsecureAddress``."""
    try:
        parts = urlsplit(text.strip())
        kind, bucket = StoreKind(parts.scheme), parts.netloc
    except ValueError:
        raise _wrong(tr("it must look like s3://bucket/prefix, az://container/prefix or gs://bucket/prefix")) from None
    if "@" in bucket:
        raise _wrong(tr("keys do not belong into the address"))
    if _BUCKET.fullmatch(bucket) is None:
        raise _wrong(tr("“{bucket}” is not the name of a bucket", bucket=bucket))
    prefix = parts.path.strip("/")
    if _PREFIX.fullmatch(prefix) is None or parts.fragment:
        raise _wrong(tr("the prefix may have letters, digits, dots, hyphens and slashes only"))
    options = _options(kind, parts.query)
    if kind is StoreKind.AZURE and not options.get("account"):
        raise _wrong(tr("Azure needs the name of the storage account: ?account=…"))
    return Relay(kind, bucket, prefix, **options)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost"


def _options(kind: StoreKind, query: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in _OPTIONS[kind] or name in options:
            known = ", ".join(sorted(_OPTIONS[kind]))
            raise _wrong(tr("“{name}” is not an option here; there are {known}", name=name, known=known))
        options[name] = _web_address(name, value) if name in ("endpoint", "public") else value
        if name in ("region", "account") and _WORD.fullmatch(value) is None:
            raise _wrong(tr("“{value}” is no {name}", value=value, name=name))
        if name == "style" and value not in _STYLES:
            raise _wrong(tr("style must be one of {choices}", choices=", ".join(_STYLES)))
    return options


def _web_address(name: str, value: str) -> str:
    """Return an https address (http: this computer only) without a trailing slash."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port  # reading the port is what checks it
    except ValueError:
        raise _wrong(tr("{name} is not an address", name=name)) from None
    if parts.scheme not in ("http", "https") or not host or not value.isascii() or set(value) & set(' "<>\\^`{|}'):
        raise _wrong(tr("{name} is not an address", name=name))
    if parts.username is not None or parts.query or parts.fragment:
        raise _wrong(tr("{name} must be a plain address without keys or options", name=name))
    if parts.scheme == "http" and not _is_loopback(host):
        raise InsecureAddress(name=name)
    return value.rstrip("/")


def _wrong(reason: str) -> InvalidInput:
    return InvalidInput(field="relay", reason=reason)

"""Which addresses may be talked to: https anywhere, plain http to this computer only."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from desktop.domain.errors import InsecureAddress


def require_secure(url: str, name: str) -> str:
    """Return ``url``; ``InsecureAddress`` carrying ``name`` when it is neither https nor http to loopback."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # reading the port is what checks it
    except ValueError:
        raise InsecureAddress(name=name) from None
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        raise InsecureAddress(name=name)
    return url


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this computer: ``localhost``, ``127.0.0.0/8`` or ``::1``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

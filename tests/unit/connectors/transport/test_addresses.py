from __future__ import annotations

import pytest

from desktop.connectors.transport.addresses import require_secure
from desktop.domain.errors import InsecureAddress

ACCEPTED = [
    "https://graph.threads.net",
    "https://10.0.0.7:8443/x",
    "http://127.0.0.1:8000/threads",
    "http://127.9.9.9",
    "http://localhost:1",
    "http://[::1]:8000",
]
REFUSED = [
    "http://graph.threads.net",
    "http://10.0.0.7",
    "http://0.0.0.0",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://user@example.com@127.0.0.1.example.com",
    "http://[::2]",
    "ftp://127.0.0.1",
    "127.0.0.1:8000",
    "https://",
    "https://[",
    "https://graph.threads.net:99999",
    "http://127.0.0.1:x",
    "",
]


@pytest.mark.parametrize("url", ACCEPTED)
def test_https_or_this_computer(url: str) -> None:
    assert require_secure(url, "X") == url


@pytest.mark.parametrize("url", REFUSED)
def test_everything_else_is_refused_by_name(url: str) -> None:
    with pytest.raises(InsecureAddress) as caught:
        require_secure(url, "TIDINGS_THREADS_GRAPH_URL")
    assert "TIDINGS_THREADS_GRAPH_URL" in caught.value.title

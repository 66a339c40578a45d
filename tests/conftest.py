"""Rules every test lives under: nothing leaves this computer, nothing outlives the test, no own setting is touched."""

from __future__ import annotations

import ipaddress
import itertools
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# "ci" draws the same examples on every machine, so a red run can be repeated; "search" looks for new ones:
# pytest --hypothesis-profile=search
settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile("search", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("ci")

THREAD_GRACE_SECONDS = 5.0
HOME_VARIABLES = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA")
_numbers = itertools.count()


class OutsideAddressError(RuntimeError):
    """A test tried to reach a machine other than this one."""


def _is_loopback(host: object) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _guarded(original: Callable[..., Any], name: str, refused: list[str]) -> Callable[..., Any]:
    def call(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[-1]  # sendto(data, [flags,] address)
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            refused.append(f"{name} {address}")
            raise OutsideAddressError(f"tests may {name} only on loopback, not {address}")
        return original(self, *arguments)

    return call


def _guarded_lookup(original: Callable[..., Any], refused: list[str]) -> Callable[..., Any]:
    def getaddrinfo(host: Any, *arguments: Any, **keywords: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not _is_loopback(name):
            refused.append(f"look up {name}")
            raise OutsideAddressError(f"tests may not look up {name}")
        return original(host, *arguments, **keywords)

    return getaddrinfo


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail a test after which a thread it started still runs. Threads of wider fixtures are older than the test."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + THREAD_GRACE_SECONDS
    # dummy threads stand for threads Python did not start (Qt's pool); they never leave the list
    leaked = [t for t in threading.enumerate() if t not in before and not isinstance(t, threading._DummyThread)]
    for thread in leaked:
        thread.join(max(0.0, deadline - time.monotonic()))
    alive = [thread.name for thread in leaked if thread.is_alive()]
    assert not alive, f"threads still running after the test: {alive}"


@pytest.fixture(autouse=True)
def refused_addresses(no_leaked_threads: None) -> Iterator[list[str]]:
    """Refuse sockets outside loopback, and fail the test even when its code swallowed the refusal.

    A test whose subject is such a refusal clears the list.
    """
    refused: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "bind", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name), name, refused))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo, refused))
        yield refused
    assert not refused, f"reached outside loopback: {refused}"


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def isolated_home(_homes: Path, refused_addresses: list[str]) -> Iterator[Path]:
    """Give each test its own home folder, no TIDINGS_* setting of the developer, and no real keychain."""
    home = _homes / str(next(_numbers))
    runtime = home / "run"
    runtime.mkdir(parents=True)
    runtime.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("TIDINGS_")]:
            patch.delenv(name)
        for name in HOME_VARIABLES:
            patch.setenv(name, str(home / name.lower()))
        patch.setenv("HOME", str(home))
        patch.setenv("USERPROFILE", str(home))
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        yield home


class _ErrorRecords(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_logged_errors(request: pytest.FixtureRequest, no_leaked_threads: None) -> Iterator[None]:
    """Fail a test during which something was logged as an error: the guards that catch bugs only log them.

    A test that takes ``caplog`` judges the log itself; one that provokes a guard is marked ``logs_errors``.
    """
    handler = _ErrorRecords()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    if "caplog" not in request.fixturenames and request.node.get_closest_marker("logs_errors") is None:
        assert not handler.lines, f"logged as errors: {handler.lines}"

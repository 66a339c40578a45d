"""The guards of tests/conftest.py: each one fails a test that does what it forbids."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

GUARDED = (Path(__file__).resolve().parents[1] / "conftest.py").read_text(encoding="utf-8")

FAILING = {
    "leaked thread": (
        "import threading\n"
        "STOP = threading.Event()\n"
        "def test_it(monkeypatch):\n"
        "    import conftest\n"
        "    conftest.THREAD_GRACE_SECONDS = 0.01\n"
        "    threading.Thread(target=STOP.wait, name='forgotten', daemon=True).start()\n",
        "*still running after the test: *forgotten*",
    ),
    "connect": (
        "import socket\ndef test_it():\n    with socket.socket() as s:\n        s.connect(('192.0.2.1', 80))\n",
        "*OutsideAddressError*",
    ),
    "swallowed connect": (
        "import contextlib, socket\n"
        "def test_it():\n"
        "    with contextlib.suppress(Exception), socket.socket() as s:\n"
        "        s.connect(('192.0.2.1', 80))\n",
        "*reached outside loopback: *192.0.2.1*",
    ),
    "bind to every address": (
        "import socket\ndef test_it():\n    with socket.socket() as s:\n        s.bind(('0.0.0.0', 0))\n",
        "*OutsideAddressError*",
    ),
    "look up a name": (
        "import socket\ndef test_it():\n    socket.getaddrinfo('graph.example', 443)\n",
        "*may not look up graph.example*",
    ),
    "logged error": (
        "import logging\ndef test_it():\n    logging.getLogger('worker').error('lane died')\n",
        "*logged as errors: *worker: lane died*",
    ),
}

PASSING = """
import logging, os, socket, threading
from pathlib import Path
import pytest
from hypothesis import given, strategies as st

def test_loopback():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass

def test_finished_thread():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()

@pytest.mark.logs_errors
def test_provoked_guard():
    logging.getLogger("worker").error("lane died")

def test_judged_log(caplog):
    logging.getLogger("worker").error("lane died")
    assert caplog.messages == ["lane died"]

@given(st.integers())
def test_property(number):
    assert number == number

def test_home(isolated_home):
    assert Path.home() == isolated_home
    assert "TIDINGS_PROFILE" not in os.environ

def test_no_keychain():
    import keyring
    with pytest.raises(keyring.errors.NoKeyringError):
        keyring.get_password("tidings", "token")
"""


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    pytester.makeconftest(GUARDED)
    pytester.makeini("[pytest]\nmarkers = logs_errors: expected\n")
    monkeypatch.setenv("TIDINGS_PROFILE", "the developer's own")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return pytester


@pytest.mark.parametrize(("source", "message"), FAILING.values(), ids=FAILING)
def test_a_guard_fails_the_test(inner: pytest.Pytester, source: str, message: str) -> None:
    inner.makepyfile(source)
    result = inner.runpytest_subprocess("-p", "no:cacheprovider")
    result.stdout.fnmatch_lines([message])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_what_is_proper_passes(inner: pytest.Pytester) -> None:
    inner.makepyfile(PASSING)
    result = inner.runpytest_subprocess("-p", "no:cacheprovider", "-W", "error")
    result.assert_outcomes(passed=7)


def test_qt_starts_without_a_screen() -> None:
    assert os.environ["QT_QPA_PLATFORM"]

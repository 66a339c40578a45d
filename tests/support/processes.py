"""The real program as processes: commands, the sandbox and the worker, as a person starts them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (sys.executable, "-m", "desktop")
PATIENCE_SECONDS = 90.0
Value = TypeVar("Value")


@dataclass(frozen=True)
class Finished:
    """What a command left behind."""

    status: int
    stdout: str
    stderr: str

    @property
    def error(self) -> dict[str, Any]:
        """The error object of ``--json``."""
        error: dict[str, Any] = json.loads(self.stdout)["error"]
        return error


class CommandLine:
    """Runs ``tidings`` on one profile, with an encrypted file for its secrets."""

    def __init__(self, profile: Path, networks: str | None = None) -> None:
        """``networks`` is the address of a sandbox."""
        self.profile = profile
        self.environment = {
            **os.environ,
            "TIDINGS_PROFILE": str(profile),
            "TIDINGS_SECRET_STORE": "file",
            "TIDINGS_PASSPHRASE": "only for tests",
            **(addresses(networks) if networks else {}),
        }

    def run(self, *arguments: str, stdin: str = "") -> Finished:
        """Run a command to its end."""
        done = subprocess.run(
            [*PROGRAM, *arguments],
            cwd=ROOT,
            env=self.environment,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    def json(self, *arguments: str, stdin: str = "") -> Any:
        """Run a command that must succeed and return its document, the only thing on standard output."""
        done = self.run(*arguments, "--json", stdin=stdin)
        assert done.status == 0, done
        return json.loads(done.stdout)

    def refused(self, *arguments: str, stdin: str = "") -> dict[str, Any]:
        """Run a command that must fail in an expected way and return its error."""
        done = self.run(*arguments, "--json", stdin=stdin)
        assert done.status == 1, done
        assert done.error["title"] in done.stderr
        assert "Traceback" not in done.stderr
        return done.error

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Run a command meanwhile; whatever still runs afterwards is killed."""
        process = subprocess.Popen(
            [*PROGRAM, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()


@contextmanager
def sandbox(*arguments: str) -> Iterator[str]:
    """Run ``tidings sandbox`` and yield its address."""
    with subprocess.Popen(
        [*PROGRAM, "sandbox", *arguments], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            assert process.stdout is not None
            word, _, url = process.stdout.readline().strip().partition(" ")
            assert word == "ready"
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_SECONDS)


def addresses(sandbox_url: str) -> Mapping[str, str]:
    """Return the variables that put a sandbox in the place of Meta."""
    hosts = {
        "FACEBOOK_GRAPH": "facebook",
        "FACEBOOK_DIALOG": "dialog",
        "FACEBOOK_UPLOAD": "rupload",
        "INSTAGRAM_GRAPH": "instagram",
        "INSTAGRAM_OAUTH": "instagram",
        "INSTAGRAM_DIALOG": "dialog",
        "THREADS_GRAPH": "threads",
        "THREADS_DIALOG": "dialog",
    }
    return {f"TIDINGS_{name}_URL": f"{sandbox_url}/{path}" for name, path in hosts.items()}


def token(sandbox_url: str, network: str, purpose: str = "ready") -> str:
    """Return a token of the first account of ``network`` with that purpose."""
    accounts = httpx.get(f"{sandbox_url}/_sandbox/accounts", trust_env=False).json()["accounts"]
    return str(next(a["token"] for a in accounts if a["network"] == network and a["purpose"] == purpose))


def ledger(sandbox_url: str) -> list[dict[str, Any]]:
    """Return what the sandbox really published, in order."""
    posts: list[dict[str, Any]] = httpx.get(f"{sandbox_url}/_sandbox/ledger", trust_env=False).json()["posts"]
    return posts


def wait_for(look: Callable[[], Value], is_enough: Callable[[Value], bool], seconds: float = PATIENCE_SECONDS) -> Value:
    """Look again and again until it is enough; fail with the last sight. For states other processes bring about."""
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if is_enough(seen):
            return seen
        assert time.monotonic() < deadline, f"still: {seen}"
        time.sleep(0.05)


def connect(tidings: CommandLine, sandbox_url: str, networks: Sequence[str]) -> dict[str, str]:
    """Connect the first ready account of each network; return the account ids by network."""
    ids = {}
    for network in networks:
        document = tidings.json("account", "connect", network, "--token", "-", stdin=token(sandbox_url, network) + "\n")
        ids[network] = document["id"]
    return ids

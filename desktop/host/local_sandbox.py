"""The workspace's own sandbox: found when it runs, started when it does not, gone with the program."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

import filelock

from desktop.domain.networks import Network
from desktop.host.atomic_file import write_private
from desktop.host.child_process import ChildProcess
from desktop.host.http_get import Answer, get
from desktop.host.paths import Profile
from desktop.kit.i18n import tr
from desktop.services.onboarding.ports import ReadyAccount, SandboxUnavailable

START_SECONDS = 30.0
ANSWER_SECONDS = 3.0


class LocalSandbox:
    """One sandbox per profile, shared by its window, worker and commands. Safe to share between threads."""

    def __init__(self, profile: Profile) -> None:
        """Nothing is started before it is needed."""
        self._profile = profile
        self._note = profile.run / "sandbox.json"
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._url: str | None = None

    def address(self) -> str:
        """Return ``http://127.0.0.1:PORT`` of a sandbox that answers; ``SandboxUnavailable``."""
        with self._lock, filelock.FileLock(self._profile.run / "sandbox.lock", fallback_to_soft=False):
            if self._url is None or not _answers(self._url):
                self._url = self._find() or self._start()
            return self._url

    def ready_accounts(self) -> Sequence[ReadyAccount]:
        """Return the accounts that may publish; ``SandboxUnavailable``."""
        answer = _ask(f"{self.address()}/_sandbox/accounts")
        if answer is None:
            raise SandboxUnavailable(reason=tr("it does not answer"))
        accounts = json.loads(answer.body)["accounts"]
        return [
            ReadyAccount(Network(account["network"]), account["id"], account["token"])
            for account in accounts
            if account["purpose"] == "ready"
        ]

    def close(self) -> None:
        """End the sandbox if this process started it."""
        with self._lock:
            self._url = None
            if self._child is not None:
                self._child.stop()
                self._child = None

    def _find(self) -> str | None:
        url = self._last_url()
        return url if url is not None and _answers(url) else None

    def _last_url(self) -> str | None:
        try:
            url: str = json.loads(self._note.read_bytes())["url"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return url

    def _start(self) -> str:
        # the port of last time first, so that the addresses of what was published stay good
        last = urlsplit(self._last_url() or "").port or 0
        for port in dict.fromkeys((last, 0)):
            url = self._start_on(port)
            if url is not None:
                write_private(self._note, json.dumps({"url": url}).encode())
                return url
        raise SandboxUnavailable(reason=tr("it ended at once"))

    def _start_on(self, port: int) -> str | None:
        if self._child is not None:
            self._child.stop()
        state = str(self._profile.sandbox_state)
        arguments = ["sandbox", "--port", str(port), "--state", state, "--exit-with-parent"]
        try:
            self._child = ChildProcess(arguments, log=self._profile.logs / "sandbox.log")
        except OSError as error:
            raise SandboxUnavailable(reason=error.strerror or str(error)) from error
        return self._child.wait_for_line("ready", START_SECONDS)


def _answers(url: str) -> bool:
    return _ask(f"{url}/_sandbox/clock") is not None


def _ask(url: str) -> Answer | None:
    try:
        answer = get(url, ANSWER_SECONDS)
    except OSError:
        return None
    return answer if answer.status == HTTPStatus.OK else None

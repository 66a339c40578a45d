"""The workspace's own sandbox as a process: found, shared, started again, never left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from desktop.host.local_sandbox import LocalSandbox
from desktop.host.paths import Profile
from desktop.services.onboarding.ports import SandboxUnavailable
from tests.support.processes import ROOT, wait_for


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    profile = Profile(tmp_path)
    profile.prepare()
    return profile


@pytest.fixture
def sandbox(profile: Profile) -> Iterator[LocalSandbox]:
    sandbox = LocalSandbox(profile)
    yield sandbox
    sandbox.close()


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/_sandbox/clock", trust_env=False).is_success
    except httpx.TransportError:
        return False


def test_one_sandbox_per_profile_gone_with_its_owner(profile: Profile, sandbox: LocalSandbox) -> None:
    url = sandbox.address()
    assert sandbox.address() == url
    other = LocalSandbox(profile)
    assert other.address() == url
    other.close()
    assert answers(url)
    accounts = sandbox.ready_accounts()
    assert {account.network.value for account in accounts} == {"threads", "instagram", "facebook"}
    assert accounts[0].token not in repr(accounts)
    sandbox.close()
    assert not answers(url)


def test_it_comes_back_at_the_same_address_with_what_it_knew(profile: Profile, sandbox: LocalSandbox) -> None:
    url, accounts = sandbox.address(), sandbox.ready_accounts()
    sandbox.close()
    assert (sandbox.address(), sandbox.ready_accounts()) == (url, accounts)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_it_ends_when_its_owner_is_killed(profile: Profile) -> None:
    code = (
        "import sys; from pathlib import Path; from desktop.host.local_sandbox import LocalSandbox\n"
        "from desktop.host.paths import Profile\n"
        "print(LocalSandbox(Profile(Path(sys.argv[1]))).address(), flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(profile.dir)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        url = owner.stdout.readline().strip()
        assert answers(url)
        os.kill(owner.pid, signal.SIGKILL)
    wait_for(lambda: answers(url), lambda is_there: not is_there)


def test_one_that_cannot_start_says_so(profile: Profile) -> None:
    profile.sandbox_state.write_text("{ damaged\n")
    sandbox = LocalSandbox(profile)
    with pytest.raises(SandboxUnavailable):
        sandbox.address()
    sandbox.close()
    assert (profile.logs / "sandbox.log").stat().st_size > 0

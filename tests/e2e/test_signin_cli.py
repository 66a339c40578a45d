"""Signing in from the command line: real processes, the sandbox's dialogs, a browser that is a script."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.dialogs import allow, open_consent, press
from tests.support.processes import PATIENCE_SECONDS, PROGRAM, ROOT, CommandLine, sandbox

PEOPLE = {"threads": "Tidings Daily", "instagram": "Tidings Studio", "facebook": "Alex Sandbox"}
# signs in as a person would and follows every redirect, back to the program
_BROWSER = """
import sys
sys.path.insert(0, {root!r})
import httpx
from tests.support.dialogs import allow
with httpx.Client(trust_env=False, verify=False) as http:
    http.get(allow(http, sys.argv[1], {who!r}), follow_redirects=True)
"""


@pytest.fixture(scope="module")
def networks() -> Iterator[str]:
    with sandbox("--seed", "11") as url:
        yield url


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, verify=False) as http:
        yield http


@pytest.fixture
def tidings(networks: str, tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "profile", networks)


def no_secret_in(tidings: CommandLine, networks: str, said: str) -> None:
    """Nothing the sandbox calls a secret may stand in what was said or in a file of the profile."""
    listed = httpx.get(f"{networks}/_sandbox/accounts", trust_env=False, verify=False).json()
    secrets = {account["token"] for account in listed["accounts"]} | {app["secret"] for app in listed["apps"]}
    files = [path for path in tidings.profile.rglob("*") if path.is_file()]
    texts = [said.encode(), *(path.read_bytes() for path in files)]
    assert secrets
    assert not [secret for secret in secrets for text in texts if secret.encode() in text]


@pytest.mark.parametrize("network", PEOPLE)
def test_with_the_browser(tidings: CommandLine, networks: str, tmp_path: Path, network: str) -> None:
    script = tmp_path / "browser.py"
    script.write_text(_BROWSER.format(root=str(ROOT), who=PEOPLE[network]), encoding="utf-8")
    tidings.environment["BROWSER"] = f"{sys.executable} {script} %s"
    done = tidings.run("account", "connect", network, "--browser", "--all", "--json")
    assert done.status == 0, done
    document = json.loads(done.stdout)
    assert document["missing_scopes"] == []
    assert {account["state"] for account in document["accounts"]} == {"connected"}
    assert {account["network"] for account in document["accounts"]} >= {network}
    account = document["accounts"][0]
    checked = tidings.json("account", "check", account["id"])
    assert [finding["code"] for finding in checked["findings"]] == ["fine"]
    refreshed = tidings.refused("account", "refresh", account["id"])
    assert refreshed["code"] == "refresh_not_possible"
    assert tidings.json("account", "disconnect", account["id"])["state"] == "disconnected"
    no_secret_in(tidings, networks, done.stdout + done.stderr)


class Pasting:
    """A command that waits for the address of the last page."""

    def __init__(self, tidings: CommandLine, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*PROGRAM, *arguments, "--paste", "--json"],
            cwd=ROOT,
            env=tidings.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self.process.stderr is not None
        self.process.stderr.readline()
        self.url = self.process.stderr.readline().strip()

    def paste(self, *lines: str) -> tuple[int, Any]:
        out, _ = self.process.communicate("\n".join(lines) + "\n", PATIENCE_SECONDS)
        return self.process.returncode, json.loads(out)


def test_with_a_pasted_address_and_a_choice(tidings: CommandLine, browser: httpx.Client) -> None:
    pasting = Pasting(tidings, "account", "connect", "facebook")
    status, document = pasting.paste(allow(browser, pasting.url, PEOPLE["facebook"]), "1, 3")
    assert status == 0
    assert len(document["accounts"]) == 2


def test_no_choice_at_all(tidings: CommandLine, browser: httpx.Client) -> None:
    pasting = Pasting(tidings, "account", "connect", "facebook")
    status, document = pasting.paste(allow(browser, pasting.url, PEOPLE["facebook"]), "")
    assert (status, document["error"]["code"]) == (1, "invalid_input")


def test_the_bounce_page_shows_the_address_when_nobody_listens(tidings: CommandLine, browser: httpx.Client) -> None:
    pasting = Pasting(tidings, "account", "connect", "threads")
    landed = browser.get(allow(browser, pasting.url, PEOPLE["threads"]))
    assert landed.status_code == 200
    status, document = pasting.paste(str(landed.url))
    assert (status, len(document["accounts"])) == (0, 1)


def test_a_refusal_and_another_sign_in(tidings: CommandLine, browser: httpx.Client) -> None:
    pasting = Pasting(tidings, "account", "connect", "threads")
    address, form = open_consent(browser, pasting.url, PEOPLE["threads"])
    status, document = pasting.paste(press(browser, address, form.hidden, "cancel"))
    assert (status, document["error"]["code"]) == (1, "sign_in_denied")
    other = Pasting(tidings, "account", "connect", "threads")
    status, document = other.paste(allow(browser, pasting.url, PEOPLE["threads"]))
    assert (status, document["error"]["code"]) == (1, "sign_in_wrong_state")


@pytest.mark.parametrize(("pasted", "code"), [("", "sign_in_not_finished"), ("hello", "sign_in_address_unreadable")])
def test_what_is_no_address(tidings: CommandLine, pasted: str, code: str) -> None:
    status, document = Pasting(tidings, "account", "connect", "threads").paste(pasted)
    assert (status, document["error"]["code"]) == (1, code)


def test_a_closed_browser(tidings: CommandLine) -> None:
    tidings.environment["BROWSER"] = f"{sys.executable} -c pass %s"
    error = tidings.refused("account", "connect", "threads", "--browser", "--wait", "1")
    assert error["code"] == "sign_in_not_finished"
    assert "paste" in error["advice"]


def test_an_app_of_ones_own(tidings: CommandLine, networks: str) -> None:
    secret = "0123456789abcdef0123"
    shown = tidings.json("account", "app", "threads", "--id", "4711", "--secret", "-", stdin=secret + "\n")
    assert shown == {"network": "threads", "id": "4711", "redirect_uri": "", "config_id": ""}
    assert tidings.json("account", "app", "threads") == shown
    assert tidings.refused("account", "connect", "threads", "--paste")["code"] == "redirect_missing"
    no_secret_in(tidings, networks, json.dumps(shown))
    assert not [p for p in tidings.profile.rglob("*") if p.is_file() and secret.encode() in p.read_bytes()]
    tidings.json("account", "app", "threads", "--remove")
    assert tidings.json("account", "app", "threads")["id"] != "4711"  # the sandbox's own
    assert tidings.refused("account", "app", "threads", "--id", "4711")["code"] == "invalid_input"


def test_a_broker(tidings: CommandLine) -> None:
    assert tidings.json("account", "broker") == {"broker": None}
    assert tidings.json("account", "broker", "https://broker.example") == {"broker": "https://broker.example"}
    assert tidings.json("account", "broker", "--remove") == {"broker": None}

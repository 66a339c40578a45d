"""The keychain as it really is: a running Secret Service, a locked one, and none. Everything is the real program."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.processes import CommandLine, connect, sandbox, token
from tests.support.secret_service import IS_INSTALLED, SecretService, secret_service, without_keychain

needs_keyring = pytest.mark.skipif(not IS_INSTALLED, reason="gnome-keyring and dbus are not installed")


@pytest.fixture(scope="module")
def networks() -> Iterator[str]:
    with sandbox("--seed", "11") as url:
        yield url


@pytest.fixture
def tidings(networks: str, tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "profile", networks)


@pytest.fixture
def keychain(tidings: CommandLine, tmp_path: Path) -> Iterator[SecretService]:
    with secret_service(tmp_path / "home") as service:
        service.use_in(tidings)
        yield service


def profile_id(tidings: CommandLine) -> str:
    return (tidings.profile / "profile-id").read_text()


def holders(folder: Path, secret: str) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


@needs_keyring
def test_a_keychain_holds_one_key_and_the_tokens_are_sealed_in_the_database(
    tidings: CommandLine, keychain: SecretService, networks: str, tmp_path: Path
) -> None:
    keychain.unlock()
    tidings.json("account", "list")
    with ThreadPoolExecutor() as pool:  # two processes that both find no key yet
        connected = pool.map(lambda network: connect(tidings, networks, (network,)), ("threads", "instagram"))
    ids = {network: account for found in connected for network, account in found.items()}
    entries = keychain.entries(profile_id(tidings))
    assert list(entries) == ["data-key"]
    assert len(entries["data-key"]) < 100
    for network, account in ids.items():
        assert tidings.json("account", "check", account)["state"] == "connected"
        assert holders(tmp_path, token(networks, network)) == []
    post = tidings.json("post", "create", "--account", ids["threads"], "--text", "sealed and sent", "--now")
    assert tidings.json("worker", "--until-idle") == {"published": 1}
    assert tidings.json("post", "show", post["id"])["deliveries"][0]["state"] == "published"

    tidings.json("account", "disconnect", ids["threads"])
    with closing(sqlite3.connect(tidings.profile / "tidings.db")) as database:
        assert database.execute("SELECT name FROM secret").fetchall() == [(f"account/{ids['instagram']}",)]


@needs_keyring
def test_a_token_of_part_1_moves_out_of_the_keychain(
    tidings: CommandLine, keychain: SecretService, networks: str
) -> None:
    keychain.unlock()
    account = connect(tidings, networks, ("threads",))["threads"]
    with closing(sqlite3.connect(tidings.profile / "tidings.db")) as database, database:
        database.execute("DELETE FROM secret")
    keychain.add_entry(profile_id(tidings), f"account/{account}", token(networks, "threads"))
    assert tidings.json("account", "check", account)["state"] == "connected"
    assert list(keychain.entries(profile_id(tidings))) == ["data-key"]
    assert tidings.json("account", "check", account)["state"] == "connected"


@needs_keyring
def test_a_locked_keychain_is_named_and_nothing_is_lost(
    tidings: CommandLine, keychain: SecretService, networks: str
) -> None:
    keychain.unlock()
    account = connect(tidings, networks, ("threads",))["threads"]
    # nobody can type the password: there is no screen for the prompt, which the service therefore dismisses
    keychain.lock()
    assert tidings.refused("account", "check", account)["code"] == "keychain_locked"
    fresh = token(networks, "instagram")
    assert tidings.refused("account", "connect", "instagram", "--token", "-", stdin=fresh)["code"] == "keychain_locked"
    assert [listed["id"] for listed in tidings.json("account", "list")] == [account]
    findings = {check["code"]: check["is_ok"] for check in doctor(tidings)}
    assert findings["secrets"] is False

    keychain.unlock()
    assert tidings.json("account", "check", account)["state"] == "connected"


def doctor(tidings: CommandLine) -> list[dict[str, object]]:
    """Return the doctor's findings; it ends with 1 when something is wrong."""
    done = tidings.run("doctor", "--json")
    assert done.status == 1, done
    checks: list[dict[str, object]] = json.loads(done.stdout)["checks"]
    return checks


@needs_keyring
def test_a_keychain_that_was_never_made_reads_as_locked(
    tidings: CommandLine, keychain: SecretService, networks: str
) -> None:
    keychain.lock()
    error = tidings.refused("account", "connect", "threads", "--token", "-", stdin=token(networks, "threads"))
    assert error["code"] == "keychain_locked"


@needs_keyring
def test_a_prompt_that_nobody_answers_does_not_hang_the_program(
    tidings: CommandLine, keychain: SecretService, networks: str
) -> None:
    keychain.unlock()
    account = connect(tidings, networks, ("threads",))["threads"]
    keychain.lock()
    with keychain.prompt_nobody_answers():
        assert tidings.refused("account", "check", account)["code"] == "keychain_locked"


def test_without_a_keychain_nothing_is_kept_until_a_passphrase_is_chosen(
    tidings: CommandLine, networks: str, tmp_path: Path
) -> None:
    without_keychain(tidings)
    secret = token(networks, "threads")
    error = tidings.refused("account", "connect", "threads", "--token", "-", stdin=secret)
    assert error["code"] == "keychain_missing"
    assert "TIDINGS_SECRET_STORE=file" in error["advice"]
    assert tidings.json("account", "list") == []
    assert holders(tmp_path, secret) == []

    tidings.environment |= {"TIDINGS_SECRET_STORE": "file", "TIDINGS_PASSPHRASE": "only for tests"}
    account = connect(tidings, networks, ("threads",))["threads"]
    assert holders(tmp_path, secret) == []
    # the file is there now, so it need not be named again; without its passphrase nothing opens
    del tidings.environment["TIDINGS_SECRET_STORE"]
    assert tidings.json("account", "check", account)["state"] == "connected"
    del tidings.environment["TIDINGS_PASSPHRASE"]
    assert tidings.refused("account", "check", account)["code"] == "passphrase_needed"
    tidings.environment["TIDINGS_PASSPHRASE"] = "Only for tests"
    assert tidings.refused("account", "check", account)["code"] == "wrong_passphrase"

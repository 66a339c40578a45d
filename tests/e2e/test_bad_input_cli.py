"""Bad input through the command line: each with a clear error, and nothing lost."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.support.pictures import image_bytes
from tests.support.processes import PROGRAM, ROOT, CommandLine, connect, sandbox, token, wait_for

WHEN = ("--at", "2030-06-01T09:00", "--zone", "America/New_York")
FAMILY = "👨‍👩‍👧‍👦"  # one sign to a person, 25 bytes to Threads


@pytest.fixture(scope="module")
def networks() -> Iterator[str]:
    with sandbox() as url:
        yield url


@pytest.fixture
def tidings(tmp_path: Path, networks: str) -> CommandLine:
    return CommandLine(tmp_path / "profile", networks)


@pytest.fixture
def account(tidings: CommandLine, networks: str) -> str:
    return connect(tidings, networks, ("threads",))["threads"]


@pytest.mark.parametrize(
    ("network", "purpose"), [("threads", "expired"), ("instagram", "expired"), ("facebook", "role_lost")]
)
def test_a_token_that_does_not_work(tidings: CommandLine, networks: str, network: str, purpose: str) -> None:
    bad = token(networks, network, purpose)
    done = tidings.run("account", "connect", network, "--token", "-", "--json", stdin=bad)
    assert done.status == 1
    assert done.error["code"] == "network_refused"
    assert done.error["advice"]
    assert bad not in done.stdout + done.stderr
    assert tidings.json("account", "list") == []


@pytest.mark.parametrize("rubbish", ["", "not a token", "THwrong"])
def test_a_token_that_is_none(tidings: CommandLine, rubbish: str) -> None:
    assert tidings.refused("account", "connect", "threads", "--token", rubbish)["code"] in (
        "invalid_input",
        "network_refused",
    )
    assert tidings.json("account", "list") == []


def test_a_token_that_stops_working_holds_the_queue(tidings: CommandLine, networks: str) -> None:
    good = token(networks, "facebook")
    account = connect(tidings, networks, ("facebook",))["facebook"]
    httpx.post(f"{networks}/_sandbox/tokens/revoke", json={"token": good}, trust_env=False).raise_for_status()
    done = tidings.run("account", "check", account, "--json")
    assert (done.status, json.loads(done.stdout)["state"]) == (1, "reconnect")
    post = tidings.run("post", "create", "--account", account, "--text", "x", "--now", "--json")
    httpx.post(f"{networks}/_sandbox/tokens/restore", json={"token": good}, trust_env=False).raise_for_status()
    # planned or refused with a draft: in either case the words are kept
    assert post.status in (0, 1)
    assert len(tidings.json("post", "list")) == 1
    assert tidings.json("account", "check", account)["state"] == "connected"


def test_an_unreachable_network(tidings: CommandLine, account: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        away = CommandLine(tidings.profile, address)
        error = away.refused("account", "check", account)
        assert error["code"] == "network_refused"
        assert "connection" in error["advice"]
        report = away.run("doctor")
        assert report.status == 1
        assert "cannot be reached" in report.stdout
    # the account is none the worse for it
    assert tidings.json("account", "show", account)["state"] == "connected"


def test_plain_http_away_from_this_computer(tidings: CommandLine) -> None:
    tidings.environment["TIDINGS_THREADS_GRAPH_URL"] = "http://threads.example"
    error = tidings.refused("account", "list")
    assert (error["code"], error["details"]) == ("insecure_address", {"name": "TIDINGS_THREADS_GRAPH_URL"})


def test_one_family_too_many(tidings: CommandLine, account: str) -> None:
    fits = "x" * 475 + FAMILY
    tidings.json("post", "create", "--account", account, "--text", fits, *WHEN)
    error = tidings.refused("post", "create", "--account", account, "--text", fits + FAMILY, *WHEN)
    assert error["code"] == "preflight_refused"
    draft = error["details"]["post_id"]
    assert tidings.json("post", "show", draft)["parts"][0]["text"] == fits + FAMILY
    check = tidings.run("post", "check", draft)
    assert check.status == 1
    assert check.stdout.startswith("block")
    assert tidings.json("post", "show", draft)["deliveries"] == []


def test_a_picture_of_nine_megabytes(tidings: CommandLine, networks: str, tmp_path: Path) -> None:
    instagram = connect(tidings, networks, ("instagram",))["instagram"]
    picture = image_bytes("JPEG", (1080, 1080))
    comment = b"\xff\xfe\xff\xff" + bytes(0xFFFD)  # a JPEG segment of 64 KB that shows nothing
    (path := tmp_path / "huge.jpg").write_bytes(picture[:2] + comment * 140 + picture[2:])
    assert path.stat().st_size > 9_000_000
    error = tidings.refused("post", "create", "--account", instagram, "--text", "big", "--media", str(path), *WHEN)
    assert error["code"] == "preflight_refused"
    assert "MB" in error["title"]
    assert len(tidings.json("post", "show", error["details"]["post_id"])["parts"][0]["media"]) == 1


def test_a_text_that_calls_itself_a_picture(tidings: CommandLine, account: str, tmp_path: Path) -> None:
    (path := tmp_path / "letter.jpg").write_text("Dear network,", encoding="utf-8")
    error = tidings.refused("post", "create", "--account", account, "--text", "x", "--media", f"{path}=A letter")
    assert (error["code"], error["details"]["name"]) == ("media_unreadable", "letter.jpg")
    gone = tidings.refused("post", "create", "--account", account, "--text", "x", "--media", f"{tmp_path}/none.jpg=Alt")
    assert (gone["code"], gone["details"]["name"]) == ("file_unreadable", "none.jpg")
    assert tidings.json("post", "list") == []


def test_a_time_the_clocks_skip(tidings: CommandLine, account: str) -> None:
    gap = ("--at", "2030-03-10T02:30", "--zone", "America/New_York")
    error = tidings.refused("post", "create", "--account", account, "--text", "x", *gap)
    assert error["code"] == "time_in_gap"
    assert "03:30" in error["advice"]
    assert tidings.json("post", "list") == []


@pytest.mark.parametrize(
    ("at", "zone", "code"),
    [("2020-01-01T09:00", "Europe/Oslo", "time_in_past"), ("2030-01-01T09:00", "Europe/Atlantis", "unknown_zone")],
)
def test_other_times_that_cannot_be(tidings: CommandLine, account: str, at: str, zone: str, code: str) -> None:
    post = tidings.json("post", "create", "--account", account, "--text", "x")["id"]
    assert tidings.refused("post", "schedule", post, "--at", at, "--zone", zone)["code"] == code
    assert tidings.json("post", "show", post)["deliveries"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("post", "create"),
        ("post", "create", "--text", "x", "--at", "tomorrow"),
        ("post", "create", "--text", "x", "--now", "--at", "2030-01-01T09:00"),
        ("post", "schedule", "1"),
        ("delivery", "resolve", "1"),
        ("delivery", "list", "--state", "lost"),
        ("account", "connect", "myspace", "--token", "x"),
        ("worker", "--for", "soon"),
        ("nonsense",),
        ("post", "list", "--acc", "1"),
    ],
)
def test_wrong_usage(tidings: CommandLine, words: tuple[str, ...]) -> None:
    done = tidings.run(*words)
    assert done.status == 2
    assert "usage: tidings" in done.stderr
    assert not tidings.profile.exists()


def test_a_profile_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    tidings = CommandLine(tmp_path / "file" / "profile")
    assert tidings.refused("post", "list")["code"] == "database_read_only"
    report = tidings.run("doctor")
    assert report.status == 1
    assert report.stdout.startswith("NO")


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_full_disk(tidings: CommandLine, tmp_path: Path) -> None:
    first = tidings.json("post", "create", "--text", "safe")["id"]
    (text := tmp_path / "long.txt").write_text("words " * 200_000)
    # no file of this process may grow beyond 300 KB, which the database takes for a full disk
    limited = ["sh", "-c", 'ulimit -f 600; exec "$@"', "sh", *PROGRAM, "post", "create", "--file", str(text), "--json"]
    done = subprocess.run(
        limited, cwd=ROOT, env=tidings.environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1, done
    assert '"disk_full"' in done.stdout
    assert [post["id"] for post in tidings.json("post", "list")] == [first]


def test_a_database_of_a_newer_version(tidings: CommandLine) -> None:
    tidings.json("post", "create", "--text", "from the future")
    database = tidings.profile / "tidings.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA user_version = 999")
    before = database.read_bytes()
    error = tidings.refused("post", "list")
    assert (error["code"], error["details"]["found"]) == ("database_newer", 999)
    assert database.read_bytes() == before


def test_a_damaged_database(tidings: CommandLine) -> None:
    tidings.json("post", "list")
    (tidings.profile / "tidings.db").write_bytes(b"not a database at all" * 500)
    assert tidings.refused("post", "list")["code"] == "database_damaged"
    assert tidings.run("doctor").status == 1


def test_a_second_publisher(tidings: CommandLine, account: str) -> None:
    with tidings.running("worker") as worker:
        wait_for(lambda: (tidings.profile / "run" / "publisher.pid").exists(), bool)
        assert tidings.refused("worker", "--until-idle")["code"] == "publisher_busy"
        assert f"Process {worker.pid} is publishing" in tidings.run("doctor").stdout
        assert tidings.refused("restore", str(tidings.profile / "tidings.db"))["code"] == "profile_in_use"
        # everything else works beside it
        tidings.json("post", "create", "--account", account, "--text", "x", *WHEN)


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"TIDINGS_PASSPHRASE": "another"}, "wrong_passphrase"),
        ({"TIDINGS_PASSPHRASE": ""}, "passphrase_needed"),
        ({"TIDINGS_SECRET_STORE": "keyring"}, "keychain_missing"),
        ({"TIDINGS_SECRET_STORE": "paper"}, "invalid_input"),
    ],
)
def test_secrets_that_cannot_be_read(
    tidings: CommandLine, networks: str, account: str, variables: dict[str, str], code: str
) -> None:
    good = dict(tidings.environment)
    tidings.environment.update(variables)
    done = tidings.refused("account", "connect", "threads", "--token", "-", stdin=token(networks, "threads"))
    assert done["code"] == code
    tidings.environment = good
    assert tidings.json("account", "check", account)["state"] == "connected"


@pytest.mark.parametrize("port", ["taken", "70000"])
def test_a_port_the_sandbox_cannot_have(tidings: CommandLine, port: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = str(taken.getsockname()[1]) if port == "taken" else port
        assert tidings.refused("sandbox", "--port", number)["code"] == "invalid_input"


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_a_read_only_profile(tidings: CommandLine) -> None:
    tidings.json("post", "create", "--text", "safe")
    kept = {path: path.stat().st_mode for path in (tidings.profile, *tidings.profile.rglob("*"))}
    for path in kept:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        done = as_somebody_without_rights(tidings, "post", "create", "--text", "y", "--json")
    finally:
        for path, mode in kept.items():
            path.chmod(mode)
    assert done.returncode == 1, done
    assert '"database_read_only"' in done.stdout
    assert len(tidings.json("post", "list")) == 1


def as_somebody_without_rights(tidings: CommandLine, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command; root, who may write everywhere, runs it without that right."""
    command = [*PROGRAM, *arguments]
    if os.geteuid() == 0:
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    return subprocess.run(
        command, cwd=ROOT, env=tidings.environment, capture_output=True, encoding="utf-8", check=False
    )

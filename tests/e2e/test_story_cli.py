"""The main job with real processes: sandbox, command line, worker. What counts is the sandbox's own ledger."""

from __future__ import annotations

import hashlib
import signal
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.support.pictures import image_bytes
from tests.support.processes import CommandLine, connect, ledger, sandbox, token, wait_for

NEW_YORK = "America/New_York"
TEXT = "Good morning — café, naïve, 日本語 and a family 👨‍👩‍👧‍👦.\n\nSecond paragraph."
CHAIN = ("One of three.", "Two of three = the middle.", "Three of three.")


@pytest.fixture(scope="module")
def networks() -> Iterator[str]:
    with sandbox("--seed", "7") as url:
        yield url


def soon(seconds: int) -> str:
    """Return the wall time of New York in that many seconds."""
    return (datetime.now(ZoneInfo(NEW_YORK)) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    paths = []
    for number in range(3):
        path = tmp_path / f"picture={number}.jpg"  # a name that looks like FILE=ALT
        path.write_bytes(image_bytes("JPEG", (1080, 1080 - number)))
        paths.append(path)
    return paths


def test_four_kinds_of_posts_go_out_exactly_once(networks: str, tmp_path: Path, pictures: list[Path]) -> None:
    tidings = CommandLine(tmp_path / "profile", networks)
    ids = connect(tidings, networks, ("threads", "instagram", "facebook"))
    assert [account["state"] for account in tidings.json("account", "list")] == ["connected"] * 3
    at = soon(30)
    post_ids = plan(tidings, ids, pictures, at)
    planned = tidings.json("delivery", "list")
    assert {delivery["state"] for delivery in planned} == {"scheduled"}
    assert {(delivery["wall_time"], delivery["zone"]) for delivery in planned} == {(at.removesuffix(":00"), NEW_YORK)}

    with tidings.running("worker", "--json") as worker:
        deliveries = wait_for(
            lambda: tidings.json("delivery", "list"),
            lambda found: {delivery["state"] for delivery in found} <= {"published", "failed", "needs_review"},
        )
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
    assert [delivery["state"] for delivery in deliveries] == ["published"] * 6

    details = [tidings.json("delivery", "show", delivery["id"]) for delivery in deliveries]
    for detail in details:
        assert_told(detail)
    by_post = {name: [d for d in details if d["post_id"] == post_id] for name, post_id in post_ids.items()}
    published = ledger(networks)
    assert_in_ledger(published, by_post, pictures)

    # again: nothing is left to do, and nothing goes out twice
    assert tidings.json("worker", "--until-idle") == {"published": 6}
    assert len(ledger(networks)) == len(published)


def plan(tidings: CommandLine, ids: dict[str, str], pictures: list[Path], at: str) -> dict[str, str]:
    """Write and schedule the four posts; return their ids by kind."""
    when = ("--at", at, "--zone", NEW_YORK)
    everywhere = [word for account in ids.values() for word in ("--account", account)]
    chain_parts = [word for part in CHAIN[1:] for word in ("--part", part)]
    carousel_media = [word for number, path in enumerate(pictures) for word in ("--media", f"{path}=Alt={number}")]
    posts = {
        "text": ("--account", ids["threads"], "--text", TEXT),
        "picture": (*everywhere, "--text", "A picture", "--media", f"{pictures[0]}=A square, described"),
        "chain": ("--account", ids["threads"], "--text", CHAIN[0], *chain_parts),
        "carousel": ("--account", ids["instagram"], "--text", "Three", *carousel_media),
    }
    return {name: tidings.json("post", "create", *words, *when)["id"] for name, words in posts.items()}


def assert_told(detail: dict[str, Any]) -> None:
    """The delivery tells its whole story, and its permalink can be opened."""
    assert detail["timeline"][0]["to"] == "scheduled"
    assert detail["timeline"][-1]["to"] == "published"
    assert datetime.fromisoformat(detail["published_at"]) >= datetime.fromisoformat(detail["due_at"])
    sends = [attempt["outcome"] for attempt in detail["attempts"] if attempt["phase"] == "publish"]
    assert sends == ["ok"] * len(detail["parts"])
    assert httpx.get(detail["permalink"], trust_env=False).status_code == 200


def assert_in_ledger(
    published: list[dict[str, Any]], by_post: dict[str, list[dict[str, Any]]], pictures: list[Path]
) -> None:
    """The sandbox holds each part exactly once, with the same text, descriptions, pictures and order."""
    by_id = {post["id"]: post for post in published}
    assert len(published) == len(by_id) == 1 + 3 + 3 + 1
    ours = [part["remote_id"] for details in by_post.values() for detail in details for part in detail["parts"]]
    assert sorted(ours) == sorted(by_id)
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in pictures]

    (text,) = by_post["text"]
    assert by_id[text["remote_id"]]["text"] == TEXT
    assert {detail["network"] for detail in by_post["picture"]} == {"threads", "instagram", "facebook"}
    for detail in by_post["picture"]:
        entry = by_id[detail["remote_id"]]
        assert (entry["text"], entry["alt_texts"]) == ("A picture", ["A square, described"])
        assert entry["media_hashes"] == [hashes[0]]
    (chain,) = by_post["chain"]
    entries = [by_id[part["remote_id"]] for part in chain["parts"]]
    assert [entry["text"] for entry in entries] == list(CHAIN)
    assert [entry["reply_to_id"] for entry in entries] == [None, entries[0]["id"], entries[1]["id"]]
    assert entries[0]["order"] < entries[1]["order"] < entries[2]["order"]
    (carousel,) = by_post["carousel"]
    entry = by_id[carousel["remote_id"]]
    assert (entry["alt_texts"], entry["media_hashes"]) == (["Alt=0", "Alt=1", "Alt=2"], hashes)


def test_a_token_is_nowhere_but_in_the_encrypted_file(networks: str, tmp_path: Path) -> None:
    tidings = CommandLine(tmp_path / "profile", networks)
    connect(tidings, networks, ("threads",))
    tidings.run("account", "list", "--verbose")
    secret = token(networks, "threads").encode()
    holders = [path for path in tidings.profile.rglob("*") if path.is_file() and secret in path.read_bytes()]
    assert holders == []
    assert (tidings.profile / "secrets.json").exists()


def test_what_a_person_does_with_posts(networks: str, tmp_path: Path) -> None:
    tidings = CommandLine(tmp_path / "profile", networks)
    ids = connect(tidings, networks, ("threads",))
    tomorrow = soon(86_400)
    (text_file := tmp_path / "words.txt").write_text("from a file", encoding="utf-8")
    post = tidings.json("post", "create", "--account", ids["threads"], "--file", str(text_file))["id"]
    assert [found["id"] for found in tidings.json("post", "list", "--state", "draft")] == [post]

    edited = tidings.json("post", "edit", post, "--text", "changed", "--part", "and more")
    assert [part["text"] for part in edited["parts"]] == ["changed", "and more"]
    scheduled = tidings.json("post", "schedule", post, "--at", tomorrow, "--zone", NEW_YORK)
    assert [delivery["state"] for delivery in scheduled["deliveries"]] == ["scheduled"]
    day = tomorrow[:10]
    assert len(tidings.json("post", "list", "--from", day, "--to", day, "--search", "CHANGED")) == 1
    assert tidings.json("post", "list", "--to", "2020-01-01") == []

    assert tidings.json("post", "cancel", post)["deliveries"][0]["state"] == "cancelled"
    assert tidings.json("post", "schedule", post, "--at", tomorrow, "--zone", NEW_YORK)["deliveries"][0]["state"] == (
        "scheduled"
    )
    assert tidings.json("post", "delete", post)["deleted_at"] is not None
    assert tidings.json("post", "list") == []

    disconnected = tidings.json("account", "disconnect", ids["threads"])
    assert disconnected["state"] == "disconnected"
    assert tidings.json("account", "list") == []


def test_backup_and_restore(networks: str, tmp_path: Path) -> None:
    tidings = CommandLine(tmp_path / "profile", networks)
    ids = connect(tidings, networks, ("threads",))
    kept = tidings.json(
        "post", "create", "--account", ids["threads"], "--text", "kept", "--at", soon(3600), "--zone", NEW_YORK
    )
    out = tidings.json(
        "post", "create", "--account", ids["threads"], "--text", "out", "--at", soon(3600), "--zone", NEW_YORK
    )
    copy = tmp_path / "copy.sqlite"
    tidings.json("backup", str(copy))
    before = len(ledger(networks))
    # this one goes out after the backup was made, which the backup therefore does not know
    tidings.json("post", "cancel", out["id"])
    tidings.json("post", "publish", out["id"])
    tidings.json("worker", "--until-idle")
    assert len(ledger(networks)) == before + 1

    restored = tidings.json("restore", str(copy))
    assert Path(restored["kept"]).exists()
    states = {d["post_id"]: (d["state"], d["reason"]) for d in tidings.json("delivery", "list")}
    assert states == {kept["id"]: ("scheduled", ""), out["id"]: ("held", "restored")}
    tidings.json("worker", "--until-idle")
    assert len(ledger(networks)) == before + 1
    assert tidings.refused("restore", str(tmp_path / "missing.sqlite"))["code"] == "file_unreadable"


def test_the_doctor_finds_a_healthy_profile_healthy(networks: str, tmp_path: Path) -> None:
    tidings = CommandLine(tmp_path / "profile", networks)
    report = tidings.json("doctor")
    assert report["is_healthy"], report
    codes = [check["code"] for check in report["checks"]]
    assert {"profile", "disk", "publisher", "database", "secrets", "network_threads", "clock"} <= set(codes)


def test_version_and_help_touch_no_profile(tmp_path: Path) -> None:
    tidings = CommandLine(tmp_path / "profile")
    assert tidings.json("version")["name"] == "Tidings"
    assert tidings.run("--version").stdout.startswith("Tidings ")
    assert tidings.run("post", "--help").status == 0
    assert not tidings.profile.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupted_worker_says_so(networks: str, tmp_path: Path) -> None:
    tidings = CommandLine(tmp_path / "profile", networks)
    tidings.json("account", "list")
    with tidings.running("worker") as worker:
        wait_for(lambda: (tidings.profile / "run" / "publisher.pid").exists(), bool)
        worker.send_signal(signal.SIGINT)
        assert worker.wait(30) == 130

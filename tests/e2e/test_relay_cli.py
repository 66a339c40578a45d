"""The relay with real processes: set, check, publish an image to Instagram over it, remove."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.pictures import image_bytes
from tests.support.processes import CommandLine, connect, ledger, sandbox
from tests.support.relays import KEY, KEY_ID, FaultyFront, keys_in, make_bucket, s3_server


@pytest.fixture
def server() -> Iterator[str]:
    with s3_server() as url:
        make_bucket(url, "media")
        yield url


@pytest.fixture
def front(server: str) -> Iterator[FaultyFront]:
    front = FaultyFront(server)
    yield front
    front.close()


def test_an_image_goes_to_instagram_over_the_relay(server: str, front: FaultyFront, tmp_path: Path) -> None:
    picture = tmp_path / "a.jpg"
    picture.write_bytes(image_bytes("JPEG", (1080, 1080)))
    with sandbox("--seed", "7") as networks:
        tidings = CommandLine(tmp_path / "profile", networks)
        assert tidings.refused("relay", "show")["code"] == "relay_missing"

        url = f"s3://media/tidings?endpoint={front.url}"
        done = tidings.run("--json", "relay", "set", url, "--key-id", KEY_ID, "--key", "-", stdin=f"{KEY}\n")
        assert done.status == 0, done
        assert tidings.json("relay", "show") == {"relay": url, "is_public": False, "is_given": False}
        assert keys_in(server, "media") == []

        (account,) = connect(tidings, networks, ("instagram",)).values()
        before = len(front.seen)
        created = tidings.run(
            "post", "create", "--account", account, "--text", "Over the relay", "--media", str(picture), "--now"
        )
        assert created.status == 0, created
        assert tidings.run("worker", "--until-idle").status == 0
        assert [delivery["state"] for delivery in tidings.json("delivery", "list")] == ["published"]
        (path,) = {path for method, path in front.seen[before:] if method == "PUT"}
        # once the look from outside, once the sandbox
        assert front.seen.count(("GET", path)) == 2
        assert [post["text"] for post in ledger(networks)] == ["Over the relay"]

        assert keys_in(server, "media") == []

        assert tidings.json("relay", "remove") == {"deleted": 0, "left": []}
        assert tidings.refused("relay", "show")["code"] == "relay_missing"
        assert tidings.run("relay", "check").status == 1
    written = b"".join(path.read_bytes() for path in (tmp_path / "profile").rglob("*") if path.is_file())
    assert KEY.encode() not in written


def test_a_check_says_what_is_wrong(server: str, front: FaultyFront, tmp_path: Path) -> None:
    tidings = CommandLine(tmp_path / "profile", "http://127.0.0.1:9")
    front.faults = {"html"}
    done = tidings.run("relay", "set", f"s3://media?endpoint={front.url}", "--key-id", KEY_ID, "--key", KEY)
    assert done.status == 3
    assert "NO  127.0.0.1 serves the file as “text/html” instead of “image/jpeg”." in done.stdout
    front.faults = set()
    assert tidings.json("relay", "check")["is_fit"] is True
    wrong = tidings.run("--json", "relay", "set", f"s3://{KEY_ID}:{KEY}@media")
    assert wrong.error["code"] == "invalid_input"
    assert KEY not in wrong.stdout + wrong.stderr

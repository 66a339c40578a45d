"""After everything a program can go through, no secret is readable in any file it wrote or in any word it said."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from desktop.host.encrypted_file import FileSecretStore
from desktop.host.key_vault import ENTRY
from desktop.host.sealing import DataKey
from tests.support.pictures import image_bytes
from tests.support.processes import (
    PATIENCE_SECONDS,
    ROOT,
    CommandLine,
    Finished,
    connect,
    ledger,
    sandbox,
    token,
)

NETWORKS = ("threads", "instagram", "facebook")
APP_SECRET = "5f0c1d9e8b7a46338aa1f00dfeedbeef"
PASSPHRASE = "only-for-this-test-Zw9"


class RecordedCommandLine(CommandLine):
    """Keeps every word the commands say."""

    def __init__(self, profile: Path, networks: str) -> None:
        super().__init__(profile, networks)
        self.environment["TIDINGS_PASSPHRASE"] = PASSPHRASE
        self.said: list[str] = []

    def run(self, *arguments: str, stdin: str = "") -> Finished:
        done = super().run(*arguments, "--verbose", stdin=stdin)
        self.said += [done.stdout, done.stderr]
        return done


@pytest.fixture
def networks() -> Iterator[str]:
    with sandbox("--seed", "13") as url:
        yield url


@pytest.fixture
def tidings(networks: str, tmp_path: Path) -> RecordedCommandLine:
    return RecordedCommandLine(tmp_path / "profile", networks)


def test_no_secret_is_readable_after_a_full_run(tidings: RecordedCommandLine, networks: str, tmp_path: Path) -> None:
    tokens = [token(networks, network) for network in NETWORKS]
    ids = connect(tidings, networks, NETWORKS)
    keys = [data_key(tidings)]
    refused_token = token(networks, "threads", "expired")
    tidings.refused("account", "connect", "threads", "--token", "-", stdin=refused_token)
    publish_with_failures(tidings, networks, ids, tokens, tmp_path)
    look_at_everything(tidings, ids)
    assert "UpstreamError" in crash(tidings, f"account/{ids['threads']}")
    keys.append(data_key(tidings))
    back_up_and_restore(tidings, tmp_path)
    copy_the_wal(tidings, networks)

    secrets = [*tokens, refused_token, APP_SECRET, PASSPHRASE]
    needles = {form for secret in secrets for form in forms(secret.encode())}
    needles |= {form for key in keys for form in forms(key.material)}
    said = "".join(tidings.said).encode()
    written = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert [needle for needle in needles if needle in said] == []
    assert [(path.name, needle) for path, content in written.items() for needle in needles if needle in content] == []
    assert_the_search_could_find(written, said, ids["threads"])


def forms(secret: bytes) -> set[bytes]:
    """Return the secret as it might be written."""
    in_base64 = {base64.b64encode(secret).rstrip(b"="), base64.urlsafe_b64encode(secret).rstrip(b"=")}
    return {secret, quote(secret, safe="").encode(), secret.hex().encode(), *in_base64}


def data_key(tidings: RecordedCommandLine) -> DataKey:
    """Return the key the tokens are sealed with."""
    text = FileSecretStore(tidings.profile / "secrets.json", PASSPHRASE).get(ENTRY)
    assert text is not None
    return DataKey.from_text(text)


def publish_with_failures(
    tidings: RecordedCommandLine, networks: str, ids: dict[str, str], tokens: list[str], folder: Path
) -> None:
    """Publish to each network while it answers badly, once with the tokens in its own words."""
    words = f"Error validating access token {' '.join(tokens)}: see /me?access_token={tokens[0]}"
    rules = [
        {"kind": "error", "code": 190, "message": words, "match": {"network": "threads"}, "times": 1},
        {"kind": "error", "code": 2, "message": words, "match": {"endpoint": "publish"}, "times": 2},
        {"kind": "drop_before", "match": {"network": "facebook"}, "times": 1},
        {"kind": "html_502", "match": {"network": "instagram"}, "times": 1},
    ]
    (picture := folder / "picture.jpg").write_bytes(image_bytes("JPEG", (1080, 1080)))
    accounts = [word for account in ids.values() for word in ("--account", account)]
    tidings.json("post", "create", *accounts, "--text", "goes wrong", "--media", f"{picture}=A square", "--now")
    httpx.post(f"{networks}/_sandbox/faults", json=rules, trust_env=False).raise_for_status()
    tidings.run("worker", "--until-idle")
    httpx.delete(f"{networks}/_sandbox/faults", trust_env=False).raise_for_status()
    connect(tidings, networks, NETWORKS)
    tidings.json("post", "create", *accounts, "--text", "goes well", "--media", f"{picture}=A square", "--now")
    tidings.run("worker", "--until-idle")
    assert {post["text"] for post in ledger(networks)} >= {"goes well"}
    outcomes = [
        attempt["outcome"]
        for delivery in tidings.json("delivery", "list")
        for attempt in tidings.json("delivery", "show", delivery["id"])["attempts"]
    ]
    assert "ok" in outcomes
    assert set(outcomes) - {"ok"}


def look_at_everything(tidings: RecordedCommandLine, ids: dict[str, str]) -> None:
    for account in ids.values():
        tidings.json("account", "show", account)
        tidings.json("account", "check", account)
    for words in (("account", "list"), ("post", "list", "--json"), ("doctor",), ("logs",)):
        tidings.run(*words)


def crash(tidings: RecordedCommandLine, name: str) -> str:
    """Keep an app secret, replace the data key, and let a bug speak of a token; return what was said."""
    app = json.dumps({"client_id": "1020304050", "secret": APP_SECRET})
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.crashing_program", name, "app/threads"],
        cwd=ROOT,
        env=tidings.environment,
        input=app,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 1
    assert "about to crash with [removed] and [removed]" in done.stderr
    tidings.said += [done.stdout, done.stderr]
    return done.stderr


def back_up_and_restore(tidings: RecordedCommandLine, folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    copy = folder / "elsewhere" / "copy.sqlite"
    tidings.json("backup", str(copy))
    tidings.json("restore", str(copy))
    # as a migration leaves it: the copy that stays on this computer
    shutil.copy2(tidings.profile / "tidings.db", tidings.profile / "backups" / "kept.sqlite")


def copy_the_wal(tidings: RecordedCommandLine, networks: str) -> None:
    """Keep the write-ahead log as it is between two checkpoints, with fresh tokens in it."""
    database = tidings.profile / "tidings.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM secret").fetchone()  # as long as this is read, nothing leaves the log
        connect(tidings, networks, NETWORKS)
        shutil.copy2(f"{database}-wal", tidings.profile / "copied-wal")


def assert_the_search_could_find(written: dict[Path, bytes], said: bytes, account: str) -> None:
    """What is meant to be readable was found where it should be: the right places were searched."""
    holders = {path.name for path, content in written.items() if f"account/{account}".encode() in content}
    assert {"tidings.db", "copied-wal", "kept.sqlite"} <= holders
    assert "copy.sqlite" not in holders
    logs = b"".join(content for path, content in written.items() if path.suffix == ".log")
    assert b"UpstreamError" in logs
    assert b"[removed]" in logs
    assert b"[removed]" in said

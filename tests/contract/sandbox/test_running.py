"""The server around it: media fetching, usage headers, clock, pages, state file, the program itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256

import httpx
import pytest

from tests.contract.sandbox.conftest import Client, open_client, refusal
from tests.support.sandbox import SandboxConfig, SandboxServer, account, jpeg, sandbox_process


def fetches(threads, url):
    return threads.post("me/threads", media_type="IMAGE", image_url=url)


def test_media_are_really_fetched(threads, media, ledger):
    content = jpeg()
    url = media.put("a.jpg?signature=1", content)
    container = fetches(threads, url).json()["id"]
    threads.created("me/threads_publish", creation_id=container)
    assert media.requests == [("HEAD", "a.jpg?signature=1"), ("GET", "a.jpg?signature=1")]
    assert ledger()[0]["media_hashes"] == [sha256(content).hexdigest()]


@pytest.mark.parametrize("statuses", [{"a.jpg": 404}, {"HEAD a.jpg": 403}, {"GET a.jpg": 500}, {"a.jpg": 302}])
def test_hosts_that_do_not_answer_well_are_unreachable(threads, media, statuses):
    url = media.put("a.jpg", jpeg())
    media.put("elsewhere.jpg", jpeg())
    media.statuses.update(statuses)
    assert refusal(fetches(threads, url)) == (9004, 2207052)
    assert "elsewhere.jpg" not in [name for _, name in media.requests]


def test_a_host_without_head_is_fine(threads, media):
    url = media.put("a.jpg", jpeg())
    media.statuses["HEAD a.jpg"] = 405
    assert fetches(threads, url).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/a.jpg",
        "https://example.org/a.jpg",
        "ftp://127.0.0.1/a.jpg",
        "file:///etc/hostname",
        "http://127.0.0.1:9/ä.jpg",
        "http://[broken/a.jpg",
        "nonsense",
    ],
)
def test_addresses_that_cannot_be_fetched(threads, url):
    assert refusal(fetches(threads, url)) == (9004, 2207052)


def test_usage_headers_grow_and_block_at_the_ceiling(threads, configure):
    configure(account_calls_per_day=10)

    def used(answer):
        (row,) = json.loads(answer.headers["x-business-use-case-usage"])[threads.id]
        return row["call_count"], row["estimated_time_to_regain_access"]

    seen = [used(threads.get("me")) for _ in range(9)]
    assert seen == [(n * 10, 0) for n in range(1, 10)]
    blocked = threads.get("me")
    assert refusal(blocked) == (4, None)
    assert used(blocked) == (100, 60)
    assert json.loads(blocked.headers["x-app-usage"])["call_count"] == 100


def test_usage_falls_as_the_hour_passes(threads, configure, advance):
    configure(app_calls_per_hour=4)
    for _ in range(3):
        threads.get("me")
    advance(3600)
    assert json.loads(threads.get("me").headers["x-app-usage"])["call_count"] == 25


def test_the_clock_can_be_set_and_frozen(http, threads):
    frozen = http.post("/_sandbox/clock", json={"set": "2026-12-01T08:00:00Z", "freeze": True}).json()
    assert (frozen["now"], frozen["is_frozen"]) == ("2026-12-01T08:00:00+00:00", True)
    container = threads.created("me/threads", media_type="TEXT", text="x")
    media_id = threads.created("me/threads_publish", creation_id=container)
    assert threads.get(media_id, fields="timestamp").json()["timestamp"] == "2026-12-01T08:00:00+0000"
    assert http.post("/_sandbox/clock", json={"advance": 60}).json()["now"] == "2026-12-01T08:01:00+00:00"
    running = http.post("/_sandbox/clock", json={"freeze": False}).json()
    assert running["is_frozen"] is False
    assert datetime.fromisoformat(running["now"]) < datetime(2026, 12, 1, 8, 2, tzinfo=UTC)
    assert http.post("/_sandbox/clock", json={"set": "2026-12-01T08:00:00"}).status_code == 422


def test_configuration_is_checked(http):
    assert http.post("/_sandbox/config", json={"nonsense": 1}).status_code == 422
    assert http.post("/_sandbox/config", json={"republish": "maybe"}).status_code == 422
    assert http.post("/_sandbox/config", json={"instagram_quota_total": 100}).json()["instagram_quota_total"] == 100


def test_reset_forgets_everything_but_the_configuration(http, threads, ledger, configure):
    configure(instagram_quota_total=77)
    container = threads.created("me/threads", media_type="TEXT", text="x")
    threads.created("me/threads_publish", creation_id=container)
    http.post("/_sandbox/tokens/revoke", json={"token": threads.token})
    http.post("/_sandbox/reset", json={})
    assert http.get("/_sandbox/ledger").json() == {"posts": [], "calls": []}
    assert threads.get("me").status_code == 200
    assert http.get("/_sandbox/config").json()["instagram_quota_total"] == 77


def test_permalinks_open_as_pages_and_escape_everything(http, threads, media, ledger):
    evil = '<script>alert("x")</script>'
    url = media.put("a.jpg", jpeg())
    container = threads.created("me/threads", media_type="IMAGE", image_url=url, text=evil, alt_text=f"alt {evil}")
    threads.created("me/threads_publish", creation_id=container)
    opened = http.get(ledger()[0]["permalink"])
    assert opened.status_code == 200
    assert "Sandbox" in opened.text
    assert "<script" not in opened.text
    assert opened.text.count("&lt;script&gt;") == 3  # the text, and the alt text twice
    assert "script-src" not in opened.headers["content-security-policy"]
    assert "&lt;script&gt;" in http.get("/").text
    assert http.get(f"/view/avatar/{threads.id}.svg").headers["content-type"] == "image/svg+xml"


def test_the_picture_of_a_post_can_be_seen(http, threads, media, ledger):
    content = jpeg()
    container = fetches(threads, media.put("a.jpg", content)).json()["id"]
    threads.created("me/threads_publish", creation_id=container)
    (post,) = ledger()
    address = f"/view/picture/{post['media_hashes'][0]}"
    assert address in http.get(post["permalink"]).text
    shown = http.get(address)
    assert (shown.content, shown.headers["content-type"]) == (content, "image/jpeg")
    assert http.get("/view/picture/nothing").status_code == 404


def test_a_link_that_runs_code_is_not_a_link(http, page):
    # the network refuses it; should one get in all the same, the page shows it as text
    assert page.refused("me/feed", link="javascript:alert(1)") == (100, 1609005)


def test_pages_of_nothing_are_not_found(http, threads, page):
    draft = page.created("me/feed", message="secret", published="false")
    shortcode = page.get(draft, fields="permalink_url").json()["permalink_url"]
    assert http.get(shortcode).status_code == 404
    assert http.get("/view/threads/@x/post/nothing/").status_code == 404
    assert http.get("/view/avatar/1.svg").status_code == 404


def test_state_survives_a_restart(tmp_path):
    state = tmp_path / "kept" / "state.jsonl"
    config = SandboxConfig(processing_factor=0)
    with SandboxServer(config=config, state_file=state) as first, open_client(first.url) as http:
        threads = Client(http, "threads", "me", account(first.url, "threads")["token"])
        page = Client(http, "facebook", "me", account(first.url, "facebook")["token"])
        waiting = threads.created("me/threads", media_type="TEXT", text="waiting")
        done = threads.created("me/threads", media_type="TEXT", text="done")
        media_id = threads.created("me/threads_publish", creation_id=done)
        draft = page.created("me/feed", message="draft", published="false")
        http.post("/_sandbox/clock", json={"advance": 3600})
        http.post("/_sandbox/tokens/revoke", json={"token": page.token})
    with SandboxServer(state_file=state) as second, open_client(second.url) as http:
        assert [p["id"] for p in http.get("/_sandbox/ledger").json()["posts"]] == [media_id]
        assert http.get("/_sandbox/clock").json()["offset_seconds"] == pytest.approx(3600, abs=1)
        threads, page = Client(http, "threads", "me", threads.token), Client(http, "facebook", "me", page.token)
        assert threads.get(waiting, fields="status").json()["status"] == "FINISHED"
        assert refusal(threads.post("me/threads_publish", creation_id=done)) == (100, None)
        again = threads.created("me/threads_publish", creation_id=waiting)
        assert again not in {media_id, waiting, done}
        assert [p["order"] for p in http.get("/_sandbox/ledger").json()["posts"]] == [1, 2]
        quota = threads.get("me/threads_publishing_limit", fields="quota_usage").json()["data"]
        assert quota == [{"quota_usage": 2}]
        assert refusal(page.get(draft)) == (190, 460)
        http.post("/_sandbox/tokens/restore", json={"token": page.token})
        assert page.post(draft, is_published="true").json() == {"success": True}


def test_the_program_prints_one_line_and_stops_on_a_signal(tmp_path):
    state, faults = tmp_path / "state.jsonl", tmp_path / "faults.json"
    faults.write_text('[{"kind": "html_502", "match": {"endpoint": "identity"}, "times": 1}]')
    with sandbox_process(state_file=state, faults_file=faults, config={"processing_factor": 0}) as program:
        with open_client(program.url) as http:
            threads = Client(http, "threads", "me", account(program.url, "threads")["token"])
            assert threads.get("me").status_code == 502
            media_id = threads.created(
                "me/threads_publish", creation_id=threads.created("me/threads", media_type="TEXT", text="x")
            )
        program.kill()
    with sandbox_process(state_file=state) as program:
        ledger = httpx.get(f"{program.url}/_sandbox/ledger", trust_env=False, verify=False).json()
        assert [p["id"] for p in ledger["posts"]] == [media_id]
        stdout = program.process.stdout
        assert program.stop() == 0
        assert stdout is not None
        assert stdout.read() == ""


def test_a_taken_port_is_an_error(server):
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(OSError, match=r"in use|permitted|denied"):
        SandboxServer(port=port)


def test_a_damaged_state_file_is_an_error(tmp_path):
    damaged = tmp_path / "state.jsonl"
    damaged.write_text("{broken}\n")
    with pytest.raises(ValueError, match="Expecting"):
        SandboxServer(state_file=damaged)

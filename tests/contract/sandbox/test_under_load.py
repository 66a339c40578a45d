"""Many clients, a quarter of the calls faulty: the ledger, the containers and the answers must tell one story."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest

from tests.contract.sandbox.conftest import Client, open_client

KINDS = ["drop_before", "drop_after", "http_5xx_before", "http_5xx_after", "blocked_2207051_live", "error_in_200"]
POSTS_PER_CLIENT = 20


def publish_once(url, token, text):
    """Publish without trying anything again; return the media id when the answer held one."""
    with open_client(url) as http, suppress(httpx.TransportError, ValueError):
        threads = Client(http, "threads", "me", token)
        container = threads.post("me/threads", media_type="TEXT", text=text).json().get("id")
        if container:
            return threads.post("me/threads_publish", creation_id=container).json().get("id")
    return None


@pytest.mark.parametrize("republish", ["reject", "duplicate"])
def test_one_story(http, server, client, play, configure, ledger, republish):
    configure(republish=republish, threads_quota_total=1000)
    play(*({"kind": kind, "probability": 0.05} for kind in KINDS))
    tokens = [client("threads", index=n).token for n in (0, 1)]
    jobs = [(tokens[n % 2], f"post {n}") for n in range(4 * POSTS_PER_CLIENT)]
    with ThreadPoolExecutor(4) as pool:
        answered = [found for found in pool.map(lambda job: publish_once(server.url, *job), jobs) if found]
    play()
    posts = ledger()
    assert len({p["text"] for p in posts}) == len({p["container_id"] for p in posts}) == len(posts)
    assert set(answered) <= {p["id"] for p in posts}
    assert [p["order"] for p in posts] == list(range(1, len(posts) + 1))
    calls = http.get("/_sandbox/ledger").json()["calls"]
    published = [c for c in calls if c["endpoint"] == ["publish"]]
    with_effect = {None, "drop_after", "http_5xx_after", "blocked_2207051_live"}
    assert len(posts) == sum(1 for c in published if c["fault"] in with_effect)
    lost = [c for c in published if c["fault"] in with_effect - {None}]
    assert len(posts) - len(answered) == len(lost) > 0
    assert all((c["status"] is None) is (c["fault"] in {"drop_before", "drop_after"}) for c in calls)

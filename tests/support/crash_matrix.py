"""Crashing the publisher at every durable or network edge, one by one (``reliability.md`` §9, T3).

Run as a script it goes through the whole matrix and prints what it saw:
``python -m tests.support.crash_matrix``
"""

from __future__ import annotations

import itertools
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.domain.deliveries import DeliveryState
from desktop.domain.networks import Network
from desktop.services.publishing.calls import Edge
from tests.support.publishing_rig import KINDS, Crash, Kind, Rig, publishing_rig

# what the network does to the first publish call
ANSWERS: dict[str, dict[str, Any] | None] = {
    "ok": None,
    "lost_after_effect": {"kind": "drop_after"},
    "lost_before_effect": {"kind": "drop_before"},
    "5xx_after_effect": {"kind": "http_5xx_after"},
    "5xx_before_effect": {"kind": "http_5xx_before"},
    "media_not_found": {"kind": "not_found_4279009", "heal_after": 1},
    "blocked_but_live": {"kind": "blocked_2207051_live"},
}
REPUBLISH = ("reject", "idempotent", "duplicate")


def applies(kind: Kind, answer: str) -> bool:
    """Tell whether the network of ``kind`` knows that answer: 4279009 is Threads' own."""
    return answer != "media_not_found" or kind.network is Network.THREADS


@dataclass
class Count:
    """What a run of the matrix saw."""

    cases: int = 0
    edges: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.cases} cases over {len(self.edges)} named edges, {len(self.wrong)} wrong"


def crash_everywhere(rig: Rig, kind: Kind, answer: str, count: Count) -> None:
    """Publish once undisturbed to learn the edges, then once for each of them with a crash exactly there."""
    edges: list[str] = []
    _publish(rig, kind, answer, lambda: edges.append, "no crash", count)
    for index, name in enumerate(edges):
        _publish(rig, kind, answer, _crash_at(index), f"crash at {name} ({index})", count)
        count.edges[name] += 1


def _publish(rig: Rig, kind: Kind, answer: str, make_edge: Callable[[], Edge], label: str, count: Count) -> None:
    rule = ANSWERS[answer]
    rig.faults(*([] if rule is None else [{**rule, "match": {"endpoint": "publish"}, "times": 1}]))
    delivery_id = rig.plan(kind)
    delivery = rig.drive(delivery_id, make_edge=make_edge)
    live = rig.published(delivery_id)
    count.cases += 1
    problems = [] if delivery.state is DeliveryState.PUBLISHED else [f"ended {delivery.state} {delivery.reason}"]
    problems += [f"part {i} is live {len(posts)} times" for i, posts in enumerate(live) if len(posts) != 1]
    if not problems:
        ids = [posts[0]["id"] for posts in live]
        known = [part.media_id for part in delivery.parts]
        if ids != known:
            problems.append(f"bound to {known}, live is {ids}")
        replies = [posts[0]["reply_to_id"] for posts in live[1:]]
        if replies != ids[:-1]:
            problems.append(f"out of order: {replies}")
    count.wrong += [f"{kind} {answer} {label}: {problem}" for problem in problems]


def _crash_at(index: int) -> Callable[[], Edge]:
    calls = itertools.count()

    def edge(name: str) -> None:
        if next(calls) == index:
            raise Crash(name)

    return lambda: edge


def _rows() -> Iterator[tuple[str, Kind, str]]:
    for republish, kind, answer in itertools.product(REPUBLISH, KINDS, ANSWERS):
        if applies(kind, answer):
            yield republish, kind, answer


def main() -> int:
    """Run the whole matrix; exit code 1 when anything is wrong."""
    total = Count()
    for republish in REPUBLISH:
        with tempfile.TemporaryDirectory() as folder, publishing_rig(Path(folder), republish=republish) as rig:
            for _, kind, answer in (row for row in _rows() if row[0] == republish):
                crash_everywhere(rig, kind, answer, total)
                print(f"{republish:10} {kind!s:20} {answer:20} {total}", flush=True)
    print(*total.wrong, sep="\n")
    return 1 if total.wrong else 0


if __name__ == "__main__":
    sys.exit(main())

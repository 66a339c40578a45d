"""The fault script: which calls go wrong, and how. Seeded: the same script over the same calls fails the same way."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from desktop.sandbox.errors import JSON
from desktop.sandbox.model import Network


class FaultKind(StrEnum):
    """What goes wrong. Inside a batch, an item whose connection is dropped is answered ``null``."""

    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    HTTP_5XX_BEFORE = "http_5xx_before"
    HTTP_5XX_AFTER = "http_5xx_after"
    HTML_502 = "html_502"
    HTTP_429 = "http_429"
    SLOW = "slow"
    NOT_FOUND_4279009 = "not_found_4279009"
    BLOCKED_2207051_LIVE = "blocked_2207051_live"
    READ_100_33 = "read_100_33"
    STRING_CODE = "string_code"
    ERROR_IN_200 = "error_in_200"
    SUCCESS_FALSE = "success_false"
    RATE_LIMITED = "rate_limited"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - the name of a fault
    QUOTA_EXCEEDED = "quota_exceeded"
    MEDIA_UNREACHABLE = "media_unreachable"
    STUCK_IN_PROGRESS = "stuck_in_progress"
    CONTAINER_ERROR = "container_error"
    CUT_UPLOAD = "cut_upload"
    REWOUND_OFFSET = "rewound_offset"
    ERROR = "error"


ANSWER_AFTER_EFFECT = frozenset({FaultKind.DROP_AFTER, FaultKind.HTTP_5XX_AFTER, FaultKind.BLOCKED_2207051_LIVE})
ORDINARY_ANSWER = frozenset(
    {
        FaultKind.SLOW,
        FaultKind.NOT_FOUND_4279009,
        FaultKind.STUCK_IN_PROGRESS,
        FaultKind.CONTAINER_ERROR,
        FaultKind.CUT_UPLOAD,
        FaultKind.REWOUND_OFFSET,
    }
)
"""Kinds that change the object or the timing and leave the answer to the ordinary handler."""


class Match(BaseModel):
    """Which calls a rule looks at; everything given must fit."""

    model_config = ConfigDict(extra="forbid")

    network: Network | None = None
    endpoint: str = "any"
    method: str | None = None
    account_id: str | None = None
    nth: int | list[int] | None = None
    """Only the n-th call that fits the rest, counted by this rule from 1."""


class FaultRule(BaseModel):
    """One line of the script. Seconds are real ones, except ``for_seconds``, which follows the sandbox clock."""

    model_config = ConfigDict(extra="forbid")

    kind: FaultKind
    match: Match = Field(default_factory=Match)
    probability: float = Field(1.0, ge=0, le=1)
    times: int | None = Field(None, ge=0)
    """At most this often; None for no bound."""
    effect: bool | None = None
    """Whether the call does its work although it is answered with the fault; None for what the kind means."""
    delay_before: float = Field(0.0, ge=0)
    delay_after: float = Field(0.0, ge=0)
    heal_after: int | None = None
    """``not_found_4279009``: refusals of the same container before it works; None for never."""
    after_bytes: int = Field(0, ge=0)
    """``cut_upload``: bytes taken before the connection breaks; ``rewound_offset``: bytes still there afterwards."""
    for_seconds: float | None = None
    """``stuck_in_progress``: how long; None for good."""
    code: int | str | None = None
    subcode: int | None = None
    status: int | None = None
    message: str | None = None
    regain_minutes: int = 5

    @property
    def takes_effect(self) -> bool:
        """Whether the handler runs before the faulty answer."""
        return self.effect if self.effect is not None else self.kind in ANSWER_AFTER_EFFECT


_SCRIPT = TypeAdapter(list[FaultRule])


class Faults:
    """A script being played."""

    def __init__(self, seed: int) -> None:
        """Start with an empty script."""
        self._seed = seed
        self._plays: list[_Play] = []

    def replace(self, rules: Iterable[FaultRule]) -> None:
        """Play ``rules`` from their start."""
        self._plays = [_Play(rule, random.Random(f"{self._seed}:{i}")) for i, rule in enumerate(rules)]  # noqa: S311

    def load(self, path: Path) -> None:
        """Play the script in ``path``; ``ValueError`` when it is not one, ``OSError`` when it cannot be read."""
        self.replace(_SCRIPT.validate_json(path.read_bytes()))

    def pick(self, network: Network, endpoint: frozenset[str], method: str, account_id: str) -> FaultRule | None:
        """Return the rule for this call; every rule counts the call, the first that fires wins."""
        fired = [play.rule for play in self._plays if play.fires(network, endpoint, method, account_id)]
        return fired[0] if fired else None

    def as_json(self) -> JSON:
        """Return the rules with what they did: ``{"rule", "seen", "fired"}``."""
        return [
            {
                "rule": json.loads(play.rule.model_dump_json(exclude_defaults=True)),
                "seen": play.seen,
                "fired": play.fired,
            }
            for play in self._plays
        ]


class _Play:
    def __init__(self, rule: FaultRule, rng: random.Random) -> None:
        self.rule = rule
        self.seen = 0
        self.fired = 0
        self._random = rng

    def fires(self, network: Network, endpoint: frozenset[str], method: str, account_id: str) -> bool:
        match = self.rule.match
        if (
            (match.network is not None and match.network is not network)
            or (match.endpoint != "any" and match.endpoint not in endpoint)
            or (match.method is not None and match.method.upper() != method)
            or (match.account_id is not None and match.account_id != account_id)
        ):
            return False
        self.seen += 1
        # Drawn for every call that fits, so that a rule's fate does not depend on its own past.
        draw = self._random.random()
        if match.nth is not None and self.seen not in ([match.nth] if isinstance(match.nth, int) else match.nth):
            return False
        if (self.rule.times is not None and self.fired >= self.rule.times) or draw >= self.rule.probability:
            return False
        self.fired += 1
        return True

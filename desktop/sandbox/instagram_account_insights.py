"""Numbers of Instagram accounts (ig-user insights reference)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from desktop.sandbox import growth, insight_crowds, insight_shapes
from desktop.sandbox.errors import JSON, bad_parameter
from desktop.sandbox.graph_call import GraphCall
from desktop.sandbox.insight_shapes import Insight
from desktop.sandbox.model import Account
from desktop.sandbox.network_switches import Missing
from desktop.sandbox.sandbox import Sandbox

INTERACTIONS = ("likes", "comments", "saved", "shares", "reposts")


@dataclass(frozen=True, slots=True)
class _Metric:
    """How an account metric may be asked for."""

    types: frozenset[str] = frozenset({"total_value"})
    breakdowns: tuple[str, ...] = ()
    period: str = "day"


_TOTAL = frozenset({"total_value"})
_PRODUCT = ("media_product_type",)
_OF_ACCOUNT: Mapping[str, _Metric] = {
    "reach": _Metric(frozenset({"total_value", "time_series"}), ("media_product_type", "follow_type")),
    "views": _Metric(_TOTAL, _PRODUCT),  # and those of the configuration
    **dict.fromkeys(("accounts_engaged", "replies"), _Metric()),
    **dict.fromkeys(
        ("total_interactions", "likes", "comments", "shares", "saves", "reposts"), _Metric(_TOTAL, _PRODUCT)
    ),
    "follows_and_unfollows": _Metric(_TOTAL, ("follow_type",)),
    "profile_links_taps": _Metric(_TOTAL, ("contact_button_type",)),
    **dict.fromkeys(
        ("follower_demographics", "engaged_audience_demographics"),
        _Metric(_TOTAL, tuple(sorted(insight_crowds.BREAKDOWNS)), "lifetime"),
    ),
}
_DISPUTED: Mapping[str, _Metric] = {
    "follower_count": _Metric(frozenset({"time_series"})),
    "online_followers": _Metric(frozenset({"time_series"}), (), "lifetime"),
}
_DIMENSION_VALUES: Mapping[str, tuple[str, ...]] = {
    "media_product_type": ("POST", "REEL", "STORY"),
    "follow_type": ("FOLLOWER", "NON_FOLLOWER"),
    "follower_type": ("FOLLOWER", "NON_FOLLOWER"),
    "contact_button_type": ("CALL", "DIRECTION", "EMAIL", "TEXT"),
}
_FOLLOWER_BOUND = {"follower_demographics", "engaged_audience_demographics", "follows_and_unfollows"}
_TIMEFRAMES = {"this_week", "this_month"}
_DAY = timedelta(days=1)
_HISTORY = timedelta(days=90)


class AccountQuestion:
    """One call on an account's insights."""

    def __init__(self, box: Sandbox, call: GraphCall, account: Account) -> None:
        """Read the question; code 100 for what is not allowed, code 1 for a breakdown that does not fit."""
        self._box, self._call, self._account = box, call, account
        self._known = {**_OF_ACCOUNT, **(_DISPUTED if box.config.instagram_follower_count_metric else {})}
        self._metrics = insight_shapes.wanted_metrics(call, self._known)
        self._breakdown = call.text("breakdown")
        self._type = call.text("metric_type")
        self._check()
        self._since, self._until = self._window()

    def answer(self) -> JSON:
        """Return the numbers; a metric without any is left out."""
        found = [insight for metric in self._metrics if (insight := self._insight(metric)) is not None]
        answer: dict[str, JSON] = {"data": [*found]}
        if self._type == "time_series":
            answer["paging"] = self._paging()
        return answer

    def _check(self) -> None:
        for name in self._metrics:
            metric = self._known[name]
            if self._call.text("period") != metric.period:
                message = f"The metric {name} supports the period {metric.period} only"
                raise bad_parameter(message, blamed="period")
            kind = self._type or ("time_series" if "time_series" in metric.types else "")
            if kind not in metric.types:
                message = f"The metric {name} should be specified with parameter metric_type={min(metric.types)}"
                raise bad_parameter(message, blamed="metric_type")
            allowed = metric.breakdowns + (self._box.config.instagram_views_breakdowns if name == "views" else ())
            if self._breakdown and (self._breakdown not in allowed or kind == "time_series"):
                raise insight_shapes.unknown_failure()
            if metric.period == "lifetime" and metric.breakdowns:
                self._check_demographics()
        self._type = self._type or "time_series"

    def _check_demographics(self) -> None:
        if not self._breakdown:
            raise bad_parameter("One of the breakdowns age, city, country, gender is required", blamed="breakdown")
        if self._call.text("timeframe") not in _TIMEFRAMES:
            raise bad_parameter("Param timeframe must be one of {this_week, this_month}", blamed="timeframe")

    def _window(self) -> tuple[datetime, datetime]:
        now, longest = self._box.clock.now(), timedelta(days=self._box.config.instagram_insights_window_days)
        until = min(self._call.instant("until") or now, now)
        since = self._call.instant("since") or until - _DAY
        if since > until or until - since > longest:
            message = f"There cannot be more than {longest.days} days between since and until"
            raise bad_parameter(message, blamed="since")
        return max(since, now - _HISTORY), until

    def _insight(self, metric: str) -> Insight | None:
        if metric in _FOLLOWER_BOUND and growth.followers(self._box, self._account) < insight_crowds.FEWEST_FOLLOWERS:
            if self._box.config.insights_few_followers is Missing.EMPTY:
                return None
            raise insight_shapes.no_data("Not enough followers for this metric")
        if self._known[metric].period == "lifetime":
            return self._crowd(metric)
        if self._type == "time_series":
            return insight_shapes.series(self._account.id, metric, self._days(metric))
        value = self._value(metric, self._since, self._until)
        if not self._breakdown:
            return insight_shapes.total(self._account.id, metric, value)
        names = _DIMENSION_VALUES[self._breakdown]
        parts = growth.parts(value, names, self._box.world.seed, self._account.id, metric)
        return insight_shapes.broken_down(self._account.id, metric, "day", self._breakdown, parts)

    def _crowd(self, metric: str) -> Insight | None:
        if metric == "online_followers":
            return None
        people = growth.followers(self._box, self._account)
        if metric == "engaged_audience_demographics":
            people //= 4
        rows = insight_crowds.crowd(people, self._breakdown, self._box.world.seed, self._account.id, metric)
        return insight_shapes.broken_down(self._account.id, metric, "lifetime", self._breakdown, rows, with_total=False)

    def _days(self, metric: str) -> list[tuple[int, datetime]]:
        days = growth.days_between(self._since, self._until)
        spans = [(growth.end_of(day - _DAY), growth.end_of(day)) for day in days]
        return [(self._value(metric, start, end), end) for start, end in spans]

    def _value(self, metric: str, since: datetime, until: datetime) -> int:
        def of(name: str) -> int:
            return growth.of_account(self._box, self._account, name, since, until)

        match metric:
            case "accounts_engaged":
                return int(of("likes") * 0.9) + of("comments")
            case "total_interactions":
                return sum(of(name) for name in INTERACTIONS)
            case "saves":
                return of("saved")
            case "replies":
                return 0  # nobody answers stories here
            case "follows_and_unfollows" | "follower_count":
                return of("follows")
            case "profile_links_taps":
                return of("profile_activity")
            case _:
                return of(metric)

    def _paging(self) -> JSON:
        span = self._until - self._since

        def address(since: datetime, until: datetime) -> str:
            window = {"since": int(since.timestamp()), "until": int(until.timestamp())}
            query = urlencode({**self._call.params, **window, "access_token": self._call.token})
            return f"{self._call.base_url}{self._call.path}?{query}"

        return {
            "previous": address(self._since - span, self._since),
            "next": address(self._until, self._until + span),
        }

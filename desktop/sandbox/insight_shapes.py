"""The forms in which both networks write insights (their insights references), and the parts of the question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from desktop.sandbox.errors import JSON, GraphError, bad_parameter
from desktop.sandbox.fields import timestamp
from desktop.sandbox.graph_call import GraphCall

Insight = dict[str, JSON]


def wanted_metrics(call: GraphCall, known: Iterable[str]) -> list[str]:
    """Return the metrics asked for; one the network does not know fails the whole call."""
    wanted, known = call.ids("metric"), sorted(known)
    if not wanted:
        raise bad_parameter("The parameter metric is required", blamed="metric")
    for position, name in enumerate(wanted):
        if name not in known:
            message = f"metric[{position}] must be one of the following values: {', '.join(known)}"
            raise bad_parameter(message, blamed="metric")
    return list(dict.fromkeys(wanted))


def no_data(message: str) -> GraphError:
    """Code 10: the network has numbers but does not tell them."""
    return GraphError(f"(#10) {message}", 10, status=400)


def unknown_failure() -> GraphError:
    """Code 1, the answer to a breakdown that does not go with a metric."""
    return GraphError("An unknown error has occurred.", 1, status=500)


def single(subject: str, name: str, value: int) -> Insight:
    """One number for the life of a post."""
    return _insight(subject, name, "lifetime", {"values": [{"value": value}]})


def series(subject: str, name: str, values: Iterable[tuple[int, datetime]]) -> Insight:
    """One number a day, each with the end of its day."""
    days: list[JSON] = [{"value": value, "end_time": timestamp(end)} for value, end in values]
    return _insight(subject, name, "day", {"values": days})


def total(subject: str, name: str, value: int, period: str = "day") -> Insight:
    """One number for a window."""
    return _insight(subject, name, period, {"total_value": {"value": value}})


def broken_down(
    subject: str, name: str, period: str, key: str, results: Mapping[str, int], *, with_total: bool = True
) -> Insight:
    """Numbers by the values of one dimension."""
    rows: list[JSON] = [{"dimension_values": [k], "value": v} for k, v in results.items()]
    breakdown: dict[str, JSON] = {"breakdowns": [{"dimension_keys": [key], "results": rows}]}
    whole: dict[str, JSON] = {"value": sum(results.values())} if with_total else {}
    return _insight(subject, name, period, {"total_value": whole | breakdown})


def links(subject: str, name: str, clicks: Mapping[str, int]) -> Insight:
    """Clicks by address, which only Threads tells."""
    rows: list[JSON] = [{"value": value, "link_url": url} for url, value in clicks.items()]
    return _insight(subject, name, "day", {"link_total_values": rows})


def _insight(subject: str, name: str, period: str, numbers: Mapping[str, JSON]) -> Insight:
    title = name.replace("_", " ").capitalize()
    texts: Insight = {"title": title, "description": f"{title} as the sandbox counts them."}
    return {"name": name, "period": period} | dict(numbers) | texts | {"id": f"{subject}/insights/{name}/{period}"}

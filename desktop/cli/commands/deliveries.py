"""``tidings delivery``: what happened to each post on each account, and what a person can do about it."""

from __future__ import annotations

from argparse import Namespace

from desktop.cli.output import table
from desktop.cli.parser import Commands
from desktop.cli.session import DONE, Session
from desktop.domain.deliveries import DeliveryId, DeliveryState
from desktop.kit.i18n import tr
from desktop.services.publishing.report import delivery_to_json, detail_to_json, instant
from desktop.services.publishing.service import DeliveryDetail


def register(commands: Commands) -> None:
    """Add the commands."""
    group = commands.group("delivery", tr("what happened to posts on their accounts"))
    show_all = group.add("list", tr("deliveries, latest first"), _list)
    show_all.add_argument("--state", action="append", default=[], choices=[s.value for s in DeliveryState])
    show_all.add_argument("--limit", type=int, default=200, metavar="N")
    group.add("show", tr("one delivery with its timeline"), _show).add_argument("id", metavar="ID")
    group.add("retry", tr("try again now"), _retry).add_argument("id", metavar="ID")
    resolve = group.add("resolve", tr("say what you saw on the network"), _resolve)
    resolve.add_argument("id", metavar="ID")
    answer = resolve.add_mutually_exclusive_group(required=True)
    answer.add_argument("--published", metavar="URL", help=tr("it is there, at this address"))
    answer.add_argument("--not-published", action="store_true", help=tr("it is not there: publish it"))


def timeline_lines(detail: DeliveryDetail) -> list[str]:
    """Return a delivery's story for people."""
    delivery = detail.delivery
    plan = delivery.schedule
    lines = [
        f"{delivery.state.value}  {detail.account.network.label}  {detail.account.username}  {detail.title}",
        f"{delivery.id}  {plan.wall_time.isoformat(sep=' ')} {plan.zone}",
        *filter(None, [delivery.permalink]),
    ]
    if delivery.last_failure is not None:
        lines.append(delivery.last_failure.message)
    return lines + [f"  {instant(entry.at)}  {entry.after.value:<14}  {entry.why}" for entry in detail.timeline]


def _list(arguments: Namespace, session: Session) -> int:
    states = [DeliveryState(state) for state in arguments.state]
    found = session.workspace.deliveries.list(states=states, limit=arguments.limit)
    rows = [
        (s.delivery.id, s.delivery.state.value, instant(s.delivery.due_at) or "", s.account.username, s.title)
        for s in found
    ]
    session.output.result([{**delivery_to_json(s.delivery), "title": s.title} for s in found], table(rows))
    return DONE


def _show(arguments: Namespace, session: Session) -> int:
    _say(DeliveryId(arguments.id), session)
    return DONE


def _retry(arguments: Namespace, session: Session) -> int:
    session.workspace.deliveries.retry(DeliveryId(arguments.id))
    _say(DeliveryId(arguments.id), session)
    return DONE


def _resolve(arguments: Namespace, session: Session) -> int:
    deliveries, delivery_id = session.workspace.deliveries, DeliveryId(arguments.id)
    if arguments.not_published:
        deliveries.resolve_not_published(delivery_id)
    else:
        deliveries.resolve_published(delivery_id, arguments.published)
    _say(delivery_id, session)
    return DONE


def _say(delivery_id: DeliveryId, session: Session) -> None:
    detail = session.workspace.deliveries.show(delivery_id)
    session.output.result(detail_to_json(detail), timeline_lines(detail))

"""``tidings post``: writing, planning and publishing posts."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from desktop.cli.commands.writing import edited_content, written_content
from desktop.cli.output import table
from desktop.cli.parser import Commands, day, wall_time
from desktop.cli.session import DONE, FAILED, Session
from desktop.domain.accounts import AccountId
from desktop.domain.deliveries import UNSETTLED_STATES, Delivery, DeliveryState
from desktop.domain.documents import content_to_document
from desktop.domain.errors import TidingsError
from desktop.domain.networks import PostFormat
from desktop.domain.posts import Post, PostId
from desktop.domain.schedules import Schedule
from desktop.kit.i18n import tr
from desktop.services.publishing.report import delivery_to_json, instant

MANY = 100_000
_UNSENT = frozenset(DeliveryState) - UNSETTLED_STATES - {DeliveryState.PUBLISHED, DeliveryState.CANCELLED}


def register(commands: Commands) -> None:
    """Add the commands."""
    group = commands.group("post", tr("write, plan and publish posts"))
    create = group.add("create", tr("write a post; prints its id"), _create)
    create.add_argument("--account", action="append", default=[], metavar="ID", help=tr("where it goes; repeatable"))
    _add_content_flags(create, text_required=True)
    _add_time_flags(create, with_now=True, required=False)

    show_all = group.add("list", tr("posts, last changed first"), _list)
    show_all.add_argument("--state", choices=[state.value for state in DeliveryState])
    show_all.add_argument("--account", metavar="ID")
    show_all.add_argument("--from", dest="first", type=day, metavar="D", help=tr("planned on this day or later"))
    show_all.add_argument("--to", dest="last", type=day, metavar="D", help=tr("planned on this day or earlier"))
    show_all.add_argument("--search", metavar="Q")
    show_all.add_argument("--limit", type=int, default=200, metavar="N")

    edit = group.add("edit", tr("change a post; what is not given stays"), _edit)
    edit.add_argument("id", metavar="ID")
    edit.add_argument("--account", action="append", metavar="ID", help=tr("goes to exactly these accounts"))
    _add_content_flags(edit, text_required=False)

    schedule = group.add("schedule", tr("put a post on the calendar"), _schedule)
    schedule.add_argument("id", metavar="ID")
    _add_time_flags(schedule, with_now=False, required=True)
    for name, words, run in (
        ("show", tr("one post"), _show),
        ("delete", tr("put a post into the bin; what was not sent is cancelled"), _delete),
        ("publish", tr("publish now"), _publish),
        ("cancel", tr("cancel everything that was not sent"), _cancel),
        ("check", tr("look whether the networks would take it"), _check),
    ):
        group.add(name, words, run).add_argument("id", metavar="ID")


def post_to_json(post: Post, deliveries: Sequence[Delivery]) -> dict[str, Any]:
    """Return the JSON form of a post with its deliveries."""
    return {
        "id": post.id,
        "title": post.shared.title,
        "parts": content_to_document(post.shared)["parts"],
        "accounts": [
            {
                "id": variant.account_id,
                "format": variant.format.value,
                "parts": None if variant.override is None else content_to_document(variant.override)["parts"],
            }
            for variant in post.variants
        ],
        "is_sample": post.is_sample,
        "created_at": instant(post.created_at),
        "updated_at": instant(post.updated_at),
        "deleted_at": instant(post.deleted_at),
        "deliveries": [delivery_to_json(delivery) for delivery in deliveries],
    }


def _add_content_flags(parser: ArgumentParser, *, text_required: bool) -> None:
    text = parser.add_mutually_exclusive_group(required=text_required)
    text.add_argument("--text", metavar="T")
    text.add_argument("--file", type=Path, metavar="F", help=tr("read the text from a file; - is standard input"))
    parser.add_argument("--part", action="append", metavar="T", help=tr("the next part of the thread; repeatable"))
    parser.add_argument(
        "--media", action="append", metavar="FILE[=ALT]", help=tr("a picture or film of the first part; repeatable")
    )
    parser.add_argument("--format", choices=[form.value for form in PostFormat])


def _add_time_flags(parser: ArgumentParser, *, with_now: bool, required: bool) -> None:
    when = parser.add_mutually_exclusive_group(required=required)
    when.add_argument("--at", type=wall_time, metavar="2026-12-01T09:00")
    if with_now:
        when.add_argument("--now", action="store_true", help=tr("publish at once"))
    parser.add_argument("--zone", metavar="Europe/Oslo", help=tr("zone of --at; else that of the profile"))


def _create(arguments: Namespace, session: Session) -> int:
    workspace = session.workspace
    # everything that can be wrong with the words of the command is found before anything is stored
    account_ids = [workspace.accounts.get(AccountId(account_id)).id for account_id in arguments.account]
    plan = _plan(arguments, session) if arguments.at else None
    content = written_content(arguments, workspace.media)
    form = PostFormat(arguments.format or PostFormat.FEED)
    post = workspace.drafting.create(content, account_ids, formats=dict.fromkeys(account_ids, form))
    deliveries: Sequence[Delivery] = ()
    try:
        if plan is not None:
            deliveries = workspace.scheduling.schedule(post.id, plan)
        elif arguments.now:
            deliveries = workspace.scheduling.publish_now(post.id, zone=_zone(arguments, session))
    except TidingsError:
        session.error_details["post_id"] = post.id
        session.output.note(tr("Saved as the draft {id}.", id=post.id))
        raise
    session.output.result(post_to_json(post, deliveries), [post.id])
    return DONE


def _list(arguments: Namespace, session: Session) -> int:
    workspace = session.workspace
    account_id = AccountId(arguments.account) if arguments.account else None
    posts = workspace.drafting.list(search=arguments.search, account_id=account_id, limit=MANY)
    with workspace.storage.read() as uow:
        deliveries = uow.deliveries.for_posts([post.id for post in posts])
    found = [(post, deliveries.get(post.id, ())) for post in posts]
    chosen = [(post, those) for post, those in found if _is_wanted(arguments, those)][: arguments.limit]
    rows = [(post.id, _states(those), post.shared.title) for post, those in chosen]
    session.output.result([post_to_json(post, those) for post, those in chosen], table(rows))
    return DONE


def _is_wanted(arguments: Namespace, deliveries: Sequence[Delivery]) -> bool:
    if arguments.state and arguments.state not in _states(deliveries).split(","):
        return False
    times = [delivery.schedule.wall_time for delivery in deliveries]
    first: datetime | None = arguments.first
    end = arguments.last + timedelta(days=1) if arguments.last else None
    if first is None and end is None:
        return True
    return any((first is None or time >= first) and (end is None or time < end) for time in times)


def _states(deliveries: Sequence[Delivery]) -> str:
    return ",".join(dict.fromkeys(delivery.state.value for delivery in deliveries)) or DeliveryState.DRAFT.value


def _show(arguments: Namespace, session: Session) -> int:
    _say(PostId(arguments.id), session)
    return DONE


def _edit(arguments: Namespace, session: Session) -> int:
    workspace = session.workspace
    post = workspace.drafting.get(PostId(arguments.id))
    if arguments.account is not None:
        ids = tuple(workspace.accounts.get(AccountId(account_id)).id for account_id in arguments.account)
        post = post.with_accounts(ids)
    post = edited_content(post, arguments, workspace.media)
    workspace.drafting.save(post)
    _say(post.id, session)
    return DONE


def _delete(arguments: Namespace, session: Session) -> int:
    post = session.workspace.drafting.get(PostId(arguments.id))
    session.workspace.drafting.delete([post.id])
    _say(post.id, session)
    return DONE


def _schedule(arguments: Namespace, session: Session) -> int:
    session.workspace.scheduling.schedule(PostId(arguments.id), _plan(arguments, session))
    _say(PostId(arguments.id), session)
    return DONE


def _publish(arguments: Namespace, session: Session) -> int:
    workspace = session.workspace
    workspace.scheduling.publish_now(PostId(arguments.id), zone=workspace.settings.get().zone)
    _say(PostId(arguments.id), session)
    return DONE


def _cancel(arguments: Namespace, session: Session) -> int:
    workspace = session.workspace
    post = workspace.drafting.get(PostId(arguments.id))
    found = workspace.deliveries.list(states=_UNSENT, post_id=post.id)
    workspace.deliveries.cancel([summary.delivery.id for summary in found])
    _say(post.id, session)
    return DONE


def _check(arguments: Namespace, session: Session) -> int:
    workspace = session.workspace
    report = workspace.drafting.preflight(workspace.drafting.get(PostId(arguments.id)))
    document = {
        "is_blocked": report.is_blocked,
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity.value,
                "message": finding.message,
                "account_id": finding.account_id,
                "part": finding.part,
                "media": finding.media,
            }
            for finding in report.findings
        ],
    }
    session.output.result(document, [f"{finding.severity.value:<6} {finding.message}" for finding in report.findings])
    return FAILED if report.is_blocked else DONE


def _plan(arguments: Namespace, session: Session) -> Schedule:
    return Schedule.entered(arguments.at, _zone(arguments, session))


def _zone(arguments: Namespace, session: Session) -> str:
    zone: str = arguments.zone or session.workspace.settings.get().zone
    return zone


def _say(post_id: PostId, session: Session) -> None:
    workspace = session.workspace
    post = workspace.drafting.get(post_id)
    with workspace.storage.read() as uow:
        deliveries = uow.deliveries.for_posts([post_id]).get(post_id, ())
    lines = [post.id, *(part.text for part in post.shared.parts)]
    lines += [
        f"  {d.state.value:<14} {d.network.label:<10} {d.schedule.wall_time} {d.schedule.zone}" for d in deliveries
    ]
    session.output.result(post_to_json(post, deliveries), lines)

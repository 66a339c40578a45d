"""``tidings relay``: the bucket from which networks fetch pictures and films."""

from __future__ import annotations

import sys
from argparse import Namespace

from desktop.cli.parser import Commands
from desktop.cli.session import DONE, FAILED, PARTLY_DONE, Session
from desktop.kit.i18n import tr
from desktop.services.hosting.errors import RelayMissing


def register(commands: Commands) -> None:
    """Add the commands."""
    group = commands.group("relay", tr("where networks fetch pictures and films from"))
    choose = group.add("set", tr("use a bucket of S3, Azure or Google from now on, and check it"), _set)
    choose.add_argument("url", metavar="URL", help="s3://bucket/prefix?endpoint=…&region=…, az://…?account=…, gs://…")
    choose.add_argument("--key-id", default="", metavar="ID", help=tr("S3: the id of the access key"))
    key_help = tr("the key (Google: the service account's JSON); - reads it from standard input")
    choose.add_argument("--key", default="", metavar="K", help=key_help)
    group.add("show", tr("which one is used"), _show)
    group.add("check", tr("put a small file there, fetch it as a network would, delete it"), _check)
    group.add("remove", tr("delete what still lies there, then forget it and its key"), _remove)


def _set(arguments: Namespace, session: Session) -> int:
    key = sys.stdin.read().strip() if arguments.key == "-" else arguments.key
    session.workspace.hosting.settings.choose(arguments.url, arguments.key_id, key)
    return DONE if _checked(session) else PARTLY_DONE  # it is kept even if the check finds something


def _show(_arguments: Namespace, session: Session) -> int:
    settings = session.workspace.hosting.settings
    relay = settings.current()
    if relay is None:
        raise RelayMissing
    is_given = settings.is_given
    lines = [str(relay), *([tr("The environment says so (TIDINGS_RELAY_URL).")] if is_given else [])]
    session.output.result({"relay": str(relay), "is_public": bool(relay.public), "is_given": is_given}, lines)
    return DONE


def _check(_arguments: Namespace, session: Session) -> int:
    return DONE if _checked(session) else FAILED


def _remove(_arguments: Namespace, session: Session) -> int:
    hosting = session.workspace.hosting
    report = hosting.withdraw()
    left = [f"{hosted.relay} {hosted.key}" for hosted, _ in report.left]
    words = [
        tr("The environment still names one (TIDINGS_RELAY_URL).") if hosting.settings.is_given else tr("Forgotten.")
    ]
    if left:
        words += [tr("These files could not be deleted; delete them by hand:"), *left]
    session.output.result({"deleted": report.deleted, "left": left}, words)
    return PARTLY_DONE if left else DONE


def _checked(session: Session) -> bool:
    findings = session.workspace.hosting.check()
    lines = []
    for finding in findings:
        lines.append(f"{tr('ok') if finding.is_ok else tr('NO'):<3} {finding.words}")
        if finding.advice and not finding.is_ok:
            lines.append(f"    {finding.advice}")
    is_fit = all(finding.is_ok for finding in findings)
    document = [{"code": f.code, "is_ok": f.is_ok, "words": f.words, "advice": f.advice} for f in findings]
    session.output.result({"is_fit": is_fit, "checks": document}, lines)
    return is_fit

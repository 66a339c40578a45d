"""``tidings account app`` and ``account broker``: what people sign in with."""

from __future__ import annotations

import sys
from argparse import Namespace

from desktop.cli.parser import Commands
from desktop.cli.session import DONE, Session
from desktop.domain.errors import AppMissing, InvalidInput
from desktop.domain.networks import Network
from desktop.kit.i18n import tr
from desktop.services.accounts.ports import App


def register(group: Commands) -> None:
    """Add the commands."""
    app = group.add("app", tr("the app people sign in with: set it, show it, remove it"), _app)
    app.add_argument("network", choices=[network.value for network in Network])
    app.add_argument("--id", metavar="ID", help=tr("the app's id; each network has one of its own"))
    app.add_argument("--secret", metavar="S", help=tr("the app's secret; - reads it from standard input"))
    app.add_argument("--redirect", metavar="URL", default="", help=tr("the https address people are sent back to"))
    app.add_argument("--config", metavar="ID", default="", help=tr("configuration of Facebook Login for Business"))
    app.add_argument("--remove", action="store_true", help=tr("forget the app"))
    broker = group.add("broker", tr("the sign-in service to use where there is no own app"), _broker)
    broker.add_argument("url", metavar="URL", nargs="?")
    broker.add_argument("--remove", action="store_true", help=tr("forget the service"))


def _app(arguments: Namespace, session: Session) -> int:
    apps, network = session.workspace.apps, Network(arguments.network)
    if arguments.remove:
        apps.forget(network)
        session.output.result({"network": network.value, "id": None}, [tr("The app is forgotten.")])
        return DONE
    if arguments.id or arguments.secret:
        if not (arguments.id and arguments.secret):
            raise InvalidInput(field=tr("App"), reason=tr("both its id and its secret are needed"))
        secret = sys.stdin.readline().strip() if arguments.secret == "-" else arguments.secret  # noqa: S105 - stdin
        apps.keep(network, App(arguments.id, arguments.redirect, arguments.config, secret))
    app = apps.own(network)
    if app is None:
        raise AppMissing(network=network.label)
    document = {
        "network": network.value,
        "id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "config_id": app.config_id,
    }
    session.output.result(document, [f"{network.label}  {app.client_id}  {app.redirect_uri}".rstrip()])
    return DONE


def _broker(arguments: Namespace, session: Session) -> int:
    apps = session.workspace.apps
    if arguments.remove:
        apps.forget_broker()
    elif arguments.url:
        apps.keep_broker(arguments.url)
    url = apps.broker_url()
    session.output.result({"broker": url}, [url or tr("There is no sign-in service.")])
    return DONE

"""The pages of the sign-in dialogs: plain forms that work without scripts, with a keyboard and a screen reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import urlencode

from starlette.responses import Response

from desktop.kit.i18n import tr
from desktop.sandbox.dialog_request import DialogRefusal, DialogRequest
from desktop.sandbox.model import Account, Network
from desktop.sandbox.oauth_scopes import MANDATORY
from desktop.sandbox.views import page

_NAMES = {Network.THREADS: "Threads", Network.INSTAGRAM: "Instagram", Network.FACEBOOK: "Facebook"}
_STYLE = (
    "<style>fieldset{border:1px solid var(--line);border-radius:12px;margin:1rem 0}label{display:block;padding:.25rem}"
    "button,.choice{display:block;width:100%;margin:.5rem 0;padding:.75rem;border:1px solid var(--line);font:inherit;"
    "border-radius:12px;background:var(--card);color:inherit;text-align:start}"
    "button[value=allow]{background:var(--mark);color:#fff;text-align:center}button[value=cancel]{text-align:center}"
    "</style>"
)


def who_page(asked: DialogRequest, query: dict[str, str], people: Iterable[Account]) -> Response:
    """Ask who signs in."""
    choices = "".join(
        f'<li><a class="choice" href="?{escape(urlencode({**query, "who": person.id}))}">{_name(person)}</a></li>'
        for person in people
    )
    body = f'<nav aria-label="{escape(tr("People of the sandbox"))}"><ul>{choices}</ul></nav>'
    return _dialog(asked, tr("Who signs in?"), body + f'<form method="post">{_button("cancel", tr("Cancel"))}</form>')


def consent_page(
    asked: DialogRequest, person: Account, scopes: Sequence[str], pages: Sequence[tuple[Account, str]]
) -> Response:
    """Ask what the app may do, and (Facebook) with which Pages; each Page comes with the name of its business."""
    mandatory = MANDATORY[asked.network]
    boxes = "".join(_checkbox("scope", scope, escape(scope), is_fixed=scope == mandatory) for scope in scopes)
    body = (
        f'<form method="post"><p>{_name(person)}</p><input type="hidden" name="who" value="{person.id}">'
        f"<fieldset><legend>{escape(tr('What the app may do'))}</legend>{boxes}</fieldset>"
    )
    if pages:
        ticks = "".join(
            _checkbox("page", each.id, escape(f"{each.name} ({business})" if business else each.name))
            for each, business in pages
        )
        body += f"<fieldset><legend>{escape(tr('Which Pages it may use'))}</legend>{ticks}</fieldset>"
    body += f"{_button('allow', tr('Allow'))}{_button('cancel', tr('Cancel'))}</form>"
    return _dialog(asked, tr("What do you allow?"), body)


def refusal_page(refusal: DialogRefusal) -> Response:
    """Tell what is wrong with the request."""
    body = f'<h1>{escape(tr("This sign-in cannot start"))}</h1><p role="alert">{escape(refusal.message)}</p>'
    return page(tr("Sign-in"), f"{body}<p>{escape(tr('Error code:'))} <code>{refusal.code}</code></p>", 400)


def landing_page() -> Response:
    """Show the end of a sign-in whose address is read by the client itself."""
    return page(tr("Sign-in"), f"<h1>{escape(tr('Success'))}</h1>")


def address_page(address: str) -> Response:
    """Show an address to be pasted into the program."""
    explanation = escape(tr("Copy this address and paste it into the program:"))
    return page(tr("Sign-in"), f"<h1>{escape(tr('Almost done'))}</h1><p>{explanation}</p><p>{escape(address)}</p>")


def _dialog(asked: DialogRequest, title: str, body: str) -> Response:
    name = _NAMES[asked.network]
    intro = escape(tr("{network} sign-in of the sandbox", network=name))
    return page(f"{title} · {name}", f'{_STYLE}<p class="soft">{intro}</p><h1>{escape(title)}</h1>{body}')


def _name(person: Account) -> str:
    kind = tr("private") if person.is_private else person.account_type.lower().replace("_", " ")
    return f"<strong>{escape(person.name)}</strong> @{escape(person.username)}{f' · {escape(kind)}' if kind else ''}"


def _checkbox(name: str, value: str, label: str, *, is_fixed: bool = False) -> str:
    state = "checked disabled" if is_fixed else "checked"
    return f'<label><input type="checkbox" name="{name}" value="{escape(value)}" {state}> {label}</label>'


def _button(value: str, label: str) -> str:
    return f'<button type="submit" name="decision" value="{value}">{escape(label)}</button>'

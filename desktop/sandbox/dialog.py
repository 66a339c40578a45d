"""The sign-in dialogs of the three networks, to be clicked through or posted to; they end in a redirect."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from desktop.kit.i18n import tr
from desktop.sandbox.apps import AppMode, Grant
from desktop.sandbox.dialog_pages import address_page, consent_page, landing_page, refusal_page, who_page
from desktop.sandbox.dialog_request import BOUNCE_PATH, LANDING_PATH, DialogRefusal, DialogRequest, read_request
from desktop.sandbox.model import Account, Network
from desktop.sandbox.oauth_codes import issue
from desktop.sandbox.oauth_scopes import MANDATORY
from desktop.sandbox.people_pages import business_pages, own_pages
from desktop.sandbox.sandbox import Sandbox

_THREADS, _INSTAGRAM = frozenset({Network.THREADS}), frozenset({Network.INSTAGRAM})
_DIALOGS = {
    "/dialog/dialog/oauth": frozenset({Network.FACEBOOK}),
    "/dialog/{version}/dialog/oauth": frozenset({Network.FACEBOOK}),
    # local sandboxes have one address for both dialogs; the app's id tells them apart
    "/dialog/oauth/authorize": _THREADS | _INSTAGRAM,
    "/dialog/threads/oauth/authorize": _THREADS,
    "/dialog/instagram/oauth/authorize": _INSTAGRAM,
}
_CHECKPOINT = 459


def dialog_router(box: Sandbox) -> APIRouter:
    """Return the routes of the dialogs and of where they may end."""
    router = APIRouter()
    for path, networks in _DIALOGS.items():
        _add_dialog(router, box, path, networks)

    @router.get(LANDING_PATH)
    async def landing() -> Response:
        return landing_page()

    @router.get(BOUNCE_PATH)
    async def bounce(request: Request) -> Response:
        """Send the answer on to the port that ``state`` begins with, as a static https page would with a script.

        Without a port (or with 0) the address is shown, to be pasted.
        """
        port = re.match(r"0*([1-9]\d{0,4})\.", request.query_params.get("state", ""), re.ASCII)
        if port is None or int(port[1]) >= 1 << 16:
            return address_page(str(request.url))
        return RedirectResponse(f"http://localhost:{port[1]}/callback?{request.url.query}", 302)

    return router


def _add_dialog(router: APIRouter, box: Sandbox, path: str, networks: frozenset[Network]) -> None:
    @router.api_route(path, methods=["GET", "POST"])
    async def dialog(request: Request) -> Response:
        query = dict(request.query_params)
        try:
            asked = read_request(box, networks, query, str(request.base_url).rstrip("/"))
            if request.method == "GET":
                return _ask(box, asked, query)
            form = parse_qs((await request.body()).decode("utf-8", "replace"))
            return _decide(box, asked, form)
        except DialogRefusal as refusal:
            return refusal_page(refusal)


def _ask(box: Sandbox, asked: DialogRequest, query: dict[str, str]) -> Response:
    if "who" not in query:
        people = (a for a in box.world.accounts.values() if a.network is asked.network and not a.is_page)
        return who_page(asked, query, people)
    person = _person(box, asked, query["who"])
    return consent_page(asked, person, _offered_scopes(box, asked, person), _offered_pages(box, asked, person))


def _decide(box: Sandbox, asked: DialogRequest, form: dict[str, list[str]]) -> Response:
    if form.get("decision") != ["allow"]:
        return _redirect(box, asked, _denial(box, asked))
    person = _person(box, asked, form.get("who", [""])[0])
    grant = _grant(box, asked, person, form)
    box.world.save(grant)
    if person.trouble == _CHECKPOINT:  # signing in is what the checkpoint asked for
        box.world.save(replace(person, trouble=None))
    code = issue(box.world, grant, asked.redirect_uri, asked.challenge, asked.challenge_method)
    return _redirect(box, asked, {"code": code})


def _person(box: Sandbox, asked: DialogRequest, person_id: str) -> Account:
    person = box.world.accounts.get(person_id)
    if person is None or person.network is not asked.network or person.is_page:
        raise DialogRefusal(tr("Nobody of that id can sign in here."))
    if asked.app.mode is AppMode.DEVELOPMENT and person.id not in asked.app.role_ids:
        raise DialogRefusal(tr("App not active: it is in development mode, and this person has no role on it."))
    if person.account_type == "PERSONAL" and not box.config.instagram_personal_sign_in:
        raise DialogRefusal(tr("This is a personal account: switch to a professional account first."))
    return person


def _offered_scopes(box: Sandbox, asked: DialogRequest, person: Account) -> list[str]:
    before = box.world.grants.get((asked.network, person.id))
    hidden = before.declined if before and asked.network is Network.FACEBOOK and not asked.asks_again else []
    return [scope for scope in asked.scopes if scope not in hidden]


def _offered_pages(box: Sandbox, asked: DialogRequest, person: Account) -> list[tuple[Account, str]]:
    if not any(scope.startswith(("pages_", "instagram_")) for scope in asked.scopes) or not person.is_person:
        return []
    through = business_pages(box.world, person.id) if "business_management" in asked.scopes else {}
    own = [(page, "") for page in own_pages(box.world, person.id)]
    return own + [(box.world.accounts[page_id], business.name) for page_id, business in through.items()]


def _grant(box: Sandbox, asked: DialogRequest, person: Account, form: dict[str, list[str]]) -> Grant:
    """Return what the person allows now, on Facebook together with what they allowed before and was not asked."""
    now = box.clock.now()
    offered, pages = _offered_scopes(box, asked, person), _offered_pages(box, asked, person)
    ticked = [s for s in offered if s == MANDATORY[asked.network] or s in form.get("scope", [])]
    ticked_pages = [page.id for page, _ in pages if page.id in form.get("page", [])]
    before = box.world.grants.get((asked.network, person.id))
    if before is None or asked.network is not Network.FACEBOOK:
        declined = [s for s in offered if s not in ticked]
        return Grant(asked.network, person.id, ticked, declined, ticked_pages, now)
    scopes = [*(s for s in before.scopes if s not in offered), *ticked]
    declined = [s for s in dict.fromkeys([*before.declined, *offered]) if s not in scopes]
    return Grant(asked.network, person.id, scopes, declined, ticked_pages if pages else before.page_ids, now)


def _denial(box: Sandbox, asked: DialogRequest) -> dict[str, str]:
    denial = {"error": "access_denied", "error_reason": "user_denied"}
    if asked.network is Network.FACEBOOK:
        return denial | {"error_code": "200", "error_description": "Permissions error"}
    if asked.network is Network.THREADS and box.config.threads_misspelt_denial:
        denial["error"] = "acceess_denied"
    return denial | {"error_description": "The user denied your request"}


def _redirect(box: Sandbox, asked: DialogRequest, answer: dict[str, str]) -> Response:
    if asked.state:
        answer["state"] = asked.state
    joint = "&" if urlsplit(asked.redirect_uri).query else "?"
    if asked.network is Network.FACEBOOK:
        fragment = "#_=_" if box.config.facebook_fragment else ""
    else:
        fragment = "#_" if "code" in answer else ""
    return RedirectResponse(f"{asked.redirect_uri}{joint}{urlencode(answer)}{fragment}", 303)

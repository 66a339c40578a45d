"""One client of the sandbox's sign-in: an app, its dialog and its token endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.contract.sandbox.conftest import Client
from tests.support.dialogs import allow, query_of

FACEBOOK_SCOPES = "pages_show_list,pages_read_engagement,pages_manage_posts,instagram_basic,instagram_content_publish"
SCOPES = {
    "facebook": FACEBOOK_SCOPES,
    "instagram": "instagram_business_basic,instagram_business_content_publish",
    "threads": "threads_basic,threads_content_publish",
}
PEOPLE = {"facebook": "Alex Sandbox", "instagram": "Tidings Studio", "threads": "Tidings Daily"}
DIALOGS = {
    "facebook": "/dialog/v25.0/dialog/oauth",
    "instagram": "/dialog/oauth/authorize",
    "threads": "/dialog/oauth/authorize",
}
NETWORKS = list(DIALOGS)
LONG_SECONDS = 5_183_944
DAY = 86_400


@dataclass
class SignIn:
    """Signs people in to one network; ``redirect_uri`` is registered with the app."""

    http: httpx.Client
    network: str
    app_id: str
    secret: str
    redirect_uri: str

    def dialog(self, **changes: str) -> str:
        """Return the dialog's address; ``changes`` replaces parameters."""
        query = {
            "client_id": self.app_id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "scope": SCOPES[self.network],
            "state": "31.opaque & ünusual",
        }
        return f"{DIALOGS[self.network]}?{urlencode(query | changes)}"

    def code(self, who: str = "", untick: tuple[str, ...] = (), **changes: str) -> str:
        return query_of(self.come_back(who, untick, **changes))["code"]

    def come_back(self, who: str = "", untick: tuple[str, ...] = (), **changes: str) -> str:
        """Sign in and return the address the browser is sent to."""
        return allow(self.http, self.dialog(**changes), who or PEOPLE[self.network], untick=untick)

    def exchange(self, code: str, **changes: str) -> httpx.Response:
        data = {
            "client_id": self.app_id,
            "client_secret": self.secret,
            "redirect_uri": self.redirect_uri,
            "code": code,
            "grant_type": "authorization_code",
        }
        return self.http.post(f"/{self.network}/oauth/access_token", data=data | changes)

    def short(self, who: str = "", untick: tuple[str, ...] = (), **changes: str) -> str:
        answer = self.exchange(self.code(who, untick, **changes))
        assert answer.status_code == 200, answer.text
        handed = answer.json()
        return str((handed["data"][0] if "data" in handed else handed)["access_token"])

    def lengthen(self, token: str, **changes: str) -> httpx.Response:
        if self.network == "facebook":
            query = {
                "grant_type": "fb_exchange_token",
                "client_id": self.app_id,
                "client_secret": self.secret,
                "fb_exchange_token": token,
            }
            return self.http.get("/facebook/v25.0/oauth/access_token", params=query | changes)
        kind = {"instagram": "ig", "threads": "th"}[self.network]
        query = {"grant_type": f"{kind}_exchange_token", "client_secret": self.secret, "access_token": token}
        return self.http.get(f"/{self.network}/access_token", params=query | changes)

    def long(self, who: str = "", untick: tuple[str, ...] = (), **changes: str) -> Client:
        """Sign in and return a client with the long-lived token."""
        answer = self.lengthen(self.short(who, untick, **changes))
        assert answer.status_code == 200, answer.text
        return self.client(answer.json()["access_token"])

    def client(self, token: str) -> Client:
        return Client(self.http, self.network, "me", token)

    def refresh(self, token: str, **changes: str) -> httpx.Response:
        kind = {"instagram": "ig", "threads": "th"}[self.network]
        query = {"grant_type": f"{kind}_refresh_token", "access_token": token}
        return self.http.get(f"/{self.network}/refresh_access_token", params=query | changes)

    def inspect(self, token: str) -> dict[str, Any]:
        """Return what ``debug_token`` tells the app about a token."""
        app_token = f"TH|{self.app_id}|{self.secret}" if self.network == "threads" else f"{self.app_id}|{self.secret}"
        query = {"input_token": token, "access_token": app_token}
        answer = self.http.get(f"/{self.network}/debug_token", params=query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["data"])


def sign_in_of(http: httpx.Client, network: str) -> SignIn:
    """Return a client with the network's app, redirecting to the registered address of another host."""
    apps = http.get("/_sandbox/accounts").json()["apps"]
    app = next(app for app in apps if app["network"] == network)
    return SignIn(http, network, app["id"], app["secret"], app["redirect_uris"][1])


def person_id(http: httpx.Client, name: str) -> str:
    """Return the id of someone who can sign in."""
    people = http.get("/_sandbox/accounts").json()["people"]
    return str(next(person["id"] for person in people if person["name"] == name))

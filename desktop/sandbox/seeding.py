"""The ready-made people, profiles, Pages and tokens; the same seed gives the same ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from desktop.sandbox.model import Account, Network, Token, TokenKind

THREADS_SCOPES = [
    "threads_basic",
    "threads_content_publish",
    "threads_manage_replies",
    "threads_read_replies",
    "threads_manage_insights",
    "threads_delete",
]
INSTAGRAM_SCOPES = [
    "instagram_business_basic",
    "instagram_business_content_publish",
    "instagram_business_manage_comments",
    "instagram_business_manage_insights",
]
FACEBOOK_SCOPES = [
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_posts",
    "pages_manage_engagement",
    "pages_read_user_content",
    "read_insights",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_insights",
    "instagram_manage_contents",
]
LONG_LIFE = timedelta(seconds=5_183_944)
_PREFIX = {Network.THREADS: "TH", Network.INSTAGRAM: "IG", Network.FACEBOOK: "EAA"}


class Cast:
    """Makes the accounts and tokens of one seed."""

    def __init__(self, seed: int, now: datetime) -> None:
        """Tokens count as issued two days before ``now``, so that they may be refreshed at once."""
        self._seed = seed
        self._issued_at = now - timedelta(days=2)

    def accounts(self) -> list[Account]:
        """Return every account, the Facebook person included."""
        threads, _instagram, facebook = Network.THREADS, Network.INSTAGRAM, Network.FACEBOOK
        first_ig, second_ig = self._number("ig1"), self._number("ig2")
        return [
            Account(threads, self._number("th1"), "tidings.daily", "Tidings Daily"),
            Account(threads, self._number("th2"), "harbour.notes", "Harbour Notes"),
            self._instagram(first_ig, "tidings.studio", "Tidings Studio", "BUSINESS"),
            self._instagram(second_ig, "harbour.pictures", "Harbour Pictures", "MEDIA_CREATOR"),
            self._instagram(self._number("ig3"), "just.a.person", "Just A Person", "PERSONAL"),
            Account(facebook, self._number("fb1"), "tidingspage", "Tidings Page", linked_instagram_id=first_ig),
            Account(facebook, self._number("fb2"), "harbourpage", "Harbour Page", linked_instagram_id=second_ig),
            Account(facebook, self._number("user"), "alex.sandbox", "Alex Sandbox", is_person=True),
        ]

    def tokens(self, accounts: list[Account]) -> Iterator[Token]:
        """Yield the working tokens, then those with something wrong."""
        profiles = [a for a in accounts if a.network is Network.THREADS]
        professionals = [a for a in accounts if a.network is Network.INSTAGRAM]
        pages = [a for a in accounts if a.network is Network.FACEBOOK and not a.is_person]
        person = next(a for a in accounts if a.is_person)
        for profile in profiles:
            yield self._token(profile, "ready", THREADS_SCOPES)
        for professional in professionals:
            purpose = "personal" if professional.account_type == "PERSONAL" else "ready"
            yield self._token(professional, purpose, INSTAGRAM_SCOPES)
        for page in pages:
            yield self._page_token(page, "ready", FACEBOOK_SCOPES)
        user = self._token(person, "login", FACEBOOK_SCOPES)
        user.reaches = [person.id, *(page.id for page in pages), *(page.linked_instagram_id for page in pages)]
        yield user
        yield from self._flawed(profiles[0], professionals[0], pages[0])

    def _flawed(self, profile: Account, professional: Account, page: Account) -> Iterator[Token]:
        for account, scopes in ((profile, THREADS_SCOPES), (professional, INSTAGRAM_SCOPES), (page, FACEBOOK_SCOPES)):
            make = self._page_token if account is page else self._token
            expired = make(account, "expired", scopes)
            expired.expires_at = self._issued_at + timedelta(days=1)
            yield expired
            yield make(account, "no_publish", [s for s in scopes if "publish" not in s and s != "pages_manage_posts"])
        lost = self._page_token(page, "role_lost", FACEBOOK_SCOPES)
        lost.dead_subcode = 492
        yield lost

    def _instagram(self, account_id: str, username: str, name: str, account_type: str) -> Account:
        scoped = self._number(f"scoped {account_id}")
        return Account(Network.INSTAGRAM, account_id, username, name, account_type, app_scoped_id=scoped)

    def _token(self, account: Account, purpose: str, scopes: list[str]) -> Token:
        value = _PREFIX[account.network] + self._digest(f"token {account.id} {purpose}")[:48]
        expires_at = self._issued_at + LONG_LIFE
        return Token(
            value,
            account.network,
            TokenKind.USER,
            account.id,
            [account.id],
            list(scopes),
            purpose,
            self._issued_at,
            expires_at,
        )

    def _page_token(self, page: Account, purpose: str, scopes: list[str]) -> Token:
        token = self._token(page, purpose, scopes)
        token.kind, token.expires_at = TokenKind.PAGE, None
        token.reaches = [page.id, page.linked_instagram_id]
        return token

    def _number(self, name: str) -> str:
        return "178" + str(int(self._digest(name)[:14], 16))[:14].rjust(14, "1")

    def _digest(self, name: str) -> str:
        return hashlib.sha256(f"{self._seed}:{name}".encode()).hexdigest()

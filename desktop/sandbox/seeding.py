"""The ready-made people, profiles, Pages and tokens; the same seed gives the same ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from desktop.sandbox.apps import App, Business, Grant
from desktop.sandbox.model import Account, Network, Token, TokenKind

THREADS_SCOPES = [
    "threads_basic",
    "threads_content_publish",
    "threads_manage_replies",
    "threads_read_replies",
    "threads_manage_insights",
    "threads_manage_mentions",
    "threads_keyword_search",
    "threads_delete",
    "threads_location_tagging",
    "threads_profile_discovery",
    "threads_share_to_instagram",
]
INSTAGRAM_SCOPES = [
    "instagram_business_basic",
    "instagram_business_content_publish",
    "instagram_business_manage_comments",
    "instagram_business_manage_insights",
    "instagram_business_manage_messages",
]
FACEBOOK_SCOPES = [
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_posts",
    "pages_manage_engagement",
    "pages_read_user_content",
    "pages_manage_metadata",
    "read_insights",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_insights",
    "instagram_manage_contents",
    "publish_video",
]
PAGE_TASKS = ["ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE"]
LONG_LIFE = timedelta(seconds=5_183_944)
TOKEN_PREFIX = {Network.THREADS: "TH", Network.INSTAGRAM: "IG", Network.FACEBOOK: "EAA"}


class Cast:
    """Makes the accounts and tokens of one seed."""

    def __init__(self, seed: int, now: datetime) -> None:
        """Tokens count as issued two days before ``now``, so that they may be refreshed at once."""
        self._seed = seed
        self._issued_at = now - timedelta(days=2)

    def accounts(self) -> list[Account]:
        """Return every account, the people on Facebook included; the first of them is behind the ready Pages."""
        threads, facebook = Network.THREADS, Network.FACEBOOK
        first_ig, second_ig = self._number("ig1"), self._number("ig2")
        return [
            Account(threads, self._number("th1"), "tidings.daily", "Tidings Daily"),
            Account(threads, self._number("th2"), "harbour.notes", "Harbour Notes"),
            Account(threads, self._number("th3"), "quiet.corner", "Quiet Corner", is_private=True),
            self._instagram(first_ig, "tidings.studio", "Tidings Studio", "BUSINESS"),
            self._instagram(second_ig, "harbour.pictures", "Harbour Pictures", "MEDIA_CREATOR"),
            self._instagram(self._number("ig3"), "just.a.person", "Just A Person", "PERSONAL"),
            self._page("fb1", "tidingspage", "Tidings Page", first_ig, user=PAGE_TASKS, helper=["ANALYZE", "MODERATE"]),
            self._page("fb2", "harbourpage", "Harbour Page", second_ig, user=PAGE_TASKS),
            self._page("fb3", "lighthousepage", "Lighthouse Page", user=PAGE_TASKS),
            self._page("fb4", "ferrypage", "Ferry Page", user=["ANALYZE", "MODERATE", "CREATE_CONTENT"]),
            Account(facebook, self._number("user"), "alex.sandbox", "Alex Sandbox", is_person=True),
            Account(facebook, self._number("helper"), "robin.sandbox", "Robin Sandbox", is_person=True),
            Account(facebook, self._number("pageless"), "kim.sandbox", "Kim Without Pages", is_person=True),
            Account(facebook, self._number("outsider"), "sam.sandbox", "Sam Without Role", is_person=True),
        ]

    def tokens(self, accounts: list[Account]) -> Iterator[Token]:
        """Yield the working tokens, then those with something wrong."""
        profiles = [a for a in accounts if a.network is Network.THREADS and not a.is_private]
        professionals = [a for a in accounts if a.network is Network.INSTAGRAM]
        pages = [a for a in accounts if a.linked_instagram_id]
        person = next(a for a in accounts if a.is_person)
        user = self._token(person, "login", FACEBOOK_SCOPES)
        for profile in profiles:
            yield self._token(profile, "ready", THREADS_SCOPES)
        for professional in professionals:
            purpose = "personal" if professional.account_type == "PERSONAL" else "ready"
            yield self._token(professional, purpose, INSTAGRAM_SCOPES)
        for page in pages:
            ready = self._page_token(page, "ready", FACEBOOK_SCOPES)
            ready.parent = user.value
            yield ready
        user.reaches = [person.id, *(page.id for page in pages), *(page.linked_instagram_id for page in pages)]
        yield user
        yield from self._flawed(profiles[0], professionals[0], pages[0])

    def sign_in_records(self, accounts: list[Account]) -> Iterator[App | Business | Grant]:
        """Yield the three apps, the business with Pages of its own, and what the ready tokens were allowed."""
        for network in Network:
            roles = [a.id for a in accounts if a.network is network and not a.is_page]
            if network is Network.FACEBOOK:
                roles.remove(self._number("outsider"))
            app_id, secret = self._number(f"app {network}")[3:], self._digest(f"secret {network}")[:32]
            app = App(network, app_id, secret, ["https://tidings.example/signin/"], roles)
            app.config_id = self._number("configuration")[3:] if network is Network.FACEBOOK else ""
            yield app
        alex, owned, client = self._number("user"), self._number("fb3"), self._number("fb4")
        yield Business(self._number("business"), "Harbour Group", [alex], [owned], [client])
        for token in self.tokens(accounts):
            if token.purpose in {"ready", "login", "personal"} and token.kind is TokenKind.USER:
                pages = [i for i in token.reaches[1:] if i in {self._number("fb1"), self._number("fb2")}]
                yield Grant(token.family, token.account_id, token.scopes, [], pages, self._issued_at)

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

    def _page(self, name: str, username: str, title: str, linked_id: str = "", **tasks: list[str]) -> Account:
        roles = {self._number(person): list(of_person) for person, of_person in tasks.items()}
        page = Account(Network.FACEBOOK, self._number(name), username, title, linked_instagram_id=linked_id)
        page.roles = roles
        return page

    def _instagram(self, account_id: str, username: str, name: str, account_type: str) -> Account:
        scoped = self._number(f"scoped {account_id}")
        return Account(Network.INSTAGRAM, account_id, username, name, account_type, app_scoped_id=scoped)

    def _token(self, account: Account, purpose: str, scopes: list[str]) -> Token:
        value = TOKEN_PREFIX[account.network] + self._digest(f"token {account.id} {purpose}")[:48]
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
        token.kind, token.expires_at, token.user_id = TokenKind.PAGE, None, self._number("user")
        token.reaches = [page.id, page.linked_instagram_id]
        return token

    def _number(self, name: str) -> str:
        return "178" + str(int(self._digest(name)[:14], 16))[:14].rjust(14, "1")

    def _digest(self, name: str) -> str:
        return hashlib.sha256(f"{self._seed}:{name}".encode()).hexdigest()

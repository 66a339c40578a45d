"""The static bounce page: its script run in a JavaScript engine, its policy checked against its own text."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtQml import QJSEngine

from desktop.kit.resources import resource_path

STATE = "A" * 43

_BROWSER = """
var location = { href: HREF, search: SEARCH, pathname: "/b", hash: HASH, went: "" };
var elements = { address: { value: "", select: function () {} }, copy: {} };
var document = { getElementById: function (id) { return elements[id]; }, execCommand: function () {} };
var navigator = {};
var replaced = "";
var history = { replaceState: function (state, title, url) { replaced = url; location.href = HREF; } };
"""


def page() -> str:
    return resource_path("signin", "bounce.html").read_text(encoding="utf-8")


def part(tag: str) -> str:
    found = re.search(rf"<{tag}>(.*?)</{tag}>", page(), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def engine(qapp: QCoreApplication) -> QJSEngine:
    return QJSEngine()


def visit(engine: QJSEngine, query: str, fragment: str = "") -> tuple[str, str, str]:
    """Return where the page sent the browser (empty: nowhere), what it shows, and what it left in the history."""
    href = f"https://example.org/b{query}{fragment}"
    browser = _BROWSER.replace("HREF", repr(href)).replace("SEARCH", repr(query)).replace("HASH", repr(fragment))
    for script in (browser, part("script")):
        result = engine.evaluate(script)
        assert not result.isError(), result.toString()
    gone = engine.evaluate("location.href").toString()
    shown = engine.evaluate("elements.address.value").toString()
    return ("" if gone == href else gone), shown, engine.evaluate("replaced").toString()


@pytest.mark.parametrize("port", [1024, 4711, 65535])
def test_it_goes_back_to_this_computer_with_everything_it_got(engine: QJSEngine, port: int) -> None:
    query = f"?code=AQ%2Bx&state={port}.{STATE}"
    gone, shown, left = visit(engine, query, "#_")
    assert gone == f"http://localhost:{port}/callback{query}"
    assert shown == f"https://example.org/b{query}"
    assert left == f"/b{query}#forwarded"


def test_refusals_go_back_too(engine: QJSEngine) -> None:
    query = f"?error=access_denied&state=4711.{STATE}"
    assert visit(engine, query)[0] == f"http://localhost:4711/callback{query}"


@pytest.mark.parametrize(
    "state",
    [
        f"0.{STATE}",
        f"80.{STATE}",
        f"1023.{STATE}",
        f"65536.{STATE}",
        f"99999.{STATE}",
        f"123456.{STATE}",
        "4711",
        f"4711@evil.example/.{STATE}",
        f"evil.example.{STATE}",
        f"4711%2Eevil.{STATE}",
        "",
    ],
)
def test_anything_else_is_shown_and_goes_nowhere(engine: QJSEngine, state: str) -> None:
    query = f"?code=x&state={state}"
    gone, shown, _ = visit(engine, query)
    assert gone == ""
    assert shown == f"https://example.org/b{query}"


def test_coming_back_to_it_shows_the_address(engine: QJSEngine) -> None:
    gone, shown, _ = visit(engine, f"?code=x&state=4711.{STATE}", "#forwarded")
    assert (gone, shown) == ("", f"https://example.org/b?code=x&state=4711.{STATE}")


@pytest.mark.parametrize("tag", ["script", "style"])
def test_the_policy_allows_exactly_what_is_in_the_page(tag: str) -> None:
    digest = base64.b64encode(hashlib.sha256(part(tag).encode()).digest()).decode()
    assert f"{tag}-src 'sha256-{digest}'" in page()
    assert page().count(f"<{tag}") == 1


def test_it_loads_nothing_and_tells_nobody() -> None:
    text = page()
    assert "default-src 'none'" in text
    assert 'name="referrer" content="no-referrer"' in text
    without_comment = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    assert re.findall(r"https?://[^/]+", without_comment) == ['http://localhost:" + port + "']
    assert not re.search(r"\b(src|href|on\w+)=\"", text)

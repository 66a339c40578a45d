"""Goes through the sandbox's sign-in dialogs as a browser without scripts does: reads the forms, ticks, presses."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx


@dataclass
class Form:
    """What a dialog's page shows: links by their text, boxes to tick by name, buttons."""

    links: dict[str, str] = field(default_factory=dict)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[tuple[str, str]] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    labels: int = 0
    text: str = ""

    def values(self, name: str) -> list[str]:
        """Return the values of the boxes of one name."""
        return [value for box, value in self.boxes if box == name]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.form = Form()
        self._link: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert tag != "script"
        match tag, given.get("type"):
            case "a", _:
                self._link = given["href"]
                self.form.links[self._link] = ""
            case "label", _:
                self.form.labels += 1
            case "input", "hidden":
                self.form.hidden.append((given["name"], given["value"]))
            case "input", "checkbox" if "disabled" in given:
                self.form.fixed.append(given["value"])
            case "input", "checkbox":
                assert "checked" in given
                self.form.boxes.append((given["name"], given["value"]))
            case "button", _:
                self.form.buttons.append(given["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = None

    def handle_data(self, data: str) -> None:
        self.form.text += data
        if self._link is not None:
            self.form.links[self._link] += data


def read_form(answer: httpx.Response) -> Form:
    """Return what a page of a dialog offers."""
    assert answer.headers["content-type"].startswith("text/html")
    reader = _Reader()
    reader.feed(answer.text)
    return reader.form


def open_consent(http: httpx.Client, url: str, who: str) -> tuple[str, Form]:
    """Open the dialog, choose the person named ``who`` and return the next page's address and form."""
    people = http.get(url)
    assert people.status_code == 200, people.text
    link = next(href for href, text in read_form(people).links.items() if who in text)
    address = urljoin(str(people.url), link)
    answer = http.get(address)
    assert answer.status_code == 200, answer.text
    return address, read_form(answer)


def allow(http: httpx.Client, url: str, who: str, *, untick: tuple[str, ...] = ()) -> str:
    """Sign ``who`` in, leaving out the boxes with these values, and return the address the dialog redirects to."""
    address, form = open_consent(http, url, who)
    assert set(untick) <= {value for _, value in form.boxes}
    ticked = [(name, value) for name, value in form.boxes if value not in untick]
    return press(http, address, [*form.hidden, *ticked], "allow")


def press(http: httpx.Client, address: str, fields: list[tuple[str, str]], button: str) -> str:
    """Send a form and return the address the dialog redirects to."""
    data: dict[str, list[str]] = {"decision": [button]}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    answer = http.post(address, data=data)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def query_of(url: str) -> dict[str, str]:
    """Return the parameters of an address, without its fragment."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))

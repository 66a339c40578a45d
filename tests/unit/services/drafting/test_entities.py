from __future__ import annotations

import pytest

from desktop.sandbox import text_rules
from desktop.services.drafting.entities import addresses, hashtags, mentions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://example.com/a?b=c#d.", ("https://example.com/a?b=c#d",)),
        ("(https://example.com/a)", ("https://example.com/a",)),
        ("https://en.example.org/wiki/Oslo_(city)!", ("https://en.example.org/wiki/Oslo_(city)",)),
        ("“https://example.com”", ("https://example.com",)),
        ("www.example.com and HTTP://EXAMPLE.COM", ("www.example.com", "HTTP://EXAMPLE.COM")),
        ("mail me@www.example.com", ()),
        ("nothing here", ()),
    ],
)
def test_addresses(text: str, found: tuple[str, ...]) -> None:
    assert addresses(text) == found


def test_hashtags_and_mentions() -> None:
    assert hashtags("#one two#three #fünf, https://x.org/#anchor &#8217;") == ("#one", "#fünf")
    assert mentions("@mara, hi @a.b. mail@host.com") == ("@mara", "@a.b")


@pytest.mark.parametrize(
    "text", ["#1 #a# b", "xhttps://a.b https://a.b", "@a.b.c .@d", "https://a.b/'c' http://x", "##a @@b"]
)
def test_never_fewer_than_the_networks_find(text: str) -> None:
    assert set(text_rules.links(text)) <= {part for a in addresses(text) for part in (a, a.partition("'")[0])}
    assert len(hashtags(text)) >= len(text_rules.hashtags(text))
    assert len(mentions(text)) >= len(text_rules.mentions(text))

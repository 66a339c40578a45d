"""Keyword search, public profiles and places."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.conftest import refusal


def post(threads, text):
    return threads.created("me/threads", media_type="TEXT", text=text, auto_publish_text="true")


def items(answer):
    return answer.json()["data"]


def test_without_advanced_access_only_own_posts_are_found(threads, client, configure):
    mine = post(threads, "High water at noon")
    post(client("threads", index=1), "High water at two")
    assert [p["id"] for p in items(threads.get("keyword_search", q="WATER"))] == [mine]
    configure(threads_advanced_access=True)
    found = items(threads.get("keyword_search", q="thoughts", fields="username,text", search_type="RECENT"))
    assert {p["username"] for p in found} - {"tidings.daily"}
    author = found[0]["username"]
    by_one = items(threads.get("keyword_search", q="thoughts", fields="username", author_username=author))
    assert {p["username"] for p in by_one} == {author}


def test_tags_kinds_and_windows(threads, advance):
    tagged = post(threads, "Sunrise #tides")
    advance(60)
    post(threads, "About tides")
    assert [p["id"] for p in items(threads.get("keyword_search", q="tides", search_mode="TAG"))] == [tagged]
    assert len(items(threads.get("keyword_search", q="tides", media_type="TEXT"))) == 2
    assert items(threads.get("keyword_search", q="tides", media_type="VIDEO")) == []
    assert len(items(threads.get("keyword_search", q="tides", limit=1))) == 1
    now = items(threads.get("keyword_search", q="about", fields="timestamp"))[0]["timestamp"]
    assert len(items(threads.get("keyword_search", q="tides", since=now))) == 1


@pytest.mark.parametrize(
    "params", [{}, {"q": "x", "search_type": "BEST"}, {"q": "x", "search_mode": "X"}, {"q": "x", "media_type": "GIF"}]
)
def test_wrong_questions(threads, params):
    assert refusal(threads.get("keyword_search", **params)) == (100, None)


@pytest.mark.parametrize(
    ("path", "params", "total"),
    [
        ("keyword_search", {"q": "x"}, "threads_keyword_quota_total"),
        ("profile_lookup", {"username": "marta.sails"}, "threads_profile_quota_total"),
        ("location_search", {"q": "x"}, "threads_location_quota_total"),
    ],
)
def test_searches_have_scopes_and_quotas(threads, configure, advance, path, params, total):
    configure(**{total: 1})
    assert threads.get(path, **params).status_code == 200
    assert refusal(threads.get(path, **params)) == (613, None)
    advance(86_401)
    assert threads.get(path, **params).status_code == 200
    threads.allow("threads_basic")
    assert refusal(threads.get(path, **params)) == (10, None)


def test_recent_keywords_are_remembered(threads):
    threads.get("keyword_search", q="first")
    threads.get("keyword_search", q="second")
    (*_, last) = threads.get("me", fields="recently_searched_keywords").json()["recently_searched_keywords"]
    assert last["query"] in {"first", "second"}


def test_public_profiles(threads, configure):
    profile = threads.get("profile_lookup", username="@marta.sails").json()
    assert (profile["username"], profile["is_verified"], profile["follower_count"]) == ("marta.sails", True, 15_300)
    posts = items(threads.get("profile_posts", username="marta.sails", fields="username,text"))
    assert posts
    assert {p["username"] for p in posts} == {"marta.sails"}
    for username in ("paper.boats", "nobody.at.all", "quiet.corner"):  # few followers, unknown, private
        assert refusal(threads.get("profile_lookup", username=username)) == (100, 33)
    configure(threads_profile_followers=1000)
    assert refusal(threads.get("profile_posts", username="lena_at_dawn")) == (100, 33)
    assert refusal(threads.get("profile_lookup")) == (100, None)


def test_places(threads):
    found = items(threads.get("location_search", q="harbour"))
    assert [place["name"] for place in found] == ["Old Harbour", "Harbour Library"]
    near = items(threads.get("location_search", latitude="41.1", longitude="-8.6", fields="name,country"))
    assert near == [{"name": "City Garden", "country": "Portugal", "id": near[0]["id"]}]
    place = threads.get(near[0]["id"], fields="id,name,address,city,country,latitude,longitude,postal_code").json()
    assert (place["city"], place["postal_code"]) == ("Porto", "4000")
    for params in ({}, {"latitude": "1"}, {"latitude": "x", "longitude": "1"}, {"latitude": "91", "longitude": "0"}):
        assert refusal(threads.get("location_search", **params)) == (100, None)

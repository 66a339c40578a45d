"""Reels, story films and films in carousels: judged by their bytes, fetched or uploaded in pieces."""

from __future__ import annotations

from hashlib import sha256

import httpx
import pytest

from tests.contract.sandbox.conftest import Client, refusal
from tests.support.films import film
from tests.support.sandbox import account

FILM = film(frames=bytes(range(256)) * 4096)


@pytest.fixture
def through(http):
    """The account with Facebook Login, which resumable uploads belong to."""
    page = account(str(http.base_url), "facebook")
    return Client(http, "facebook", page["linked_instagram_id"], page["token"])


def start(through, **data):
    answer = through.post(f"v25.0/{through.id}/media", **{"media_type": "REELS", "upload_type": "resumable", **data})
    return answer.json()["id"], answer.json()["uri"]


def send(through, uri, content, offset, size, token=None):
    headers = {"Authorization": f"OAuth {token or through.token}", "offset": str(offset), "file_size": str(size)}
    return through.http.post(uri, content=content, headers=headers)


def phases(through, container):
    return through.get(container, fields="video_status").json()["video_status"]


@pytest.mark.parametrize(
    ("kind", "content", "number"),
    [
        ("REELS", film(3), None),
        ("REELS", film(900), None),
        ("REELS", film(2.9), "2207026"),
        ("REELS", film(901), "2207026"),
        ("REELS", film(width=2000), "2207026"),
        ("REELS", film(fps=120), "2207026"),
        ("REELS", film(codec=b"mp4v"), "2207026"),
        ("REELS", film(moov_first=False), "2207026"),
        ("STORIES", film(60), None),
        ("STORIES", film(61), "2207026"),
        ("STORIES", film(width=90, height=1000), "2207026"),
    ],
)
def test_fetched_films_are_judged_in_the_container(instagram, media, kind, content, number):
    container = instagram.created("me/media", media_type=kind, video_url=media.put("a.mp4", content))
    read = instagram.get(container, fields="status_code,status").json()
    assert read["status_code"] == ("ERROR" if number else "FINISHED")
    if number:
        assert number in read["status"]


def test_hosts_may_have_to_serve_parts(instagram, media, configure):
    configure(fetch_needs_ranges=True)
    container = instagram.created("me/media", media_type="REELS", video_url=media.put("a.mp4", film()))
    assert "2207077" in instagram.get(container, fields="status").json()["status"]


def test_a_film_is_uploaded_in_one_piece(through, ledger):
    container, uri = start(through, caption="Uploaded")
    assert uri == f"{str(through.http.base_url).rstrip('/')}/rupload/ig-api-upload/v25.0/{container}"
    assert phases(through, container) == {
        "uploading_phase": {"status": "not_started", "bytes_transfered": 0},
        "processing_phase": {"status": "not_started"},
    }
    assert through.refused(f"{through.id}/media_publish", creation_id=container) == (9007, 2207027)
    answer = send(through, uri, FILM, 0, len(FILM)).json()
    assert (answer["success"], set(answer)) == (True, {"success", "message"})
    assert phases(through, container) == {
        "uploading_phase": {"status": "complete", "bytes_transfered": len(FILM)},
        "processing_phase": {"status": "complete"},
    }
    checked = through.get(container, fields="copyright_check_status").json()["copyright_check_status"]
    assert checked == {"status": "completed", "matches_found": False}
    through.created(f"{through.id}/media_publish", creation_id=container)
    assert ledger()[0]["media_hashes"] == [sha256(FILM).hexdigest()]


def test_a_broken_upload_goes_on_where_it_stopped(through, configure, ledger):
    container, uri = start(through)
    configure(instagram_upload_cut_after_bytes=300_000)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)):
        send(through, uri, FILM, 0, len(FILM))
    assert phases(through, container)["uploading_phase"] == {"status": "in_progress", "bytes_transfered": 300_000}
    configure(instagram_upload_cut_after_bytes=0)
    assert refusal(send(through, uri, FILM, 0, len(FILM))) == (100, None)
    assert refusal(send(through, uri, FILM[300_001:], 300_001, len(FILM))) == (100, None)
    assert refusal(send(through, uri, FILM[300_000:], 300_000, len(FILM) + 1)) == (100, None)
    half = send(through, uri, FILM[300_000:600_000], 300_000, len(FILM))
    assert half.json()["success"] is False
    assert send(through, uri, FILM[600_000:], 600_000, len(FILM)).json()["success"] is True
    through.created(f"{through.id}/media_publish", creation_id=container)
    assert ledger()[0]["media_hashes"] == [sha256(FILM).hexdigest()]


def test_the_server_can_fetch_the_film_itself(through, media):
    container, uri = start(through)
    headers = {"Authorization": f"OAuth {through.token}", "file_url": media.put("a.mp4", film(2))}
    assert through.http.post(uri, headers=headers).json()["success"] is True
    assert "2207026" in through.get(container, fields="status").json()["status"]
    container, uri = start(through)
    headers["file_url"] = f"{media.url}/gone.mp4"
    through.http.post(uri, headers=headers)
    assert "2207052" in through.get(container, fields="status").json()["status"]


def test_who_may_upload_what(through, client):
    container, uri = start(through, thumb_offset="20000")
    assert refusal(send(through, uri, FILM, 0, len(FILM), token="EAAunknown"))[0] == 190
    other = client("facebook", index=1)
    assert refusal(send(other, uri, FILM, 0, len(FILM))) == (100, 33)
    assert refusal(send(through, uri.replace(container, "1"), FILM, 0, len(FILM))) == (100, 33)
    assert refusal(send(through, uri, FILM + b"more", 0, len(FILM))) == (100, None)
    sent = phases(through, container)["uploading_phase"]["bytes_transfered"]
    send(through, uri, FILM[sent:], sent, len(FILM))
    assert "2207057" in through.get(container, fields="status").json()["status"]
    assert refusal(send(through, uri, FILM, 0, len(FILM))) == (100, None)


def test_unfinished_uploads_expire(through, advance):
    container, uri = start(through)
    advance(86_400)
    assert through.get(container, fields="status_code").json()["status_code"] == "EXPIRED"
    assert refusal(send(through, uri, FILM, 0, len(FILM))) == (100, None)


def test_instagram_login_uploads_by_configuration(instagram, configure):
    data = {"media_type": "REELS", "upload_type": "resumable"}
    assert instagram.refused("me/media", **data) == (100, None)
    configure(instagram_login_resumable=True)
    container, uri = instagram.post("me/media", **data).json().values()
    assert send(instagram, uri, FILM, 0, len(FILM)).json()["success"] is True
    assert instagram.get(container, fields="status_code").json()["status_code"] == "FINISHED"


def test_story_and_carousel_films_can_be_uploaded(through):
    _, uri = start(through, media_type="STORIES")
    assert send(through, uri, FILM, 0, len(FILM)).json()["success"] is True
    children = []
    for _ in range(2):
        child, uri = start(through, media_type="VIDEO", is_carousel_item="true")
        children.append(child)
        send(through, uri, FILM, 0, len(FILM))
    carousel = through.created(f"{through.id}/media", media_type="CAROUSEL", children=",".join(children))
    assert through.get(carousel, fields="status_code").json()["status_code"] == "FINISHED"


def test_protected_sound_is_told(instagram, media, configure):
    configure(instagram_copyright_matches=True)
    container = instagram.created("me/media", media_type="REELS", video_url=media.put("a.mp4", film()))
    status = instagram.get(container, fields="copyright_check_status").json()["copyright_check_status"]
    assert status == {"status": "completed", "matches_found": True}
    media_id = instagram.created("me/media_publish", creation_id=container)
    assert "media_url" not in instagram.get(media_id, fields="media_url").json()

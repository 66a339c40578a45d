"""The grammar, the words of a post, and how results are said."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from desktop.cli.commands.writing import attach
from desktop.cli.main import build_parser, parse
from desktop.cli.output import Output, table
from desktop.cli.parser import wall_time
from desktop.domain.errors import NotFound
from desktop.files.asset_store import DiskAssetStore
from desktop.kit.clock import SystemClock
from desktop.services.changes import ChangeFeed
from desktop.services.media.service import MediaService
from tests.support.memory_storage import MemoryStorage
from tests.support.pictures import image_bytes


@pytest.fixture
def media(tmp_path: Path) -> MediaService:
    (tmp_path / "store").mkdir()
    return MediaService(MemoryStorage(), SystemClock(), ChangeFeed(), DiskAssetStore(tmp_path / "store"))


@pytest.mark.parametrize(
    ("name", "given", "alt"),
    [
        ("cat.jpg", "cat.jpg", ""),
        ("cat.jpg", "cat.jpg=", ""),
        ("cat.jpg", "cat.jpg=A cat", "A cat"),
        ("cat.jpg", "cat.jpg=1 + 1 = 2 cats", "1 + 1 = 2 cats"),
        ("a=b.jpg", "a=b.jpg", ""),
        ("a=b.jpg", "a=b.jpg=A cat", "A cat"),
    ],
)
def test_file_and_description(
    media: MediaService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, given: str, alt: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(image_bytes())
    use = attach(given, media)
    assert use.alt_text == alt
    assert media.get_many([use.asset_id])[use.asset_id].original_name == name


@pytest.mark.parametrize("words", [["--json", "post", "list"], ["post", "--json", "list"], ["post", "list", "--json"]])
def test_global_flags_count_wherever_they_stand(words: list[str]) -> None:
    assert parse(words).json is True
    assert parse(words).quiet is False


def test_a_flag_before_the_command_survives_the_command() -> None:
    parsed = parse(["--profile", "here", "--quiet", "account", "show", "1"])
    assert (parsed.profile, parsed.quiet, parsed.id) == ("here", True, "1")


def test_the_later_profile_wins() -> None:
    assert parse(["--profile", "a", "account", "--profile", "b", "list"]).profile == "b"


@pytest.mark.parametrize("text", ["2026-12-01T09:00", "2026-12-01T09:00:30"])
def test_wall_times(text: str) -> None:
    assert wall_time(text) == datetime.fromisoformat(text)


@pytest.mark.parametrize(
    "text", ["2026-12-01", "2026-12-01 09:00", "2026-12-01T09:00Z", "2026-12-01T09:00+01:00", "9:00"]
)
def test_what_is_no_wall_time(text: str) -> None:
    with pytest.raises(SystemExit) as left:
        parse(["post", "schedule", "1", "--at", text])
    assert left.value.code == 2


def test_every_command_explains_itself() -> None:
    def parsers(parser: object) -> list[object]:
        found = [parser]
        for action in getattr(parser, "_actions", ()):
            for child in (action.choices or {}).values() if isinstance(action.choices, dict) else ():
                found += parsers(child)
        return found

    everything = parsers(build_parser())
    assert len(everything) > 30
    assert all(getattr(parser, "description", None) for parser in everything)


class TestOutput:
    def test_words_or_one_document(self, capsys: pytest.CaptureFixture[str]) -> None:
        Output(as_json=False, quiet=False).result({"a": 1}, ["one", "two"])
        assert capsys.readouterr().out == "one\ntwo\n"
        Output(as_json=True, quiet=False).result({"ä": 1}, ["one", "two"])
        assert json.loads(capsys.readouterr().out) == {"ä": 1}

    def test_errors(self, capsys: pytest.CaptureFixture[str]) -> None:
        Output(as_json=False, quiet=True).error(NotFound(noun="post", id="7"))
        shown = capsys.readouterr()
        assert (shown.out, shown.err.splitlines()[0]) == ("", "There is no post 7.")
        Output(as_json=True, quiet=False).error(NotFound(noun="post", id="7"), post_id="8")
        error = json.loads(capsys.readouterr().out)["error"]
        assert error["code"] == "not_found"
        assert error["details"] == {"noun": "post", "id": "7", "post_id": "8"}
        assert set(error) == {"code", "title", "advice", "details"}

    def test_notes_never_disturb_a_document(self, capsys: pytest.CaptureFixture[str]) -> None:
        for output in (Output(as_json=True, quiet=False), Output(as_json=False, quiet=True)):
            output.note("by the way")
        assert capsys.readouterr() == ("", "")

    def test_columns(self) -> None:
        assert table([("a", "bb", "c"), ("aaa", "b", "long and free")]) == ["a    bb  c", "aaa  b   long and free"]
        assert table([]) == []

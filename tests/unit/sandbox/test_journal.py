from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from desktop.sandbox.journal import FileJournal, read_journal
from desktop.sandbox.model import Account, Container, Media, Network, Photo, Post, Token, TokenKind

AT = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
PICTURE = Media("jpeg", "ab" * 32, 10, "http://127.0.0.1/x", 4, 5, "ålt 🎉")
RECORDS = [
    Account(Network.FACEBOOK, "1", "u", "Nåme", linked_instagram_id="2"),
    Token("T", Network.THREADS, TokenKind.USER, "1", ["1"], ["a"], "ready", AT, None, 460),
    Container("2", Network.THREADS, "1", "IMAGE", AT, None, "text", [PICTURE], ["3"], extras={"topic_tag": "x"}),
    Photo("3", "1", PICTURE, "cap", AT),
    Post("4", Network.FACEBOOK, "1", "PHOTO", AT, "code", "text", [PICTURE], published_at=AT, order=7),
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "state.jsonl"


def kept(path):
    return list(read_journal(path))


def write(path, *records):
    journal = FileJournal(path)
    for record in records:
        journal.write(record)
    journal.close()


def test_every_record_comes_back_equal(path):
    write(path, *RECORDS)
    assert kept(path) == RECORDS


def test_later_lines_follow_earlier_ones_and_offsets_are_kept(path):
    write(path, RECORDS[3])
    journal = FileJournal(path)
    journal.write(replace(RECORDS[3], post_id="9"))
    journal.write_offset(-1.5)
    journal.close()
    assert kept(path) == [RECORDS[3], replace(RECORDS[3], post_id="9"), -1.5]


def test_rewriting_compacts_and_goes_on(path):
    write(path, RECORDS[0], RECORDS[0])
    journal = FileJournal(path)
    journal.rewrite([RECORDS[0]], 5.0)
    journal.write(RECORDS[1])
    journal.close()
    assert kept(path) == [5.0, RECORDS[0], RECORDS[1]]
    assert [file.name for file in path.parent.iterdir()] == ["state.jsonl"]


def test_a_torn_last_line_is_skipped(path):
    write(path, *RECORDS)
    path.write_bytes(path.read_bytes()[:-5])
    assert kept(path) == RECORDS[:-1]


def test_other_damage_is_an_error(path):
    write(path, RECORDS[0])
    path.write_bytes(b"broken\n" + path.read_bytes())
    with pytest.raises(ValueError, match="Expecting value"):
        kept(path)


def test_nothing_kept_is_nothing(path):
    assert kept(path) == []

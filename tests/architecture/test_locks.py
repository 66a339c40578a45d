"""The lock and notice doors: open on what is here, shut on each thing they are for."""

from __future__ import annotations

import shutil
from importlib import metadata
from pathlib import Path

import check
import notice
import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("runtime.txt", "dev.txt"):
        shutil.copy(check.LOCKS / name, tmp_path)
    return tmp_path


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_locks_are_sound(folder: Path) -> None:
    assert check.locks(folder) == []


def test_an_index_address_is_found(folder: Path) -> None:
    _replace(folder / "dev.txt", "alembic==", "--index-url https://packages.example/simple\nalembic==")
    assert check.locks(folder) == [
        "dev.txt holds an option or an address: --index-url https://packages.example/simple",
    ]


def test_a_package_without_hash_is_found(folder: Path) -> None:
    _replace(folder / "dev.txt", "alembic==", "unhashed==1.0\nalembic==")
    assert check.locks(folder) == ["dev.txt has no version or no hash: unhashed==1.0"]


def test_locks_apart_are_found(folder: Path) -> None:
    _replace(folder / "runtime.txt", "keyring==", "keyring==9.")
    assert any("runtime.txt has keyring 9." in line for line in check.locks(folder))


def test_a_lock_behind_the_project_is_found(folder: Path) -> None:
    for name in ("runtime.txt", "dev.txt"):
        _replace(folder / name, "keyring==25.7.0", "keyring==0.9.0")
    assert any("pyproject.toml wants keyring" in line and "locked is 0.9.0" in line for line in check.locks(folder))


def test_the_notice_is_in_step() -> None:
    assert notice.problems() == []


def test_a_stale_notice_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = tmp_path / "NOTICE"
    stale.write_text(notice.NOTICE.read_text(encoding="utf-8").replace("keyring ", "keyrinq "), encoding="utf-8")
    monkeypatch.setattr(notice, "NOTICE", stale)
    assert len(notice.problems()) == 1


def test_licences_noted_by_hand_are_those_the_packages_declare() -> None:
    here = {
        str(found.metadata["Name"]).lower().replace(".", "-").replace("_", "-") for found in metadata.distributions()
    }
    known = here & set(notice.ELSEWHERE)
    assert {name: notice.installed_license(name) for name in known} == {name: notice.ELSEWHERE[name] for name in known}


def test_a_failing_program_shuts_its_door_and_a_good_one_opens_it() -> None:
    assert check.program("python", "-c", "print('words'); raise SystemExit(3)")() == ["words"]
    assert check.program("python", "-c", "print('words')")() == []


def test_an_unknown_door_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["nonsense"]) == 2
    assert "no such door: nonsense" in capsys.readouterr().out

"""The command line in this process: logs of all roles, interruption, bugs."""

from __future__ import annotations

import json
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from desktop.bootstrap import run_cli
from desktop.bootstrap.run_cli import CommandProgram
from desktop.cli.main import parse, run
from desktop.host.log import logging_to


def test_the_logs_of_all_roles_come_in_order_of_time(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    written = {
        "window.log": [("2026-01-01T10:00:00.000+00:00", "a"), ("2026-01-01T10:00:02.000+00:00", "c")],
        "window.log.1": [("2026-01-01T09:00:00.000+00:00", "before")],
        "worker.log": [("2026-01-01T10:00:01.000+00:00", "b")],
    }
    for name, lines in written.items():
        text = "".join(json.dumps({"at": at, "message": message}) + "\n" for at, message in lines)
        (tmp_path / "logs" / name).write_text(text + "torn {\n[1]\n", encoding="utf-8")
    with ExitStack() as stack:
        program = CommandProgram(parse(["--profile", str(tmp_path), "logs"]), stack)
        assert [json.loads(line)["message"] for line in program.log_lines(3)] == ["a", "b", "c"]
        assert program.log_lines(0) == []


def test_an_interruption_ends_quietly(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: Any) -> int:
        raise KeyboardInterrupt

    arguments = Namespace(json=False, quiet=False, run=interrupted)
    assert run(arguments, lambda _: None) == 130  # type: ignore[arg-type, return-value]
    assert capsys.readouterr() == ("", "")


@pytest.mark.logs_errors
def test_a_bug_is_in_the_log_and_not_swallowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_cli, "install_excepthooks", lambda: None)

    def broken(self: CommandProgram) -> None:
        self._profile.prepare()
        self._stack.enter_context(logging_to(self._profile.logs, "command"))
        raise ZeroDivisionError

    monkeypatch.setattr(CommandProgram, "open_workspace", broken)
    with pytest.raises(ZeroDivisionError):
        run_cli.run(["--profile", str(tmp_path), "post", "list"])
    assert "ZeroDivisionError" in (tmp_path / "logs" / "command.log").read_text()

"""The whole program in a real window, as a person meets it: seen through accessibility, used with keys and mouse.

Needs ``xvfb xdotool openbox dbus imagemagick at-spi2-core python3-gi gir1.2-atspi-2.0`` and Qt's X libraries; left out
where they are missing. After a failure the output names pictures of the screen and what the program said.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.blackbox import steps
from tests.e2e.blackbox.program import Program, is_focused
from tests.e2e.blackbox.steps import ALT_TEXT, TEXT
from tests.e2e.blackbox.virtual_screen import missing_parts, virtual_screen
from tests.support.pictures import image_bytes
from tests.support.processes import ROOT, addresses, ledger, sandbox, token

MISSING = missing_parts()
pytestmark = [pytest.mark.screen, pytest.mark.skipif(bool(MISSING), reason=f"missing: {', '.join(MISSING)}")]


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    with virtual_screen(tmp_path_factory.mktemp("screen")) as variables:
        yield variables


@pytest.fixture(scope="module")
def networks() -> Iterator[str]:
    with sandbox("--port", "0") as url:
        yield url


@pytest.fixture
def program(tmp_path: Path, screen: Mapping[str, str], networks: str) -> Iterator[Program]:
    """The program on networks that run beside it; it begins without samples."""
    program = Program(tmp_path, screen, addresses(networks))
    yield program
    program.close()


@pytest.fixture
def sample(tmp_path: Path, screen: Mapping[str, str]) -> Iterator[Program]:
    """The program as a new user has it: it starts its own sandbox and makes a sample workspace."""
    program = Program(tmp_path, screen, {})
    yield program
    program.close()


def test_the_first_start_brings_samples_that_can_be_removed(sample: Program) -> None:
    steps.start_with_samples(sample)
    sample.see(name="Sandbox · 3 accounts")
    sample.see(name="Fresh from the kiln*")
    sample.picture("samples")
    sample.press("banner.samples.action")
    sample.press("remove_samples.confirm")
    sample.see("toast", is_ready=lambda toast: "samples are gone" in toast.name)
    sample.gone("banner.samples")
    sample.gone("planner.entry.*")
    sample.gone(name="Sandbox*")
    steps.quit_program(sample)


def test_a_post_is_written_planned_moved_and_published(program: Program, networks: str, tmp_path: Path) -> None:
    (picture := tmp_path / "red.jpg").write_bytes(image_bytes(size=(1080, 1080)))
    tomorrow = datetime.now(ZoneInfo(program.zone)).date() + timedelta(days=1)
    steps.start_empty(program)
    for network in ("threads", "instagram"):
        steps.connect(program, network, token(networks, network))
    steps.write(program)
    steps.attach(program, picture)
    program.see(name="Ready for Threads*")
    program.see(name="Ready for Instagram*")
    program.picture("written")
    steps.schedule_tomorrow(program)
    steps.drag_to_another_day_and_undo(program, tomorrow)
    assert ledger(networks) == []
    steps.publish_now(program)
    opened = [steps.open_published(program, network) for network in ("Threads", "Instagram")]
    steps.quit_program(program)
    published = ledger(networks)
    assert sorted(post["network"] for post in published) == ["instagram", "threads"]
    assert [(post["text"], post["alt_texts"]) for post in published] == [(TEXT, [ALT_TEXT])] * 2
    assert sorted(opened) == sorted(post["permalink"] for post in published)


def test_what_was_typed_survives_a_kill(program: Program) -> None:
    steps.start_empty(program)
    steps.write(program)
    program.until(lambda: TEXT in steps.stored_texts(program), "the text on disk", seconds=1.0)
    program.type(" And")
    program.kill()
    program.start()
    program.until(lambda: program.text("composer.text.0").startswith(TEXT), "the text in the window")
    program.picture("after the kill")
    program.focus("composer.text.0")
    program.keys("ctrl+End")
    program.type("!")
    program.until(lambda: all(text.endswith("!") for text in steps.stored_texts(program)), "the next key on disk", 1.0)
    assert len(steps.stored_texts(program)) == 1
    steps.quit_program(program)


def test_a_kill_while_opening_forgets_nothing(program: Program) -> None:
    steps.start_empty(program)
    steps.write(program)
    program.until(lambda: TEXT in steps.stored_texts(program), "the text on disk", seconds=1.0)
    window_notes = program.profile / "window.ini"
    program.until(lambda: "post=\n" not in window_notes.read_text(), "the open post to be noted")
    program.kill()
    program.start()
    program.kill()
    program.start()
    program.until(lambda: program.text("composer.text.0") == TEXT, "the text in the window")


def test_a_second_start_raises_the_first_window(program: Program) -> None:
    steps.start_empty(program)
    program.minimize()
    second = subprocess.run(program.command, cwd=ROOT, env=program.environment, capture_output=True, check=False)
    assert second.returncode == 0, second
    assert b"already running" in second.stderr
    program.see("window", is_ready=lambda window: "active" in window.states)
    steps.quit_program(program)


def test_every_control_of_every_page_has_a_name(sample: Program) -> None:
    steps.start_with_samples(sample)
    sample.press("planner.backlog")
    sample.see("planner.backlog.*", is_ready=lambda card: card.role == "push button")
    found = [*steps.nameless(sample, "calendar")]
    for place, sign in (("activity", "activity.timeline"), ("accounts", "accounts.card.*"), ("settings", "settings.*")):
        sample.press(f"sidebar.{place}")
        sample.see(sign)
        found += steps.nameless(sample, place)
    sample.press("sidebar.accounts")
    sample.press("accounts.connect")
    sample.see("connect.token")
    found += steps.nameless(sample, "connecting")
    sample.press("connect.cancel")
    sample.press("sidebar.calendar")
    sample.click(sample.see(name="Fresh from the kiln*"), times=2)
    sample.see("composer.media.0.0")
    found += steps.nameless(sample, "composer")
    sample.press("composer.media.0.0.alt")
    sample.see("composer.alt_dialog.text")
    found += steps.nameless(sample, "description")
    sample.press("composer.alt_dialog.cancel")
    sample.press("composer.when.change")
    sample.see("composer.schedule_dialog.zone")
    found += steps.nameless(sample, "time")
    assert found == []


def test_the_keyboard_alone_writes_plans_and_moves_a_post(sample: Program) -> None:
    steps.start_with_samples(sample)
    steps.tab_to(sample, "sidebar.new")
    sample.keys("space")
    sample.see("composer.text.0", is_ready=is_focused)
    sample.type(TEXT)
    steps.tab_to(sample, "composer.accounts", "shift+Tab")
    sample.open_popup(lambda: sample.keys("space"))
    sample.keys("Tab", "space", "Escape")  # not to Instagram, which wants a picture
    sample.see("composer.accounts", is_ready=lambda accounts: "Instagram" not in accounts.description)
    steps.tab_to(sample, "composer.schedule")
    sample.keys("space")
    sample.see("composer.schedule_dialog.time", is_ready=is_focused)
    sample.keys("Return")
    sample.see("toast", is_ready=lambda toast: toast.name.startswith("Scheduled for"))
    steps.tab_to(sample, "sidebar.calendar")
    sample.keys("space")
    steps.tab_to(sample, "planner.month")
    chip = steps.tab_to_chip(sample, TEXT)
    sample.keys("alt+Right")
    sample.see("toast", is_ready=lambda toast: toast.name.startswith("Moved to"))
    sample.picture("moved with keys")
    sample.keys("ctrl+z")
    sample.see(chip.identifier, name=chip.name)


def test_closing_asks_while_something_is_planned(sample: Program) -> None:
    steps.start_with_samples(sample)
    sample.keys("alt+F4")
    sample.see("quit.confirm")
    sample.picture("asked")
    sample.keys("Escape")
    sample.gone("quit")
    sample.keys("alt+F4")
    sample.press("quit.confirm")
    assert sample.wait_for_end() == 0


def test_closing_quits_when_nothing_is_planned(program: Program) -> None:
    steps.start_empty(program)
    program.keys("alt+F4")
    assert program.wait_for_end() == 0

"""What the stories do with the program, one step each."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from tests.e2e.blackbox.accessibility import Control
from tests.e2e.blackbox.program import Program, is_focused

TEXT = "Hello from a real keyboard. Second sentence, with 3 numbers!"
ALT_TEXT = "A red square"
MOST_STOPS = 80


def start_with_samples(program: Program) -> None:
    """Start on a new profile and wait for its sample workspace."""
    program.start()
    program.see("banner.samples.action")
    program.see("planner.entry.*")


def start_empty(program: Program) -> None:
    """Start on a new profile whose networks are given, so that it gets no samples."""
    program.start()
    program.see("planner.month")


def connect(program: Program, network: str, token: str) -> None:
    """Connect an account by its token."""
    program.press("sidebar.accounts")
    program.press("accounts.connect")
    program.press(f"connect.network.{network}")
    program.focus("connect.token")
    program.type(token)
    program.press("connect.confirm")
    program.gone("connect")
    program.see("toast", is_ready=lambda toast: "connected" in toast.name)


def write(program: Program) -> None:
    """Begin a new post and type ``TEXT``."""
    program.keys("ctrl+n")
    program.see("composer.text.0", is_ready=is_focused)
    program.type(TEXT)


def attach(program: Program, picture: Path) -> None:
    """Choose a picture in the file dialog, and describe it."""
    program.press("composer.media.add.0")
    program.see("composer.files")
    program.type(str(picture))
    program.keys("Return")
    program.press("composer.media.0.0.alt")
    program.see("composer.alt_dialog.text", is_ready=is_focused)
    program.type(ALT_TEXT)
    program.press("composer.alt_dialog.confirm")
    program.see("composer.media.0.0", is_ready=lambda tile: tile.description == ALT_TEXT)


def schedule_tomorrow(program: Program) -> None:
    """Plan the post at hand for tomorrow 09:30 in the dialog; it proposes today."""
    program.press("composer.schedule")
    field = program.see("composer.schedule_dialog.date")
    x, _, width, _ = field.area
    program.open_popup(lambda: program.click((x + width - 15, field.center[1])))
    before = program.text(field.identifier)
    program.keys("Right", "Return")
    program.until(lambda: program.text(field.identifier) != before, "another day in the field")
    program.focus("composer.schedule_dialog.time")
    program.type("0930")
    program.picture("scheduling")
    program.press("composer.schedule_dialog.confirm")
    program.see("toast", is_ready=lambda toast: toast.name.startswith("Scheduled for") and "09:30" in toast.name)


def drag_to_another_day_and_undo(program: Program, day: date) -> None:
    """Drag the post of ``day`` two days on with the mouse, then take it back with the toast's button."""
    later = day + timedelta(days=2)
    program.press("sidebar.calendar")
    chip = program.see("planner.entry.*", is_ready=lambda chip: chip.name.startswith(TEXT) and "09:30" in chip.name)
    assert is_on(program, chip, day)
    program.drag(chip, program.see(f"planner.day.{later}"))
    program.see("toast", is_ready=lambda toast: toast.name.startswith("Moved to") and f" {later.day} " in toast.name)
    program.see(chip.identifier, is_ready=lambda chip: is_on(program, chip, later))
    program.picture("dragged")
    program.press("toast.action")
    program.see(chip.identifier, is_ready=lambda chip: is_on(program, chip, day))


def is_on(program: Program, chip: Control, day: date) -> bool:
    """Whether a chip lies on a day of the calendar."""
    (x, y), (left, top, width, height) = chip.center, program.see(f"planner.day.{day}").area
    return left < x < left + width and top < y < top + height


def publish_now(program: Program) -> None:
    """Open the post from the calendar and publish it; the moment of grace passes."""
    program.click(program.see("planner.entry.*"), times=2)
    program.open_popup(lambda: program.press("composer.schedule.menu"))
    program.keys("Down", "Down", "Return")
    program.see("composer.publishing.action")
    program.picture("a moment to think again")
    program.see("toast", is_ready=lambda toast: toast.name.startswith("On its way"))


def open_published(program: Program, network: str) -> str:
    """Look at a delivery in Activity, and return the address its button opens."""
    program.press("sidebar.activity")
    program.click(program.see(name=f"{TEXT}, Published, {network}*"))
    program.see("activity.permalink.open", name=f"Open on {network}")
    steps = [step.name for step in program.find("activity.timeline.step")]
    assert len(steps) >= 4, steps
    assert "Published" in steps[-1], steps
    program.picture(f"published on {network}")
    before = program.opened_addresses()
    program.press("activity.permalink.open")
    return program.until(lambda: program.opened_addresses()[len(before) :], "the link to be opened")[0]


def quit_program(program: Program) -> None:
    """Leave by the key for it; nothing may stay behind."""
    program.keys("ctrl+q")
    assert program.wait_for_end() == 0


def tab_to(program: Program, identifier: str, key: str = "Tab") -> None:
    """Move the keyboard from control to control until it is there."""
    stops = [program.focused()]
    while stops[-1] != identifier:
        assert len(stops) < MOST_STOPS, stops
        program.keys(key)
        program.until(lambda: program.focused() != stops[-1], f"{key} to leave {stops[-1]}")
        stops.append(program.focused())


def tab_to_chip(program: Program, text: str) -> Control:
    """Move the keyboard, which is on the month, from post to post until it is on the one that begins with ``text``."""
    stops: list[str] = []
    while True:
        program.keys("Tab")
        chip = program.see("planner.entry.*", is_ready=lambda c: is_focused(c) and c.identifier not in stops[-1:])
        if chip.name.startswith(text):
            return chip
        stops.append(chip.identifier)
        assert len(stops) < MOST_STOPS, stops


def nameless(program: Program, place: str) -> Sequence[str]:
    """Return the controls that can have the keyboard but say nothing to a screen reader; save a picture."""
    program.picture(place)
    return [f"{place}: {control}" for control in program.find(state="FOCUSABLE") if not control.name]


def stored_texts(program: Program) -> Sequence[str]:
    """Read the texts of the posts as another program sees them in the database."""
    with closing(sqlite3.connect(f"file:{program.profile / 'tidings.db'}?mode=ro", uri=True)) as database:
        return [json.loads(content)["parts"][0]["text"] for (content,) in database.execute("SELECT content FROM post")]

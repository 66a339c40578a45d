"""Scenes of the gallery: buttons, choices, fields and notices."""

from __future__ import annotations

from PySide6.QtCore import QDate, Qt, QTime
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from desktop.gui.theme.painting import STATUS_LOOKS
from desktop.gui.widgets.banner import Banner
from desktop.gui.widgets.buttons import Button, IconButton, LinkButton, SplitButton
from desktop.gui.widgets.cards import Panel
from desktop.gui.widgets.checks import CheckBox, Switch
from desktop.gui.widgets.chips import FilterChip, TabChip
from desktop.gui.widgets.counter_ring import CounterRing
from desktop.gui.widgets.inputs import ComboBox, DateField, FormRow, LineEdit, SearchField, TextArea, TimeField
from desktop.gui.widgets.keycap import KeyHint
from desktop.gui.widgets.labels import ElidedLabel, IconLabel, Label
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.loading import LoadingLine, SkeletonLines, Spinner
from desktop.gui.widgets.menus import Menu
from desktop.gui.widgets.segmented import SegmentedControl
from desktop.gui.widgets.status import StatusDot, StatusPill

POST = (
    "We get asked this every market day: “Why is this mug 38 €?” 🧵\n\nSo here is the honest maths of one mug, "
    "start to finish – clay, time, kiln, failures, and what it costs to throw one away."
)
LONG_NOTICE = (
    "“Why handmade costs more” could not be scheduled: 02:30 does not exist in Europe/Oslo on that day, "
    "the clocks go forward over it."
)
DISK_FULL = (
    "The disk is full, so nothing more can be saved. Free some space on the disk; what was saved is safe, "
    "and publishing goes on as soon as there is room again."
)


def application() -> QApplication:
    """Return the one application."""
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else QApplication([])


def nothing() -> None:
    """Stand in for an action."""


def in_state(button: QAbstractButton, state: str) -> QAbstractButton:
    """Put ``button`` into a state that normally needs a pointer or a keyboard."""
    button.setProperty("gallery", state)
    if state == "disabled":
        button.setEnabled(False)
    elif state == "pressed":
        button.setDown(True)
    elif state == "checked":
        button.setChecked(True)
    elif state == "hover":
        button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    elif state == "focus":
        button.focusInEvent(QFocusEvent(QFocusEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
        button.hasFocus = lambda: True  # type: ignore[method-assign]  # only one widget can really have it
    return button


def page(*items: object, width: int = 900, fill: str = "canvas") -> QWidget:
    """Stack ``items`` on a ground."""
    panel = Panel(column(*items, spacing=14, margins=24), fill=fill)  # type: ignore[arg-type]
    panel.setFixedWidth(width)
    return panel


def buttons() -> QWidget:
    """All buttons in all states."""
    lines = []
    for kind in ("primary", "default", "ghost", "danger"):
        states = ["", "hover", "pressed", "focus", "disabled"]
        made = [
            in_state(
                Button(
                    f"{s or kind}".capitalize(),
                    f"b.{kind}.{s}",
                    kind=kind,
                    icon="calendar-plus" if i % 2 == 0 else None,
                ),
                s,
            )
            for i, s in enumerate(states)
        ]
        lines.append(
            row(
                *made,
                Button("Small", f"b.{kind}.sm", kind=kind, size="sm"),
                Button("Large", f"b.{kind}.lg", kind=kind, size="lg", icon="plus"),
                None,
            )
        )
    menu = Menu()
    menu.add("Pick a time", "m", nothing)
    split = row(
        SplitButton("Schedule", "s1", menu, "More", icon="calendar-plus"),
        SplitButton("Export", "s2", Menu(), "More", kind="default", icon="download"),
        LinkButton("Retry", "l1"),
        in_state(LinkButton("Add", "l2"), "hover"),
        in_state(LinkButton("Show", "l3"), "focus"),
        None,
    )
    icons = row(
        *(
            in_state(IconButton("panel-right", f"i.{s}", "Toggle", checkable=True), s)
            for s in ("", "hover", "pressed", "checked", "focus", "disabled")
        ),
        IconButton("x", "i.sm", "Close", size="sm"),
        IconButton("ellipsis", "i.lg", "More", size="lg"),
        None,
    )
    return page(*lines, split, icons)


def choices() -> QWidget:
    """Segments, chips, tabs, checks, switches."""
    segment = SegmentedControl([("m", "Month"), ("w", "Week"), ("d", "Day"), ("a", "Agenda")], "seg", "View", "m")
    chips = [
        FilterChip(n, h, f"c.{n}", n)
        for n, h in (
            ("Threads", "ink"),
            ("Instagram", "pink"),
            ("Facebook", "blue"),
            ("Pine Kitchen", "teal"),
            ("Bakery", "amber"),
        )
    ]
    chips[3].setChecked(False)
    in_state(chips[4], "focus")
    tabs = [
        TabChip("All networks", "t.all"),
        TabChip("Threads", "t.t", icon="brand-threads"),
        TabChip("Instagram", "t.i", icon="brand-instagram", hue="pink"),
        TabChip("Facebook", "t.f", icon="brand-facebook", hue="blue"),
    ]
    tabs[1].set_state("3 posts")
    tabs[2].set_state("684 / 2200", has_dot=True)
    tabs[3].set_state("612", has_warning=True)
    tabs[1].setChecked(True)
    off = Switch("Off and disabled", "sw3")
    off.setEnabled(False)
    checked_off = CheckBox("Disabled", "ch3", checked=True)
    checked_off.setEnabled(False)
    return page(
        row(segment, None),
        row(*chips, None, spacing=6),
        row(*tabs, None, spacing=4),
        row(
            Switch("Start with the computer", "sw1", checked=True),
            Switch("Reduce motion", "sw2"),
            in_state(Switch("Focused", "sw4", checked=True), "focus"),
            off,
            None,
            spacing=20,
        ),
        row(
            CheckBox("Ask before publishing", "ch1", checked=True),
            CheckBox("Weekly summary", "ch2"),
            in_state(CheckBox("Focused", "ch4"), "focus"),
            checked_off,
            None,
            spacing=20,
        ),
        row(*(CounterRing(u, 500) for u in (0, 172, 449, 455, 500, 518)), None, spacing=16),
        row(*(StatusPill(s.capitalize(), s) for s in STATUS_LOOKS), None),
        row(*(StatusDot(s) for s in STATUS_LOOKS), KeyHint("Ctrl K"), KeyHint("Shift"), KeyHint("S"), Spinner(), None),
    )


def fields() -> QWidget:
    """Everything one types into or picks from."""
    wrong = FormRow("Access token", LineEdit("f3", "Access token", "EAAB-not-a-token"), "Paste the long-lived token")
    wrong.set_error("This token has expired. Make a new one.")
    off = LineEdit("f4", "Off", "Not to be changed")
    off.setEnabled(False)
    found = SearchField("f6", "Search posts")
    found.setText("kiln")
    left = column(
        FormRow("Title", LineEdit("f1", "Title", "Why handmade costs more")),
        FormRow(
            "Alt text", LineEdit("f2", "Alt text", "", "Describe the picture"), "People who cannot see it hear this."
        ),
        wrong,
        FormRow("Profile", off),
        None,
    )
    right = column(
        row(SearchField("f5", "Search posts"), found),
        FormRow("Network", ComboBox("f7", "Network", [("threads", "Threads"), ("instagram", "Instagram")], "threads")),
        row(
            FormRow("Day", DateField("f8", "Day", QDate(2026, 11, 17))),
            FormRow("Time", TimeField("f9", "Time", QTime(17, 30))),
        ),
        FormRow("Notes", TextArea("f10", "Notes", "Shot on the kiln day.\nAsk Mara for the second photo.")),
    )
    return page(row(left, right, spacing=24))


def notices() -> QWidget:
    """Banners, loading, labels."""
    roles = [
        Label(f"{r} 1 204 posts", r)
        for r in ("display", "h1", "h2", "body", "bodyStrong", "editor", "label", "caption", "over")
    ]
    tones = [Label(t, "body", t) for t in ("muted", "faint", "accent", "success", "warning", "danger", "info")]
    line, done = LoadingLine(), LoadingLine()
    line._phase = 0.5
    done.set_progress(0.6)
    elided = ElidedLabel("A long title that does not fit into the room it is given here")
    elided.setFixedWidth(220)
    return page(
        Banner(
            "n1",
            "You are looking at sample data. Nothing here is published for real.",
            "info",
            action="Remove sample data",
            closable=True,
        ),
        Banner(
            "n2",
            "pinekitchen needs you to sign in again. Its 4 planned posts wait until then.",
            "warning",
            action="Reconnect",
        ),
        Banner(
            "n3",
            DISK_FULL,
            "danger",
            action="Try again",
            closable=True,
        ),
        line,
        done,
        SkeletonLines(3),
        row(*roles[:4], None, spacing=16),
        row(*roles[4:], None, spacing=16),
        row(*tones, IconLabel("cloud-check", "success"), None, spacing=16),
        elided,
    )

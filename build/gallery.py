"""Draw every widget in every state into PNGs: ``python build/gallery.py FOLDER``; light, dark, and both at 2x.

Pictures for eyes, not for comparing: run it after a change to the theme or the widgets and look.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QDate, QRectF, Qt, QTime
from PySide6.QtGui import QFocusEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from desktop.domain.networks import Network
from desktop.gui.theme.painting import STATUS_LOOKS, draw_clamped_text, draw_text
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.avatar import Avatar, draw_avatar
from desktop.gui.widgets.banner import Banner
from desktop.gui.widgets.buttons import Button, IconButton, LinkButton, SplitButton
from desktop.gui.widgets.cards import Card, Divider, FloatingSurface, PageBar, Panel, SectionHeader
from desktop.gui.widgets.checks import CheckBox, Switch
from desktop.gui.widgets.chips import FilterChip, TabChip
from desktop.gui.widgets.counter_ring import CounterRing
from desktop.gui.widgets.dialogs import ConfirmDialog, Dialog
from desktop.gui.widgets.empty_state import EmptyState
from desktop.gui.widgets.flow_layout import FlowLayout
from desktop.gui.widgets.inputs import ComboBox, DateField, FormRow, LineEdit, SearchField, TextArea, TimeField
from desktop.gui.widgets.keycap import KeyHint
from desktop.gui.widgets.labels import ElidedLabel, IconLabel, Label
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.loading import LoadingLine, SkeletonLines, Spinner
from desktop.gui.widgets.menus import Menu
from desktop.gui.widgets.navigation import AccountRow, NavItem, SearchButton
from desktop.gui.widgets.phone import PhoneFrame, screen_colors
from desktop.gui.widgets.popover import Popover
from desktop.gui.widgets.segmented import SegmentedControl
from desktop.gui.widgets.status import StatusDot, StatusPill
from desktop.gui.widgets.toast import ToastOverlay

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
        button.hasFocus = lambda: True  # only one widget can really have it
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


def sidebar() -> QWidget:
    """The sidebar's parts as they stand together."""
    nav = [
        NavItem(i, t, f"nav.{t}")
        for i, t in (
            ("calendar-days", "Calendar"),
            ("square-pen", "Drafts"),
            ("list-ordered", "Queue"),
            ("inbox", "Inbox"),
            ("images", "Media"),
            ("chart-column", "Analytics"),
        )
    ]
    nav[0].setChecked(True)
    nav[1].set_badge(12)
    nav[3].set_badge(3, "accent")
    in_state(nav[2], "hover")
    in_state(nav[4], "focus")
    accounts = [
        AccountRow("northandpine", Network.THREADS, "ink", "a1"),
        AccountRow("northandpine.studio", Network.INSTAGRAM, "pink", "a2"),
        AccountRow("North & Pine", Network.FACEBOOK, "blue", "a3"),
        AccountRow("pinekitchen", Network.INSTAGRAM, "teal", "a4", warning="The token expires in 3 days"),
        AccountRow("A bakery with a very long name", Network.FACEBOOK, "amber", "a5", warning="Sign in again"),
    ]
    new_post = Button("New post", "new", kind="primary", icon="plus")
    new_post.setSizePolicy(new_post.sizePolicy().Policy.Expanding, new_post.sizePolicy().Policy.Fixed)
    status = Card(
        row(
            StatusDot("ok"),
            column(
                Label("Publisher running", "label"),
                Label("Next: today 17:30 · in 2 h 48 min", "caption", "muted"),
                spacing=2,
            ),
            None,
            spacing=10,
            margins=12,
        ),
        radius=10,
    )
    heading = SectionHeader("Accounts", kind="overline")
    heading.setContentsMargins(10, 0, 0, 0)
    panel = Panel(
        column(
            SearchButton("Search or jump to…", "search", "Ctrl K"),
            6,
            new_post,
            10,
            *nav,
            12,
            heading,
            2,
            *accounts,
            None,
            status,
            4,
            NavItem("settings", "Settings", "nav.s"),
            spacing=2,
            margins=12,
        ),
        line="right",
    )
    panel.setFixedSize(240, 780)
    return panel


def surfaces() -> QWidget:
    """Cards, bars, empty places, the telephone."""

    def screen(painter: QPainter, rect: QRectF) -> None:
        _, ink, quiet, _ = screen_colors()
        draw_avatar(painter, QRectF(rect.left() + 16, rect.top() + 12, 34, 34), "NP", "ink")
        draw_text(painter, QRectF(rect.left() + 62, rect.top() + 10, 180, 18), "northandpine", "body", ink, weight=600)
        draw_clamped_text(
            painter,
            QRectF(rect.left() + 62, rect.top() + 30, 236, 200),
            POST,
            6,
            "body",
            ink,
        )
        draw_text(painter, QRectF(rect.left() + 62, rect.top() + 144, 200, 18), "now", "caption", quiet)

    phone = PhoneFrame("Preview", screen)
    phone.setFixedHeight(420)
    active = Card(column(SectionHeader("Before it goes out"), Label("3 posts, all under 500"), margins=16))
    active.set_active(True)
    header = SectionHeader("Unscheduled", IconButton("plus", "s.plus", "New idea", size="sm"))
    header.set_count(5)
    card = Card(
        column(
            header,
            Divider(),
            row(
                Avatar("North Pine", "pink", 34, Network.INSTAGRAM),
                Avatar("mara", "teal", 34),
                Avatar("ÅSE ØY", "amber", 34, Network.FACEBOOK),
                None,
            ),
            margins=16,
        )
    )
    flow = QWidget()
    flow_layout = FlowLayout(6, flow)
    for word in ("kiln", "handmade", "mug", "behind the scenes", "wool", "winter market"):
        flow_layout.addWidget(FilterChip(word, "teal", f"w.{word}", word))
    floating = FloatingSurface("md")
    floating.set_content(
        column(Label("Wed 4 November", "caption", "faint"), Label("Reach 4 377", "bodyStrong"), margins=12)
    )
    empty = Card(
        column(
            EmptyState(
                "square-pen",
                "Nothing is planned for this week.",
                Button("New post", "e.new", kind="primary", icon="plus"),
                "Write a post, or drag one here from the drawer.",
            ),
            margins=0,
        )
    )
    bar = PageBar(
        "November 2026",
        8,
        IconButton("chevron-left", "p", "Previous"),
        Button("Today", "today"),
        IconButton("chevron-right", "n", "Next"),
        None,
        SegmentedControl([("m", "Month"), ("w", "Week")], "v", "View"),
        Button("Schedule", "sch", kind="primary", icon="calendar-plus"),
    )
    return page(bar, row(column(active, card, flow, floating, None), column(empty), phone, spacing=16), width=1180)


def overlays() -> QWidget:
    """A page with a toast."""
    host = page(Label("Page under a toast", "h1"), 260, width=760)
    host.setFixedHeight(320)
    overlay = ToastOverlay(host)
    host.overlay = overlay  # type: ignore[attr-defined] - keeps the wrapper alive
    overlay.show_toast("Moved to Fri 20 Nov, 09:45", action="Undo", keys="Ctrl Z", on_action=nothing)
    return host


def long_toast() -> QWidget:
    """A toast with two lines and a warning."""
    host = page(Label("Two lines", "h1"), 120, width=760)
    host.setFixedHeight(200)
    overlay = ToastOverlay(host)
    host.overlay = overlay  # type: ignore[attr-defined]
    overlay.show_toast(
        LONG_NOTICE,
        tone="warning",
        action="Copy details",
    )
    return host


def confirm() -> QWidget:
    """The question before deleting."""
    dialog = ConfirmDialog(
        "confirm",
        "Delete “Winter menu teaser”?",
        "The post and its three pictures go to the trash. You can bring them back for 30 days.",
        None,
        confirm="Delete",
        on_confirm=nothing,
    )
    in_state(dialog.cancel_button, "focus")
    return dialog


def form_dialog() -> QWidget:
    """A dialog with fields."""
    dialog = Dialog("move", "Move to…", None, confirm="Move", on_confirm=nothing)
    dialog.set_body(
        row(
            FormRow("Day", DateField("move.day", "Day", QDate(2026, 11, 20))),
            FormRow("Time", TimeField("move.time", "Time", QTime(9, 45)), "Europe/Oslo"),
        )
    )
    return dialog


def days() -> QWidget:
    """The calendar that drops down from a day field."""
    field = DateField("days", "Day", QDate(2026, 11, 20))
    widget = field.calendarWidget()
    widget.keep = field  # type: ignore[attr-defined]
    return page(widget, width=340)


def large_text() -> QWidget:
    """Buttons and choices at 130 % text size."""
    theme().apply(application(), theme().mode, 1.3)
    return page(buttons(), choices(), width=1180)


def menu() -> QWidget:
    """An open menu."""
    made = Menu()
    made.add("Open", "m1", nothing, icon="square-pen", shortcut="Return")
    made.add("Move to…", "m2", nothing, icon="calendar-days")
    made.add("Duplicate", "m3", nothing, icon="copy", enabled=False)
    made.addSeparator()
    made.add("Delete", "m4", nothing, icon="trash-2", color="danger", shortcut="Del")
    made.setActiveAction(made.actions()[1])
    return made


def popover() -> QWidget:
    """A quick look at a post."""
    parent = QWidget()
    made = Popover(
        "quick",
        "Quick look",
        column(
            Label("Winter menu teaser", "h2"),
            Label("Mon 16 November, 14:00 · Threads", "label", "muted"),
            6,
            row(Button("Edit", "q1", kind="primary", size="sm"), Button("Duplicate", "q2", size="sm"), None),
            margins=16,
        ),
        parent,
    )
    made.keep = parent  # type: ignore[attr-defined]
    return made


SCENES = (
    buttons,
    choices,
    fields,
    notices,
    sidebar,
    surfaces,
    overlays,
    long_toast,
    confirm,
    form_dialog,
    days,
    menu,
    popover,
    large_text,
)


def application() -> QApplication:
    """Return the one application."""
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else QApplication([])


def draw(folder: Path, suffix: str) -> None:
    """Draw all scenes in both schemes at the scale Qt was started with."""
    app = application()
    for mode in ("light", "dark"):
        theme().apply(app, mode)
        for scene in SCENES:
            widget = scene()
            widget.ensurePolished()
            widget.adjustSize()
            widget.show()
            app.processEvents()
            grabbed = widget.grab()
            picture = QPixmap(grabbed.size())
            picture.fill(theme().color("canvas"))
            picture.setDevicePixelRatio(grabbed.devicePixelRatio())
            painter = QPainter(picture)
            painter.drawPixmap(0, 0, grabbed)  # pop-ups are see-through at their edges
            painter.end()
            picture.save(str(folder / f"{scene.__name__}-{mode}{suffix}.png"))
            widget.hide()


def main() -> int:
    """Draw at 1x here and at 2x in a second process: Qt reads the scale once."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) > 2:
        draw(folder, "@2x" if sys.argv[2] == "2" else "")
        return 0
    for scale in ("1", "2"):
        environment = os.environ | {"QT_SCALE_FACTOR": scale}
        subprocess.run([sys.executable, __file__, str(folder), scale], env=environment, check=True)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

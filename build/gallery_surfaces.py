"""Scenes of the gallery: the sidebar, cards, and what lies over a page."""

from __future__ import annotations

from gallery_controls import LONG_NOTICE, POST, application, buttons, choices, in_state, nothing, page
from PySide6.QtCore import QDate, QRectF, QTime
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from desktop.domain.networks import Network
from desktop.gui.theme.painting import draw_clamped_text, draw_text
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.avatar import Avatar, draw_avatar
from desktop.gui.widgets.buttons import Button, IconButton
from desktop.gui.widgets.cards import Card, Divider, FloatingSurface, PageBar, Panel, SectionHeader
from desktop.gui.widgets.chips import FilterChip
from desktop.gui.widgets.dialogs import ConfirmDialog, Dialog
from desktop.gui.widgets.empty_state import EmptyState
from desktop.gui.widgets.flow_layout import FlowLayout
from desktop.gui.widgets.inputs import DateField, FormRow, TimeField
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.menus import Menu
from desktop.gui.widgets.navigation import AccountRow, NavItem, SearchButton
from desktop.gui.widgets.phone import PhoneFrame, screen_colors
from desktop.gui.widgets.popover import Popover
from desktop.gui.widgets.segmented import SegmentedControl
from desktop.gui.widgets.status import StatusDot
from desktop.gui.widgets.toast import ToastOverlay

PLACES = (
    ("calendar-days", "Calendar"),
    ("square-pen", "Drafts"),
    ("list-ordered", "Queue"),
    ("inbox", "Inbox"),
    ("images", "Media"),
    ("chart-column", "Analytics"),
)


def sidebar() -> QWidget:
    """The sidebar's parts as they stand together."""
    nav = [NavItem(icon, name, f"nav.{name}") for icon, name in PLACES]
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


def screen(painter: QPainter, rect: QRectF) -> None:
    """Draw a post on the telephone."""
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


def surfaces() -> QWidget:
    """Cards, bars, empty places, the telephone."""
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
    host.overlay = overlay  # type: ignore[attr-defined]  # keeps the wrapper alive
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

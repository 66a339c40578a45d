"""The context menus of chips, cards and days: the way to everything that is also done by dragging or by keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.gui.pages.planner.drops import Cargo
from desktop.gui.pages.planner.viewmodel import PlannerViewModel
from desktop.gui.pages.planner.words import short_day
from desktop.gui.widgets.menus import Menu
from desktop.kit.i18n import tr
from desktop.services.scheduling.entries import CalendarEntry


@dataclass(frozen=True, slots=True)
class MenuActions:
    """What the page does for a menu."""

    open_post: Callable[[Cargo], object]
    choose_time: Callable[[Cargo], object]
    compose: Callable[[date], object]


def menu_for(thing: Cargo | date, viewmodel: PlannerViewModel, actions: MenuActions, parent: QWidget) -> Menu:
    """Return the menu of a chip, a card or a day; it deletes itself when it closes."""
    menu = Menu(parent=parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if isinstance(thing, date):
        words = tr("New post on {day}", day=short_day(thing))
        menu.add(words, "planner.menu.new", lambda: actions.compose(thing), icon="plus")
        return menu
    menu.add(tr("Open"), "planner.menu.open", lambda: actions.open_post(thing), icon="square-pen")
    if isinstance(thing, CalendarEntry):
        _add_entry_actions(menu, thing, viewmodel, actions)
    else:
        menu.add(tr("Schedule…"), "planner.menu.move", lambda: actions.choose_time(thing), icon="calendar-plus")
    menu.add(tr("Duplicate"), "planner.menu.duplicate", lambda: viewmodel.edits.duplicate(thing), icon="copy")
    menu.addSeparator()
    menu.add(tr("Delete"), "planner.menu.delete", lambda: viewmodel.edits.delete(thing), icon="trash-2", color="danger")
    return menu


def _add_entry_actions(menu: Menu, entry: CalendarEntry, viewmodel: PlannerViewModel, actions: MenuActions) -> None:
    menu.add(
        tr("Move to…"),
        "planner.menu.move",
        lambda: actions.choose_time(entry),
        icon="calendar-days",
        enabled=entry.can_move,
    )
    menu.add(
        tr("Move to Unscheduled"),
        "planner.menu.unschedule",
        lambda: viewmodel.edits.unschedule(entry),
        icon="inbox",
        enabled=entry.can_move,
    )

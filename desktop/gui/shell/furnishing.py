"""Puts sidebar, notices and toasts into the window."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QSizePolicy, QStackedWidget, QWidget

from desktop.gui.shell.banners import Banners
from desktop.gui.shell.brand_mark import mark_icon
from desktop.gui.shell.context import PageContext
from desktop.gui.shell.main_window import MainWindow
from desktop.gui.shell.overview import Overview
from desktop.gui.shell.places import ACCOUNTS
from desktop.gui.shell.sidebar import Sidebar
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.toast import ToastOverlay


def furnish(window: MainWindow, context: PageContext, overview: Overview) -> Banners:
    """Furnish ``window`` and return its notices."""
    sidebar = Sidebar(overview)
    sidebar.place_requested.connect(window.show_place)
    sidebar.compose_requested.connect(lambda: window.compose())
    sidebar.account_requested.connect(window.show_account)
    banners = Banners(overview, on_accounts=lambda: window.show_place(ACCOUNTS.key))
    banners.remove_samples_requested.connect(window.remove_samples_requested)

    # not on the stack itself: of a stack, assistive programs see the pages only
    area = QWidget()

    def frame(stack: QStackedWidget) -> QLayout:
        area.setLayout(column(stack))
        area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        right = column(banners, area, spacing=0)
        right.setStretch(1, 1)
        layout = row(sidebar, right, spacing=0)
        layout.setStretch(1, 1)
        return layout

    window.furnish(context, sidebar, ToastOverlay(area), frame)
    window.setWindowIcon(mark_icon())
    return banners

"""The window: sidebar, notices, pages, menus. It paints before any page or service has been loaded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QSizePolicy, QStackedWidget, QWidget

from desktop.gui.bridge.messages import Message
from desktop.gui.shell.banners import Banners
from desktop.gui.shell.brand_mark import mark_icon
from desktop.gui.shell.context import PageContext
from desktop.gui.shell.overview import Overview
from desktop.gui.shell.places import ACCOUNTS, ACTIVITY, CALENDAR, COMPOSER, PLACES
from desktop.gui.shell.sidebar import Sidebar
from desktop.gui.shell.trouble_page import TroublePage
from desktop.gui.shell.window_memory import WindowMemory, known_mode
from desktop.gui.theme.painting import Status
from desktop.gui.theme.theme import theme
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.toast import ToastOverlay
from desktop.kit.branding import NAME
from desktop.kit.i18n import tr

if TYPE_CHECKING:
    from desktop.services.settings.preferences import Preferences

FIRST_SIZE = (1280, 820)
LEAST_SIZE = (860, 560)


class ComposerPage(Protocol):
    """What the window asks of the composer's page, whose class it must not import."""

    @property
    def post_id(self) -> str:
        """Id of the post at hand; empty before its first key was saved."""
        ...

    def open_post(self, post_id: str) -> None:
        """Turn to a stored post."""
        ...

    def compose(self, day: date | None) -> None:
        """Turn to a new post."""
        ...

    def start(self) -> None:
        """Put the cursor into the text."""
        ...

    def flush(self) -> None:
        """Write what is not on disk yet."""
        ...


class ActivityPage(Protocol):
    """What the window asks of Activity."""

    def show_delivery(self, delivery_id: str) -> None:
        """Choose a delivery."""
        ...


class AccountsPage(Protocol):
    """What the window asks of Accounts."""

    def show_account(self, account_id: str) -> None:
        """Bring an account into view."""
        ...

    def connect_account(self) -> None:
        """Ask for a token."""
        ...


class _Ground(QWidget):
    """What is painted first; tells when that has happened."""

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_painted = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self.painted.emit()


class MainWindow(QMainWindow):
    """Pages are built on their first visit. ``painted`` comes once, with the first picture."""

    painted = Signal()
    close_requested = Signal()
    shown_changed = Signal(bool)

    def __init__(self, memory: WindowMemory) -> None:
        super().__init__()
        self._memory = memory
        self._pages: dict[str, QWidget] = {}
        self._place = ""
        self.may_close = False
        self.setWindowTitle(NAME)
        self.setWindowIcon(mark_icon())
        identify(self, "window", NAME)
        self.setMinimumSize(*LEAST_SIZE)
        if not memory.restore_geometry(self):
            self.resize(*FIRST_SIZE)
        self._stack = QStackedWidget()
        self._stack.addWidget(QWidget())
        self._toasts = ToastOverlay(self._stack)

    def furnish(self, context: PageContext, overview: Overview) -> None:
        """Put in the frame: sidebar, notices, room for the pages."""
        self.context = context
        self.sidebar = Sidebar(overview)
        self.sidebar.place_requested.connect(self.show_place)
        self.sidebar.compose_requested.connect(lambda: self.compose())
        self.sidebar.account_requested.connect(self.show_account)
        self.banners = Banners(overview, on_accounts=lambda: self.show_place(ACCOUNTS.key))
        self._stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        right = column(self.banners, self._stack, spacing=0)
        right.setStretch(1, 1)
        layout = row(self.sidebar, right, spacing=0)
        layout.setStretch(1, 1)
        ground = _Ground()
        ground.setLayout(layout)
        ground.painted.connect(self.painted)
        self.setCentralWidget(ground)
        context.preferences_changed.connect(self._on_preferences_changed)

    # --- places --------------------------------------------------------------------------------------------------

    @property
    def place(self) -> str:
        """The key of the open page; empty before there is one."""
        return self._place

    @property
    def first_place(self) -> str:
        """Where to begin: where one was last time."""
        return self._memory.page if self._memory.page in PLACES else CALENDAR.key

    def page(self, key: str) -> QWidget:
        """Return a page, built if need be."""
        if key not in self._pages:
            page = PLACES[key].build(self.context, self)
            self._pages[key] = page
            self._stack.addWidget(page)
        return self._pages[key]

    def show_place(self, key: str) -> None:
        """Open a page; before the profile is open only the composer can be."""
        if not self.context.is_open and key != COMPOSER.key:
            return
        page = self.page(key)
        self._place = key
        self._stack.setCurrentWidget(page)
        self.sidebar.show_place(key)
        self.setWindowTitle(f"{tr(PLACES[key].title)} – {NAME}")
        self.write_place()

    def open_first(self) -> None:
        """Open the page of last time, with the post that was being written."""
        if self._place:
            return
        if self.first_place == COMPOSER.key:
            if self._memory.post:
                self.open_post(self._memory.post)
            else:
                self.compose()
        else:
            self.show_place(self.first_place)

    def open_post(self, post_id: str) -> None:
        """Open the composer with a post."""
        self._composer().open_post(post_id)
        self._write()

    def compose(self, day: date | None = None) -> None:
        """Open the composer with a new post, meant for ``day``."""
        self._composer().compose(day)
        self._write()

    def _composer(self) -> ComposerPage:
        return cast("ComposerPage", self.page(COMPOSER.key))

    def _write(self) -> None:
        self.show_place(COMPOSER.key)
        self._composer().start()

    def show_delivery(self, delivery_id: str) -> None:
        """Open Activity at a delivery."""
        self.show_place(ACTIVITY.key)
        cast("ActivityPage", self.page(ACTIVITY.key)).show_delivery(delivery_id)

    def show_account(self, account_id: str) -> None:
        """Open Accounts at an account."""
        self.show_place(ACCOUNTS.key)
        cast("AccountsPage", self.page(ACCOUNTS.key)).show_account(account_id)

    def connect_account(self) -> None:
        """Open Accounts and ask for a token."""
        self.show_place(ACCOUNTS.key)
        cast("AccountsPage", self.page(ACCOUNTS.key)).connect_account()

    def ask_remove_samples(self) -> None:
        """Have it asked whether the samples shall go."""
        self.banners.remove_samples_requested.emit()

    def write_place(self) -> None:
        """Remember which page and post are open."""
        if self._place:
            is_writing = COMPOSER.key in self._pages
            self._memory.set_place(self._place, self._composer().post_id if is_writing else self._memory.post)

    def flush(self) -> None:
        """Have everything written that is not on disk yet."""
        if COMPOSER.key in self._pages:
            self._composer().flush()

    # --- news ----------------------------------------------------------------------------------------------------

    def notify(
        self, text: str, action: str = "", on_action: Callable[[], object] | None = None, *, tone: Status = "ok"
    ) -> None:
        """Show a toast over the page."""
        keys = tr("Ctrl Z") if action == tr("Undo") else ""
        self._toasts.show_toast(text, tone=tone, action=action, keys=keys, on_action=on_action)

    def show_trouble(self, message: Message, *, on_retry: Callable[[], object], on_quit: Callable[[], object]) -> None:
        """Say in the middle of the window why there is nothing to see."""
        page = TroublePage(message, on_retry=on_retry, on_quit=on_quit)
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)

    def clear_trouble(self) -> None:
        """Take that away again."""
        page = self._stack.currentWidget()
        if isinstance(page, TroublePage):
            self._stack.removeWidget(page)
            page.deleteLater()

    def come_forward(self) -> None:
        """Show the window before all others."""
        self.setWindowState(self.windowState() & ~self.windowState().WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _on_preferences_changed(self, preferences: Preferences) -> None:
        mode, scale = known_mode(preferences.theme), preferences.text_size / 100
        application = QApplication.instance()
        if isinstance(application, QApplication) and (mode, scale) != (theme().mode, theme().text_scale):
            theme().apply(application, mode, scale)
        self._memory.set_look(mode, scale)

    # --- Qt ------------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave the decision to whoever keeps the program running."""
        self._memory.keep_geometry(self)
        if self.may_close:
            super().closeEvent(event)
        else:
            event.ignore()
            self.close_requested.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell the tray."""
        super().showEvent(event)
        self.shown_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell the tray."""
        super().hideEvent(event)
        self.shown_changed.emit(False)

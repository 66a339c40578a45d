"""The notices between the top of the window and the page: what concerns everything one does here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain.accounts import AccountState
from desktop.gui.shell.action_banner import action_banner
from desktop.gui.shell.overview import Overview
from desktop.gui.widgets.banner import Banner
from desktop.gui.widgets.layouts import column
from desktop.kit.i18n import tr

Notice = Literal["trouble", "paused", "sign_in", "samples", "preparing"]


class Banners(QWidget):
    """At most two at a time, the most urgent first. Closing one hides it until the program starts again."""

    remove_samples_requested = Signal()

    def __init__(self, overview: Overview, *, on_accounts: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overview = overview
        self._closed: set[Notice] = set()
        self._is_preparing = False
        self._banners: dict[Notice, Banner] = {
            "trouble": Banner("banner.trouble", "", "danger"),
            "paused": action_banner(
                "banner.paused", tr("Publishing is paused."), "warning", tr("Resume"), overview.toggle_publishing
            ),
            "sign_in": action_banner("banner.sign_in", "", "warning", tr("Look at it"), on_accounts),
            "preparing": Banner(
                "banner.preparing", tr("Preparing a sample workspace to try everything with …"), "info"
            ),
            "samples": action_banner(
                "banner.samples",
                tr("Sample workspace: nothing here reaches a real network."),
                "info",
                tr("Remove samples"),
                self.remove_samples_requested.emit,
                closable=True,
            ),
        }
        self._banners["samples"].closed.connect(lambda: self._on_closed("samples"))
        self._frame = column(*self._banners.values(), spacing=6, margins=(14, 10, 14, 0))
        self.setLayout(self._frame)
        overview.changed.connect(self.refresh)
        self.refresh()

    def set_preparing(self, is_preparing: bool) -> None:
        """Say that the samples are being written."""
        self._is_preparing = is_preparing
        self.refresh()

    def refresh(self) -> None:
        """Show what holds now."""
        self._write()
        wanted = self._wanted()
        for notice, banner in self._banners.items():
            banner.setVisible(notice in wanted)
        self.setVisible(bool(wanted))

    def _on_closed(self, notice: Notice) -> None:
        self._closed.add(notice)
        self.refresh()

    def _write(self) -> None:
        trouble = self._overview.trouble
        if trouble is not None:
            self._banners["trouble"].set_message(f"{trouble.title} {trouble.advice}".strip())
        troubled = [a for a in self._overview.facts.accounts if a.state is not AccountState.CONNECTED]
        if troubled:
            names = ", ".join(account.username for account in troubled)
            self._banners["sign_in"].set_message(
                tr("{names}: the network does not accept the sign-in any more. Planned posts wait.", names=names)
            )

    def _wanted(self) -> list[Notice]:
        facts = self._overview.facts
        holds: dict[Notice, bool] = {
            "trouble": self._overview.trouble is not None,
            "paused": facts.is_paused,
            "sign_in": any(account.state is not AccountState.CONNECTED for account in facts.accounts),
            "preparing": self._is_preparing,
            "samples": facts.has_samples and not self._is_preparing,
        }
        return [notice for notice, is_so in holds.items() if is_so and notice not in self._closed][:2]

"""Whether what is written is on the disk, and what to do when it is not."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.domain.schedules import Schedule
from desktop.gui.pages.composer.autosave import Autosave, SaveState
from desktop.gui.pages.composer.ports import ComposerContext
from desktop.gui.pages.composer.words import clock_time
from desktop.gui.theme.tokens import Token
from desktop.gui.widgets.buttons import LinkButton
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import ElidedLabel, IconLabel
from desktop.gui.widgets.layouts import row
from desktop.kit.i18n import tr


class _Words(ElidedLabel):
    def say(self, words: str, color: Token) -> None:
        self._color = color
        self.set_text(words)


class SavedIndicator(QWidget):
    """Says "Saving…", "Saved on this computer · 14:41", or "Not saved" with Retry; the page says why."""

    def __init__(self, autosave: Autosave, context: ComposerContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._autosave = autosave
        self._context = context
        self._icon = IconLabel("cloud-check", "success", 16)
        self._words = _Words("", "caption", "text2")
        self._words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._retry = LinkButton(tr("Retry"), "composer.saved.retry", on_click=autosave.flush)
        self.setLayout(row(self._icon, self._words, self._retry, None, spacing=7))
        identify(self, "composer.saved", "")
        autosave.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        state = self._autosave.state
        words = self._in_words(state)
        icon: tuple[str, Token] = ("cloud-check", "success") if state is SaveState.SAVED else ("cloud-check", "text3")
        if state is SaveState.FAILED:
            icon = ("circle-alert", "danger")
        self._icon.set_icon(*icon)
        if words != self._words.text():
            self._words.say(words, "danger" if state is SaveState.FAILED else "text2")
            self.setAccessibleName(words)
            self.setAccessibleDescription(self._autosave.reason if state is SaveState.FAILED else "")
        self._retry.setVisible(state is SaveState.FAILED)
        self.setVisible(state is not SaveState.NONE)

    def _in_words(self, state: SaveState) -> str:
        if state is SaveState.FAILED:
            return tr("Not saved")
        if state is SaveState.SAVED and self._autosave.saved_at is not None:
            local = Schedule.from_instant(self._autosave.saved_at, self._context.zone()).wall_time
            return tr("Saved on this computer · {time}", time=clock_time(local))
        return tr("Saving…")

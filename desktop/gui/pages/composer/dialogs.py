"""The two questions the composer asks: when it goes out, and what a picture shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

from PySide6.QtCore import QDate, QRectF, Qt, QTime, QTimeZone
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QCompleter, QWidget

from desktop.domain.errors import TidingsError
from desktop.domain.schedules import Schedule
from desktop.gui.pages.composer.media_tile import draw_picture
from desktop.gui.widgets.dialogs import Dialog
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.inputs import ComboBox, DateField, FormRow, TextArea, TimeField
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column, row
from desktop.kit.i18n import tr

_PICTURE_PX = 180


class ScheduleDialog(Dialog):
    """Day, time and zone. What cannot be is refused below the fields, in the words of the error."""

    def __init__(
        self,
        proposed: Schedule,
        problem_with: Callable[[datetime, str], TidingsError | None],
        on_chosen: Callable[[Schedule], object],
        parent: QWidget,
    ) -> None:
        super().__init__(
            "composer.schedule_dialog",
            tr("When should it go out?"),
            parent,
            confirm=tr("Schedule"),
            on_confirm=lambda: on_chosen(self.chosen),
            width_px=420,
        )
        self._problem_with = problem_with
        wall = proposed.wall_time
        name = "composer.schedule_dialog"
        self.day = DateField(f"{name}.date", tr("Day"), QDate(wall.year, wall.month, wall.day))
        self.time = TimeField(f"{name}.time", tr("Time"), QTime(wall.hour, wall.minute))
        self.zone = ComboBox(f"{name}.zone", tr("Time zone"), [(z, z.replace("_", " ")) for z in _zones(proposed.zone)])
        self.zone.select(proposed.zone)
        self._make_searchable()
        self._time_row = FormRow(tr("Time"), self.time)
        self._problem = Label("", "label", "danger", wrap=True)
        self._problem.setObjectName(f"{name}.problem")
        self._problem.setAccessibleIdentifier(f"{name}.problem")
        moment = row(FormRow(tr("Day"), self.day), self._time_row, spacing=12)
        moment.setStretch(0, 3)
        moment.setStretch(1, 2)
        self.set_body(column(moment, FormRow(tr("Time zone"), self.zone), self._problem, spacing=12))
        self.day.dateChanged.connect(self._check)
        self.time.timeChanged.connect(self._check)
        self.zone.selected.connect(self._check)
        self._check()

    @property
    def chosen(self) -> Schedule:
        """What stands in the fields."""
        day, clock = self.day.date(), self.time.time()
        wall = datetime.combine(date(day.year(), day.month(), day.day()), time(clock.hour(), clock.minute()))
        return Schedule(wall, self.zone.current)

    def can_accept(self) -> bool:
        """Refuse a time that has passed or that the clocks skip."""
        return self._check()

    def first_focus(self) -> QWidget:
        """Begin at the time: the day is often right already."""
        return self.time

    def _check(self) -> bool:
        problem = self._problem_with(self.chosen.wall_time, self.chosen.zone)
        self._problem.setText(f"{problem.title} {problem.advice}" if problem else "")
        self._problem.setAccessibleName(self._problem.text())
        self._problem.setVisible(problem is not None)
        self.time.setAccessibleDescription(self._problem.text())
        return problem is None

    def _make_searchable(self) -> None:
        """Hundreds of zones: let people type a part of the name."""
        self.zone.setEditable(True)
        self.zone.setInsertPolicy(ComboBox.InsertPolicy.NoInsert)
        self.zone.setMaxVisibleItems(12)
        completer, line = self.zone.completer(), self.zone.lineEdit()
        if completer is not None and line is not None:
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            identify(line, "composer.schedule_dialog.zone.text", tr("Time zone"))
            line.setFrame(False)


def _zones(first: str) -> list[str]:
    """Return the zones of the world by name, the person's own first."""
    known = sorted(bytes(name.data()).decode() for name in QTimeZone.availableTimeZoneIds())
    places = [zone for zone in known if "/" in zone and not zone.startswith(("Etc/", "SystemV/"))]
    return [first, *(zone for zone in ("UTC", *places) if zone != first)]


class _Picture(QWidget):
    def __init__(self, image: QImage | None) -> None:
        super().__init__()
        self._image = image
        self.setFixedSize(_PICTURE_PX, _PICTURE_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_picture(QPainter(self), QRectF(self.rect()), self._image, 10)


class AltTextDialog(Dialog):
    """The description of a picture for people who cannot see it, with its length."""

    def __init__(
        self,
        image: QImage | None,
        alt_text: str,
        limit: int,
        on_written: Callable[[str], object],
        parent: QWidget,
    ) -> None:
        """``limit`` 0: no network counts."""
        super().__init__(
            "composer.alt_dialog",
            tr("What does this picture show?"),
            parent,
            confirm=tr("Save"),
            on_confirm=lambda: on_written(self.text.toPlainText().strip()),
            width_px=560,
        )
        self._limit = limit
        placeholder = tr("A grey mug with a blue rim on a wooden table")
        self.text = TextArea("composer.alt_dialog.text", tr("Description"), alt_text, placeholder)
        self.text.setMinimumHeight(110)
        self._count = Label("", "caption", "faint")
        hint = tr("People who cannot see it hear this instead. Say what matters in it.")
        words = column(Label(hint, "label", "muted", wrap=True), self.text, row(None, self._count), spacing=8)
        body = row(column(_Picture(image), None), words, spacing=16)
        body.setStretch(1, 1)
        self.set_body(body)
        self.text.textChanged.connect(self._show_count)
        self._show_count()

    def first_focus(self) -> QWidget:
        """Begin to write at once."""
        return self.text

    def can_accept(self) -> bool:
        """Keep what is too long open, so that it can be shortened."""
        return not self._limit or len(self.text.toPlainText().strip()) <= self._limit

    def _show_count(self) -> None:
        used = len(self.text.toPlainText().strip())
        self._count.setText(f"{used} / {self._limit}" if self._limit else str(used))
        self._count.set_tone("danger" if self._limit and used > self._limit else "faint")

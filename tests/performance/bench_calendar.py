"""Speed of the month view with 5,000 posts in the month. Prints figures; asserts nothing about time.

Run: ``python -m tests.performance.bench_calendar`` (offscreen unless QT_QPA_PLATFORM says otherwise).
Targets: first paint <= 50 ms, drag frame <= 4 ms. "cpu" is the GUI thread's own time, which other work on the machine
does not lengthen as much as the time that passed.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable
from datetime import date, timedelta
from time import perf_counter, thread_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.pages.planner.scene import MonthScene
from desktop.gui.pages.planner.view import PlannerPage
from desktop.gui.theme.theme import theme
from tests.gui.pages.planner.planner_world import World

POSTS = 5_000
FRAMES = 120
FIRST = date(2026, 11, 13)


def fill(world: World) -> None:
    """Plan the posts on the 18 days of the month that are still to come, all day long."""
    for number in range(POSTS):
        day = FIRST + timedelta(days=number % 18)
        minute = number // 18 % 1440
        world.plan(f"Post number {number} of the month", f"{day} {minute // 60:02d}:{minute % 60:02d}", number % 4)


def mouse(kind: QEvent.Type, widget: QWidget, at: QPoint, button: Qt.MouseButton) -> None:
    place, screen = QPointF(at), QPointF(widget.mapToGlobal(at))
    held = Qt.MouseButton.LeftButton
    QApplication.sendEvent(widget, QMouseEvent(kind, place, screen, button, held, Qt.KeyboardModifier.NoModifier))


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds that passed, and the thread's own, for ``work`` and the painting it causes."""
    start, own = perf_counter(), thread_time()
    work()
    QApplication.sendPostedEvents()
    QApplication.processEvents()
    return (perf_counter() - start) * 1000, (thread_time() - own) * 1000


def first_paint(page: PlannerPage) -> list[tuple[float, float]]:
    """Paint the whole page with nothing in the cache, several times."""

    def paint() -> None:
        page.month.scene = MonthScene(page.viewmodel)
        page.month.refresh()
        page.repaint()

    return [timed(paint) for _ in range(9)]


def drag_frames(page: PlannerPage) -> list[tuple[float, float]]:
    """Carry a chip across the month, pixel by pixel, one frame a step."""
    month = page.month
    rect = month.scene.chip_rect(month.scene.keys_on(date(2026, 11, 19))[0])
    assert rect is not None
    start, left = rect.center(), Qt.MouseButton.LeftButton
    mouse(QEvent.Type.MouseButtonPress, month, start, left)
    mouse(QEvent.Type.MouseMove, month, start + QPoint(9, 9), Qt.MouseButton.NoButton)
    QApplication.processEvents()
    steps = (start + QPoint(-4 * i if i % 2 else 4 * i, i) for i in range(FRAMES))
    times = [timed(lambda at=at: mouse(QEvent.Type.MouseMove, month, at, Qt.MouseButton.NoButton)) for at in steps]
    page.carrier.cancel()
    return times


def report(name: str, times: list[tuple[float, float]], target_ms: float) -> None:
    """Print one line."""
    passed, own = ([sample[which] for sample in times] for which in (0, 1))
    p95 = sorted(passed)[min(len(passed) - 1, round(len(passed) * 0.95))]
    sys.stdout.write(
        f"{name:26} median {statistics.median(passed):7.2f} ms   p95 {p95:7.2f} ms   "
        f"cpu median {statistics.median(own):7.2f} ms   target {target_ms:g} ms\n"
    )


def main() -> None:
    """Measure and print."""
    application = QApplication(["bench"])
    theme().apply(application, "light")
    world = World()
    fill(world)
    page = PlannerPage(world)
    page.resize(1440, 900)
    start = perf_counter()
    page.show()
    application.processEvents()
    sys.stdout.write(
        f"{POSTS} posts read and shown: {(perf_counter() - start) * 1000:.0f} ms (reading runs on another thread)\n"
    )
    report("first paint, empty cache", first_paint(page), 50)
    report("repaint from the cache", [timed(page.repaint) for _ in range(30)], 16)
    report("drag frame", drag_frames(page), 4)
    world.services.scheduling.calendar = lambda first, last, zone: ()  # reading is on another thread in the program
    report("next month and back", [timed(lambda step=step: page.viewmodel.turn(step)) for step in (1, -1)], 100)


if __name__ == "__main__":
    main()

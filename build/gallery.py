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

from gallery_controls import application, buttons, choices, fields, notices
from gallery_surfaces import (
    confirm,
    days,
    form_dialog,
    large_text,
    long_toast,
    menu,
    overlays,
    popover,
    sidebar,
    surfaces,
)
from PySide6.QtGui import QPainter, QPixmap

from desktop.gui.theme.theme import theme

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

"""The two small windows of the Help menu."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLibraryInfo
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

import desktop
from desktop.gui.shell.brand_mark import BrandMark
from desktop.gui.widgets.dialogs import Dialog
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.keycap import KeyHint
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.layouts import column, row
from desktop.kit.branding import NAME
from desktop.kit.i18n import tr

_PAGE_KEYS = (
    ("Ctrl+Return", "Split the post here"),
    ("Alt+Up", "Move the part up"),
    ("N", "New post on the chosen day"),
    ("T", "Go to today"),
    ("PgUp", "Previous month"),
    ("PgDown", "Next month"),
    ("Alt+Right", "Move the chosen post a day later"),
)


class AboutDialog(Dialog):
    """Name, version, what it is built with and under which licences."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("about", tr("About {name}", name=NAME), parent, confirm=tr("Close"), width_px=460)
        self.cancel_button.hide()
        version = tr("Version {version}", version=desktop.__version__)
        qt = QLibraryInfo.version().toString()
        said = identify(Label(version, "body", "muted", selectable=True), "about.version", version)
        words = tr(
            "Built with Qt {qt} and PySide6 under the LGPL 3; the libraries lie beside it and may be replaced. "
            "Inter is under the Open Font License, the icons by Lucide (ISC) and Tabler (MIT). The file NOTICE names "
            "every part and its licence.",
            qt=qt,
        )
        head = row(BrandMark(44), column(Label(NAME, "h1"), said, spacing=2))
        head.setSpacing(14)
        self.set_body(column(head, Label(words, "body", "muted", wrap=True), spacing=14))


class ShortcutsDialog(Dialog):
    """Every key of the window, and the most useful ones of the pages."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget) -> None:
        super().__init__("shortcuts", tr("Keyboard shortcuts"), parent, confirm=tr("Close"), width_px=560)
        self.cancel_button.hide()
        native = QKeySequence.SequenceFormat.NativeText
        entries = [
            (action.text().replace("&", ""), [keys.toString(native) for keys in action.shortcuts()])
            for action in actions
            if action.shortcuts()
        ]
        entries += [(tr(words), [QKeySequence(keys).toString(native)]) for keys, words in _PAGE_KEYS]
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(7)
        half = (len(entries) + 1) // 2
        for place, (words, keys) in enumerate(entries):
            line = row(Label(words, "body"), None, *(KeyHint(text.replace("+", " ")) for text in keys[:1]), spacing=6)
            grid.addLayout(line, place % half, place // half)
        self.set_body(grid)

"""What of the clipboard becomes text, and what becomes media."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

# Zero-width space, word joiner, byte order mark, soft hyphen. The joiners of emoji (U+200D) and of scripts stay.
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "tr", "section", "article"}
_SILENT = {"style", "script", "head", "title"}


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a paste or a drop brings: at most one of the three."""

    text: str = ""
    files: tuple[Path, ...] = ()
    image: QImage | None = None


def read_mime(data: QMimeData) -> Pasted:
    """Decide what ``data`` is: files before a picture, a picture before text."""
    files = tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    if files:
        return Pasted(files=files)
    if data.hasImage():
        image = data.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return Pasted(image=image)
    if data.hasHtml():  # its paragraphs and list points say more than the plain text beside it
        return Pasted(text=cleaned(html_to_text(data.html())))
    return Pasted(text=cleaned(data.text()))


def cleaned(text: str) -> str:
    r"""Return ``text`` with ``\n`` line breaks, without invisible characters and stray control codes."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(c for c in _INVISIBLE.sub("", text) if c in "\n\t" or c >= " ")


def html_to_text(html: str) -> str:
    """Keep paragraphs and list points of ``html``, drop the rest of its form."""
    reader = _TextOfHtml()
    reader.feed(html)
    reader.close()
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(reader.pieces))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


class _TextOfHtml(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self.pieces.append("\n")
        elif tag == "li":
            self.pieces.append("\n- ")
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self.pieces.append("\n\n" if tag == "p" else "\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(re.sub(r"[ \t\r\n]+", " ", data))

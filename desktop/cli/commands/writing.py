"""Turns the words of a command into the content of a post."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from desktop.domain.errors import FileUnreadable
from desktop.domain.networks import PostFormat
from desktop.domain.posts import Content, MediaUse, Part, Post
from desktop.kit.i18n import tr
from desktop.services.media.service import MediaService


def written_content(arguments: Namespace, media: MediaService) -> Content:
    """Return the content of ``--text``/``--file``, ``--part`` and ``--media``; ``FileUnreadable`` and media errors."""
    text = _text(arguments)
    first = Part(text or "", media=tuple(attach(value, media) for value in arguments.media or ()))
    return Content((first, *map(Part, arguments.part or ())))


def edited_content(post: Post, arguments: Namespace, media: MediaService) -> Post:
    """Return ``post`` with what was given changed; its other parts, pictures and variants stay as they are."""
    first, *others = post.shared.parts
    text = _text(arguments)
    if text is not None:
        first = replace(first, text=text, marks=())
    if arguments.media is not None:
        first = replace(first, media=tuple(attach(value, media) for value in arguments.media))
    if arguments.part is not None:
        others = [Part(part) for part in arguments.part]
    post = replace(post, shared=Content((first, *others)))
    if arguments.format:
        form = PostFormat(arguments.format)
        post = replace(post, variants=tuple(replace(variant, format=form) for variant in post.variants))
    return post


def attach(value: str, media: MediaService) -> MediaUse:
    """Take in ``FILE[=ALT]``. A name may hold ``=`` itself: the shortest left side that is a file is the file."""
    name, alt_text = value, ""
    pieces = value.split("=")
    if not Path(value).exists():
        for count in range(1, len(pieces)):
            if Path("=".join(pieces[:count])).exists():
                name, alt_text = "=".join(pieces[:count]), "=".join(pieces[count:])
                break
        else:  # no such file: let the error name what the person most likely meant
            name = pieces[0]
    return MediaUse(media.add_file(Path(name)).id, alt_text)


def _text(arguments: Namespace) -> str | None:
    if arguments.file is None:
        text: str | None = arguments.text
        return text
    try:
        return sys.stdin.read() if str(arguments.file) == "-" else arguments.file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FileUnreadable(name=arguments.file.name, reason=tr("it is not a text in UTF-8")) from error
    except OSError as error:
        raise FileUnreadable(name=arguments.file.name, reason=error.strerror or type(error).__name__) from error

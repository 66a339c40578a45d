"""Pure steps on the parts of a thread: what splitting, merging, moving and typing do to text, marks and media."""

from __future__ import annotations

from dataclasses import replace

from desktop.domain.networks import NetworkRules
from desktop.domain.posts import Content, Mark, Part
from desktop.gui.pages.composer.text_rules import count_text


def with_part(content: Content, index: int, part: Part) -> Content:
    """Replace one part."""
    return Content((*content.parts[:index], part, *content.parts[index + 1 :]))


def inserted(content: Content, index: int, part: Part) -> Content:
    """Put ``part`` before the part now at ``index``."""
    return Content((*content.parts[:index], part, *content.parts[index:]))


def removed(content: Content, index: int) -> Content:
    """Take a part away; the last one leaves an empty one."""
    return Content((*content.parts[:index], *content.parts[index + 1 :]) or (Part(),))


def moved(content: Content, index: int, to: int) -> Content:
    """Move a part to place ``to`` (counted without it)."""
    part = content.parts[index]
    rest = (*content.parts[:index], *content.parts[index + 1 :])
    return Content((*rest[:to], part, *rest[to:]))


def retyped(part: Part, text: str) -> Part:
    """Give ``part`` another text; marks move with the words they are on."""
    if not part.marks:
        return replace(part, text=text)
    start, before_end, after_end = changed_range(part.text, text)
    moved_marks = tuple(_moved_mark(mark, start, before_end, after_end) for mark in part.marks)
    return replace(part, text=text, marks=tuple(mark for mark in moved_marks if mark.start < mark.end))


def changed_range(before: str, after: str) -> tuple[int, int, int]:
    """Return (start, end in ``before``, end in ``after``) of the stretch in which two texts differ."""
    shorter = min(len(before), len(after))
    start = 0
    while start < shorter and before[start] == after[start]:
        start += 1
    same = 0
    while same < shorter - start and before[-1 - same] == after[-1 - same]:
        same += 1
    return start, len(before) - same, len(after) - same


def _moved_mark(mark: Mark, start: int, before_end: int, after_end: int) -> Mark:
    shift = after_end - before_end
    first = mark.start + shift if mark.start >= before_end else min(mark.start, start)
    last = mark.end if mark.end <= start else mark.end + shift if mark.end >= before_end else start
    return replace(mark, start=first, end=last)


def split(content: Content, index: int, position: int) -> Content:
    """Cut a part in two at code point ``position``; white space at the cut goes, media stay with the first half."""
    part = content.parts[index]
    head, tail = part.text[:position].rstrip(), part.text[position:]
    cut = len(part.text) - len(tail.lstrip())
    first = replace(part, text=head, marks=_clipped(part.marks, 0, len(head)))
    second = Part(tail.lstrip(), _clipped(part.marks, cut, len(part.text)))
    return inserted(with_part(content, index, first), index + 1, second)


def _clipped(marks: tuple[Mark, ...], start: int, end: int) -> tuple[Mark, ...]:
    clipped = (replace(m, start=max(m.start, start) - start, end=min(m.end, end) - start) for m in marks)
    return tuple(mark for mark in clipped if mark.start < mark.end)


def merged(content: Content, index: int) -> tuple[Content, int]:
    """Join a part with the next one; also returns where in its text the second one begins."""
    first, second = content.parts[index], content.parts[index + 1]
    gap = "\n\n" if first.text and second.text else ""
    at = len(first.text) + len(gap)
    marks = (*first.marks, *(replace(mark, start=mark.start + at, end=mark.end + at) for mark in second.marks))
    joined = Part(first.text + gap + second.text, marks, (*first.media, *second.media))
    return with_part(removed(content, index + 1), index, joined), at


def joined(content: Content) -> Content:
    """Make one part of all."""
    while len(content.parts) > 1:
        content, _ = merged(content, 0)
    return content


def split_to_fit(content: Content, index: int, rules: NetworkRules) -> Content:
    """Cut a part into as many as it takes for each to fit, between paragraphs, sentences or words if possible."""
    while (overflow := count_text(content.parts[index].text, (rules,)).overflow) is not None:
        content = split(content, index, _good_cut(content.parts[index].text, overflow))
        index += 1
    return content


def _good_cut(text: str, limit: int) -> int:
    """Return the last good place to cut before ``limit``: in its second half, the greater pause wins."""
    for pause in ("\n\n", "\n", ". ", "! ", "? ", " "):
        place = text.rfind(pause, limit // 2, limit)
        if place >= 0:
            return place + len(pause.rstrip(" "))
    return max(1, limit)


def with_picture_moved(content: Content, part: int, media: int, to_part: int, before: int) -> Content:
    """Move a picture to another place, maybe of another part; ``before`` counts with the picture still in place."""
    use = content.parts[part].media[media]
    if part == to_part and before > media:
        before -= 1
    source = content.parts[part]
    content = with_part(content, part, replace(source, media=(*source.media[:media], *source.media[media + 1 :])))
    target = content.parts[to_part]
    return with_part(content, to_part, replace(target, media=(*target.media[:before], use, *target.media[before:])))

"""The way of a frame from the decoder to the encoder: upright, cut, scaled, bordered, at a steady rate."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from desktop.files.video_reading import turn_of
from desktop.services.media.plans import Size, VideoPlan

if TYPE_CHECKING:
    from av.filter import Graph
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# FFmpeg's filters by the degrees a frame is turned clockwise
_TURNS: dict[int, tuple[tuple[str, str], ...]] = {
    0: (),
    90: (("transpose", "clock"),),
    180: (("hflip", ""), ("vflip", "")),
    270: (("transpose", "cclock"),),
}


class Filters:
    """Frames in, frames out. The chain is built with the first frame, which alone knows how it is turned."""

    def __init__(self, source: VideoStream, whole: Size, plan: VideoPlan, rate: Fraction, pixels: str) -> None:
        self._source = source
        self._whole = whole
        self._plan = plan
        self._rate = rate
        self._pixels = pixels
        self._graph: Graph | None = None

    def take(self, frame: VideoFrame) -> Iterator[VideoFrame]:
        """Yield what is ready after one more frame."""
        if self._graph is None:
            self._graph = self._built(frame)
        self._graph.push(frame)
        yield from self._ready(self._graph)

    def flush(self) -> Iterator[VideoFrame]:
        """Yield what is left when there are no more frames."""
        if self._graph is not None:
            self._graph.push(None)
            yield from self._ready(self._graph)

    def _ready(self, graph: Graph) -> Iterator[VideoFrame]:
        # slow to load: not before the first video is made
        import av

        while True:
            try:
                frame = graph.vpull()
            except (av.BlockingIOError, av.EOFError):
                return
            yield frame

    def _built(self, first: VideoFrame) -> Graph:
        # slow to load: not before the first video is made
        from av.filter import Graph

        graph = Graph()
        links = [graph.add_buffer(template=self._source)]
        links += [graph.add(name, options or None) for name, options in self._chain(first)]
        links.append(graph.add("buffersink"))
        graph.link_nodes(*links).configure()
        return graph

    def _chain(self, first: VideoFrame) -> Iterator[tuple[str, str]]:
        if first.interlaced_frame:
            yield "bwdif", "mode=send_frame"
        yield from _TURNS[turn_of(first)]
        layout, whole = self._plan.layout, self._whole
        if layout.crop != whole:
            # as shares, since stored pixels need not be square
            size = f"w=iw*{layout.crop.width}/{whole.width}:h=ih*{layout.crop.height}/{whole.height}"
            yield "crop", f"{size}:x=iw*{layout.left}/{whole.width}:y=ih*{layout.top}/{whole.height}"
        yield "scale", f"w={layout.scaled.width}:h={layout.scaled.height}:out_range=tv"
        yield "setsar", "1"
        if layout.canvas != layout.scaled:
            colour = self._plan.background.replace("#", "0x")
            yield "pad", f"w={layout.canvas.width}:h={layout.canvas.height}:x=-1:y=-1:color={colour}"
        yield "fps", f"fps={self._rate.numerator}/{self._rate.denominator}"
        yield "format", f"pix_fmts={self._pixels}"

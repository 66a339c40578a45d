"""What has to be done to a picture or a video so that a network takes it: said to people, and carried out as said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from desktop.domain.errors import TidingsError
from desktop.domain.networks import ImageRules
from desktop.kit.i18n import tr

# a picture that is too small is made at most this many times as wide: more would be a blur
MAX_ENLARGEMENT = 2


class MediaNotFittable(TidingsError):
    """A picture or a video that cannot be made to fit a network (details: name, reason)."""

    code = "media_not_fittable"
    title_text = "“{name}” cannot be made to fit: {reason}."
    advice_text = "Choose another picture. This one was left as it is."


class Framing(StrEnum):
    """How a picture of the wrong shape gets the right one."""

    KEEP = "keep"  # not at all
    CROP = "crop"  # by cutting off what is too much
    PAD = "pad"  # by borders


@dataclass(frozen=True, slots=True)
class FitChoice:
    """What a person decides about a repair; the default changes nothing anybody would see.

    ``focus`` is the point to keep in sight, 0 to 1 from the left and from the top. ``ratio`` is the shape wished for,
    width / height; without it the nearest the network takes. ``background`` is the colour of borders, ``#rrggbb``.
    """

    framing: Framing = Framing.KEEP
    focus: tuple[float, float] = (0.5, 0.5)
    ratio: float | None = None
    background: str = "#ffffff"
    is_trimmed: bool = False  # cut off what is longer than the network takes


class StepKind(StrEnum):
    """What a step changes."""

    TURN = "turn"
    COLOURS = "colours"
    DEPTH = "depth"
    FLATTEN = "flatten"
    TRIM = "trim"
    CROP = "crop"
    PAD = "pad"
    RESIZE = "resize"
    FRAME_RATE = "frame_rate"
    TYPE = "type"
    CODEC = "codec"
    AUDIO = "audio"
    SHRINK = "shrink"
    HEADER = "header"


_WORDS: dict[StepKind, str] = {
    StepKind.TURN: "Turn it upright",
    StepKind.COLOURS: "Change the colours from {before} to {after}",
    StepKind.DEPTH: "Reduce {before} bits a colour to {after}",
    StepKind.FLATTEN: "Put {after} behind what is transparent",
    StepKind.TRIM: "Shorten {before} to {after} seconds",
    StepKind.CROP: "Cut {before} to {after}",
    StepKind.PAD: "Add borders: {before} becomes {after}",
    StepKind.RESIZE: "Resize {before} to {after}",
    StepKind.FRAME_RATE: "Change {before} to {after} frames a second",
    StepKind.TYPE: "Save {before} as {after}",
    StepKind.CODEC: "Encode {before} again as {after}",
    StepKind.AUDIO: "Encode the sound again: {before} becomes {after}",
    StepKind.SHRINK: "Reduce {before} to at most {after}",
    StepKind.HEADER: "Move the header to the front",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One change, with the figures before and after as people read them."""

    kind: StepKind
    before: str = ""
    after: str = ""

    @property
    def words(self) -> str:
        """The step as a sentence."""
        return tr(_WORDS[self.kind], before=self.before, after=self.after)


@dataclass(frozen=True, slots=True)
class Size:
    """Pixels as shown."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width} x {self.height}"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the picture comes to lie: cut out of the upright original, scaled, and put into the middle of a canvas."""

    left: int
    top: int
    crop: Size
    scaled: Size
    canvas: Size


@dataclass(frozen=True, slots=True)
class ImagePlan:
    """How a JPEG is made. The size in bytes is kept by quality first, then by width, within ``limits``."""

    steps: tuple[Step, ...]
    layout: Layout
    background: str
    limits: ImageRules


@dataclass(frozen=True, slots=True)
class AudioPlan:
    """AAC to make of the sound: samples a second and channels."""

    sample_rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class VideoPlan:
    """How an MP4 with its header in front is made.

    Frames are copied unless ``bit_rate`` (bits a second of H.264) is set, sound is copied unless ``audio`` is.
    ``frame_rate`` is None to keep the one it has. ``ends_at`` cuts off the rest.
    """

    steps: tuple[Step, ...]
    layout: Layout
    background: str
    max_bytes: int
    bit_rate: int | None
    frame_rate: float | None
    audio: AudioPlan | None
    ends_at: timedelta | None


Plan = ImagePlan | VideoPlan

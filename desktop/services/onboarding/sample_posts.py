"""What the sample workspace holds: two weeks of a small pottery studio. Everything here is ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta

from desktop.domain.networks import Network, PostFormat

_T, _I, _F = Network.THREADS, Network.INSTAGRAM, Network.FACEBOOK


@dataclass(frozen=True, slots=True)
class SamplePicture:
    """A file of ``resources/samples`` and its description."""

    file: str
    alt_text: str


BOWLS = SamplePicture("three-bowls.jpg", "Three stoneware bowls on a wooden table: honey, sea green and chalk white.")
VASE = SamplePicture("blue-vase.jpg", "A tall blue vase with eucalyptus branches beside a bright window.")
TILES = SamplePicture("glaze-tests.jpg", "Nine small glaze test tiles in rows, from sea green to honey yellow.")
KILN = SamplePicture("kiln-glow.jpg", "Two small cups in the glowing mouth of a brick kiln at dusk.")


@dataclass(frozen=True, slots=True)
class SamplePart:
    """One part of a post."""

    text: str
    pictures: tuple[SamplePicture, ...] = ()


@dataclass(frozen=True, slots=True)
class SamplePost:
    """A post and when it goes out: ``soon`` after now, or on ``day`` (days from today) at ``at``; else a draft."""

    parts: tuple[SamplePart, ...]
    networks: tuple[Network, ...]
    day: int | None = None
    at: time = time(9)
    soon: timedelta | None = None
    format: PostFormat = PostFormat.FEED


SAMPLE_POSTS: tuple[SamplePost, ...] = (
    SamplePost(
        (SamplePart("Kettle on, door open. Come and see what the kiln gave us last night.\n\nHere until six."),),
        (_T, _F),
        soon=timedelta(minutes=1),
    ),
    SamplePost(
        (
            SamplePart(
                "Fresh from the kiln: the first three bowls of the harbour set.\n\n"
                "Same clay, same shape, three glazes. Which one would you take home?",
                (BOWLS,),
            ),
        ),
        (_I, _F),
        day=1,
        at=time(9, 30),
    ),
    SamplePost(
        (
            SamplePart("Why does the same glaze come out differently every time? A short thread from the studio."),
            SamplePart(
                "First, thickness. One more second in the bucket and green turns to blue where it runs together. "
                "We count out loud when we dip.",
                (TILES,),
            ),
            SamplePart("Second, the place in the kiln. The top shelf is hotter. Third, luck: it has a drawer here."),
        ),
        (_T,),
        day=2,
        at=time(12, 15),
    ),
    SamplePost(
        (
            SamplePart(
                "From test tile to table in three pictures.\n\n"
                "Nine recipes, one that stayed, and the vase it was made for. #pottery #ceramics",
                (TILES, VASE),
            ),
        ),
        (_I,),
        day=3,
        at=time(18),
        format=PostFormat.CAROUSEL,
    ),
    SamplePost(
        (SamplePart("Two places are free in the Saturday wheel class. No experience needed; old trousers are."),),
        (_T, _F),
        day=4,
        at=time(10),
    ),
    SamplePost(
        (SamplePart("Morning light, and nobody has asked for it yet. Blue vase no. 14 is on the shelf.", (VASE,)),),
        (_T, _I),
        day=6,
        at=time(8, 45),
    ),
    SamplePost(
        (SamplePart("Question for the other potters here: what do you do with seconds? Sell, gift, or hammer?"),),
        (_T,),
        day=7,
        at=time(17, 30),
    ),
    SamplePost(
        (
            SamplePart(
                "The last firing before the holidays is on Friday. For your name on a mug, tell us by Wednesday.",
                (KILN,),
            ),
        ),
        (_I, _F),
        day=9,
        at=time(11),
    ),
    SamplePost(
        (SamplePart("We are closed on Monday: the kiln is being relined and so, after this week, are we."),),
        (_T, _F),
        day=12,
        at=time(16),
    ),
    SamplePost(
        (SamplePart("Idea: one minute of trimming a foot ring, no music, only the sound of the tool."),),
        (_I,),
    ),
    SamplePost(
        (SamplePart("Thank-you post for the market. Names of everybody who helped carry: ask Ingrid."),),
        (_F,),
    ),
    SamplePost((SamplePart("Ten mugs, ten handles: which one fits your hand?"),), (_T,)),
)

"""A few places to tag: the pages of locations on both networks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from desktop.sandbox.errors import JSON

_NEAR_DEGREES = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """One place; latitude and longitude are degrees."""

    id: str
    name: str
    address: str
    city: str
    country: str
    postal_code: str
    latitude: float
    longitude: float


PLACES = {
    place.id: place
    for place in (
        Place("176100000000001", "Old Harbour", "Quay 1", "Hamburg", "Germany", "20457", 53.5436, 9.9888),
        Place("176100000000002", "Harbour Library", "Quay 9", "Hamburg", "Germany", "20457", 53.5410, 9.9960),
        Place("176100000000003", "Central Market", "Market Square 4", "Leeds", "United Kingdom", "LS2", 53.798, -1.54),
        Place("176100000000004", "Lighthouse Cafe", "Cliff Road 12", "Brest", "France", "29200", 48.3904, -4.4861),
        Place("176100000000005", "City Garden", "Garden Street 77", "Porto", "Portugal", "4000", 41.1496, -8.6110),
        Place("176100000000006", "Printers' Hall", "Type Lane 3", "Toronto", "Canada", "M5V", 43.6440, -79.3890),
    )
}


def search(text: str) -> Iterator[Place]:
    """Yield the places whose name or city contains ``text``."""
    wanted = text.casefold()
    return (p for p in PLACES.values() if wanted in p.name.casefold() or wanted in p.city.casefold())


def near(latitude: float, longitude: float) -> Iterator[Place]:
    """Yield the places within a degree, the nearest first."""
    point = (latitude, longitude)
    found = sorted((math.dist(point, (p.latitude, p.longitude)), p.id) for p in PLACES.values())
    return (PLACES[place_id] for distance, place_id in found if distance <= _NEAR_DEGREES)


def describe(place: Place) -> dict[str, JSON]:
    """Return all fields of a place."""
    return dict(asdict(place))

"""Who follows or looks: made-up crowds by country, city, age and gender."""

from __future__ import annotations

from collections.abc import Mapping

from desktop.sandbox import growth

FEWEST_FOLLOWERS = 100
_DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "country": ("DE", "US", "GB", "FR", "PT", "CA", "NG", "JP"),
    "city": ("Hamburg, Hamburg", "Leeds, England", "Brest, Brittany", "Porto, Porto", "Toronto, Ontario"),
    "age": ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+"),
    "gender": ("F", "M", "U"),
}
BREAKDOWNS = frozenset(_DIMENSIONS)


def crowd(total: int, breakdown: str, *key: object) -> Mapping[str, int]:
    """Split ``total`` people by ``breakdown``, the most first, those without anybody left out."""
    found = growth.parts(total, _DIMENSIONS[breakdown], *key, breakdown)
    return dict(sorted(((k, v) for k, v in found.items() if v), key=lambda row: -row[1]))

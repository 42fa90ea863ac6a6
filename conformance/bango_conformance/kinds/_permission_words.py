"""How the kind `permission` names lines and coordinates."""

from __future__ import annotations

from bango_conformance.covering import Coordinate, Place
from bango_spec.reading import Text

COORDINATES: dict[Coordinate, Text] = {
    "task": Text(ja="事務", en="task"),
    "procedure": Text(ja="事務手続", en="procedure"),
    "information": Text(ja="特定個人情報", en="information"),
    "asker": Text(ja="照会者", en="asker"),
    "provider": Text(ja="提供者", en="provider"),
}


def place_id(place: Place) -> str:
    """A line as part of an id: `56-2.3`."""
    return f"{place.item}.{place.line}"


def element(edition: str, place: Place) -> str:
    """A line as a spec element."""
    return f"law/{edition}/schedule2/{place.item}/{place.line}"

"""Where the systems map puts what: presentation only. A system that has no place here is drawn in the grids below."""

from __future__ import annotations

from typing import NamedTuple

from bango_spec.reading import Text

WIDTH = 1100
EDGE = 12

COLUMNS = {
    "business": (24, 140),
    "address": (220, 120),
    "server": (456, 142),
    "interface": (714, 130),
    "core": (936, 140),
    "agency": (900, 176),
}
"""Left edge and width of each column of boxes, in pixels."""


class Stack(NamedTuple):
    """Boxes one below the other in a column; the box `tall` takes the height that is left."""

    column: str
    systems: tuple[str, ...]
    tall: str | None = None


PEOPLE = (
    Stack("interface", ("private-service", "e-tax", "portal")),
    Stack("core", ("jpki",), "jpki"),
)
CARDS = (
    ("individual-number-card", "card-front", "card-back", "card-chip"),
    ("signature-certificate", "user-authentication-certificate", "resident-register-card"),
)
MIDDLE = (
    Stack("business", ("tax", "social-security", "resident-register")),
    Stack("address", ("integrated-address",), "integrated-address"),
    Stack(
        "server",
        (
            "intermediate-server",
            "intermediate-server-software",
            "intermediate-server-hardware",
            "intermediate-server-platform",
        ),
        "intermediate-server",
    ),
    Stack("interface", ("interface-system",), "interface-system"),
    Stack("core", ("core",), "core"),
)
AGENCY = (Stack("agency", ("jlis",), "jlis"),)


class Zone(NamedTuple):
    """A frame around columns; its words are those of the system `head`, or its own."""

    left: int
    right: int
    head: str | None = None
    title: Text | None = None
    operated: str | None = None
    room: int = 600


PEOPLE_ZONE = Zone(
    12, 1088, title=Text(ja="住民の側：カード・電子証明書・手続の窓口", en="Residents: card, certificates, services")
)
BODY_ZONE = Zone(12, 352, head="in-house")
SERVER_ZONE = Zone(444, 610, title=Text(ja="中間サーバー等", en="Server and sites"), operated="intermediate-server")
NETWORK_ZONE = Zone(702, 1088, head="information-provision-network", room=270)
AGENCY_ZONE = Zone(
    362, 1088, title=Text(ja="住基ネットと機構", en="Resident-register network and agency"), operated="jlis"
)

HOUSE, LGWAN, GOVERNMENT, RESIDENT, INTERNET = (
    "in-house-network",
    "lgwan",
    "government-network",
    "resident-register-network",
    "internet",
)
BANDS = {HOUSE: (358, 80), LGWAN: (616, 80), GOVERNMENT: (850, 80), INTERNET: (850, 80), RESIDENT: (374, 510)}
"""Left edge and width of the networks that stand between columns, in pixels."""

"""How many requests a second are made ready to be sent: compiled from the schemas here, and drawn by schemathesis alone.

Run as `python -m bango_conformance.shape.pace`; nothing is sent. Each operation with a body is taken by itself: the two differ
by more between operations than between each other, and a sum would only tell of the slowest.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from statistics import median

import msgspec

from bango_conformance.shape import whole
from bango_conformance.shape.defects import missing, places, unlisted, wrong
from bango_conformance.shape.naming import DOCUMENTS
from bango_conformance.shape.oracle import drawn
from bango_conformance.shape.request import Request
from bango_conformance.shape.schemas import resolved
from bango_spec.interfaces import Operation, operations

MANY = 20
"""So many valid and so many invalid requests at a time: for fewer, schemathesis's time would go into beginning."""
SECONDS = 0.2
"""So long the compiled ones are made again and again: once through is too short to be measured."""


def compiled(found: Operation) -> Iterator[bytes]:
    """The bodies of one operation with one defect each, as they go out."""
    request = Request(found.operation_id, body=whole.example_body(found.operation_id))
    for place in places(found.operation_id):
        defects = list(wrong(place, request))
        if place.steps and place.required:
            defects.append(missing(place))
        if resolved(place.document, place.schema).get("type") == "object":
            defects.append(unlisted(place))
        for defect in defects:
            broken = defect.put(request)
            yield broken.raw if broken.raw is not None else msgspec.json.encode(broken.body)


def pace(make: Callable[[], int], seconds: float) -> float:
    """Requests a second of a maker that tells how many it made; what it does only once is not counted."""
    make()
    made, began = 0, time.perf_counter()
    while True:
        made += make()
        if (took := time.perf_counter() - began) >= seconds:
            return made / took


def main() -> int:
    """Measure both for every operation with a body, and tell the ratios as JSON."""
    rates: list[tuple[float, float]] = []
    for document in DOCUMENTS:
        for one in operations(document):
            if one.request_schema is not None:
                drawn(document, one.path, one.method, 0, 1)
                began = time.perf_counter()
                alone = len(drawn(document, one.path, one.method, 1, MANY)) / (time.perf_counter() - began)
                rates.append((pace(lambda one=one: sum(1 for _ in compiled(one)), SECONDS), alone))  # type: ignore[misc]
    ratios = [ours / alone for ours, alone in rates]
    told = {
        "median": median(ratios),
        "least of an operation": min(ratios),
        "operations": len(ratios),
        "compiled a second (median)": median(ours for ours, _ in rates),
        "schemathesis a second (median)": median(alone for _, alone in rates),
    }
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

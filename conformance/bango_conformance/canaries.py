"""Looking for values where they must not be: as they are, in other widths and spacings, encoded, packed, or as plain hashes.

A `Watch` is compiled once from the values of a case and then reads any amount of traffic in one pass, however many forms
it looks for. What is packed or encoded as a whole is unpacked first (`bango_conformance._layers`).
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from bango_conformance._forms import forms, strength
from bango_conformance._grams import Grams
from bango_conformance._layers import layers
from bango_spec.errors import UsageError

if TYPE_CHECKING:
    from bango_reports.model import Exchange, Message

# Eight decimal digits: in a megabyte of random digits a shorter value is as likely as not to stand by chance.
ENOUGH_BITS = 26.5
# What databases write at a time.
PAGE = 4096


class Canary(NamedTuple):
    """A value that is known to the harness alone, and what kind of value it is."""

    kind: str
    value: str


class Sighting(NamedTuple):
    """A canary that was found: which, how it was written, and what had to be unpacked to see it (empty: nothing)."""

    canary: Canary
    form: str
    layer: str

    def said(self) -> str:
        """The sighting in a few words, without the value."""
        return f"the {self.canary.kind} ({self.form}{f', within {self.layer}' if self.layer else ''})"


class Watch:
    """The compiled search for a set of canaries; CANARY-SHORT for a value that could stand anywhere by chance."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self._exact, self._folded = Grams(), Grams()
        for canary in dict.fromkeys(canaries):
            if strength(canary.value) < ENOUGH_BITS:
                raise UsageError(
                    "CANARY-SHORT",
                    f"a {canary.kind} of {len(canary.value)} characters cannot be looked for",
                    cause="so short a value stands in many places by chance",
                    step="choose a value of at least eight digits, or as much in letters",
                )
            for form in forms(canary.value):
                where = self._folded if form.folded else self._exact
                where.add(form.data.lower() if form.folded else form.data, (canary, form))

    def sightings(self, data: bytes) -> Iterator[Sighting]:
        """Every canary that stands in the data, once for each form and layer."""
        seen = set()
        for name, layer in layers(data):
            for text, grams in ((layer.lower(), self._folded), (layer, self._exact)):
                for start, found in grams.find(text):
                    canary, form = found
                    sighting = Sighting(canary, form.name, name)
                    if sighting not in seen and form.fits(text, start):
                        seen.add(sighting)
                        yield sighting

    def first(self, data: bytes) -> Sighting | None:
        """The first sighting, or None."""
        return next(self.sightings(data), None)


class Part(NamedTuple):
    """One part of a message and what it is called: `url`, a header's name, `body`."""

    name: str
    data: bytes


def message_parts(message: Message | None) -> Iterator[Part]:
    """Headers and body of a message."""
    if message is None:
        return
    for name, text in message.headers:
        yield Part(f"header {name}", text.encode("latin-1", "replace"))
    yield Part("body", body_of(message))


def parts_from_target(exchange: Exchange) -> Iterator[Part]:
    """What the target itself wrote in an exchange: its request to the network, or its answer."""
    if exchange.direction == "received-from-target":
        yield Part("url", exchange.url.encode())
        yield from message_parts(exchange.request)
    else:
        yield from message_parts(exchange.response)


def body_of(message: Message) -> bytes:
    """The body of a message as it travelled."""
    return base64.b64decode(message.body) if message.encoding == "base64" else message.body.encode()


def added(before: bytes, after: bytes) -> bytes:
    """What an export holds that an earlier one did not: the tail of a log, the new lines of a dump, the new pages of a file."""
    if after.startswith(before):
        return after[len(before) :]
    if b"\0" not in after:
        known = set(before.splitlines())
        return b"\n".join(line for line in after.splitlines() if line not in known)
    pages = {before[start : start + PAGE] for start in range(0, len(before), PAGE)}
    found = (after[start : start + PAGE] for start in range(0, len(after), PAGE))
    return b"".join(page for page in found if page not in pages)

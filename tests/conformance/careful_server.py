"""The reference with what it only should do: contents sealed in its store, and records erased after their time.

A start hook for a target file: with a folder it becomes the server of that folder's target, with `--config` it serves.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
from cryptography.fernet import Fernet

from bango_mocks import reference_target
from bango_mocks.clock import moment
from bango_mocks.reference.intermediate_server import __main__ as reference
from bango_mocks.reference.intermediate_server import server
from bango_mocks.reference.intermediate_server.overlays import mutant
from bango_mocks.reference.intermediate_server.records import Records
from bango_mocks.store import Store
from bango_spec.reading import Text

# In a product it would lie apart from the store; here the process that has it is all there is.
KEY = Fernet(Fernet.generate_key())
KINDS_NAMED_BY_CODES = ("linkage-code",)
KEPT = dt.timedelta(days=8 * 365 + 2)


def blind(kind: str, key: str) -> str:
    """A document's key, which is a digest where the key itself is a linkage code."""
    return hashlib.blake2b(f"{kind}/{key}".encode()).hexdigest() if kind in KINDS_NAMED_BY_CODES else key


class SealedStore(Store):
    """Documents are encrypted, whatever they hold."""

    def put(self, kind: str, key: str, document: dict[str, Any]) -> None:
        super().put(kind, blind(kind, key), {"sealed": KEY.encrypt(msgspec.json.encode(document)).decode()})

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        found = super().get(kind, blind(kind, key))
        return None if found is None else msgspec.json.decode(KEY.decrypt(found["sealed"]))

    def delete(self, kind: str, key: str) -> None:
        super().delete(kind, blind(kind, key))

    def scan(
        self, kind: str, prefix: str = "", after: str = "", limit: int = -1
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        for key, found in super().scan(kind, prefix, after, limit):
            yield key, msgspec.json.decode(KEY.decrypt(found["sealed"]))


@mutant(
    clause="IS-REC-007",
    name="erases",
    title=Text(ja="期限の過ぎた記録を示さない", en="Shows no record past its time"),
    reason="",
)
class Erasing(Records):
    """What is past its time is gone for whoever asks."""

    def wanted(self, call: Any, record: dict[str, Any]) -> bool:
        return super().wanted(call, record) and moment(record["written_at"]) + KEPT > self.clock()


def main(arguments: list[str]) -> int:
    if arguments[0] == "--config":
        with mock.patch.object(server, "Store", SealedStore):
            return reference.serve(Path(arguments[1]), ["erases"])
    with mock.patch.object(reference_target, "command", command):
        reference_target.start(Path(arguments[0]))
    return 0


def command(config: Path, mutant: str) -> list[str]:
    """This file again, now to serve."""
    assert not mutant
    return [sys.executable, __file__, "--config", str(config)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

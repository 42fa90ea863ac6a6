"""Provision records (情報提供等記録) of the core: one chain, kept seven years, never altered (Act art. 23; assumption `record-chain`)."""

from __future__ import annotations

from typing import Any

from bango_mocks.clock import Clock, stamp
from bango_mocks.store import Entry, Store

LEDGER = "provision-records"
COPIED = ("permit_id", "asker", "provider", "task", "procedure", "information", "items", "requested_at")


class ProvisionRecords:
    """The provision records that one component writes in the role `asker`, `provider` or `core`."""

    def __init__(self, store: Store, role: str, clock: Clock) -> None:
        self._store = store
        self._role = role
        self._clock = clock

    def write(self, permit: dict[str, Any], *, outcome: str, provided_at: str | None, withheld: bool) -> dict[str, Any]:
        """Append the record of one inquiry's end; the hash covers all of it but the two hashes."""
        record = {name: permit[name] for name in COPIED if name in permit}
        record |= {"role": self._role, "outcome": outcome, "withheld": withheld}
        if provided_at is not None:
            record["provided_at"] = provided_at
        # Number and previous hash are those of the place that the record takes, also among threads.
        with self._store.still():
            number, previous = self._store.head(LEDGER)
            record |= {"sequence": number + 1, "written_at": stamp(self._clock())}
            return _shown(self._store.append(LEDGER, record), previous)

    def head(self) -> tuple[int, str]:
        """Number and hash of the last record; (0, 64 zeros) without records."""
        return self._store.head(LEDGER)

    def page(self, after: int, limit: int) -> list[dict[str, Any]]:
        """Records in order from the one after a sequence number."""
        entries = self._store.entries(LEDGER, max(after - 1, 0), limit + 1)
        if after == 0:
            previous = "0" * 64
            kept = entries[:limit]
        else:
            previous, kept = (entries[0].digest, entries[1 : limit + 1]) if entries else ("", [])
        shown = []
        for entry in kept:
            shown.append(_shown(entry, previous))
            previous = entry.digest
        return shown


def _shown(entry: Entry, previous: str) -> dict[str, Any]:
    return entry.record | {"previous_hash": previous, "hash": entry.digest}

"""A component's durable state: documents by key, and append-only hash-chained ledgers, committed in groups.

SQLite in WAL mode with full synchronisation. Writes of one tick of the event loop share one commit; a handler awaits
`durable()` before it answers, so that nothing is acknowledged that a crash could lose.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

SCHEMA = """
create table if not exists documents (
    kind text not null, key text not null, body blob not null, primary key (kind, key)
) without rowid;
create table if not exists ledger (
    name text not null, number integer not null, record blob not null, digest text not null,
    primary key (name, number)
) without rowid;
create trigger if not exists ledger_is_append_only before update on ledger
begin select raise(abort, 'the ledger is append-only'); end;
create trigger if not exists ledger_is_kept before delete on ledger
begin select raise(abort, 'the ledger is append-only'); end;
"""
GENESIS = "0" * 64
# The highest code point: a key range from a prefix to prefix + LAST covers every key that starts with the prefix.
LAST = "\U0010ffff"

_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder().decode


class Entry(NamedTuple):
    """One ledger entry: its number from 1, the record, and the digest that chains it to all before it (SHA-256, hex)."""

    number: int
    record: dict[str, Any]
    digest: str


def chained(previous: str, record: bytes) -> str:
    """The digest of an entry: SHA-256 over the previous digest (hex, ASCII) and the record's canonical JSON."""
    return hashlib.sha256(previous.encode("ascii") + record).hexdigest()


class Store:
    """Documents and ledgers of one component in one SQLite file, or in memory without a path."""

    def __init__(self, path: Path | None = None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(
            path or ":memory:", check_same_thread=False, isolation_level=None, cached_statements=256
        )
        self._database.execute("pragma journal_mode = wal")
        self._database.execute("pragma synchronous = full")
        # What was deleted is overwritten: a purge that leaves the bytes in the file is none.
        self._database.execute("pragma secure_delete = on")
        self._database.executescript(SCHEMA)
        # One connection for all threads of a component; neither its statements nor `_open` stand two at a time.
        self._lock = threading.RLock()
        self._open = False
        self._waiting: list[asyncio.Future[None]] = []
        rows = self._database.execute(
            "select name, number, digest from ledger l where number = (select max(number) from ledger where name = l.name)"
        )
        self._heads: dict[str, tuple[int, str]] = {name: (number, digest) for name, number, digest in rows}

    def _write(self, statement: str, values: tuple[Any, ...]) -> None:
        with self._lock:
            if not self._open:
                self._database.execute("begin immediate")
                self._open = True
            self._database.execute(statement, values)

    def _read(self, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(statement, values).fetchall()

    def commit(self) -> None:
        """Make every write so far durable."""
        with self._lock:
            if self._open:
                self._database.execute("commit")
                self._open = False

    async def durable(self) -> None:
        """Wait for the group commit that makes this handler's writes durable; free when nothing was written."""
        if not self._open:
            return
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._flush)
        ready: asyncio.Future[None] = loop.create_future()
        self._waiting.append(ready)
        await ready

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            self.commit()
        except sqlite3.Error as error:
            for ready in waiting:
                if not ready.done():
                    ready.set_exception(error)
            return
        for ready in waiting:
            if not ready.done():
                ready.set_result(None)

    def put(self, kind: str, key: str, document: dict[str, Any]) -> None:
        """Write a document under (kind, key), replacing the one there."""
        self._write("insert or replace into documents values (?, ?, ?)", (kind, key, _encode(document)))

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """The document under (kind, key), or None."""
        rows = self._read("select body from documents where kind = ? and key = ?", (kind, key))
        return _decode(rows[0][0]) if rows else None

    def delete(self, kind: str, key: str) -> None:
        """Remove the document under (kind, key), if any."""
        self._write("delete from documents where kind = ? and key = ?", (kind, key))

    def scan(
        self, kind: str, prefix: str = "", after: str = "", limit: int = -1
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Documents of a kind in key order whose key starts with `prefix` and is greater than `after`."""
        rows = self._read(
            "select key, body from documents where kind = ? and key >= ? and key > ? and key < ? order by key limit ?",
            (kind, prefix, after, prefix + LAST, limit),
        )
        for key, body in rows:
            yield key, _decode(body)

    def head(self, ledger: str) -> tuple[int, str]:
        """Number and digest of a ledger's last entry; (0, 64 zeros) when it is empty."""
        return self._heads.get(ledger, (0, GENESIS))

    def still(self) -> threading.RLock:
        """A lock to hold as a context: no other thread writes meanwhile, so that what was read still stands."""
        return self._lock

    def append(self, ledger: str, record: dict[str, Any]) -> Entry:
        """Add a record to a ledger's chain."""
        data = _encode(record)
        with self._lock:
            number, previous = self.head(ledger)
            entry = Entry(number + 1, record, chained(previous, data))
            self._write("insert into ledger values (?, ?, ?, ?)", (ledger, entry.number, data, entry.digest))
            self._heads[ledger] = (entry.number, entry.digest)
        return entry

    def entries(self, ledger: str, after: int = 0, limit: int = -1) -> list[Entry]:
        """A ledger's entries in order, from the one after number `after`."""
        rows = self._read(
            "select number, record, digest from ledger where name = ? and number > ? order by number limit ?",
            (ledger, after, limit),
        )
        return [Entry(number, _decode(record), digest) for number, record, digest in rows]

    def broken_at(self, ledger: str) -> int | None:
        """The number of the first entry whose digest does not follow from the chain; None when the chain holds."""
        previous = GENESIS
        for number, record, digest in self._read(
            "select number, cast(record as blob), digest from ledger where name = ? order by number", (ledger,)
        ):
            if chained(previous, record) != digest:
                return int(number)
            previous = digest
        return None

    def close(self) -> None:
        """Commit and close the file."""
        with self._lock:
            self.commit()
            self._database.close()

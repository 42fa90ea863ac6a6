"""The store keeps documents and an unalterable ledger across restarts."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bango_mocks.clock import system_clock
from bango_mocks.records import ProvisionRecords
from bango_mocks.store import Store


def test_records_of_many_threads_have_the_numbers_and_hashes_of_their_places(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db")
    records = ProvisionRecords(store, "core", system_clock)

    def write(n: int) -> dict[str, Any]:
        return records.write({"permit_id": str(n)}, outcome="failed", provided_at=None, withheld=False)

    with ThreadPoolExecutor(8) as pool:
        written = sorted(pool.map(write, range(200)), key=lambda one: one["sequence"])
    assert [one["sequence"] for one in written] == list(range(1, 201))
    assert written == records.page(0, 200)


def test_who_gave_up_waiting_costs_the_others_no_answer(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db")

    async def both() -> list[BaseException | None]:
        store.put("kind", "key", {})
        waiting = [asyncio.ensure_future(store.durable()) for _ in range(2)]
        asyncio.get_running_loop().call_soon(waiting[0].cancel)
        asyncio.get_running_loop().call_soon(store._database.close)
        return await asyncio.gather(*waiting, return_exceptions=True)

    gone, told = asyncio.run(both())
    assert isinstance(gone, asyncio.CancelledError)
    assert isinstance(told, sqlite3.Error)


def test_documents_come_back_by_key_and_prefix(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db")
    store.put("replica", "a/1", {"x": 1})
    store.put("replica", "a/2", {"x": 2})
    store.put("replica", "b/1", {"x": 3})
    store.put("other", "a/1", {"x": 9})
    assert store.get("replica", "a/1") == {"x": 1}
    assert [key for key, _ in store.scan("replica", "a/")] == ["a/1", "a/2"]
    assert [key for key, _ in store.scan("replica", after="a/1", limit=1)] == ["a/2"]
    store.delete("replica", "a/1")
    assert store.get("replica", "a/1") is None


def test_a_ledger_continues_its_chain_after_reopening(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db")
    first = store.append("records", {"n": 1})
    store.close()
    again = Store(tmp_path / "s.db")
    second = again.append("records", {"n": 2})
    assert (first.number, second.number) == (1, 2)
    assert again.broken_at("records") is None


def test_nobody_can_alter_or_delete_an_entry_unseen(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db")
    for n in range(3):
        store.append("records", {"n": n})
    store.close()
    raw = sqlite3.connect(tmp_path / "s.db")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute("update ledger set record = '{}' where number = 2")
    raw.execute("drop trigger ledger_is_append_only")
    raw.execute("update ledger set record = '{\"n\":7}' where number = 2")
    raw.commit()
    raw.close()
    assert Store(tmp_path / "s.db").broken_at("records") == 2


def test_concurrent_writers_share_commits_and_all_are_durable(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db")

    async def write(n: int) -> int:
        entry = store.append("records", {"n": n})
        await store.durable()
        return entry.number

    async def many() -> list[int]:
        return await asyncio.gather(*(write(n) for n in range(50)))

    assert sorted(asyncio.run(many())) == list(range(1, 51))
    other = sqlite3.connect(tmp_path / "s.db")
    assert other.execute("select count(*) from ledger").fetchone() == (50,)
    other.close()
    store.close()

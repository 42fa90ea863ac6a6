"""The law's table of an edition as the allow list of the network."""

from __future__ import annotations

from functools import cache

from bango_mocks.table import Table
from bango_spec.allow_list import allow_list


@cache
def law_table(edition: str) -> Table:
    """The table check for one edition (`2020-09-06`)."""
    entries = [
        {
            "edition": edition,
            "item": entry.item,
            "line": entry.line,
            "asker": entry.asker,
            "provider": entry.provider,
            "task": entry.task,
            "procedure": entry.procedure,
            "information": entry.information,
        }
        for entry in allow_list(edition)
    ]
    return Table(edition, entries)

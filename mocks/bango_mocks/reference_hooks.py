"""The reference's hooks besides `start`: each is a process of its own, many times in a run, so only the standard library is read."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

CLOCK_VARIABLE = "BANGO_CLOCK_SECONDS"


def main(arguments: list[str]) -> int:
    """`clock`, `export-store` or `export-logs`, with the reference's folder."""
    name, folder = arguments[0], Path(arguments[1])
    if name == "clock":
        part = folder / "clock.part"
        part.write_text(os.environ.get(CLOCK_VARIABLE, "0"), encoding="ascii")
        part.replace(folder / "clock")
    elif name == "export-store":
        export(folder / "store.db")
    elif (folder / "server.log").exists():
        sys.stdout.buffer.write((folder / "server.log").read_bytes())
    return 0


def export(store: Path) -> None:
    """Every value of every table to standard output, as it is stored."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as database:
        tables = [row[0] for row in database.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            for row in database.execute(f'select * from "{table}"'):  # noqa: S608 - the database's own names
                line = b"\t".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
                sys.stdout.buffer.write(line + b"\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

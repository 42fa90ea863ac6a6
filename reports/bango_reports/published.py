"""JSON Schemas of the files that others read, made from the types by `python -m bango_reports.published`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).parent / "schemas"


def schemas() -> dict[str, dict[str, Any]]:
    """File name → JSON Schema 2020-12."""
    from bango_reports.catalogue import Catalogue  # noqa: PLC0415 - only this generator needs them all
    from bango_reports.difference.record import Record  # noqa: PLC0415 - as above
    from bango_reports.keys import TrustList  # noqa: PLC0415 - as above
    from bango_reports.model import Evidence, Run  # noqa: PLC0415 - as above
    from bango_reports.statement import Statement  # noqa: PLC0415 - as above

    published = {
        "result.schema.json": Run,
        "evidence.schema.json": Evidence,
        "catalogue.schema.json": Catalogue,
        "difference.schema.json": Record,
        "certificate-statement.schema.json": Statement,
        "trust.schema.json": TrustList,
    }
    return {name: _schema(name, kind) for name, kind in published.items()}


def _schema(name: str, kind: type) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:bango:schema:{name.removesuffix('.schema.json')}:1",
        **msgspec.json.schema(kind),
    }


def text(schema: dict[str, Any]) -> str:
    """A schema as it stands in its file."""
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def main() -> None:
    """Write all schemas."""
    FOLDER.mkdir(exist_ok=True)
    for name, schema in schemas().items():
        (FOLDER / name).write_text(text(schema), encoding="utf-8")


if __name__ == "__main__":
    main()

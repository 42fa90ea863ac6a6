"""Wrong values for a schema: each with one defect, refused by the schema itself, and with the clause that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bango_conformance.shape.schemas import Schema, example, fits, resolved
from bango_spec import identifiers
from bango_spec.identifiers import Medium

FAULTY = "IS-API-013"
ASCII_ONLY = "IS-TXT-003"
EXACT_WIDTH = "IS-TXT-004"
OFFSET = "IS-TXT-005"
CALENDAR = "IS-TXT-007"
LENGTH = "IS-TXT-002"

# Tried at every place that carries an identifier; the other malformations take turns over the places of their kind.
PRINCIPAL = ("ID-FULLWIDTH", "ID-NEWLINE", "ID-LENGTH-SHORT")
ASCII_CODES = frozenset(
    {"ID-FULLWIDTH", "ID-KANJI-DIGIT", "ID-FOREIGN-DIGIT", "ID-DIGIT-LIKE", "ID-NON-ASCII", "ID-HYPHEN-LIKE"}
)
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(ord("0"), ord("9") + 1)}


@dataclass(frozen=True)
class Wrong:
    """One wrong value; `text` says whether it is still a string, `clause` what it is about."""

    id: str
    value: Any
    clause: str = FAULTY

    @property
    def text(self) -> bool:
        """Whether the value is a string, so that its content is what is wrong."""
        return isinstance(self.value, str)


def wrong_values(
    document: str, node: Schema, valid: Any, medium: Medium, turn: tuple[int, int] = (0, 4)
) -> list[Wrong]:
    """The defects of one value; `turn` (n of m) chooses which malformations of its identifier are tried besides the principal."""
    schema = resolved(document, node)
    right = valid if valid is not None and fits(document, node, valid) else example(document, node)
    found = _typed(schema, medium)
    if "x-bango-identifier" in schema:
        found += _identifier(schema["x-bango-identifier"], right, medium, turn)
    elif schema.get("type") == "string":
        found += _string(schema, right)
    elif schema.get("type") == "integer":
        found += _integer(schema, medium)
    unique = {one.id: one for one in found if _travels(medium, one.value)}
    return [one for one in unique.values() if not fits(document, node, _read(schema, one.value, medium))]


def _travels(medium: Medium, value: Any) -> bool:
    if medium == "json":
        return True
    if not isinstance(value, str) or any("\ud800" <= char <= "\udfff" for char in value):
        return False
    if medium == "path":
        return value not in ("", ".", "..") and "/" not in value
    return medium == "text" or (value.isascii() and value.isprintable() and value == value.strip() != "")


def _read(schema: Schema, value: Any, medium: Medium) -> Any:
    # A parameter travels as text; one that the schema calls an integer is read as one where ASCII digits stand.
    if medium == "json" or schema.get("type") != "integer":
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def _typed(schema: Schema, medium: Medium) -> list[Wrong]:
    if medium != "json":
        return []
    others: dict[str, list[tuple[str, Any]]] = {
        "string": [("number", 1), ("null", None), ("list", ["a"]), ("object", {"a": "b"})],
        "integer": [("string", "1"), ("null", None), ("fraction", 1.5), ("boolean", True)],
        "boolean": [("string", "true"), ("number", 0), ("null", None)],
        "array": [("string", "a"), ("null", None), ("object", {})],
        "object": [("string", "a"), ("null", None), ("list", [])],
    }
    return [Wrong(f"type-{name}", value) for name, value in others.get(schema.get("type", ""), [])]


def _identifier(kind: str, right: str, medium: Medium, turn: tuple[int, int]) -> list[Wrong]:
    made = dict(identifiers.malformed(kind, right, medium=medium))
    others = [code for code in made if code not in PRINCIPAL]
    mine, rounds = turn
    chosen = [code for code in PRINCIPAL if code in made] + others[mine % rounds :: rounds]
    return [
        Wrong(code.removeprefix("ID-").lower(), made[code], ASCII_ONLY if code in ASCII_CODES else EXACT_WIDTH)
        for code in chosen
    ]


def _string(schema: Schema, right: str) -> list[Wrong]:
    found: list[Wrong] = []
    if "enum" in schema or "const" in schema:
        return [
            Wrong("unlisted", "unlisted-value"),
            Wrong("upper-case", right.upper()),
            Wrong("trailing-space", f"{right} ", EXACT_WIDTH),
        ]
    if schema.get("format") == "date-time":
        return _time(right)
    if schema.get("format") == "date":
        return _date(right)
    if schema.get("minLength"):
        found.append(Wrong("empty", ""))
    if "maxLength" in schema:
        # Counted in code points: a character beyond the basic plane is one.
        filler = "𠮷" if "x-bango-characters" in schema else (right[-1:] or "a")
        head = "" if "x-bango-characters" in schema else right
        found.append(Wrong("too-long", (head + filler * schema["maxLength"])[: schema["maxLength"] + 1], LENGTH))
    if "pattern" in schema:
        found.append(Wrong("full-width", right.translate(_FULL_WIDTH), ASCII_ONLY))
        found.append(Wrong("newline", f"{right}\n", EXACT_WIDTH))
        found.append(Wrong("leading-space", f" {right}", EXACT_WIDTH))
        found.append(Wrong("not-ascii", f"{right[:-1]}亜", ASCII_ONLY))
        found.append(Wrong("short", right[:-1], EXACT_WIDTH))
    return found


def _time(right: str) -> list[Wrong]:
    day, clock = right[:10], right[11:19]
    return [
        Wrong("no-offset", f"{day}T{clock}", OFFSET),
        Wrong("utc", f"{day}T{clock}Z", OFFSET),
        Wrong("other-offset", f"{day}T{clock}+00:00", OFFSET),
        Wrong("no-such-day", f"{day[:4]}-02-30T{clock}+09:00", CALENDAR),
        Wrong("no-such-month", f"{day[:4]}-13-01T{clock}+09:00", CALENDAR),
        Wrong("no-such-hour", f"{day}T24:30:00+09:00", CALENDAR),
        Wrong("date-only", day, OFFSET),
        Wrong("space-for-t", f"{day} {clock}+09:00"),
        Wrong("full-width", right.translate(_FULL_WIDTH), ASCII_ONLY),
        Wrong("newline", f"{right}\n", EXACT_WIDTH),
    ]


def _date(right: str) -> list[Wrong]:
    return [
        Wrong("no-such-day", f"{right[:4]}-02-30", CALENDAR),
        Wrong("not-a-leap-year", "2019-02-29", CALENDAR),
        Wrong("no-such-month", f"{right[:4]}-00-10", CALENDAR),
        Wrong("slashes", right.replace("-", "/")),
        Wrong("full-width", right.translate(_FULL_WIDTH), ASCII_ONLY),
        Wrong("newline", f"{right}\n", EXACT_WIDTH),
    ]


def _integer(schema: Schema, medium: Medium) -> list[Wrong]:
    low, high = schema["minimum"], schema["maximum"]
    if medium == "json":
        return [Wrong("too-small", low - 1), Wrong("too-large", high + 1), Wrong("full-width", "１", ASCII_ONLY)]
    return [
        Wrong("too-small", str(low - 1)),
        Wrong("too-large", str(high + 1)),
        Wrong("fraction", "1.5"),
        Wrong("word", "all"),
        Wrong("full-width", "１", ASCII_ONLY),
    ]

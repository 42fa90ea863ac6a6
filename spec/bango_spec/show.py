"""One element of the spec by kind and id, as plain data and as lines to read."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import msgspec

from bango_spec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def kinds() -> tuple[str, ...]:
    """The kinds of element that can be shown."""
    return tuple(_KINDS)


def ids(kind: str) -> tuple[str, ...]:
    """The ids of a kind in the spec's order; SHOW-KIND for another word."""
    return tuple(_table(kind))


def show(kind: str, identity: str) -> dict[str, Any]:
    """One element as plain data; SHOW-KIND or SHOW-ID with what may have been meant. A Japanese name is taken, too."""
    table = _table(kind)
    found = table.get(identity) or table.get(identity.upper()) or _by_name(table, identity)
    if found is None:
        near = get_close_matches(identity, table, 5, 0.4) or list(table)[:5]
        raise UsageError(
            "SHOW-ID",
            f"{kind}: {identity!r} はありません / there is none of that id",
            step="もしかして / did you mean: " + ", ".join(near),
        )
    return {"element": kind, **_plain(found)}


def lines(element: Mapping[str, Any], lang: str = "ja") -> list[str]:
    """The element as indented lines; texts in the language asked for, the other beside it where it is short."""
    return list(_lines(element, lang, 0))


def _lines(value: Any, lang: str, depth: int) -> list[str]:
    pad = "  " * depth
    if isinstance(value, dict):
        made = []
        for key, inner in value.items():
            if inner in (None, "", [], {}):
                continue
            shown = _short(inner, lang)
            made += [f"{pad}{key}: {shown}"] if shown is not None else [f"{pad}{key}:", *_lines(inner, lang, depth + 1)]
        return made
    made = []
    for inner in value:
        shown = _short(inner, lang)
        if shown is not None:
            made.append(f"{pad}- {shown}")
        else:
            first, *rest = _lines(inner, lang, depth + 1)
            made += [f"{pad}- {first.strip()}", *rest]
    return made


def _short(value: Any, lang: str) -> str | None:
    """A value that fits behind its key, or None."""
    if isinstance(value, dict):
        return str(value[lang]) if value.keys() == {"ja", "en"} else None
    if isinstance(value, list):
        plain = all(not isinstance(inner, (dict, list)) for inner in value)
        return "、".join(map(str, value)) if plain else None
    return str(value)


def _table(kind: str) -> Mapping[str, Any]:
    if kind not in _KINDS:
        raise UsageError(
            "SHOW-KIND",
            f"{kind!r} という種類はありません / there is no such kind",
            step="次から選んでください / choose from: " + ", ".join(_KINDS),
        )
    return _KINDS[kind]()


def _by_name(table: Mapping[str, Any], name: str) -> Any:
    return next((one for one in table.values() if name in getattr(one, "spellings", (getattr(one, "ja", None),))), None)


def _plain(found: Any) -> dict[str, Any]:
    plain: dict[str, Any] = found if isinstance(found, dict) else msgspec.to_builtins(found)
    return plain


def _law_items() -> Mapping[str, Any]:
    # An item of the newest complete edition; `2015-12-27/schedule1/56-2` names any other.
    from bango_spec import law  # noqa: PLC0415 - each kind is read only when it is asked for

    found: dict[str, Any] = {}
    default = law.default_edition()
    for edition in (default, *(one for one in law.editions() if one.id != default.id)):
        for table in edition.tables:
            rows = edition.schedule1 if table == "schedule1" else edition.schedule2
            for item, row in rows.items():
                found[f"{edition.id}/{table}/{item}"] = {"edition": edition.id, "table": table, **_plain(row)}
    short = {
        name.removeprefix(f"{default.id}/schedule2/"): row
        for name, row in found.items()
        if name.startswith(f"{default.id}/schedule2/")
    }
    return {**short, **found}


def _clauses() -> Mapping[str, Any]:
    from bango_spec.clauses import clauses  # noqa: PLC0415

    return clauses()


def _parties() -> Mapping[str, Any]:
    from bango_spec.vocabulary import parties  # noqa: PLC0415

    return parties()


def _information() -> Mapping[str, Any]:
    from bango_spec.vocabulary import information  # noqa: PLC0415

    return {**information(), **{one.code: one for one in information().values()}}


def _errors() -> Mapping[str, Any]:
    from bango_spec.error_catalogue import by_code  # noqa: PLC0415

    return by_code()


def _assumptions() -> Mapping[str, Any]:
    from bango_spec.assumptions import assumptions  # noqa: PLC0415

    return assumptions()


def _identifiers() -> Mapping[str, Any]:
    from bango_spec.identifiers import identifiers  # noqa: PLC0415

    return {one.id: one for one in identifiers()}


def _terms() -> Mapping[str, Any]:
    from bango_spec.glossary import terms  # noqa: PLC0415

    return terms()


def _systems() -> Mapping[str, Any]:
    from bango_spec.systems import systems  # noqa: PLC0415

    return systems()


def _operations() -> Mapping[str, Any]:
    from bango_spec.interfaces import NAMES, operations  # noqa: PLC0415

    return {one.operation_id: one for name in NAMES for one in operations(name)}


_KINDS: dict[str, Callable[[], Mapping[str, Any]]] = {
    "clause": _clauses,
    "party": _parties,
    "information": _information,
    "item": _law_items,
    "error": _errors,
    "assumption": _assumptions,
    "identifier": _identifiers,
    "term": _terms,
    "system": _systems,
    "operation": _operations,
}

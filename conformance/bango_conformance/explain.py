"""`bango explain`: a clause, an obligation or an error code, and what hangs together with it."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bango_conformance.suite import Scope, suite
from bango_spec import load
from bango_spec.clauses import clause, clauses, documents
from bango_spec.error_catalogue import by_code
from bango_spec.errors import UsageError
from bango_spec.law import default_edition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bango_conformance.obligation import Obligation
    from bango_reports.catalogue import Catalogue
    from bango_spec.clauses import Clause

SHOWN = 12
LEVELS = {
    "must": ("必須", "must"),
    "must-not": ("禁止", "must not"),
    "should": ("推奨", "should"),
    "should-not": ("非推奨", "should not"),
    "may": ("任意", "may"),
}


def explain(word: str) -> dict[str, Any]:
    """What a word names, as plain data with a `kind`: clause, obligation or error; EXPLAIN-UNKNOWN with suggestions."""
    if word.upper() in clauses():
        return _clause(clause(word.upper()))
    found = [one for one in obligations() if one.id == word]
    if found:
        return _obligation(found[0])
    if word.removeprefix("urn:bango:error:") in by_code():
        return _error(word.removeprefix("urn:bango:error:"))
    under = [one.id for one in obligations() if one.id.startswith(f"{word}.")]
    if under:
        return {"kind": "obligations", "id": word, "obligations": under}
    known = [*clauses(), *by_code(), *(one.id for one in obligations())]
    near = get_close_matches(word, known, 5, 0.5) or get_close_matches(word.upper(), known, 5, 0.5)
    raise UsageError(
        "EXPLAIN-UNKNOWN",
        f"{word!r} は条項、義務、エラーのどれでもありません / is no clause, obligation or error code",
        step="もしかして / did you mean: " + ", ".join(near) if near else "bango spec show clause",
    )


@cache
def obligations() -> tuple[Obligation, ...]:
    """The suite for the testbed's usual body and the default edition: which ids there are depends little on either."""
    from bango_mocks.parties import parties_of  # noqa: PLC0415 - the directory of bodies takes its time
    from bango_mocks.standing import choose  # noqa: PLC0415

    body = choose(1)[0]
    return suite(Scope(default_edition().id, body.code, parties_of(body)))


def catalogue_file() -> Path | None:
    """The `catalogue.json` that the harness publishes, where there is one."""
    here = Path(__file__).resolve().parent
    return next((one for one in (here / "catalogue.json", here.parent / "catalogue.json") if one.is_file()), None)


@cache
def _catalogue() -> Catalogue | None:
    from bango_reports.catalogue import read  # noqa: PLC0415 - only where there is one

    path = catalogue_file()
    return None if path is None else read(path)


def _clause(one: Clause) -> dict[str, Any]:
    every = documents()
    sources = [
        {"kind": source.kind, "ref": source.ref, "title": msgspec.to_builtins(every[source.document].title)}
        if source.document in every
        else {"kind": source.kind, "ref": source.ref}
        for source in one.sources
    ]
    held = _catalogue()
    proved = {kill.mutant: kill for kill in held.matrix.kills} if held and held.matrix else {}
    return {
        "kind": "clause",
        "id": one.id,
        "level": one.level,
        "status": one.status,
        "system": one.system,
        "text": msgspec.to_builtins(one.text),
        "why": msgspec.to_builtins(one.why),
        "sources": sources,
        "observed": msgspec.to_builtins(one.test.how) if one.test else None,
        "not_tested": msgspec.to_builtins(one.not_tested.reason) if one.not_tested else None,
        "campaigns": load.verifying(one.id) if one.by_load else (),
        "obligations": [_short(found) for found in obligations() if one.id in found.clauses],
        "mutants": [
            {
                "id": mutant.id,
                "title": msgspec.to_builtins(mutant.title),
                "expected": mutant.expected,
                "killed": proved[mutant.id].killed if mutant.id in proved else None,
            }
            for mutant in (held.mutants if held else ())
            if mutant.clause == one.id
        ],
    }


def _short(one: Obligation) -> dict[str, Any]:
    return {"id": one.id, "title": msgspec.to_builtins(one.title), "needs": list(one.needs)}


def _obligation(one: Obligation) -> dict[str, Any]:
    return {
        "kind": "obligation",
        **_short(one),
        "element": one.element,
        "alone": one.alone,
        "smoke": one.smoke,
        "clauses": [
            {"id": name, "level": clause(name).level, "text": msgspec.to_builtins(clause(name).text)}
            for name in one.clauses
        ],
    }


def _error(code: str) -> dict[str, Any]:
    return {"kind": "error", "id": code, **msgspec.to_builtins(by_code()[code])}


def lines(told: dict[str, Any], lang: str = "ja") -> Iterator[str]:
    """What was found in lines."""
    yield from _TOLD[told["kind"]](told, lang)


def _say(lang: str, ja: str, en: str) -> str:
    return en if lang == "en" else ja


def _level(told: dict[str, Any], lang: str) -> str:
    return LEVELS[told["level"]][lang == "en"]


def _clause_lines(told: dict[str, Any], lang: str) -> Iterator[str]:
    status = "" if told["status"] == "active" else f"  ({told['status']})"
    yield f"{told['id']}  {_level(told, lang)}  {told['system']}{status}"
    yield from (told["text"][one] for one in (("en", "ja") if lang == "en" else ("ja", "en")))
    yield f"{_say(lang, '守られないと', 'When it is broken')}: {told['why'][lang]}"
    for source in told["sources"]:
        title = f"  {source['title'][lang]}" if "title" in source else ""
        yield f"{_say(lang, '根拠', 'source')}: {source['kind']} {source['ref']}{title}"
    if told["not_tested"]:
        yield f"{_say(lang, '機械では確かめません', 'No machine tests it')}: {told['not_tested'][lang]}"
    if told["observed"]:
        yield f"{_say(lang, '確かめ方', 'how it shows')}: {told['observed'][lang]}"
    yield from (
        f"{_say(lang, '負荷試験で確かめます', 'a load campaign verifies it')}: bango load {name} TARGET"
        for name in told["campaigns"]
    )
    yield f"{_say(lang, '確かめる義務', 'obligations')}: {len(told['obligations'])}"
    yield from (f"  {one['id']}  {one['title'][lang]}" for one in told["obligations"][:SHOWN])
    if more := told["obligations"][SHOWN:]:
        yield _say(
            lang, f"  … ほか {len(more)} 件（--format json ですべて）", f"  … {len(more)} more (all with --format json)"
        )
    for one in told["mutants"]:
        proof = {True: _say(lang, "見つかる", "found"), False: _say(lang, "見逃す", "missed"), None: "?"}[one["killed"]]
        yield f"{_say(lang, '変異体', 'mutant')} {one['id']}  {one['title'][lang]}  → {one['expected']}  {proof}"
    if told["obligations"]:
        yield f"{_say(lang, '試す', 'Try')}: bango certify TARGET --clause {told['id']}"


def _obligation_lines(told: dict[str, Any], lang: str) -> Iterator[str]:
    yield f"{told['id']}  {told['title'][lang]}"
    yield f"{_say(lang, 'もとになる要素', 'element')}: {told['element']}"
    if told["needs"]:
        yield f"{_say(lang, '必要なもの', 'needs')}: {', '.join(told['needs'])}"
    yield from (f"{one['id']}  {_level(one, lang)}  {one['text'][lang]}" for one in told["clauses"])
    yield f"{_say(lang, '試す', 'Try')}: bango certify TARGET --only {told['id']}"


def _error_lines(told: dict[str, Any], lang: str) -> Iterator[str]:
    yield f"{told['id']}  HTTP {told['status']}  {told['title'][lang]}"
    yield f"{_say(lang, '原因', 'cause')}: {told['cause'][lang]}"
    yield f"{_say(lang, '次に', 'next')}: {told['step'][lang]}"
    yield f"{_say(lang, '生じる側', 'arises at')}: {told['arises']}   {_say(lang, '再送', 'retry')}: {told['retry']}"
    for one in told["clauses"]:
        text = clause(one).text
        yield f"  {one}  {_say(lang, text.ja, text.en)}"


def _under_lines(told: dict[str, Any], lang: str) -> Iterator[str]:  # noqa: ARG001 - ids have no language
    yield from told["obligations"]


_TOLD = {
    "clause": _clause_lines,
    "obligation": _obligation_lines,
    "error": _error_lines,
    "obligations": _under_lines,
}

"""The rooms of reference: identifiers with their check digits, errors, glossary, assumptions, characters, sources."""

from __future__ import annotations

from collections.abc import Iterator

from bango_reports import sources
from bango_reports.site.pages import Page
from bango_spec import assumptions, characters, clauses, error_catalogue, glossary, identifiers, interfaces, systems
from bango_spec.reading import Text

HEAD = Text(ja="資料集", en="Reference")
TRAIL = (("reference.html", HEAD),)
COMPONENTS = {
    "in-house": Text(ja="業務システム", en="in-house systems"),
    "intermediate-server": Text(ja="中間サーバー", en="intermediate server"),
    "interface-system": Text(ja="インターフェイスシステム", en="interface system"),
    "core": Text(ja="コア", en="core"),
    "jlis": Text(ja="住基ネット側", en="J-LIS"),
    "portal": Text(ja="ポータル", en="portal"),
    "operator": Text(ja="運用者", en="operator"),
}
CONFIDENCE = {
    "confirmed": Text(ja="公開資料で確かめた", en="confirmed by a public source"),
    "inferred": Text(ja="公開資料から推し量った", en="inferred from public sources"),
    "assumption": Text(ja="この試験台の想定", en="assumed by this testbed"),
    "uncertain": Text(ja="確かでない", en="uncertain"),
    "stated": Text(ja="公開資料にある", en="stated"),
    "usual": Text(ja="よくある書き方", en="usual wording"),
}


def pages() -> Iterator[Page]:
    """Every page of reference."""
    made = [
        _page("identifiers", Text(ja="番号とコード", en="Numbers and codes"), _identifiers(), ("identifiers.js",)),
        _page("errors", Text(ja="エラーの一覧", en="Errors"), _errors(), ("search-rules.js", "key.js", "filter.js")),
        _page(
            "glossary",
            Text(ja="用語", en="Glossary"),
            {"glossary": glossary.glossary(), "evidence": CONFIDENCE},
            ("search-rules.js", "key.js", "filter.js"),
        ),
        _page(
            "assumptions",
            Text(ja="この試験台の想定", en="Assumptions"),
            {"assumptions": list(assumptions.assumptions().values()), "used": _used()},
            ("search-rules.js", "key.js", "filter.js"),
        ),
        _page(
            "characters",
            Text(ja="文字", en="Characters"),
            {
                "rules": characters.characters(),
                # Where no font has the character, its code point still says which one it is.
                "points": {one.id: " ".join(f"U+{ord(c):04X}" for c in one.text) for one in characters.samples()},
            },
        ),
        _page(
            "sources",
            Text(ja="よりどころ", en="Sources"),
            {
                "documents": list(clauses.documents().values()),
                "kinds": sources.KINDS,
                "confidence": CONFIDENCE,
                "briefing": systems.landscape().briefing,
            },
        ),
    ]
    others = (
        ("information/index.html", Text(ja="特定個人情報の種類", en="Kinds of information")),
        ("milestones.html", Text(ja="日程と補助金", en="Milestones and subsidies")),
    )
    listed = [(one.path, one.title) for one in made] + list(others)
    yield Page("reference.html", "reference.html.j2", HEAD, {"listed": listed}, room="reference")
    yield from made


def _page(name: str, title: Text, told: dict[str, object], scripts: tuple[str, ...] = ()) -> Page:
    return Page(f"{name}.html", f"{name}.html.j2", title, told, room="reference", scripts=scripts, trail=TRAIL)


def _identifiers() -> dict[str, object]:
    return {
        "identifiers": identifiers.identifiers(),
        "malformations": identifiers.malformations(),
        "components": COMPONENTS,
        "confidence": CONFIDENCE,
    }


def _errors() -> dict[str, object]:
    given: dict[str, list[str]] = {}
    for name in interfaces.NAMES:
        for one in interfaces.operations(name):
            for code in (*one.errors, *one.entry_errors):
                given.setdefault(code, []).append(one.operation_id)
    arises = {
        "caller": Text(ja="呼び出した側", en="the caller"),
        "here": Text(ja="呼び出された側", en="the system called"),
        "asker": Text(ja="照会する側", en="the asker"),
        "network": Text(ja="ネットワーク", en="the network"),
        "provider": Text(ja="提供する側", en="the provider"),
    }
    return {"errors": error_catalogue.catalogue().errors, "given": given, "arises": arises}


def _used() -> dict[str, list[str]]:
    """Assumption → the clauses that rest on it."""
    found: dict[str, list[str]] = {}
    for clause in clauses.clauses().values():
        for one in clause.sources:
            if one.kind == "profile":
                found.setdefault(one.document, []).append(clause.id)
    return found

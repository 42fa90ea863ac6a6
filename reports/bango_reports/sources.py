"""Where a clause comes from, in words: the law with its article, the page of the briefing, the section of an RFC."""

from __future__ import annotations

from bango_spec import assumptions
from bango_spec.clauses import Source, documents
from bango_spec.reading import Text

KINDS = {
    "law": Text(ja="法律", en="Act"),
    "order": Text(ja="政令・省令", en="Order"),
    "briefing": Text(ja="説明会資料", en="Briefing"),
    "rfc": Text(ja="技術標準（RFC）", en="RFC"),
    "incident": Text(ja="過去の事故", en="Incident"),
    "profile": Text(ja="この試験台の想定", en="Assumption"),
    "fact": Text(ja="公開の事実", en="Public fact"),
}


def told(source: Source) -> Text:
    """One source in both languages."""
    if source.kind == "profile":
        return assumptions.assumption(source.document).topic
    document = documents()[source.document]
    if not source.place:
        return document.title
    ja, en = _place(source)
    return Text(ja=f"{document.title.ja} {ja}", en=f"{document.title.en}, {en}")


def of_ref(ref: str) -> Text:
    """A reference as a run keeps it (`law: bangoho@2020-09-06/19/1/7`), in words; one of another spec stays as it is."""
    kind, _, place = ref.partition(": ")
    document = documents().get(place.partition("/")[0])
    if document is not None and document.kind == kind:
        return told(Source(kind=document.kind, ref=place))
    if kind == "profile" and place in assumptions.assumptions():
        return assumptions.assumption(place).topic
    return Text(ja=ref, en=ref)


def _place(source: Source) -> tuple[str, str]:
    place = source.place
    if source.kind in {"law", "order"}:
        units = ("条", "項", "号")
        parts = place.split("/")
        if all(part.replace("-", "").isdigit() for part in parts) and len(parts) <= len(units):
            ja = "".join(
                f"第{part.partition('-')[0]}{unit}" + "".join(f"の{branch}" for branch in part.split("-")[1:])
                for part, unit in zip(parts, units, strict=False)
            )
            return ja, f"art. {'/'.join(parts)}"
    if source.kind == "briefing":
        return f"{place}ページ", f"p. {place}"
    if source.kind == "rfc":
        return f"{place}節", f"section {place}"
    return place, place

"""Every table of the site as a sheet for Excel, and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from bango_reports import sources, words
from bango_reports.sheets import Cell, Column, Sheet
from bango_reports.site import course_exports
from bango_reports.site.course_exports import Made
from bango_reports.site.knowledge import all_clauses
from bango_reports.site.tables import rows, table_name, tables
from bango_spec import (
    assumptions,
    error_catalogue,
    glossary,
    identifiers,
    interfaces,
    items,
    systems,
    vocabulary,
)
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.site.knowledge import Knowledge


class Export(NamedTuple):
    """One table under its file name, without the ending."""

    name: str
    title: Text
    sheet: Sheet


def exports(known: Knowledge) -> Iterator[Export]:
    """All of them, the law first."""
    for edition, table in tables():
        title = table_name(edition.id, table)
        sheet = Sheet(f"{title.ja[:12]} {edition.id}", LAW, list(_law(edition.id, table)), (edition.ja, edition.en))
        yield Export(
            f"law-{table}-{edition.id}", Text(ja=f"{title.ja}（{edition.id}）", en=f"{title.en}, {edition.id}"), sheet
        )
    for name, title, columns, made in (*_spec(known), *course_exports.tables()):
        yield Export(name, title, Sheet(title.ja, columns, made))


LAW = (
    Column("項", 8),
    Column("行", 5),
    Column("照会者・使う者", 28),
    Column("事務", 46),
    Column("提供者", 28),
    Column("特定個人情報", 46),
    Column("判断の深さ", 12),
    Column("asker", 24),
    Column("task", 40),
    Column("provider", 24),
    Column("information", 40),
)


def _law(edition: str, table: str) -> Iterator[list[Cell]]:
    for row in rows(edition, "schedule1" if table == "schedule1" else "schedule2"):
        askers, tasks = _joined(row.askers), _joined(row.tasks)
        level = "主務省令まで" if row.level == "order" else "表まで"
        if row.deleted:
            yield [row.item, None, "削除", None, None, None, None, "deleted", None, None, None]
            continue
        if not row.lines:
            yield [row.item, None, askers.ja, tasks.ja, None, None, level, askers.en, tasks.en, None, None]
        for line in row.lines:
            providers, kinds = _joined(line.providers), _joined(tuple(name for _, name, _ in line.information))
            yield [
                row.item,
                line.number,
                askers.ja,
                tasks.ja,
                providers.ja,
                kinds.ja,
                level,
                askers.en,
                tasks.en,
                providers.en,
                kinds.en,
            ]


def _joined(texts: tuple[Text, ...]) -> Text:
    return Text(ja="\n".join(one.ja for one in texts), en="\n".join(one.en for one in texts))


def _spec(known: Knowledge) -> Iterator[Made]:
    yield (
        "clauses",
        Text(ja="守るべき条項", en="Requirements"),
        (
            Column("番号", 12),
            Column("水準", 8),
            Column("システム", 22),
            Column("内容", 60),
            Column("住民にとって", 46),
            Column("根拠", 40),
            Column("試験の数", 9),
            Column("text", 60),
            Column("why", 46),
        ),
        [
            [
                one.id,
                words.LEVELS[one.level].ja,
                systems.systems()[one.system].names.ja,
                one.text.ja,
                one.why.ja,
                "\n".join(sources.told(source).ja for source in one.sources),
                len(known.obligations_of.get(one.id, ())),
                one.text.en,
                one.why.en,
            ]
            for one in all_clauses()
        ],
    )
    yield (
        "obligations",
        Text(ja="試験の項目", en="Obligations"),
        (Column("id", 48), Column("種類", 10), Column("守るべき条項", 16), Column("題", 60), Column("title", 60)),
        [
            [one.id, words.word(words.KINDS, one.kind).ja, " ".join(one.clauses), one.title.ja, one.title.en]
            for one in known.catalogue.obligations
        ],
    )
    yield from _words()


def _words() -> Iterator[Made]:
    pair = (Column("日本語", 40), Column("English", 40))
    yield (
        "systems",
        Text(ja="システム", en="Systems"),
        (Column("id", 28), *pair, Column("役割", 60), Column("role", 60)),
        [[one.id, one.names.ja, one.names.en, one.role.ja, one.role.en] for one in systems.systems().values()],
    )
    yield (
        "information",
        Text(ja="特定個人情報の種類", en="Kinds of information"),
        (Column("コード", 20), *pair, Column("別名", 30)),
        [[one.code, one.ja, one.en, "、".join(one.short)] for one in vocabulary.information().values()],
    )
    yield (
        "items",
        Text(ja="特定個人情報の項目", en="Items"),
        (Column("情報", 40), Column("項目コード", 18), *pair, Column("型", 18), Column("必須", 6)),
        [
            [
                kind.names.ja,
                items.code(ident, item.no),
                item.names.ja,
                item.names.en,
                item.type,
                "○" if item.required else "",
            ]
            for ident in items.information_ids()
            for kind in (items.kind(ident),)
            for item in kind.items
        ],
    )
    yield (
        "operations",
        Text(ja="操作", en="Operations"),
        (Column("operationId", 28), Column("method", 8), Column("path", 48), *pair, Column("clauses", 40)),
        [
            [one.operation_id, one.method, one.path, one.title.ja, one.title.en, " ".join(one.clauses)]
            for name in interfaces.NAMES
            for one in interfaces.operations(name)
        ],
    )
    yield (
        "errors",
        Text(ja="エラー", en="Errors"),
        (Column("code", 26), Column("status", 8), *pair, Column("原因", 50), Column("次にすること", 50)),
        [
            [one.code, one.status, one.title.ja, one.title.en, one.cause.ja, one.step.ja]
            for one in error_catalogue.catalogue().errors
        ],
    )
    yield (
        "identifiers",
        Text(ja="番号とコード", en="Numbers and codes"),
        (Column("id", 28), *pair, Column("桁", 6), Column("例", 40)),
        [[one.id, one.name.ja, one.name.en, one.width, " ".join(one.valid)] for one in identifiers.identifiers()],
    )
    yield (
        "glossary",
        Text(ja="用語", en="Glossary"),
        (Column("よみ", 28), *pair, Column("説明", 60), Column("note", 60)),
        [[one.reading, one.ja, one.en, one.note.ja, one.note.en] for one in glossary.terms().values()],
    )
    yield (
        "assumptions",
        Text(ja="この試験台の想定", en="Assumptions"),
        (Column("id", 34), *pair, Column("値", 30), Column("理由", 60), Column("reason", 60)),
        [
            [one.id, one.topic.ja, one.topic.en, words.plain(one.value), one.reason.ja, one.reason.en]
            for one in assumptions.assumptions().values()
        ],
    )

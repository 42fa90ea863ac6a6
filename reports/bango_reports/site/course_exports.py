"""The tables that tell of courses and dates, for Excel: milestones, money, workflows, lifecycles, sources, comparisons."""

from __future__ import annotations

from collections.abc import Iterator

from bango_reports.sheets import Cell, Column
from bango_reports.site import comparison
from bango_reports.site.compare_rooms import CELLS, STATES
from bango_reports.sources import KINDS
from bango_spec import clauses, lifecycles, systems, workflows
from bango_spec.reading import Text

Made = tuple[str, Text, tuple[Column, ...], list[list[Cell]]]
_PAIR = (Column("日本語", 44), Column("English", 44))


def tables() -> Iterator[Made]:
    """All of them: file name, title, columns, rows."""
    yield _dates()
    yield _money()
    yield _workflows()
    yield _lifecycles()
    yield _sources()
    yield from map(_compared, comparison.pairs())


def _dates() -> Made:
    land = systems.landscape()
    bodies = {body.id: body.names for body in land.body_classes}
    rows: list[list[Cell]] = [
        ["節目", one.names.ja, one.names.en, "", one.era, one.on, "", one.happened.on if one.happened else ""]
        for one in land.milestones
    ]
    rows += [
        [one.names.ja, when.what.ja, when.what.en, bodies[when.bodies].ja, when.era, when.start, when.end or "", ""]
        for one in systems.systems().values()
        for when in one.dates
    ]
    columns = (
        Column("システム", 28),
        *_PAIR,
        Column("対象", 34),
        Column("和暦", 20),
        Column("から", 12),
        Column("まで", 12),
        Column("実際", 12),
    )
    return "milestones", Text(ja="日程", en="Milestones"), columns, rows


def _money() -> Made:
    money = systems.landscape().money
    rows: list[list[Cell]] = [[one.names.ja, one.names.en, one.rate, one.cost, one.subsidy] for one in money.lines]
    rows.append(["計", "Sum", "", money.total.cost, money.total.subsidy])
    columns = (
        *_PAIR,
        Column("補助率", 10),
        Column(f"事業費（{money.unit.ja}）", 16),
        Column(f"国費（{money.unit.ja}）", 16),
    )
    return "subsidies", Text(ja="補助金", en="Subsidies"), columns, rows


def _workflows() -> Made:
    rows: list[list[Cell]] = [
        [
            document.workflow.title.ja,
            document.workflow.title.en,
            number,
            step.step_id,
            step.operation.title.ja,
            step.operation.operation_id,
            "\n".join(one.condition for one in step.success_criteria),
        ]
        for document in workflows.documents()
        for number, step in enumerate(document.workflow.steps, 1)
    ]
    columns = (
        *_PAIR,
        Column("順", 5),
        Column("step", 24),
        Column("操作", 30),
        Column("operationId", 28),
        Column("成り立つこと", 60),
    )
    return "workflows", Text(ja="手順", en="Workflows"), columns, rows


def _lifecycles() -> Made:
    rows: list[list[Cell]] = [
        [
            table.title.ja,
            table.state(step.from_).title.ja,
            table.event(step.event).title.ja,
            table.state(step.to).title.ja,
            step.effect.ja,
            step.code or "",
            " ".join(step.clauses),
        ]
        for table in lifecycles.lifecycles()
        for step in table.steps
    ]
    rows += [
        [
            table.title.ja,
            table.state(one.state).title.ja,
            table.event(one.event).title.ja,
            "拒む",
            "",
            one.code,
            " ".join(one.clauses),
        ]
        for table in lifecycles.lifecycles()
        for one in table.refusals
    ]
    heads = ("対象", "いまの状態", "できごと", "次の状態", "起きること", "コード", "条項")
    columns = tuple(Column(head, width) for head, width in zip(heads, (16, 16, 40, 16, 50, 24, 24), strict=True))
    return "lifecycles", Text(ja="状態の移り変わり", en="Lifecycles"), columns, rows


def _sources() -> Made:
    rows: list[list[Cell]] = [
        [one.id, KINDS[one.kind].ja, one.title.ja, one.title.en, one.edition or ""]
        for one in clauses.documents().values()
    ]
    return (
        "sources",
        Text(ja="よりどころ", en="Sources"),
        (Column("id", 28), Column("種類", 18), *_PAIR, Column("版", 12)),
        rows,
    )


def _compared(pair: comparison.Pair) -> Made:
    rows: list[list[Cell]] = [
        [
            STATES[row.state].ja,
            row.old.item if row.old else "",
            row.new.item if row.new else "",
            CELLS[name].ja,
            "\n".join(text.ja for text in cell.gone),
            "\n".join(text.ja for text in cell.come),
        ]
        for row in comparison.compared(pair)
        if row.state != "same"
        for name, cell in row.cells.items()
        if cell.changed
    ]
    columns = (
        Column("状態", 10),
        Column("旧の項", 9),
        Column("新の項", 9),
        Column("欄", 22),
        Column("なくなった", 60),
        Column("加わった", 60),
    )
    title = Text(
        ja=f"新旧対照 {pair.names[0].ja} {pair.old}→{pair.new}",
        en=f"Side by side: {pair.names[0].en} {pair.old}, {pair.new}",
    )
    return f"compare-{pair.table}-{pair.old}-{pair.new}", title, columns, rows

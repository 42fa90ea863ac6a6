"""The rooms of the systems: the front door with the map, each system, milestones and subsidies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bango_reports.site import links
from bango_reports.site.pages import Page
from bango_spec import interfaces, lifecycles, systems
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_reports.site.knowledge import Knowledge

SYSTEMS = (("systems/index.html", Text(ja="システム", en="Systems")),)
KINDS = {
    "system": Text(ja="システム", en="system"),
    "network": Text(ja="通信網", en="network"),
    "organisation": Text(ja="組織", en="organisation"),
    "programme": Text(ja="取組", en="programme"),
    "card": Text(ja="カード", en="card"),
    "certificate": Text(ja="電子証明書", en="certificate"),
}
STATES = {
    "built": Text(ja="試験できます", en="can be tested"),
    "planned": Text(ja="これから作ります", en="planned"),
    "described": Text(ja="説明だけ", en="described only"),
}


def pages(known: Knowledge) -> Iterator[Page]:
    """The list and a page for each system; milestones with the money."""
    land = systems.landscape()
    every = systems.systems()
    callers: dict[str, list[tuple[systems.System, str]]] = {}
    for one in every.values():
        for call in one.calls:
            callers.setdefault(call.system, []).append((one, call.offer))
    yield Page(
        "systems/index.html",
        "system_index.html.j2",
        SYSTEMS[0][1],
        {
            "kinds": [(KINDS[kind], [s for s in every.values() if s.kind == kind]) for kind in KINDS],
            "states": STATES,
        },
        room="systems",
    )
    for one in every.values():
        yield Page(
            links.system(one.id),
            "system.html.j2",
            one.names,
            {
                "system": one,
                "systems": every,
                "kind": KINDS[one.kind],
                "state": STATES[one.state],
                "callers": callers.get(one.id, []),
                "money": [line for line in land.money.lines if line.system == one.id],
                "rules": [rule for rule in land.money.rules if rule.system == one.id],
                "unit": land.money.unit,
                "bodies": {body.id: body.names for body in land.body_classes},
                "milestones": {m.id: m for m in land.milestones},
                "documents": [name for name in interfaces.NAMES if name == one.id or name.partition(".")[0] == one.id],
                "lifecycles": [table for table in lifecycles.lifecycles() if table.system == one.id],
                "clauses": known.clauses_of_system.get(one.id, []),
                "proofs": sum(len(known.obligations_of.get(c.id, ())) for c in known.clauses_of_system.get(one.id, ())),
                "parts_of": [part for part in every.values() if part.part_of == one.id],
            },
            room="systems",
            trail=SYSTEMS,
        )
    yield Page(
        "milestones.html",
        "milestones.html.j2",
        Text(ja="日程と補助金", en="Milestones and subsidies"),
        {"land": land, "systems": every, "bodies": {body.id: body.names for body in land.body_classes}},
        room="reference",
        trail=(("reference.html", Text(ja="資料集", en="Reference")),),
    )

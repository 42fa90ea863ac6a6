"""Every line and item asked as an officer would: the law's name, the act, one party, one kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bango_spec import law, vocabulary
from bango_spec.questions import Question, may_use, permits

if TYPE_CHECKING:
    from bango_spec.law import Task


def act(task: Task) -> str:
    """児童手当の支給, or the object or act alone where the table has only one."""
    words = [vocabulary.objects()[task.object].ja] if task.object else []
    words += [vocabulary.acts()[task.act].ja] if task.act else []
    return "の".join(words)


def party(ident: str) -> str:
    entry = vocabulary.parties()[ident]
    return entry.short[0] if entry.short else entry.ja


@pytest.mark.parametrize("edition", [e.id for e in law.editions() if "schedule2" in e.tables])
def test_every_line_is_found_by_the_words_of_an_officer(edition: str) -> None:
    stopped = 0
    for item, row in law.edition(edition).schedule2.items():
        for number, line in enumerate(row.lines, 1):
            task = row.tasks[number % len(row.tasks)]
            asked = Question(
                asker=party(row.askers[number % len(row.askers)].party),
                law=vocabulary.laws()[task.law].ja,
                task=act(task),
                provider=party(line.providers[number % len(line.providers)].party),
                information=vocabulary.information()[line.information[number % len(line.information)]].ja,
                as_of=edition,
            )
            anywhere = permits(asked)
            here = permits(Question(**{f: getattr(asked, f) for f in asked.__struct_fields__} | {"item": item}))
            assert here.item == item, (item, number)
            if here.permitted:
                assert here.line == number, (item, number)
                assert anywhere.permitted, (item, number)
                assert anywhere.near == []
            else:
                assert (here.level, here.line) == ("order", number), (item, number)
                assert here.reason is not None
                stopped += 1
    assert (stopped > 0) == (edition == "2020-09-06")


@pytest.mark.parametrize("edition", [e.id for e in law.editions() if "schedule1" in e.tables])
def test_every_use_is_found_by_the_words_of_an_officer(edition: str) -> None:
    for item, row in law.edition(edition).schedule1.items():
        for task in row.tasks:
            asked = Question(
                asker=party(row.askers[-1].party),
                law=vocabulary.laws()[task.law].ja,
                task=act(task),
                item=item,
                as_of=edition,
            )
            answer = may_use(asked)
            assert (answer.permitted, answer.item) == (True, item), (item, task.id)


@pytest.mark.parametrize(
    ("kind", "names"),
    [("parties", vocabulary.parties), ("laws", vocabulary.laws), ("information", vocabulary.information)],
)
def test_no_short_name_means_two_things(kind: str, names: object) -> None:
    assert callable(names)
    seen: dict[str, str] = {}
    for entry in names().values():
        for short in entry.short:
            assert seen.setdefault(short, entry.id) == entry.id, (kind, short)

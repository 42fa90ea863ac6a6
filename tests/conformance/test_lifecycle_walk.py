"""A walk finds a broken table and shrinks to the shortest course; a right one passes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar, NoReturn

import pytest

from bango_conformance.findings import Broken, Unmet
from bango_conformance.kinds.lifecycle_player import Player
from bango_conformance.kinds.lifecycle_walk import SHRINKING_SECONDS, Shortest, check_walk, choices
from bango_conformance.stage.client import Answer
from bango_conformance.subject import AllowedLine
from bango_spec.lifecycles import lifecycle

LINE = AllowedLine("a", "b", "t", "p", "i", "1", 1)
PROBLEM = {"content-type": "application/problem+json"}


def refused(code: str) -> Answer:
    return Answer(409, PROBLEM, b"", {"code": code, "status": 409})


class PaperNotice(Player):
    """A notice kept on paper: it follows the table, as far as `forgets` lets it."""

    machine = "notice"
    absent = "unknown-notice"
    walks = frozenset({"create", "search", "acknowledge", "withdraw", "read"})
    forgets: ClassVar[str] = ""

    def __init__(self, case: Any, line: AllowedLine, variant: str | None = None) -> None:
        super().__init__(case, line, variant)
        self.paper = "none"

    def look(self) -> Answer:
        if self.paper == "none":
            return refused("unknown-notice")
        return Answer(200, {}, b"", {"state": lifecycle("notice").state(self.paper).shown})

    def go(self, event: str) -> Answer:
        table = lifecycle("notice")
        if event in table.refused(self.paper) and event != self.forgets:
            return refused(table.refused(self.paper)[event])
        step = next((one for one in table.steps_from(self.paper) if one.event == event), None)
        self.paper = step.to if step else "withdrawn"
        return Answer(200, {}, b"", {})

    def on_create(self) -> Answer:
        return self.go("create")

    def on_search(self) -> Answer:
        return self.go("search")

    def on_acknowledge(self) -> Answer:
        return self.go("acknowledge")

    def on_withdraw(self) -> Answer:
        return self.go("withdraw")

    def on_read(self) -> Answer:
        return self.go("read")


class TwiceWithdrawn(PaperNotice):
    forgets = "withdraw"


def paper_case() -> Any:
    def fail(code: str, **said: Any) -> NoReturn:
        raise Broken(code, **said)

    obligation = SimpleNamespace(clauses=("IS-DSC-005",))
    return SimpleNamespace(fail=fail, need=lambda answer, *_: answer, obligation=obligation)


def test_a_player_that_follows_the_table_passes() -> None:
    check_walk(PaperNotice, LINE, 7)(paper_case())


def test_the_counterexample_is_the_shortest_course() -> None:
    def walk_on() -> None:
        for seed in range(20):
            check_walk(TwiceWithdrawn, LINE, seed)(paper_case())

    with pytest.raises(Broken) as found:
        walk_on()
    assert found.value.code == "EVENT-ACCEPTED"
    courses = (
        "the events withdraw:",
        "the events create → withdraw → withdraw:",
    )
    assert found.value.sent.startswith(courses)


def test_the_same_seed_walks_the_same_way() -> None:
    def courses(seed: int) -> list[str]:
        seen: list[str] = []

        class Watched(PaperNotice):
            def go(self, event: str) -> Answer:
                seen.append(event)
                return super().go(event)

        check_walk(Watched, LINE, seed)(paper_case())
        return seen

    assert courses(3) == courses(3)
    assert courses(3) != courses(4)


def test_only_what_can_come_about_is_chosen() -> None:
    made = PaperNotice(paper_case(), LINE)
    assert choices(made) == ["create", "search", "acknowledge", "withdraw", "read"]
    made.at = "delivered"
    assert "create" not in choices(made)


def test_a_broken_clause_goes_before_what_could_not_be_judged_and_then_the_shorter_course() -> None:
    shortest = Shortest()
    unmet, long, short = Unmet("来ない", "nothing came"), broken("long"), broken("short")
    for events, found in ((2, unmet), (5, long), (3, short), (1, unmet), (4, long)):
        shortest.take(events, found)
    assert shortest.found is short


def test_where_each_walk_waits_in_vain_the_search_for_a_shorter_one_ends() -> None:
    now = [0.0]
    shortest = Shortest(lambda: now[0])
    now[0] = SHRINKING_SECONDS
    assert shortest.goes_on()
    shortest.take(8, broken("slow"))
    now[0] += SHRINKING_SECONDS - 1
    assert shortest.goes_on()
    now[0] += 1
    assert not shortest.goes_on()


def broken(code: str) -> Broken:
    return Broken(code, sent="", expected="", came="")

"""The obligations of privacy: what there is, and that the search bites where a value stands and nowhere else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bango_conformance.canaries import Canary
from bango_conformance.findings import Broken, Unmet
from bango_conformance.kinds import privacy
from bango_conformance.kinds.privacy_marks import amount, amount_item, asking, providing
from bango_conformance.kinds.privacy_refused import WRITINGS, text_items
from bango_conformance.kinds.privacy_search import look, look_in, of, problems
from bango_conformance.suite import Scope
from bango_reports.model import Evidence, Exchange, Message
from bango_spec.clauses import clause
from bango_spec.identifiers import check as malformation

SCOPE = Scope("2020-09-06", "9000151201000003", ("mayor",))
NUMBER = "000009123456789"


def exchange(label: str, body: str, status: int = 200, **headers: str) -> Exchange:
    response = Message(headers=tuple(headers.items()), body=body)
    return Exchange(
        direction="sent-to-target",
        player="in-house",
        method="GET",
        url="/x",
        request=Message(body=NUMBER),
        status=status,
        response=response,
        label=label,
    )


class Played:
    """A case that has seen these exchanges."""

    def __init__(self, *seen: Exchange) -> None:
        self._seen = seen

    def evidence(self) -> Evidence:
        return Evidence(obligation="privacy.x", exchanges=self._seen)

    def fail(self, code: str, **told: Any) -> None:
        raise Broken(code, **told)


TRAFFIC: Any = SimpleNamespace(canary=lambda kind: Canary(kind, NUMBER))


def searched(*seen: Exchange, wanted: Any = None) -> None:
    played: Any = Played(*seen)
    look(played, TRAFFIC, ("number",), wanted or of("readX"), code="SHOWN", what="an answer")


def test_a_value_in_a_wanted_answer_is_found() -> None:
    with pytest.raises(Broken) as found:
        searched(exchange("readX", f'{{"a":"{NUMBER}"}}'))
    assert found.value.code == "SHOWN"
    assert NUMBER not in found.value.came
    with pytest.raises(Broken, match="header Location"):
        searched(exchange("readX", "{}", Location=f"/x/{NUMBER}"))


def test_what_the_harness_sent_is_not_held_against_the_target() -> None:
    searched(exchange("readX", "{}"))


def test_another_operation_is_not_searched() -> None:
    searched(exchange("readX", "{}"), exchange("readY", NUMBER))


def test_nothing_to_search_is_never_a_pass() -> None:
    with pytest.raises(Unmet):
        searched(exchange("readY", NUMBER))


def test_problems_are_refusals_of_the_target() -> None:
    assert problems(exchange("readX", "{}", 400))
    assert not problems(exchange("readX", "{}", 200))


def test_an_export_is_searched() -> None:
    played: Any = Played()
    look_in(played, b"nothing", TRAFFIC, ("number",), code="STORED", what="the store")
    with pytest.raises(Broken) as found:
        look_in(played, NUMBER.encode().hex().encode(), TRAFFIC, ("number",), code="STORED", what="the store")
    assert found.value.located == "stored"


def test_obligations_are_many_distinct_and_of_real_clauses() -> None:
    made = list(privacy.obligations(SCOPE))
    assert len({one.id for one in made}) == len(made) > 140
    for one in made:
        assert all(clause(name).status == "active" for name in one.clauses), one.id


@pytest.mark.parametrize("duty", [*(f"IS-PRI-{n:03d}" for n in range(1, 10)), "IS-STF-007", "IS-REC-012", "IS-LNK-008"])
def test_every_duty_of_privacy_has_an_obligation(duty: str) -> None:
    assert any(duty in one.clauses for one in privacy.obligations(SCOPE))


def test_a_body_without_lines_has_none() -> None:
    assert list(privacy.obligations(Scope("2020-09-06", "9000151201000003", ()))) == []


def test_marks_are_valid_amounts_of_ten_digits() -> None:
    marks = {amount("held", str(n)) for n in range(200)}
    assert len(marks) == 200
    assert {len(str(mark)) for mark in marks} == {10}


def test_the_lines_chosen_can_be_marked() -> None:
    for line in (asking(SCOPE), providing(SCOPE)):
        assert line is not None
        assert amount_item(line.information)
        assert text_items(line.information)


def test_writings_of_a_number_are_that_number() -> None:
    number = "990000000019"
    assert malformation("individual-number", number) is None
    for writing, _ in WRITINGS.values():
        digits = [letter for letter in writing(number) if letter.isdigit()]
        assert "".join(str(int(letter)) for letter in digits) == number
    assert len({writing(number) for writing, _ in WRITINGS.values()}) == len(WRITINGS)

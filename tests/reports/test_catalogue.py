"""What the catalogue is taken to prove: only what the matrix saw."""

from __future__ import annotations

import msgspec
import pytest

from bango_reports import catalogue
from bango_reports.catalogue import Catalogue, Kill, Matrix
from bango_reports.site.knowledge import Knowledge


def held() -> Catalogue:
    path = catalogue.find()
    assert path is not None
    return catalogue.read(path)


@pytest.mark.parametrize("seen", [{"killed": False}, {"crashed": True}, {"by": ()}, None])
def test_a_mutant_that_the_matrix_did_not_see_fail_for_its_clause_proves_nothing(
    seen: dict[str, object] | None,
) -> None:
    whole = held()
    one = next(mutant for mutant in whole.mutants if not mutant.breaks)
    kill = Kill(mutant=one.id, killed=True, by=("an.obligation",))
    told = [kill] if seen is None else [msgspec.structs.replace(kill, **seen)]
    found = msgspec.structs.replace(whole, matrix=Matrix(digest="sha256:" + "0" * 64, kills=tuple(told)))
    proven = {one.clause: [one]} if seen is None else {}
    assert catalogue.caught(found) == Knowledge(found).mutants_of == proven
    assert catalogue.caught(msgspec.structs.replace(whole, matrix=None)) == {}

"""Whatever parties of the law's tables a body is, its suite can be made, and nothing in it calls a permitted line wrong."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bango_conformance.choices import not_permitted
from bango_conformance.lines import asker_lines, entries_of, provider_lines
from bango_conformance.suite import Scope, suite
from bango_spec import law
from bango_spec.allow_list import TABLE
from bango_spec.vocabulary import parties

BODY = "1311300000000000"
EDITIONS = sorted(one.id for one in law.editions() if TABLE in one.tables)


def scopes(edition: str) -> list[Scope]:
    """Each party alone, neighbours in pairs, and a body that is everybody."""
    names = sorted(parties())
    pairs = list(pairwise(names))[::7]
    return [Scope(edition, BODY, held) for held in (*((one,) for one in names), *pairs, tuple(names))]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_party_has_a_suite(edition: str) -> None:
    for scope in scopes(edition):
        made = {one.id for one in suite(scope)}
        provides, asks = bool(provider_lines(scope)), bool(asker_lines(scope))
        assert ("permission.permit.mismatch.information" in made) == provides
        assert ("record.provider.not-permitted.agrees" in made) == provides
        assert ("permission.asker.own-name.posing" in made) == asks


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_is_taken_for_a_line_that_nobody_permits_is_none(edition: str) -> None:
    for scope in scopes(edition):
        for lines in (provider_lines(scope), asker_lines(scope)):
            if lines:
                wrong = not_permitted(scope, lines, lines[0])
                assert wrong[:5] not in {one[:5] for one in lines}
                assert wrong.information in {one.information for one in entries_of(scope.edition)}

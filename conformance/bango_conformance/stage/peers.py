"""The other bodies of the played network: one for each party of the law's tables, and the target's own body."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bango_mocks.directory import Directory, Entry
from bango_spec.allow_list import party_kinds
from bango_spec.vocabulary import parties

if TYPE_CHECKING:
    from bango_spec.target import Target


@cache
def peer_code(party: str) -> str:
    """The body code of the played body that is this party."""
    number = sorted(parties()).index(party) + 1
    return f"99999000000{number:05d}"


CITY, TOWN, MERGED_ON = "9000197100400001", "9000197203100001", "2005-03-31"
WARD, VILLAGE, ABROAD = "971012", "973041", "999999"


def municipal_peers() -> list[Entry]:
    """A designated city with a ward, and a town merged into it, which had taken in a village before."""
    city = Entry(
        body=CITY,
        name="試験政令市",
        kinds=party_kinds(["mayor"]),
        municipality=municipality_of(CITY),
        wards=(WARD,),
        predecessors=((municipality_of(TOWN), MERGED_ON),),
    )
    town = Entry(
        body=TOWN,
        name="試験旧町",
        kinds=party_kinds(["mayor"]),
        municipality=municipality_of(TOWN),
        replaced_by=CITY,
        predecessors=((VILLAGE, "1999-03-31"),),
    )
    return [city, town]


def municipality_of(body: str) -> str:
    """The municipality code in a body code (assumption `body-code-parts`)."""
    return body[5:11]


def peer_directory(target: Target) -> Directory:
    """Every party of the vocabulary as a body of its own, and the target's body with the parties that it comprises."""
    entries = [
        Entry(body=peer_code(party), name=entry.ja, kinds=party_kinds([party])) for party, entry in parties().items()
    ]
    entries += municipal_peers()
    own = Entry(body=target.body.code, name=target.product.name, kinds=party_kinds(target.body.parties))
    return Directory([*entries, own])

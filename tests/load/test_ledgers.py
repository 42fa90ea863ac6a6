"""What is left behind by a campaign: each way in which ledgers can disagree or something be lost is found, and only that."""

from __future__ import annotations

import hashlib
import json
from types import SimpleNamespace
from typing import Any

import pytest

from bango_loadtests.judge import ledgers
from bango_loadtests.tally import Tally
from bango_spec import load
from bango_spec.assumptions import value

OWN, OTHER = "9000151201000003", "9000151202800003"
SCENE: Any = SimpleNamespace(body=OWN)


def record(permit: str, asker: str, provider: str, outcome: str = "provided", **more: Any) -> dict[str, Any]:
    same = {"task": "T1", "procedure": "P1", "information": "I1"}
    return {"permit_id": permit, "asker": asker, "provider": provider, "outcome": outcome, **same, **more}


def told(**changes: Any) -> dict[str, Any]:
    return {
        "core": [record("p1", OWN, OTHER), record("p2", OTHER, OWN), record("p3", OTHER, OTHER)],
        "target": [record("p1", OWN, OTHER, role="asker"), record("p2", OTHER, OWN, role="provider")],
        "others": {"p1": "provided"},
        "later": [],
    } | changes


def test_ledgers_that_agree() -> None:
    found = ledgers.agreement(SCENE, told())
    assert (found.looked, found.wrong) == (3, 0)


def test_what_the_core_writes_while_the_target_is_read_is_not_held_against_it() -> None:
    newest = record("p4", OWN, OTHER, role="asker")
    assert ledgers.agreement(SCENE, told(target=[*told()["target"], newest])).wrong == 1
    assert ledgers.agreement(SCENE, told(target=[*told()["target"], newest], later=["p4"])).wrong == 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"target": [record("p1", OWN, OTHER, role="asker")]}, "p2: 0 records"),
        ({"target": told()["target"] * 2}, "2 records"),
        (
            {"target": [told()["target"][0], record("p2", OTHER, OWN, "no-record", role="provider")]},
            "differ in outcome",
        ),
        ({"core": told()["core"][:1]}, "no such permit"),
        ({"others": {}}, "provided by nobody"),
    ],
)
def test_each_disagreement_is_told(changes: dict[str, Any], says: str) -> None:
    found = ledgers.agreement(SCENE, told(**changes))
    assert found.wrong >= 1
    assert any(says in example for example in found.examples)


def chained(count: int) -> list[dict[str, Any]]:
    rule = value("record-chain")
    previous, made = rule["first"], []
    for n in range(1, count + 1):
        bare = {"sequence": n, "permit_id": f"p{n}"}
        plain = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        own = hashlib.sha256(previous.encode() + plain).hexdigest()
        made.append(bare | {"previous_hash": previous, "hash": own})
        previous = own
    return made


def test_a_chain_holds_until_a_link_is_taken_out_changed_or_swapped() -> None:
    whole = chained(6)
    assert ledgers.chain(whole).wrong == 0
    assert ledgers.chain(whole[:2] + whole[3:]).wrong > 0
    assert ledgers.chain([*whole[:2], whole[2] | {"permit_id": "other"}, *whole[3:]]).wrong == 1
    assert ledgers.chain([whole[1], whole[0], *whole[2:]]).wrong > 0
    assert ledgers.chain([]).looked == 0


def test_what_was_accepted_has_to_come_to_its_end() -> None:
    tally = Tally(
        inquiries={"seen": ("n1", "I1", "provided", "p1"), "late": ("n1", "I1", "", ""), "gone": ("n2", "I1", "", "")},
        acquisitions={"a1": "linked"},
        replicas={"n1/I1": 3, "n2/I1": 5},
        files={"f1": (10, 10), "f2": (10, 9)},
    )
    wanted = ledgers.unfinished(tally)
    assert wanted["inquiries"] == ["late", "gone"]
    assert wanted["replicas"] == ["n1/I1", "n2/I1"]
    states = {"inquiries": {"late": "answered"}, "replicas": {"n1/I1": 3, "n2/I1": 4}}
    states["acquisitions"] = {"a1": ended} if (ended := next(iter(_ended()))) else {}
    found = ledgers.nothing_lost(tally, {"states": states})
    words = "\n".join(found.examples)
    assert found.wrong == 3, words
    for says in ("inquiry gone: unknown", "generation 5 acknowledged, now 4", "file f2: 10 rows accepted, 9"):
        assert says in words
    assert "n2/" not in words


def _ended() -> set[str]:
    return {state for one in load.every("behaviours") if one.flow == "linkage" for state in one.ended}


def test_a_permit_used_again_must_bring_nothing() -> None:
    assert ledgers.replayed({"replayed": {"p1": "used-permit", "p2": "provided"}}).wrong == 1
    assert ledgers.replayed({"replayed": {"p1": "used-permit"}}).wrong == 0

"""What the relay can see of a provision: a message that the asker's key alone opens, with nothing about the person outside it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from bango_conformance.canaries import Watch
from bango_conformance.kinds.privacy_search import make
from bango_conformance.kinds.privacy_traffic import Traffic
from bango_conformance.subject import Provision
from bango_spec.assumptions import value
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

ELEMENT = "interfaces/intermediate-server.network/requestProvision"
HEADER_MEMBERS = frozenset({"alg", "enc", "epk", "kid", "permit_id", "apu", "apv", "typ", "cty"})


def obligations(scope: Scope) -> Iterator[Obligation]:
    """The sealed answer from all sides."""
    checks: tuple[tuple[str, str, Text, Callable[[Case, Traffic], None]], ...] = (
        (
            "key-of-asker",
            "IS-PRV-008",
            Text(ja="提供内容は照会者の鍵だけで開く", en="Only the asker's key opens the content"),
            _asker_only,
        ),
        (
            "nothing-outside",
            "IS-PRV-008",
            Text(ja="個人の情報を暗号化の外に出さない", en="Nothing about the person stands outside the encryption"),
            _nothing_outside,
        ),
        (
            "header",
            "IS-PRV-008",
            Text(ja="暗号化の見出しに値を入れない", en="No value in the header of the encryption"),
            _header_clean,
        ),
        (
            "fresh-key",
            "IS-PRV-008",
            Text(ja="提供のたびに新しい鍵で暗号化する", en="Each answer is sealed with a key of its own"),
            _fresh,
        ),
        (
            "permit-id",
            "IS-PRV-019",
            Text(ja="暗号化の見出しと中身に許可の識別子を入れる", en="Header and content carry the permit's id"),
            _permit_id,
        ),
        (
            "items-asked",
            "IS-PRV-007",
            Text(ja="求められた項目だけを渡す", en="Only the items asked for are handed over"),
            _items_asked,
        ),
        (
            "withheld",
            "IS-PRV-016",
            Text(ja="不開示の副本も提供し、その旨を付ける", en="A withheld replica is provided and marked"),
            _withheld,
        ),
        (
            "after-approval",
            "IS-PRV-008",
            Text(ja="職員の判断の後の回答も照会者の鍵だけで開く", en="An answer after approval is sealed too"),
            _approved,
        ),
    )
    for name, clause, title, check in checks:
        yield make(f"sealed.{name}", (clause,), ELEMENT, title, prepared(scope, check), smoke=name == "key-of-asker")


def prepared(scope: Scope, check: Callable[[Case, Traffic], None]) -> Callable[[Case], None]:
    """A check of a linked person with a marked replica."""

    def run(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        traffic.put()
        check(case, traffic)

    return run


def provided(case: Case, traffic: Traffic, **changed: Any) -> tuple[Provision, dict[str, Any]]:
    """A permitted request and the answer that provides."""
    request, answer = traffic.provision(**changed)
    case.need(answer, 200)
    if answer.json.get("outcome") != "provided":
        case.fail("NOT-SERVED", sent="a permitted request", expected="200 provided", came=answer.short())
    return request, answer.json


def opened(token: str, key: ECKey) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Protected header and content of a sealed answer; None when the key does not open it."""
    chosen = value("content-encryption")
    registry = jwe.JWERegistry(algorithms=[chosen["alg"], chosen["enc"]], strict_check_header=False)
    try:
        found = jwe.decrypt_compact(token, key, registry=registry)
        return dict(found.protected), json.loads(found.plaintext or b"")
    except (JoseError, ValueError, KeyError, TypeError):
        return None


def _unsealed(case: Case, answer: dict[str, Any], key: ECKey) -> tuple[dict[str, Any], dict[str, Any]]:
    found = opened(answer["content"], key)
    if found is None:
        case.fail(
            "NOT-TO-THE-ASKER",
            sent="a permitted request with an encryption key",
            expected="content that this key opens",
            came="it does not open it",
        )
    return found


def _asker_only(case: Case, traffic: Traffic) -> None:
    request, answer = provided(case, traffic)
    _, content = _unsealed(case, answer, request.key)
    if content["items"] != traffic.items(traffic.providing.information, traffic.held):
        case.fail("CONTENT-WRONG", sent="a permitted request", expected="the items held", came="other items")
    others = {
        "another request's": traffic.subject.provision(traffic.providing).key,
        "a fresh": ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES+A256KW"}),
    }
    for whose, other in others.items():
        if opened(answer["content"], other) is not None:
            case.fail(
                "OPENED-BY-OTHERS",
                sent="a permitted request",
                expected="content for one key",
                came=f"{whose} key opens it",
            )


def _nothing_outside(case: Case, traffic: Traffic) -> None:
    provided(case, traffic)
    watch = Watch(traffic.canary(name) for name in ("replica-value", "integrated-address-number", "linkage-code"))
    answer = case.evidence().exchanges[-1].response
    found = watch.first((answer.body if answer else "").encode())
    if found is not None:
        case.fail(
            "PLAIN-IN-ANSWER",
            sent="a permitted request",
            expected="nothing about the person outside the encryption",
            came=f"{found.said()} in the answer",
        )


def _header_clean(case: Case, traffic: Traffic) -> None:
    _, answer = provided(case, traffic)
    raw = answer["content"].split(".")[0]
    header = json.loads(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    strange = sorted(set(header) - HEADER_MEMBERS)
    if strange:
        case.fail(
            "HEADER-TELLS",
            sent="a permitted request",
            expected=f"no members besides {', '.join(sorted(HEADER_MEMBERS))} in the protected header",
            came=f"the members {', '.join(strange)}",
        )
    chosen = value("content-encryption")
    if (header.get("alg"), header.get("enc")) != (chosen["alg"], chosen["enc"]):
        case.fail(
            "WEAKER-METHOD",
            sent="a permitted request",
            expected=f"{chosen['alg']} with {chosen['enc']}",
            came=f"{header.get('alg')} with {header.get('enc')}",
        )


def _fresh(case: Case, traffic: Traffic) -> None:
    found = []
    for _ in range(2):
        request, answer = provided(case, traffic)
        header, _ = _unsealed(case, answer, request.key)
        found.append((header["epk"]["x"], answer["content"].split(".")[1], answer["content"].split(".")[2]))
    for name, first, second in zip(("ephemeral key", "content key", "initialisation vector"), *found, strict=True):
        if first == second:
            case.fail("KEY-REUSED", sent="two requests", expected=f"a fresh {name} each", came="the same twice")


def _permit_id(case: Case, traffic: Traffic) -> None:
    request, answer = provided(case, traffic)
    header, content = _unsealed(case, answer, request.key)
    wanted = request.claims["permit_id"]
    for where, held in (("protected header", header), ("content", content)):
        if held.get("permit_id") != wanted:
            case.fail(
                "NOT-TIED-TO-PERMIT",
                sent=f"a request under the permit {wanted}",
                expected=f"this permit_id in the {where}",
                came=str(held.get("permit_id")),
            )


def _items_asked(case: Case, traffic: Traffic) -> None:
    held = traffic.items(traffic.providing.information, traffic.held)
    asked = [max(held)]
    request = traffic.subject.provision(traffic.providing, claims_changed={"items": asked}, items=asked)
    answer = case.need(case.ask("requestProvision", body=request.body), 200)
    _, content = _unsealed(case, answer.json, request.key)
    if set(content["items"]) != set(asked):
        case.fail(
            "MORE-THAN-ASKED",
            sent=f"a request for {', '.join(asked)}",
            expected="this item and no other",
            came=", ".join(sorted(content["items"])) or "none",
        )


def _withheld(case: Case, traffic: Traffic) -> None:
    _, plain = provided(case, traffic)
    if plain["withheld"] is not False:
        case.fail("MARKED-WITHOUT-CAUSE", sent="a request", expected="withheld: false", came=str(plain["withheld"]))
    traffic.put(generation=2, updated_at=traffic.later(), withheld=True)
    _, marked = provided(case, traffic)
    if marked["withheld"] is not True:
        case.fail(
            "MARK-LOST",
            sent="a request for a replica marked as withheld",
            expected="provided, with withheld: true",
            came=f"withheld: {marked['withheld']}",
        )


def _approved(case: Case, traffic: Traffic) -> None:
    request = traffic.refused_by_staff()
    case.need(traffic.decide(request, "approve"), 200)
    sent = case.await_received("relayAnswer")
    if sent is None:
        case.fail("NO-ANSWER-SENT", sent="an approval", expected="an answer to the network", came="none in time")
    _, content = _unsealed(case, sent.body, request.key)
    found = Watch([traffic.canary("replica-value")]).first(sent.exchange.request.body.encode())
    if found is not None:
        case.fail("PLAIN-IN-ANSWER", sent="an approval", expected="a sealed answer", came=f"{found.said()} in it")
    if content.get("permit_id") != request.claims["permit_id"]:
        case.fail(
            "NOT-TIED-TO-PERMIT", sent="an approval", expected="the permit's id", came=str(content.get("permit_id"))
        )

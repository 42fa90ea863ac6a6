"""URLs in permits, keys and answers, which the target must not fetch."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec
from joserfc import jwe, jws
from joserfc.jwk import ECKey

from bango_conformance.findings import Unmet
from bango_conformance.kinds.privacy_marks import asking, providing
from bango_conformance.kinds.privacy_traffic import Traffic
from bango_conformance.obligation import Obligation
from bango_conformance.stage.impostor import Impostor
from bango_conformance.stage.played import answer_with, content_for
from bango_conformance.subject import layout_of
from bango_mocks.serving import Reply
from bango_spec.assumptions import value
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.stage.played import Asked
    from bango_conformance.suite import Scope

TRAPS = ("jku", "x5u")


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Each URL that must not be fetched, wherever it can be named."""
    if asking(scope) is None or providing(scope) is None:
        return
    for trap in TRAPS:
        for known in (False, True):
            yield _trap(
                f"permit.{trap}.{'known-key' if known else 'unknown-key'}",
                Text(ja=f"許可の見出しの{trap}に接続しない", en=f"Does not fetch the {trap} of a permit"),
                _permit_trap(scope, trap, known=known),
            )
        yield _trap(
            f"encryption-key.{trap}",
            Text(ja=f"暗号鍵の{trap}に接続しない", en=f"Does not fetch the {trap} of an encryption key"),
            _key_trap(scope, trap),
        )
        yield _trap(
            f"answer.{trap}",
            Text(ja=f"受け取った回答の見出しの{trap}に接続しない", en=f"Does not fetch the {trap} of an answer"),
            _answer_trap(scope, trap),
        )


def _trap(name: str, title: Text, check: Callable[[Case], None]) -> Obligation:
    return Obligation(
        id=f"transport.url.{name}",
        kind="transport",
        clauses=("IS-TRN-010",),
        element="interfaces/intermediate-server.network/requestProvision",
        title=title,
        check=check,
    )


def _with_trap(case: Case, run: Callable[[str], None], what: str) -> None:
    host = case.stage.target.network.bind
    with Impostor(host, 0, None) as trap:
        run(f"http://{case.stage.target.network.advertise}:{trap.port}/keys.json")
        visits = trap.visits()
        if visits:
            case.fail(
                "URL-FETCHED",
                sent=what,
                expected="no connection to the URL named in it",
                came=f"{len(visits)} connection(s), the first saying {visits[0].said[:60].decode('latin-1')!r}",
            )


def _permit_trap(scope: Scope, trap: str, *, known: bool) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        traffic.put()
        request = traffic.subject.provision(traffic.providing)
        header = _header_of(request.body["permit"])
        stranger = ECKey.generate_key("P-256", {"use": "sig", "alg": header["alg"]})
        stranger.ensure_kid()
        chosen = header["kid"] if known else stranger.kid

        def run(url: str) -> None:
            named = header | {"kid": chosen, trap: url}
            registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
            forged = jws.serialize_compact(named, msgspec.json.encode(request.claims), stranger, registry=registry)
            answer = case.ask("requestProvision", body=request.body | {"permit": forged})
            case.refused(
                answer,
                "FORGED-PERMIT",
                ("permit-forged",),
                sent=f"a permit signed by a stranger whose key {trap} names",
            )

        _with_trap(case, run, f"a permit with {trap} in its header")
        answer = case.need(case.ask("requestProvision", body=request.body), 200)
        if answer.json["outcome"] != "provided":
            raise Unmet("正しい許可でも提供されません。", "the genuine permit is not served either")

    return check


def _header_of(token: str) -> dict[str, Any]:
    raw = token.split(".", maxsplit=1)[0]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    return found


def _key_trap(scope: Scope, trap: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()
        traffic.put()
        request = traffic.subject.provision(traffic.providing)

        def run(url: str) -> None:
            key = request.body["encryption_key"] | {trap: url}
            answer = case.ask("requestProvision", body=request.body | {"encryption_key": key})
            case.refused(
                answer,
                "KEY-WITH-URL",
                ("malformed-request", "key-unusable"),
                sent=f"an encryption key with the member {trap}",
                clause="IS-TRN-010",
            )

        _with_trap(case, run, f"an encryption key with {trap}")

    return check


def _answer_trap(scope: Scope, trap: str) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        traffic = Traffic(case, scope)
        traffic.link()

        def run(url: str) -> None:
            async def script(asked: Asked) -> Reply:
                information = asked.provision["information"]
                made = content_for(asked, traffic.items(information, traffic.received), layout=layout_of(information))
                answer = answer_with(asked, made, case.stage.clock())
                return Reply(200, answer | {"content": _sealed(made, asked.provision["encryption_key"], {trap: url})})

            case.stage.played.script(traffic.subject.linkage_code, script)
            traffic.subject.settled(traffic.subject.inquire(traffic.asking))

        _with_trap(case, run, f"an answer with {trap} in its header")

    return check


def _sealed(content: dict[str, Any], key: dict[str, Any], more: dict[str, str]) -> str:
    rule = value("content-encryption")
    header = {"alg": rule["alg"], "enc": rule["enc"], "kid": key["kid"], "permit_id": content["permit_id"], **more}
    registry = jwe.JWERegistry(algorithms=[rule["alg"], rule["enc"]], strict_check_header=False)
    return jwe.encrypt_compact(header, msgspec.json.encode(content), ECKey.import_key(key), registry=registry)

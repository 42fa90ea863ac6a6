"""Keys that nothing may be sealed to."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from joserfc.jwk import ECKey

from bango_conformance.kinds.privacy_sealed import prepared, provided
from bango_conformance.kinds.privacy_search import make
from bango_conformance.kinds.privacy_traffic import Traffic
from bango_spec.reading import Text

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.obligation import Obligation
    from bango_conformance.suite import Scope

ELEMENT = "interfaces/intermediate-server.network/requestProvision"
FAR = base64.urlsafe_b64encode(b"\x01" * 32).rstrip(b"=").decode()
Change = Callable[[dict[str, Any], ECKey], dict[str, Any]]
UNUSABLE: tuple[tuple[str, Text, Change], ...] = (
    ("off-curve", Text(ja="曲線上に無い点の", en="that is no point of the curve"), lambda key, _: key | {"y": FAR}),
    ("zero", Text(ja="零の座標の", en="with zero coordinates"), lambda key, _: key | {"x": "A" * 43, "y": "A" * 43}),
    ("private", Text(ja="秘密部分を含む", en="with its private part"), lambda _, own: dict(own.as_dict(private=True))),
    (
        "other-curve",
        Text(ja="別の曲線を名乗る", en="that claims another curve"),
        lambda key, _: key | {"crv": "secp256k1"},
    ),
    (
        "other-type",
        Text(ja="種類の異なる", en="of another type"),
        lambda _, own: {"kty": "oct", "k": FAR, "kid": own.kid, "use": "enc", "alg": "A256KW"},
    ),
    (
        "weaker-method",
        Text(ja="弱い方式を求める", en="that asks for a weaker method"),
        lambda key, _: key | {"alg": "ECDH-ES"},
    ),
    (
        "no-method",
        Text(ja="暗号化しない方式を求める", en="that asks for no encryption"),
        lambda key, _: key | {"alg": "none"},
    ),
    ("signing", Text(ja="署名用の", en="meant for signatures"), lambda key, _: key | {"use": "sig"}),
    (
        "half",
        Text(ja="座標の欠けた", en="without a coordinate"),
        lambda key, _: {name: held for name, held in key.items() if name != "y"},
    ),
)


def obligations(scope: Scope) -> Iterator[Obligation]:
    """Each key that a request must be refused for."""
    for name, title, change in UNUSABLE:
        yield make(
            f"sealed.unusable-key.{name}",
            ("IS-PRV-009",),
            ELEMENT,
            Text(ja=f"{title.ja}鍵での求めを拒む", en=f"Refuses a key {title.en}"),
            prepared(scope, _unusable(name, change)),
        )


def _unusable(name: str, change: Change) -> Callable[[Case, Traffic], None]:
    def check(case: Case, traffic: Traffic) -> None:
        request = traffic.subject.provision(traffic.providing)
        good = request.body["encryption_key"]
        bad = request.body | {"encryption_key": change(good, request.key)}
        answer = case.ask("requestProvision", body=bad)
        case.refused(
            answer,
            "UNUSABLE-KEY-USED",
            ("key-unusable", "malformed-request"),
            sent=f"a permitted request with an unusable encryption key ({name})",
        )
        if "content" in (answer.json or {}):
            case.fail("UNUSABLE-KEY-USED", sent="an unusable key", expected="no content", came="content")
        provided(case, traffic)

    return check

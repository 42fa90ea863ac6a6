"""Opening what the target provides: the JWE of an answer with the key that the request gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from joserfc import jwe
from joserfc.errors import JoseError

from bango_spec.assumptions import value

if TYPE_CHECKING:
    from bango_conformance.case import Case
    from bango_conformance.subject import Provision


def opened(case: Case, provision: Provision, answer: dict[str, Any]) -> dict[str, Any]:
    """The content of a `provided` answer; Broken when the asker's key does not open it."""
    rule = value("content-encryption")
    registry = jwe.JWERegistry(algorithms=[rule["alg"], rule["enc"]], strict_check_header=False)
    try:
        found = jwe.decrypt_compact(answer["content"], provision.key, registry=registry)
        content: dict[str, Any] = msgspec.json.decode(found.plaintext or b"")
    except (JoseError, ValueError, KeyError, TypeError) as error:
        case.fail(
            "CONTENT-CLOSED",
            sent="a provision request",
            expected="content that the asker's key opens",
            came=f"{type(error).__name__}: {error}",
        )
    return content

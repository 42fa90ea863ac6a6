"""Bodies, tasks and persons that the tests of the reference server speak of."""

from __future__ import annotations

import itertools
import secrets
from typing import Any

from joserfc import jwe

from bango_spec import items

OWN, PEER = "9000163101900001", "9000163102700001"
OTHER_BODY = "9000163103500001"
TAX, MEDICAL = "TM00000000000002", "medical-insurance"
LINE = {"task": "JM01000000121000", "procedure": "JT01010000000214", "information": TAX}
FORBIDDEN = {"task": "JM01000000121000", "procedure": "JT01010000000999", "information": TAX}
EDITION = "2020-09-06"
PASSPHRASE = "a passphrase of the tests"
LAYOUT = items.layouts("local-tax")[-1].version
FIRST_LAYOUT = items.layouts("local-tax")[0].version
SEALING = jwe.JWERegistry(algorithms=["ECDH-ES+A256KW", "A256GCM"], strict_check_header=False)
_numbers = itertools.count(1)


def tax_items(seed: int = 1, layout: str = LAYOUT) -> dict[str, Any]:
    """Right items of the tax information."""
    return items.sample("local-tax", layout, seed)


def new_person() -> str:
    """An integrated address number that no other test has."""
    return f"000009{next(_numbers):09d}"


def new_code() -> str:
    """A linkage code that nobody has."""
    return secrets.token_urlsafe(32)[:42] + "A"

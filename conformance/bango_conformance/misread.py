"""When a check stumbles: whether it did so over an answer that no document has."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bango_conformance.operations import operation
from bango_conformance.shape.schemas import faults
from bango_reports.model import Exchange, Message

JSON = ("application/json", "application/problem+json")


def undocumented(exchanges: Sequence[Exchange]) -> str | None:
    """What is wrong with the latest answer of the target that breaks its document; None where all keep to theirs."""
    for exchange in reversed(exchanges):
        if exchange.direction != "sent-to-target" or exchange.response is None:
            continue
        told = _wrong(exchange, exchange.response)
        if told is not None:
            return f"{exchange.label} {exchange.status}: {told}"
    return None


def _wrong(exchange: Exchange, response: Message) -> str | None:
    try:
        found = operation(exchange.label)
    except KeyError:
        return None
    known = next((one for one in found.responses if one.status == exchange.status), None)
    if known is None:
        return "a status that the document does not have"
    if known.schema is None or known.media_type not in JSON or response.cut:
        return None
    try:
        body = json.loads(response.body) if response.encoding != "base64" else None
    except (ValueError, RecursionError):
        return "no JSON"
    broken = faults(found.document, known.schema, body)
    return "; ".join(f"at {place or 'the whole'}: {message[:120]}" for place, message in broken[:3]) or None

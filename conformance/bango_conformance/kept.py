"""What is kept of a run: evidence masked whole before it is shortened, and the target's log without personal values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bango_conformance.canaries import body_of
from bango_reports.evidence import message
from bango_reports.model import Message

if TYPE_CHECKING:
    from pathlib import Path

    from bango_conformance.stage import Stage
    from bango_reports.masking import Masker
    from bango_reports.model import Evidence, Exchange

LOG_KEPT = 32 * 1024 * 1024
PIECE = 1024 * 1024


def kept(evidence: Evidence, masker: Masker) -> Evidence:
    """The evidence of a case as it goes into the run's folder."""
    exchanges = tuple(_exchange(exchange, masker) for exchange in evidence.exchanges)
    bare = masker.mask_all(msgspec.structs.replace(evidence, exchanges=()))
    return msgspec.structs.replace(bare, exchanges=exchanges)


def _exchange(exchange: Exchange, masker: Masker) -> Exchange:
    bare = masker.mask_all(msgspec.structs.replace(exchange, request=Message(), response=None))
    response = None if exchange.response is None else _message(exchange.response, masker)
    return msgspec.structs.replace(bare, request=_message(exchange.request, masker), response=response)


def _message(whole: Message, masker: Masker) -> Message:
    return message(whole.headers, body_of(whole), masker)


def log_masked(log: Path, stage: Stage) -> None:
    """Rewrite what the target wrote to its log, at most its last LOG_KEPT bytes, with every personal value masked."""
    if not log.exists():
        return
    part = log.with_suffix(".part")
    with log.open("rb") as source, part.open("w", encoding="utf-8") as made:
        source.seek(max(0, log.stat().st_size - LOG_KEPT))
        while lines := source.readlines(PIECE):
            with stage.masker() as masker:
                made.write(masker.mask(b"".join(lines).decode("utf-8", "replace")))
    part.replace(log)

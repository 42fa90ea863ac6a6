"""Waiting until a target answers, before the first case."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bango_conformance.operations import operation
from bango_conformance.stage.client import Channel, Unanswered, unanswered
from bango_reports.model import Exchange
from bango_spec.target import TargetError

if TYPE_CHECKING:
    from bango_conformance.stage import Stage
    from bango_mocks.hooks import Hooks

SECONDS = 20.0
PAUSE = 0.1
PROBES = (("in-house", "readInHouseHealth"), ("interface-system", "readNetworkHealth"))


def await_ready(stage: Stage, hooks: Hooks) -> None:
    """Return once both sides answer their health operation; TARGET-UNREACHABLE when time is up or the target ended."""
    limit = time.monotonic() + SECONDS
    for player, operation_id in PROBES:
        channel = stage.channel(player)
        while (silence := _probe(channel, operation_id)) is not None:
            code = hooks.ended()
            if code is not None:
                raise TargetError(
                    "TARGET-ENDED",
                    f"対象は起動の途中で終わりました（終了コード {code}） / the target ended with {code} while starting",
                    cause="対象自身の設定か環境です。出力は実行フォルダーの target.log にあります"
                    " / its own configuration or environment; its output is in target.log of the run's folder",
                    step="同じ命令を手で実行してください / start it by hand with the same command",
                )
            if time.monotonic() > limit:
                raise unanswered(channel.origin, silence)
            time.sleep(PAUSE)


def _probe(channel: Channel, operation_id: str) -> str | None:
    found = operation(operation_id)
    try:
        answer = channel.send(found.method, found.path, seen=_unseen, began=0.0)
    except Unanswered as silence:
        return str(silence)
    return None if answer.status == 200 else answer.short()


def _unseen(exchange: Exchange) -> None:
    """Probes belong to no case."""

"""From what was seen to a verdict for each clause: measures against limits, findings of the checks, the three ledgers."""

from __future__ import annotations

from bango_loadtests.judge.conclusion import conclude

__all__ = ["conclude"]

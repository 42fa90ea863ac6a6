"""How Hypothesis draws for the oracle: as always, but without constants of modules that happen to be loaded at the time."""

from __future__ import annotations

from hypothesis.internal.conjecture.providers import HypothesisProvider
from hypothesis.internal.constants_ast import Constants


class Steady(HypothesisProvider):
    """The same seed gives the same requests, whatever ran before in the process."""

    @property
    def _local_constants(self) -> Constants:
        return Constants()

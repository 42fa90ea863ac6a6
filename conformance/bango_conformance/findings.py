"""What a check raises when it cannot say pass."""

from __future__ import annotations

from typing import Literal

Located = Literal["sent", "received", "stored", "none"]
Side = Literal["target", "network", "harness", "unknown"]


class Broken(Exception):  # noqa: N818 - a finding about the target, not an error of the harness
    """The target broke a clause: what was sent to it, what had to come, what came; `code` is the stable reason."""

    def __init__(
        self,
        code: str,
        *,
        sent: str,
        expected: str,
        came: str,
        clause: str | None = None,
        located: Located = "sent",
        at_fault: Side = "target",
    ) -> None:
        super().__init__(f"{code}: expected {expected}; came {came}")
        self.code = code
        self.sent = sent
        self.expected = expected
        self.came = came
        self.clause = clause
        self.located = located
        self.at_fault = at_fault


class Unmet(Exception):  # noqa: N818 - a finding, as above
    """A prerequisite failed, so that nothing can be said about the clause: inconclusive, never green."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.ja = ja
        self.en = en


class NotApplicable(Exception):  # noqa: N818 - a finding, as above
    """The target declares that it does not have what is checked."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.ja = ja
        self.en = en

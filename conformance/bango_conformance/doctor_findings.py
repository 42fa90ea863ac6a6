"""What the doctor finds: a stable code, whether it spoils a run, what it is, the likely cause and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bango_spec.reading import Element, Text
from bango_spec.target import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bango_spec.errors import BangoError

State = Literal["ok", "warn", "fail"]
Pair = tuple[str, str]
"""Japanese and English."""

# What errors with a text in English alone mean to somebody who reads Japanese.
HEADINGS = {
    "LAW-DATE": "法令の版の日付が日付ではありません",
    "LAW-EDITION": "その日付の法令の版がありません",
}


class Finding(Element, frozen=True, kw_only=True):
    """One thing that was looked at."""

    code: str
    state: State
    what: Text
    cause: Text | None = None
    step: Text | None = None


class Findings:
    """What was found so far, in the order of looking."""

    def __init__(self) -> None:
        self._found: list[Finding] = []

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._found)

    @property
    def failed(self) -> bool:
        """Whether something was found that would spoil a run."""
        return any(one.state == "fail" for one in self._found)

    def ok(self, code: str, what: Pair) -> None:
        """It is in order."""
        self._add(code, "ok", what, None, None)

    def warn(self, code: str, what: Pair, cause: Pair | None = None, step: Pair | None = None) -> None:
        """A run makes sense, but some of it will not be green."""
        self._add(code, "warn", what, cause, step)

    def fail(self, code: str, what: Pair, cause: Pair | None = None, step: Pair | None = None) -> None:
        """A run would make no sense."""
        self._add(code, "fail", what, cause, step)

    def error(self, error: BangoError) -> None:
        """An error of the testbed's own reading, as a failure."""
        heading = HEADINGS.get(error.code)
        ja = f"{heading}: {error.what}" if heading else error.what
        cause, step = ((text, text) if text else None for text in (error.cause, error.step))
        self._add(error.code, "fail", (ja, error.what), cause, step)

    def _add(self, code: str, state: State, what: Pair, cause: Pair | None, step: Pair | None) -> None:
        texts = (Text(ja=pair[0], en=pair[1]) if pair else None for pair in (what, cause, step))
        told, why, then = texts
        if told is not None:
            self._found.append(Finding(code=code, state=state, what=told, cause=why, step=then))

    def refuse(self) -> None:
        """Nothing where no run would be spoiled; else every failure at once, as one TargetError (TARGET-FAULTS for several)."""
        failed = [one for one in self._found if one.state == "fail"]
        if len(failed) == 1:
            (one,) = failed
            raise TargetError(one.code, _both(one.what), cause=_both(one.cause), step=_both(one.step))
        if failed:
            told = [f"\n× {one.code}: {_both(one.what)}" + _after(one) for one in failed]
            raise TargetError(
                "TARGET-FAULTS",
                f"直すものが {len(failed)} 件あります / there are {len(failed)} things to mend" + "".join(told),
                step="直して bango doctor で確かめてください / mend them and check with `bango doctor`",
            )


def _after(one: Finding) -> str:
    return "".join(f"\n    {mark} {_both(text)}" for mark, text in (("…", one.cause), ("→", one.step)) if text)


def _both(text: Text | None) -> str:
    if text is None:
        return ""
    return text.ja if text.ja == text.en else f"{text.ja} / {text.en}"

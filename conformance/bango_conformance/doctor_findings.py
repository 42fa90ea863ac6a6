"""What the doctor finds: a stable code, whether it spoils a run, what it is, the likely cause and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bango_spec.reading import Element, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bango_spec.errors import BangoError

State = Literal["ok", "warn", "fail"]
Pair = tuple[str, str]
"""Japanese and English."""

# What the errors that others raise mean to somebody who reads Japanese.
HEADINGS = {
    "TARGET-UNREADABLE": "対象ファイルを読めません",
    "TARGET-SYNTAX": "対象ファイルが TOML として読めません",
    "TARGET-SHAPE": "対象ファイルの書き方に誤りがあります",
    "TARGET-ENVIRONMENT": "対象ファイルが求める環境変数がありません",
    "TARGET-START": "start フックを実行できません",
    "TARGET-HOOK": "フックが失敗しました",
    "TARGET-STAFF": "職員の口座で製品を使えません",
    "TARGET-UNREACHABLE": "製品が答えません",
    "AUTHORITY-UNREADABLE": "証明書のフォルダーに認証局がありません",
    "AUTHORITY-KEY": "認証局の鍵が使えません",
    "LISTEN-REFUSED": "試験台が待ち受ける番地を使えません",
    "LAW-DATE": "法令の版の日付が日付ではありません",
    "LAW-EDITION": "その日付の法令の版がありません",
    "POP-BODY": "試験台の知らない機関コードです",
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
        ja = f"{HEADINGS.get(error.code, '誤り')}: {error.what}"
        cause, step = ((text, text) if text else None for text in (error.cause, error.step))
        self._add(error.code, "fail", (ja, error.what), cause, step)

    def _add(self, code: str, state: State, what: Pair, cause: Pair | None, step: Pair | None) -> None:
        texts = (Text(ja=pair[0], en=pair[1]) if pair else None for pair in (what, cause, step))
        told, why, then = texts
        if told is not None:
            self._found.append(Finding(code=code, state=state, what=told, cause=why, step=then))

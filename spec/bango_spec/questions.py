"""Questions in the law's words and their answers: one at a time, or a file of them with one JSON object a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bango_spec.decisions import Answer, decide_permit, decide_use
from bango_spec.errors import BangoError, UsageError
from bango_spec.reading import Element
from bango_spec.terms import TermError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["Answer", "Question", "batch_lines", "error_record", "may_use", "permits", "question", "record"]


class Question(Element, frozen=True):
    """Who asks, for which task under which law, from whom and for what; `item` narrows, `as_of` chooses the edition."""

    asker: str
    law: str | None = None
    task: str | None = None
    provider: str | None = None
    information: str | None = None
    item: str | None = None
    as_of: str | None = None


_KEYS = ("asker", "law", "task", "provider", "information", "item", "as_of")
_SHAPE = "一行に一つの JSON オブジェクトを書く。 write one JSON object a line"
_USE = ("asker", "law", "task", "item", "as_of")


def question(given: Mapping[str, Any], *, use: bool = False) -> Question:
    """A checked question; QUESTION-KEY (unknown key), QUESTION-MISSING (a key is needed) or QUESTION-VALUE."""
    keys = _USE if use else _KEYS
    if unknown := [k for k in given if k not in keys]:
        raise UsageError(
            "QUESTION-KEY",
            f"この鍵は分からない。 unknown key: {', '.join(unknown)}",
            step=f"使える鍵。 the keys are {', '.join(keys)}",
        )
    values: dict[str, str] = {}
    for key, value in given.items():
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
            raise UsageError(
                "QUESTION-VALUE",
                f"{key}: 文字がない、又は文字列ではない: {value!r}。 empty, or not a text",
                step="法の言葉か id を書く。 give the law's term or an id",
            )
        values[key] = str(value)
    needed = ["asker"] if use else ["asker", "provider", "information"]
    missing = [k for k in needed if k not in values]
    if not {"law", "task", "item"} & values.keys():
        missing.append("task")
    if missing:
        raise UsageError(
            "QUESTION-MISSING",
            f"足りない。 missing: {', '.join(missing)}",
            step=f"これも書く。 give {', '.join(missing)}",
        )
    return Question(**values)


def permits(asked: Question) -> Answer:
    """Whether the table of inquiries permits it; TermError when a word cannot be resolved."""
    return decide_permit(
        asked.asker, asked.law, asked.task, asked.provider or "", asked.information or "", asked.item, asked.as_of
    )


def may_use(asked: Question) -> Answer:
    """Whether the table of uses lets the asker use the number for the task; TermError for an unknown word."""
    return decide_use(asked.asker, asked.law, asked.task, asked.item, asked.as_of)


def record(answer: Answer) -> dict[str, Any]:
    """The answer as plain data, as `--format json` prints it."""
    plain: dict[str, Any] = msgspec.to_builtins(answer)
    return plain


def error_record(error: BangoError) -> dict[str, Any]:
    """The error as plain data: code, message, and what may have been meant."""
    body: dict[str, Any] = {"code": error.code, "message": error.what, "step": error.step}
    if error.cause:
        body["cause"] = error.cause
    if isinstance(error, TermError):
        body |= {"coordinate": error.coordinate, "value": error.value}
        if error.meanings:
            body["meanings"] = [{"id": ident, "ja": ja} for ident, ja in error.meanings]
        else:
            body["suggestions"] = error.suggestions
    return {"error": body}


def batch_lines(answer: Callable[[Question], Answer], lines: Iterable[bytes], *, use: bool = False) -> Iterator[str]:
    """One JSON answer for every line, in order; a line that cannot be answered gives an error and the rest go on."""
    asked = list(lines)
    while asked and not asked[-1].strip():
        asked.pop()
    for line in asked:
        try:
            given = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))
            if not isinstance(given, dict):
                raise UsageError("QUESTION-SHAPE", "JSON のオブジェクトではない。 not a JSON object", step=_SHAPE)
            found = record(answer(question(given, use=use)))
        except msgspec.DecodeError as error:
            found = error_record(
                UsageError("QUESTION-JSON", "JSON として読めない。 not JSON", cause=str(error), step=_SHAPE)
            )
        except BangoError as error:
            found = error_record(error)
        yield msgspec.json.encode(found).decode()

"""The course of a workflow: who calls whom in which order, what must come back, and what happens when it does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bango_reports.diagrams import _svg
from bango_reports.diagrams._participants import Course, course
from bango_reports.diagrams._svg import Box, Canvas, Words, label, words
from bango_reports.diagrams.systems import Lang, Link
from bango_spec.reading import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bango_spec.workflows import Document, FailureAction, Step

_EDGE, _LANE, _TEXT, _PAUSE = 12, 44, 500, 34
_STATUS = re.compile(r"\$statusCode == (\d{3})")
_BODY = re.compile(r"\$response\.body#/(\S+) == (.+)")
_WAITS = Text(ja="この間、ネットワークを通じて処理が進む", en="meanwhile the network carries it on")


class _Row(NamedTuple):
    """A step with its words and the height that it takes."""

    number: int
    step: Step
    blocks: tuple[Words, ...]
    pause: bool

    @property
    def height(self) -> float:
        return max(sum(block.height for block in self.blocks) + 16, 72) + (_PAUSE if self.pause else 0)


def workflow(document: Document, lang: Lang, link: Link) -> str:
    """The sequence diagram of a workflow as SVG; `link` gives the address of an operation."""
    return _Sequence(document, lang, link).draw()


class _Sequence:
    def __init__(self, document: Document, lang: Lang, link: Link) -> None:
        self.document = document
        self.lang: Lang = lang
        self.link = link
        self.canvas = Canvas()
        self.course: Course = course(document)
        count = len(self.course.participants)
        self.pitch = 96 if count > 3 else 150
        self.xs = {party: _EDGE + self.pitch * (at + 0.5) for at, party in enumerate(self.course.participants)}
        self.lane = _EDGE + self.pitch * count
        self.text_x = self.lane + _LANE
        self.width = self.text_x + _TEXT + _EDGE

    def say(self, text: Text) -> str:
        return text.ja if self.lang == "ja" else text.en

    def draw(self) -> str:
        found = self.document.workflow
        rows = [self.row(number, step) for number, step in enumerate(found.steps, 1)]
        heads = [label(party.name(self.lang), self.pitch - 14, size=_svg.SMALL, bold=True) for party in self.xs]
        top = _EDGE + max(head.height for head in heads) + 14
        tops: dict[str, float] = {}
        bottom = top + 10
        for row in rows:
            tops[row.step.step_id] = bottom
            bottom += row.height
        for row in rows[::2]:
            stripe = Box(0, tops[row.step.step_id], self.width, row.height)
            self.canvas.box(stripe, "stripe", fill="#f8f8fb", stroke="none", wide=0, round_=0)
        for head, (party, x) in zip(heads, self.xs.items(), strict=True):
            silent = party in self.course.silent
            dash = "2 3" if silent else ""
            self.canvas.line([(x, top), (x, bottom + 8)], "lifeline", stroke=_svg.LINE, wide=1, dash="4 4")
            box = Box(x - self.pitch / 2 + 4, _EDGE, self.pitch - 8, top - _EDGE)
            self.canvas.box(box, "party", fill="#f2f2f2" if silent else "#e8f1fe", dash=dash)
            self.canvas.stack([head], box)
        for row in rows:
            self.step(row, tops)
        desc = " → ".join(f"{row.number} {self.say(row.step.operation.title)}" for row in rows)
        ident = f"workflow-{found.workflow_id}-{self.lang}"
        return self.canvas.finish(ident, self.say(found.title), desc, self.lang, (self.width, bottom + _EDGE))

    def row(self, number: int, step: Step) -> _Row:
        ja, _, en = step.description.partition(" / ")
        operation = step.operation
        blocks = (
            words(ja if self.lang == "ja" else en or ja, _TEXT, bold=True),
            words(f"{operation.method} {self.say(operation.title)}", _TEXT, fill=_svg.KEY, kind="key"),
            words(f"{self.success(step)}  [{step.step_id}]", _TEXT, size=_svg.SMALL, fill=_svg.GREY, kind="grey"),
            *(
                words(
                    self.failure(action),
                    _TEXT,
                    size=_svg.SMALL,
                    fill=_svg.RED if action.type == "end" else _svg.AMBER,
                    kind=action.type,
                )
                for action in step.on_failure
            ),
        )
        waits = bool(self.course.silent) and any(action.type == "retry" for action in step.on_failure)
        return _Row(number, step, blocks, waits)

    def success(self, step: Step) -> str:
        shown, rest = [], 0
        for one in step.success_criteria:
            status, body = _STATUS.fullmatch(one.condition), _BODY.fullmatch(one.condition)
            if status:
                shown.append(status[1])
            elif body and not body[2].startswith("$"):
                shown.append(f"{body[1]} = {body[2].strip(chr(39))}")
            else:
                rest += 1
        if rest:
            shown.append(self.say(Text(ja=f"ほか{rest}件の条件", en=f"{rest} more")))
        return self.say(Text(ja="成功：", en="Success: ")) + self.say(Text(ja="、", en=", ")).join(shown)

    def failure(self, action: FailureAction) -> str:
        if action.type == "retry":
            limit, after = action.retry_limit or 1, action.retry_after or 0
            does = Text(
                ja=f"{after:g}秒おきに{limit}回までやり直す", en=f"again every {after:g} s, up to {limit} times"
            )
        elif action.type == "goto":
            does = Text(ja=f"手順 {action.step_id} へ", en=f"go to step {action.step_id}")
        else:
            does = Text(ja="ここで終わる", en="the course ends here")
        sign = {"retry": "↻", "goto": "↪", "end": "×"}[action.type]
        return f"{sign} {action.name}{self.say(Text(ja='：', en=': '))}{self.say(does)}"

    def step(self, row: _Row, tops: dict[str, float]) -> None:
        top = tops[row.step.step_id]
        if row.pause:
            self.pause(top)
            top += _PAUSE
        caller, called = (self.xs[party] for party in self.course.calls[row.number - 1])
        y, back = top + 20, top + 52
        self.canvas.line([(caller, y), (called, y)], "call", stroke=_svg.KEY, wide=2, arrow=True)
        self.canvas.line([(called, back), (caller, back)], "answer", stroke=_svg.GREY, dash="5 3", arrow=True)
        self.canvas.chip(str(row.number), caller + (called - caller) * 0.3, y)
        statuses = [found[1] for one in row.step.success_criteria if (found := _STATUS.fullmatch(one.condition))]
        status = words(" ".join(statuses), 90, size=_svg.SMALL, fill=_svg.GREEN, kind="status", bold=True)
        self.canvas.text(status, caller + (called - caller) * 0.66, back - status.height - 1, anchor="middle")
        for place, (start, end, action) in enumerate(self.branches(row, tops, y, back)):
            self.branch(self.lane + 8 + place * 12, start, end, action)
        self.canvas.open_link(
            self.link(row.step.operation.operation_id),
            f"{row.number} {row.step.operation.method} {self.say(row.step.operation.title)}",
        )
        below = top + 8
        for block in row.blocks:
            below = self.canvas.text(block, self.text_x, below)
        self.canvas.close_link()

    def branches(
        self, row: _Row, tops: dict[str, float], y: float, back: float
    ) -> Iterator[tuple[float, float | None, FailureAction]]:
        for action in row.step.on_failure:
            if action.type == "end":
                yield back, None, action
            elif action.type == "goto" and action.step_id:
                yield back, tops[action.step_id] + 20, action
            else:
                yield back, y, action

    def branch(self, x: float, start: float, end: float | None, action: FailureAction) -> None:
        """Beside the lifelines: a way back or on to another step, or a cross where the course ends."""
        left = self.lane - 8
        if end is None:
            self.canvas.line([(left, start), (x + 6, start)], action.type, stroke=_svg.RED, wide=2)
            for dy in (-5, 5):
                self.canvas.line([(x + 4, start - dy), (x + 14, start + dy)], action.type, stroke=_svg.RED, wide=2)
            return
        route = [(left, start), (x + 14, start), (x + 14, end), (left, end)]
        self.canvas.line(route, action.type, stroke=_svg.AMBER, wide=2, arrow=True)

    def pause(self, top: float) -> None:
        """What goes on between the two intermediate servers while the caller waits."""
        ends = [x for party, x in self.xs.items() if party.system == "intermediate-server"]
        self.canvas.line([(ends[0], top + 26), (ends[-1], top + 26)], "wait", stroke=_svg.GREY, dash="2 3", arrow=True)
        note = words(self.say(_WAITS), 400, size=_svg.SMALL, fill=_svg.GREY, kind="grey")
        self.canvas.box(
            Box((ends[0] + ends[-1] - note.width) / 2 - 4, top + 5, note.width + 8, 18),
            "note",
            stroke="none",
            wide=0,
            round_=3,
        )
        self.canvas.text(note, (ends[0] + ends[-1]) / 2, top + 6, anchor="middle")

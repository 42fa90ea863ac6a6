"""The terminal: progress while a run goes on, with or without a terminal behind it, and the summary at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bango_reports import safe, words
from bango_reports.events import CaseFinished, CaseStarted, Problem, Progress, RunFinished, RunStarted
from bango_reports.model import Verdict
from bango_reports.summary import lines

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from bango_reports.events import Event
    from bango_spec.reading import Text

_TOLD = 20
_COLOURS = {"×": "bold red", "！": "bold red", "△": "yellow", "？": "yellow", "○": "green"}


class Terminal:
    """Shows a run on a terminal, or as plain lines where there is none."""

    def __init__(self, console: Console | None = None, *, lang: str = "ja") -> None:
        from rich.console import Console as RichConsole  # noqa: PLC0415 - heavy

        self.console = console or RichConsole(highlight=False, markup=False, emoji=False)
        self.lang = lang
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._cases = 0
        self._done = 0
        self._bad = 0

    def handle(self, event: Event) -> None:
        """Take one event."""
        match event:
            case RunStarted():
                self._begin(event)
            case Progress():
                self._phase(event)
            case CaseStarted():
                self._show(f"{event.obligation} {self._say(event.title)}")
            case CaseFinished():
                self._case(event)
            case Problem():
                told = event.difficulty
                self._print(f"！ {told.code}: {self._say(told.what)}" + (f" — {told.cause}" if told.cause else ""))
            case RunFinished():
                self.close()
                for line in lines(event.run, event.folder, lang=self.lang):
                    self._print(line)

    def close(self) -> None:
        """Take the progress bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _begin(self, event: RunStarted) -> None:
        self._cases = event.cases
        target = event.target
        partial = "" if event.selection.complete else self._pick("（一部だけの実行）", " (partial run)")
        self._print(
            f"{target.product} {target.version}  {target.profile}  {event.edition}  seed {event.seed}  "
            + self._pick(f"試験 {event.cases} 件", f"{event.cases} cases")
            + partial
        )
        if self.console.is_terminal:
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
            from rich.progress import Progress as RichBar  # noqa: PLC0415 - heavy

            self._bar = RichBar(
                MofNCompleteColumn(),
                BarColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.description}", markup=False),
                console=self.console,
                transient=True,
            )
            self._task = self._bar.add_task("", total=event.cases)
            self._bar.start()

    def _phase(self, event: Progress) -> None:
        count = f" {event.done}/{event.total}" if event.total else ""
        if self._bar is None:
            self._print(f"… {self._say(event.phase)}{count}")
        else:
            self._show(self._say(event.phase) + count)

    def _case(self, event: CaseFinished) -> None:
        self._done += 1
        verdict = event.result.verdict
        if verdict in {Verdict.FAIL, Verdict.HARNESS_ERROR}:
            self._bad += 1
            if self._bad <= _TOLD:
                sign = words.SIGNS[verdict.value]
                self._print(f"{sign} {event.result.obligation}  {self._say(event.result.title)}")
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task)
        elif self._cases and (self._done == self._cases or self._done % max(1, self._cases // 10) == 0):
            failed = words.VERDICTS["fail"]
            self._print(f"… {self._done}/{self._cases}  {self._say(failed)} {self._bad}")

    def _show(self, text: str) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=safe.line(text))

    def _print(self, text: str) -> None:
        from rich.text import Text as RichText  # noqa: PLC0415 - heavy

        shown = safe.line(text)
        styled = RichText(shown, style=_COLOURS.get(shown.strip()[:1], ""))
        self.console.print(styled, soft_wrap=True, highlight=False)

    def _say(self, text: Text) -> str:
        return self._pick(text.ja, text.en)

    def _pick(self, ja: str, en: str) -> str:
        return en if self.lang == "en" else ja

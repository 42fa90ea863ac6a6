"""The pytest plugin: obligations as items; shared ones run ahead in a pool, those that must be alone run by themselves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from bango_conformance.obligation import Obligation
from bango_reports.model import CaseResult, Verdict

HERE = Path(__file__).resolve().parent
ANCHOR = HERE / "suite.bango"
CONFIGURATION = HERE / "suite.ini"
RED = frozenset({Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.HARNESS_ERROR})

TROUBLE = pytest.StashKey[Exception]()

Execute = Callable[[Obligation], CaseResult]


class Judged(Exception):  # noqa: N818 - carries a red verdict through pytest
    """A case that is not green; its text is the case's own explanation."""


class ObligationItem(pytest.Item):
    """One obligation as a pytest item."""

    obligation: Obligation
    outcome: Callable[[], CaseResult]

    def runtest(self) -> None:
        """Wait for the case's result; a red verdict fails the item, and what keeps a result from being kept ends the run."""
        try:
            result = self.outcome()
        except Judged:
            raise
        except Exception as error:
            self.session.stash.setdefault(TROUBLE, error)
            self.session.shouldfail = f"{type(error).__name__}: {error}"
            raise
        self.user_properties.append(("verdict", result.verdict.value))
        if result.verdict in RED:
            text = f"{result.failure.code}: {result.failure.came}" if result.failure else str(result.note)
            raise Judged(text)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002
        """The case's explanation instead of a traceback."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where the case comes from: its spec element."""
        return ANCHOR, None, self.obligation.element


class SuiteFile(pytest.File):
    """The anchor under which all obligations hang."""

    obligations: Sequence[Obligation]

    def collect(self) -> Iterator[ObligationItem]:
        """One item for each obligation, in the suite's order."""
        for obligation in self.obligations:
            item: ObligationItem = ObligationItem.from_parent(self, name=obligation.id)
            item.obligation = obligation
            yield item


class SuitePlugin:
    """Runs the given obligations with `execute`, at most `jobs` of the shared ones at a time."""

    def __init__(self, obligations: Sequence[Obligation], execute: Execute, jobs: int) -> None:
        self._obligations = obligations
        self._execute = execute
        self._jobs = jobs
        self._stopping = threading.Event()
        self.trouble: Exception | None = None

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> SuiteFile | None:
        """The anchor is the only file of a run."""
        if file_path != ANCHOR:
            return None
        file: SuiteFile = SuiteFile.from_parent(parent, path=file_path)
        file.obligations = self._obligations
        return file

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """What ended the run early stays known when pytest is over."""
        self.trouble = session.stash.get(TROUBLE, None)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[None]:
        """Start the shared cases in order; the loop then takes their results in the same order."""
        items = [item for item in session.items if isinstance(item, ObligationItem)]
        items.sort(key=lambda item: item.obligation.alone)
        session.items[:] = items
        with ThreadPoolExecutor(self._jobs, thread_name_prefix="case") as pool:
            for item in items:
                if item.obligation.alone:
                    item.outcome = lambda obligation=item.obligation: self._execute(obligation)  # type: ignore[misc]
                else:
                    item.outcome = self._ahead(pool, item.obligation)
            try:
                return (yield)
            finally:
                self._stopping.set()
                pool.shutdown(cancel_futures=True)

    def _ahead(self, pool: ThreadPoolExecutor, obligation: Obligation) -> Callable[[], CaseResult]:
        def run() -> CaseResult | None:
            return None if self._stopping.is_set() else self._execute(obligation)

        future: Future[CaseResult | None] = pool.submit(run)

        def outcome() -> CaseResult:
            result = future.result()
            if result is None:
                raise Judged("the run was stopped before this case")
            return result

        return outcome


def run_pytest(plugin: SuitePlugin, *, quiet: bool = True) -> pytest.ExitCode:
    """Let pytest run the suite in this process; pytest's own exit code, and `plugin.trouble` if something ended it early."""
    arguments = ["-c", str(CONFIGURATION), "--rootdir", str(HERE), "--disable-plugin-autoload", str(ANCHOR)]
    # Writers show progress while the cases run; captured, it would come all at once at the end.
    arguments.append("--capture=no")
    if quiet:
        arguments += ["-p", "no:terminal"]
    return pytest.ExitCode(pytest.main(arguments, plugins=[plugin]))

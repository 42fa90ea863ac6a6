"""What a generator counts and remembers: figures by second and by line, what was wrong, what was accepted, and how it fared itself."""

from __future__ import annotations

import msgspec

from bango_loadtests.histogram import Histogram, bucket

EXAMPLES = 20
"""So many findings of one check are kept with their words; all are counted."""
PATIENCE_MS = 30_000.0
"""How long whoever asks is willing to wait for one answer."""
OK = "ok"
SILENCE = "silence"
UNDOCUMENTED = "undocumented"


class Window(msgspec.Struct):
    """Exchanges of one operation: durations from when they were due and from when they were sent, and their ends."""

    due: Histogram = msgspec.field(default_factory=dict)
    sent: Histogram = msgspec.field(default_factory=dict)
    ends: dict[str, int] = msgspec.field(default_factory=dict)
    """`ok`, `silence`, `undocumented`, or `<status>:<code>` of a documented problem."""

    def add(self, due_ms: float, sent_ms: float, end: str) -> None:
        """One more exchange. One that did not end well stands with the whole patience: a quick refusal must not pass for speed."""
        if end != OK:
            due_ms, sent_ms = max(due_ms, PATIENCE_MS), max(sent_ms, PATIENCE_MS)
        late, alone = bucket(due_ms), bucket(sent_ms)
        self.due[late] = self.due.get(late, 0) + 1
        self.sent[alone] = self.sent.get(alone, 0) + 1
        self.ends[end] = self.ends.get(end, 0) + 1

    def take(self, other: Window) -> None:
        """Add another window's counts."""
        for mine, more in ((self.due, other.due), (self.sent, other.sent)):
            for number, count in more.items():
                mine[number] = mine.get(number, 0) + count
        for end, count in other.ends.items():
            self.ends[end] = self.ends.get(end, 0) + count


class Finding(msgspec.Struct):
    """How often a check looked, how often what it saw was wrong, and some of that in words."""

    looked: int = 0
    wrong: int = 0
    examples: list[str] = msgspec.field(default_factory=list)


class Sample(msgspec.Struct):
    """One second of a process: its share of a processor, how late its loop came, and how late arrivals began."""

    second: int
    cpu: float
    lag_ms: float


class Tally(msgspec.Struct):
    """Everything that one process has to tell; parts of it can be added up in any order."""

    windows: dict[str, dict[int, Window]] = msgspec.field(default_factory=dict)
    """Operation or flow → second of the campaign → window."""
    lines: dict[str, Window] = msgspec.field(default_factory=dict)
    """`<operation>|asked|<n>` or `…|served|<n>`, by the scene's questions, after the warm-up."""
    findings: dict[str, Finding] = msgspec.field(default_factory=dict)
    late: Histogram = msgspec.field(default_factory=dict)
    """How late the generator itself began what was due, after the warm-up."""
    samples: list[Sample] = msgspec.field(default_factory=list)
    inquiries: dict[str, tuple[str, str, str, str]] = msgspec.field(default_factory=dict)
    """Inquiry id → (address number, information, outcome or nothing yet, permit id), of what the target accepted."""
    provisions: dict[str, str] = msgspec.field(default_factory=dict)
    """Permit id → outcome, of what the other bodies asked the target and got."""
    replicas: dict[str, int] = msgspec.field(default_factory=dict)
    """`<number>/<information>` → the newest generation that the target acknowledged."""
    acquisitions: dict[str, str] = msgspec.field(default_factory=dict)
    """Acquisition number → state last seen."""
    files: dict[str, tuple[int, int]] = msgspec.field(default_factory=dict)
    """File id → (rows accepted, rows whose results were read)."""
    rows: dict[int, int] = msgspec.field(default_factory=dict)
    """Second → rows of files that were finished in it."""

    def window(self, name: str, second: int) -> Window:
        """The window of an operation in a second, made if it is not there."""
        by_second = self.windows.setdefault(name, {})
        found = by_second.get(second)
        if found is None:
            found = by_second[second] = Window()
        return found

    def looked(self, check: str, wrong: str | None = None) -> None:
        """A check looked at something; `wrong` says what it saw, if that was not right."""
        found = self.findings.get(check)
        if found is None:
            found = self.findings[check] = Finding()
        found.looked += 1
        if wrong is not None:
            found.wrong += 1
            if len(found.examples) < EXAMPLES:
                found.examples.append(wrong)

    def take(self, other: Tally) -> None:
        """Add another tally."""
        for name, by_second in other.windows.items():
            for second, window in by_second.items():
                self.window(name, second).take(window)
        for line, window in other.lines.items():
            self.lines.setdefault(line, Window()).take(window)
        for check, finding in other.findings.items():
            mine = self.findings.setdefault(check, Finding())
            mine.looked += finding.looked
            mine.wrong += finding.wrong
            mine.examples += finding.examples[: EXAMPLES - len(mine.examples)]
        for number, count in other.late.items():
            self.late[number] = self.late.get(number, 0) + count
        for second, rows in other.rows.items():
            self.rows[second] = self.rows.get(second, 0) + rows
        self.samples += other.samples
        self.inquiries |= other.inquiries
        self.provisions |= other.provisions
        self.acquisitions |= other.acquisitions
        self.files |= other.files
        for replica, generation in other.replicas.items():
            self.replicas[replica] = max(generation, self.replicas.get(replica, 0))

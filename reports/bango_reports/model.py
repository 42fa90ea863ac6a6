"""The result model: one run of the suite against one target, its cases, its clauses and the evidence behind them."""

from __future__ import annotations

import enum
from typing import Annotated, Literal

import msgspec

from bango_spec.reading import Element, Text

SCHEMA_VERSION = 1
"""Version of the shape of result files; a reader refuses a higher one (RESULT-FUTURE)."""

Level = Literal["must", "must-not", "should", "should-not", "may"]
BINDING: frozenset[Level] = frozenset({"must", "must-not"})
"""The levels that a product is held to."""
Side = Literal["target", "network", "harness", "unknown"]
Player = Literal["in-house", "interface-system", "core", "peer", "jlis", "portal", "operator", "outsider"]
Grade = Literal["self-declared", "witnessed"]
Digest = Annotated[str, msgspec.Meta(pattern="^sha256:[0-9a-f]{64}$")]
AsciiId = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=200)]
Moment = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")]
Count = Annotated[int, msgspec.Meta(ge=0)]


class Verdict(enum.StrEnum):
    """What one case came to."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    WARN = "warn"
    NOT_APPLICABLE = "not-applicable"
    INCONCLUSIVE = "inconclusive"
    HARNESS_ERROR = "harness-error"


class ClauseState(enum.StrEnum):
    """What the cases of one clause came to; beside the verdicts, a clause may stand without any case."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    WARN = "warn"
    NOT_APPLICABLE = "not-applicable"
    INCONCLUSIVE = "inconclusive"
    HARNESS_ERROR = "harness-error"
    NOT_TESTED = "not-tested"
    """No machine can test it; the clause says why."""
    NOT_RUN = "not-run"
    """It can be tested, but nothing of this run did."""


class Message(Element, frozen=True, kw_only=True):
    """One HTTP message: header fields in their order, and the body as text, or base64 where it is not UTF-8."""

    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    encoding: Literal["utf-8", "base64"] = "utf-8"
    size: Count = 0
    """Bytes of the body as it travelled."""
    cut: bool = False
    """The body shown is only its beginning."""


class Tls(Element, frozen=True, kw_only=True):
    """What the handshake of an exchange showed; `error` holds the alert or the library's reason when it failed."""

    version: str = ""
    cipher: str = ""
    own: str = ""
    """SAN URI of the certificate that the harness showed."""
    peer: str = ""
    """SAN URI of the certificate that the target showed."""
    error: str = ""


class Exchange(Element, frozen=True, kw_only=True):
    """One HTTP exchange between the target and a part that the harness plays."""

    direction: Literal["sent-to-target", "received-from-target"]
    player: Player
    method: str
    url: str
    request: Message = Message()
    status: int | None = None
    """None when no answer came; `error` then says what happened instead."""
    response: Message | None = None
    error: str = ""
    offset_ms: float = 0.0
    """Milliseconds from the beginning of the case."""
    duration_ms: float = 0.0
    tls: Tls | None = None
    label: str = ""
    """The step of the case that it belongs to."""


class Attachment(Element, frozen=True, kw_only=True):
    """Evidence that is no HTTP exchange: an APDU log, a certificate, lines of a ledger, an excerpt of a store."""

    kind: AsciiId
    name: str
    text: str
    offset_ms: float = 0.0


class Evidence(Element, frozen=True, kw_only=True):
    """All that one case saw, personal values masked; one file per case."""

    obligation: AsciiId
    exchanges: tuple[Exchange, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    masked: bool = True
    schema_version: int = SCHEMA_VERSION


class Failure(Element, frozen=True, kw_only=True):
    """Why a case is not green: everything a reader needs to act without reading the suite."""

    clause: str
    """The clause broken first; the case may verify more."""
    code: AsciiId
    """Stable reason code, the same for the same cause in every run."""
    sent: str
    expected: str
    came: str
    at_fault: Side
    located: Literal["sent", "received", "stored", "none"] = "none"
    """Where the offending value stood, seen from the target: it sent it, received it, or stored it."""
    why: Text
    """What it means for a resident."""
    move: Text
    """Whose move it is, and what to do."""
    rerun: str
    """The one command that runs this case again."""


class Waiver(Element, frozen=True, kw_only=True):
    """A known deviation that its owner answers for until a date; it still runs, and never turns a must green."""

    obligation: AsciiId
    reason: str
    owner: str
    expires: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d$")]
    state: Literal["in-force", "stale", "expired", "unknown-obligation", "not-selected"] = "in-force"
    """`stale`: the case passes, the waiver must go."""


class CaseResult(Element, frozen=True, kw_only=True):
    """What one obligation came to."""

    obligation: AsciiId
    kind: AsciiId
    clauses: tuple[str, ...]
    title: Text
    element: str
    """Id of the spec element it was made from."""
    verdict: Verdict
    failure: Failure | None = None
    note: Text | None = None
    """Why it is not applicable or inconclusive, or what a warning says."""
    duration_ms: float = 0.0
    seed: int = 0
    evidence: str = ""
    """File name inside the run folder's `evidence/`; empty when the case left none."""
    evidence_digest: Digest | None = None
    """Filled when the evidence is written."""
    waived: bool = False


class ClauseResult(Element, frozen=True, kw_only=True):
    """What one clause came to, with its wording, so that a report stays whole when it is moved."""

    clause: str
    level: Level
    state: ClauseState
    text: Text
    why: Text | None = None
    sources: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    """The obligations of this run that verify it."""
    not_tested: Text | None = None
    """Why no machine can test it."""
    pending: bool = False
    """Added after the version that the product is held to: it is shown, and scores from the next version on."""

    @property
    def binding(self) -> bool:
        """Whether breaking it makes a product not conformant."""
        return self.level in BINDING and not self.pending


class Counts(Element, frozen=True, kw_only=True):
    """Counts that add up: the verdicts to `cases`, the kinds to `cases`, the states to `clauses`."""

    cases: Count
    verdicts: dict[str, Count]
    kinds: dict[str, dict[str, Count]]
    """kind → verdict → cases."""
    waived: Count
    clauses: Count
    states: dict[str, Count]


class Target(Element, frozen=True, kw_only=True):
    """The product that was judged, as its target file names it."""

    product: str
    version: str
    artefact_digest: Digest
    profile: AsciiId
    vendor: str = ""
    body_kinds: tuple[str, ...] = ()


class Selection(Element, frozen=True, kw_only=True):
    """What was asked to run; only a complete selection can certify anything."""

    complete: bool
    filters: tuple[str, ...] = ()
    """The options that narrowed it, as typed."""


class Named(Element, frozen=True, kw_only=True):
    """A versioned thing with a digest over its files."""

    version: str
    digest: Digest


class Difficulty(Element, frozen=True, kw_only=True):
    """Something that went wrong beside the cases: a stable code, what happened, the likely cause, the next step."""

    code: AsciiId
    what: Text
    cause: str = ""
    step: Text | None = None


class Run(Element, frozen=True, kw_only=True):
    """One run of the suite against one target: the content of `result.json`."""

    schema_version: int = SCHEMA_VERSION
    run: AsciiId
    """Name of the run, unique for its owner; also the name of its folder."""
    tool: str
    """Version of the testbed."""
    spec: Named
    suite: Named
    edition: str
    """Edition of the law, by date."""
    target: Target
    seed: int
    selection: Selection
    grade: Grade = "self-declared"
    started: Moment
    ended: Moment
    jobs: int = 1
    interrupted: bool = False
    cases: tuple[CaseResult, ...]
    clauses: tuple[ClauseResult, ...]
    counts: Counts
    waivers: tuple[Waiver, ...] = ()
    difficulties: tuple[Difficulty, ...] = ()
    exit_code: int
    next_steps: tuple[Text, ...] = ()
    """What to do next, most urgent first."""
    digest: str = ""
    """SHA-256 over the file without this field; filled when the run is written."""

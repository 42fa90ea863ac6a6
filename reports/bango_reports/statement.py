"""What a certificate of conformity says: an in-toto Statement v1 with a test result, as types."""

from __future__ import annotations

from typing import Final, Literal

from bango_reports.model import Counts, Digest, Grade, Moment, Named, Target
from bango_spec.reading import Element, Text

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "https://in-toto.io/attestation/test-result/v0.1"
SCHEMA_VERSION = 1
"""Version of our extension; a reader refuses a higher one."""


class Untested(Element, frozen=True, kw_only=True):
    """A clause that no machine can test, and why."""

    clause: str
    reason: Text


class IssuedBy(Element, frozen=True, kw_only=True):
    """The key that signed; whether to trust it is the reader's decision."""

    key: str
    public_key: str


class Conformity(Element, frozen=True, kw_only=True):
    """What the certificate says beyond the in-toto test result."""

    schema_version: int = SCHEMA_VERSION
    target: Target
    edition: str
    spec: Named
    suite: Named
    tool: str
    run: str
    seed: int
    started: Moment
    ended: Moment
    complete: bool
    counts: Counts
    clauses: dict[str, str]
    """clause → state."""
    not_tested: tuple[Untested, ...]
    evidence: Digest
    """Digest over the run folder: `store.folder_digest`."""
    grade: Grade
    issued: Moment
    expires: Moment
    issuer: IssuedBy


class Resource(Element, frozen=True, kw_only=True):
    """in-toto ResourceDescriptor: a named thing and its digest."""

    name: str
    digest: dict[str, str]


class TestResult(
    Element,
    frozen=True,
    kw_only=True,
    rename={"passed": "passedTests", "warned": "warnedTests", "failed": "failedTests"},
):
    """in-toto test-result predicate v0.1, with our extension `bango_conformity`."""

    result: Literal["PASSED", "WARNED", "FAILED"]
    configuration: tuple[Resource, ...]
    passed: tuple[str, ...]
    warned: tuple[str, ...]
    failed: tuple[str, ...]
    bango_conformity: Conformity


class Statement(Element, frozen=True, kw_only=True, rename={"type": "_type", "predicate_type": "predicateType"}):
    """in-toto Statement v1."""

    type: Literal["https://in-toto.io/Statement/v1"] = STATEMENT_TYPE
    subject: tuple[Resource, ...]
    predicate_type: Literal["https://in-toto.io/attestation/test-result/v0.1"] = PREDICATE_TYPE
    predicate: TestResult

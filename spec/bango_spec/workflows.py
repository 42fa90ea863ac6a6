"""The workflows (Arazzo 1.0.1): what must happen in which order, and how each step shows that it went right."""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath
from typing import Any, Literal

import msgspec

from bango_spec import interfaces
from bango_spec.errors import SpecError
from bango_spec.reading import Element, Text, files, read

SUFFIX = ".arazzo.yaml"


class Camel(Element, frozen=True, rename="camel"):
    """An object of Arazzo, whose member names are camelCase in the file."""


class Info(Camel, frozen=True):
    """The head of a document."""

    title: str
    version: str
    summary: str
    description: str


class Source(Camel, frozen=True):
    """An interface document under the name that steps use; two names may stand for two servers of one document."""

    name: str
    url: str
    type: Literal["openapi"]

    @property
    def document(self) -> str:
        """The name of the document in `bango_spec.interfaces`."""
        return PurePosixPath(self.url).name.removesuffix(".yaml")


class Criterion(Camel, frozen=True):
    """One condition on an answer: a comparison, a regular expression or a JSONPath that must find something."""

    condition: str
    context: str | None = None
    type: Literal["simple", "regex", "jsonpath"] = "simple"


class Parameter(Camel, frozen=True):
    """A value for a parameter, or the `reference` to one that the document's components hold."""

    name: str | None = None
    in_: Literal["path", "query", "header"] | None = msgspec.field(name="in", default=None)
    value: Any = None
    reference: str | None = None


class Body(Camel, frozen=True):
    """The body of a request; expressions in the payload are replaced when it is sent."""

    content_type: str
    payload: Any


class FailureAction(Camel, frozen=True):
    """What to do when a step's criteria are not met and the action's own are."""

    name: str
    type: Literal["end", "retry", "goto"]
    criteria: tuple[Criterion, ...] = ()
    retry_after: float | None = None
    retry_limit: int | None = None
    step_id: str | None = None


class Step(Camel, frozen=True):
    """One call; `by` is the certificate role that calls, where it is not that of an in-house system."""

    step_id: str
    description: str
    operation_id: str
    success_criteria: tuple[Criterion, ...]
    parameters: tuple[Parameter, ...] = ()
    request_body: Body | None = None
    outputs: dict[str, str] = msgspec.field(default_factory=dict)
    on_failure: tuple[FailureAction, ...] = ()
    by: str = msgspec.field(name="x-bango-by", default="in-house")

    @property
    def source(self) -> str:
        """The name of the source that the step calls."""
        return self.operation_id.split(".")[1]

    @property
    def operation(self) -> interfaces.Operation:
        """The operation that the step calls."""
        return interfaces.operation(self.operation_id.split(".")[2])


class Workflow(Camel, frozen=True):
    """The steps and what they need.

    `clauses` are those that the course shows broken or kept; `given` names what must be true before (a key of `GIVEN`);
    `judges` the sources whose conduct it shows, where that is not all of them.
    """

    workflow_id: str
    summary: str
    description: str
    inputs: dict[str, Any]
    steps: tuple[Step, ...]
    title: Text = msgspec.field(name="x-bango-title")
    clauses: tuple[str, ...] = msgspec.field(name="x-bango-clauses")
    given: tuple[str, ...] = msgspec.field(name="x-bango-given")
    judges: tuple[str, ...] = msgspec.field(name="x-bango-judges", default=())
    outputs: dict[str, str] = msgspec.field(default_factory=dict)


class Components(Camel, frozen=True):
    """What several steps share."""

    parameters: dict[str, Parameter] = msgspec.field(default_factory=dict)


class Document(Camel, frozen=True):
    """A file of `workflows/`; each holds one workflow."""

    arazzo: Literal["1.0.1"]
    info: Info
    source_descriptions: tuple[Source, ...]
    workflows: tuple[Workflow, ...]
    components: Components = Components()

    @property
    def workflow(self) -> Workflow:
        """The one workflow of the file."""
        return self.workflows[0]

    def source(self, name: str) -> Source:
        """The source of a name."""
        for found in self.source_descriptions:
            if found.name == name:
                return found
        raise SpecError("SPEC-WORKFLOW", f"{self.workflow.workflow_id} has no source {name}", step="correct the name")

    def parameters(self, step: Step) -> tuple[Parameter, ...]:
        """A step's parameters, references followed."""
        return tuple(
            self.components.parameters[found.reference.rsplit(".", 1)[1]] if found.reference else found
            for found in step.parameters
        )


GIVEN: dict[str, Text] = {
    "staff": Text(
        ja="職員が、要る権限と事務とともに登録されている", en="the staff are registered, with authorities and tasks"
    ),
    "resident": Text(ja="個人番号の住民がいる", en="there is a resident with the individual number"),
    "codes": Text(
        ja="照会側と提供側でその者の符号が結び付いている", en="asker and provider both have the person's code"
    ),
    "asker-code": Text(ja="照会側だけで符号が結び付いている", en="only the asker has the person's code"),
    "provider-code": Text(ja="提供側で符号が結び付いている", en="the provider has the person's code"),
    "line": Text(ja="表の行が、この組合せを許す", en="a line of the table permits the combination"),
    "no-line": Text(ja="表のどの行も、この組合せを許さない", en="no line of the table permits the combination"),
    "inquiry-done": Text(ja="その者への情報照会が一件終わっている", en="one inquiry for the person is over"),
}


@cache
def documents() -> tuple[Document, ...]:
    """Every workflow document."""
    return tuple(read(file, Document) for file in files("workflows", SUFFIX))


def document(workflow_id: str) -> Document:
    """The document of a workflow."""
    for found in documents():
        if found.workflow.workflow_id == workflow_id:
            return found
    raise SpecError("SPEC-WORKFLOW", f"there is no workflow {workflow_id}", step="correct the id")

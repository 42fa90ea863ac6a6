"""The error catalogue: what a problem's `code` means, its HTTP status, and on which side it arose."""

from __future__ import annotations

from functools import cache
from typing import Literal

from bango_spec.errors import SpecError
from bango_spec.reading import Element, Text, read

Origin = Literal["asker", "network", "provider"]
Arises = Literal["caller", "here", "asker", "network", "provider"]


class CatalogueError(Element, frozen=True):
    """One kind of failure; `arises` names the side, or the part of the call whose side it is."""

    code: str
    status: int
    arises: Arises
    appears: tuple[Literal["response", "routing", "result"], ...]
    retry: bool
    title: Text
    cause: Text
    step: Text
    clauses: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """The problem's `type`."""
        return f"urn:bango:error:{self.code}"

    def origin(self, caller: Origin, here: Origin) -> Origin:
        """The side to name in an operation whose caller and server stand on these sides."""
        if self.arises == "caller":
            return caller
        return here if self.arises == "here" else self.arises


class ErrorSet(Element, frozen=True):
    """Codes that many operations share; an operation names the set as `+name`."""

    why: Text
    codes: tuple[str, ...]


class ErrorCatalogue(Element, frozen=True):
    """The file `errors.yaml`."""

    sets: dict[str, ErrorSet]
    errors: tuple[CatalogueError, ...]


@cache
def catalogue() -> ErrorCatalogue:
    """The whole catalogue."""
    return read("errors.yaml", ErrorCatalogue)


@cache
def by_code() -> dict[str, CatalogueError]:
    """Every error by its code."""
    return {error.code: error for error in catalogue().errors}


def error(code: str) -> CatalogueError:
    """The error of a code; SPEC-ERROR-CODE if the catalogue does not hold it."""
    found = by_code().get(code)
    if found is None:
        raise SpecError("SPEC-ERROR-CODE", f"errors.yaml has no code {code}", step="use a code of the catalogue")
    return found


def expand(names: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """The codes that a list of codes and `+sets` stands for, each once, in order."""
    codes: dict[str, None] = {}
    for name in names:
        if name.startswith("+"):
            found = catalogue().sets.get(name[1:])
            if found is None:
                raise SpecError("SPEC-ERROR-SET", f"errors.yaml has no set {name}", step="use a set of the catalogue")
            codes.update(dict.fromkeys(found.codes))
        else:
            codes[error(name).code] = None
    return tuple(codes)

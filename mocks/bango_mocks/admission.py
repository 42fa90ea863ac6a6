"""Who may connect: one entry for each admitted body in the folder of a network, written after its certificate was judged."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import msgspec

from bango_mocks.directory import Directory, Entry
from bango_mocks.parties import parties_of
from bango_mocks.population import body
from bango_spec.allow_list import party_kinds
from bango_spec.errors import UsageError
from bango_spec.reading import Element
from bango_spec.vocabulary import parties

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = "admissions"


class Admission(Element, frozen=True, kw_only=True):
    """One admitted body: where its server answers, and the certificate of conformity that it was admitted with."""

    body: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{16}$")]
    parties: tuple[str, ...]
    url: str = ""
    product: str
    version: str
    artefact: str
    profile: str
    issuer: str
    certificate: str
    """SHA-256 of the certificate's file."""
    admitted: str
    expires: str
    """When the certificate of conformity ends, and the admission with it."""

    def stands(self, now: dt.datetime) -> bool:
        """Whether the admission still holds."""
        return now < dt.datetime.fromisoformat(self.expires)


def write(folder: Path, admission: Admission) -> Path:
    """Enter a body into the network of `folder`; a later admission of the same body takes the place of an earlier one."""
    path = folder / FOLDER / f"{admission.body}.json"
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(msgspec.json.format(msgspec.json.encode(admission), indent=1) + b"\n")
        part.replace(path)
    except OSError as error:
        raise UsageError(
            "ADMISSION-WRITE",
            f"{path}: 接続を認めた記録を書けません / the admission cannot be written: {error.strerror}",
            step="網のフォルダーに書けるようにしてください / make the network's folder writable",
        ) from error
    return path


def admissions(folder: Path) -> Iterator[Admission]:
    """Every admission of a network's folder; ADMISSION-SHAPE names a file that is none."""
    for path in sorted((folder / FOLDER).glob("*.json")):
        try:
            found = msgspec.json.decode(path.read_bytes(), type=Admission)
            if unknown := [party for party in found.parties if party not in parties()]:
                raise ValueError(f"parties: {unknown[0]}")  # noqa: TRY301 - one way out for every malformation
            body(found.body)
            if dt.datetime.fromisoformat(found.expires).tzinfo is None:
                raise ValueError(f"expires: {found.expires}")  # noqa: TRY301 - as above
            yield found
        except (OSError, ValueError, UsageError) as error:
            raise UsageError(
                "ADMISSION-SHAPE",
                f"{path}: 接続を認めた記録ではありません / this is no admission: {getattr(error, 'what', error)}",
                step="`bango admit` でもう一度作ってください / make it again with `bango admit`",
            ) from error


def enter(directory: Directory, folder: Path) -> list[Admission]:
    """Put the admitted bodies of a network's folder into its directory; each stands there until its end."""
    found = list(admissions(folder))
    for one in found:
        known = body(one.body)
        # What a product was judged as makes no body more than it is.
        own = [party for party in parties_of(known) if party in one.parties]
        directory.put(
            Entry(
                body=one.body,
                name=known.full_name,
                kinds=party_kinds(own),
                until=dt.datetime.fromisoformat(one.expires),
                municipality=known.municipality_code or None,
                url=one.url,
            )
        )
    return found

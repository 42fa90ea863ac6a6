"""What a campaign's generators are told of the scene: where everybody is, who lives there, what may be asked, what has to come."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from bango_spec.errors import BangoError
from bango_spec.load import Campaign
from bango_spec.reading import Element


class Question(Element, frozen=True):
    """One combination that the table permits between concrete bodies, in wire codes, and its weight among the others."""

    asker: str
    provider: str
    task: str
    procedure: str
    information: str
    item: str
    line: int
    weight: float


class Resident(Element, frozen=True):
    """One synthetic resident of the scene, as the target's body and the asking bodies know them."""

    index: int
    number: str
    """The integrated address number at the target's body."""
    code: str
    """The linkage code at the target's body."""
    codes: dict[str, str]
    """The linkage codes at the bodies that ask the target, by body."""


class Newcomer(Element, frozen=True):
    """A resident whom the target has no linkage code of yet."""

    number: str
    individual_number: str


class Account(Element, frozen=True):
    """A member of the target's staff who may do what a campaign does."""

    id: str
    passphrase: str


class Judged(Element, frozen=True):
    """The product that is tested, as its target file names it."""

    name: str
    version: str
    vendor: str
    artefact: str
    profile: str
    parties: tuple[str, ...]


class Scene(Element, frozen=True):
    """Everything that a generator needs; personal values and passphrases stand in it, so its file is the owner's alone."""

    campaign: Campaign
    seed: int
    scale: float
    seconds: float
    edition: str
    product: Judged
    body: str
    in_house: str
    network: str
    interface_system: str
    jlis: str
    control: str
    """Where the ground itself is told what to do, on the loopback address."""
    token: str
    credentials: dict[str, str]
    """Folders of credentials by role: `in-house`, `portal`, and `intermediate-server-<body>` for each asking body."""
    staff: Account
    asked: tuple[Question, ...]
    """What the target asks."""
    served: tuple[Question, ...]
    """What the target is asked."""
    residents: tuple[Resident, ...]
    registered: tuple[str, ...]
    """The kinds of information whose replicas the campaign updates."""
    newcomers: tuple[Newcomer, ...]
    answers: dict[str, str]
    """`<number>/<information>` → digest of the items that the other bodies have registered about a resident."""
    replicas: dict[str, str]
    """The same of the replicas that the target has."""


def digest_of(items: object) -> str:
    """A short digest of items, the same whatever the order of their names."""
    from hashlib import blake2b  # noqa: PLC0415 - only here

    return blake2b(msgspec.json.encode(items, order="sorted"), digest_size=12).hexdigest()


def write(path: Path, scene: Scene) -> None:
    """Write the scene where only its owner can read it, in one step."""
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(scene))
    part.replace(path)


def read(path: Path) -> Scene:
    """The scene in a file; LOAD-SCENE when it is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Scene)
    except (OSError, msgspec.DecodeError) as error:
        raise BangoError(
            "LOAD-SCENE",
            f"{path}: 運転の場面を読めません / the scene of the campaign cannot be read",
            cause=str(error),
            step="bango load から始めてください / begin with bango load",
        ) from error

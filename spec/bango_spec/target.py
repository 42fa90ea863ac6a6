"""The target file: one TOML file says what is tested, where it answers, which bodies it serves and what the harness may do to it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from bango_spec.errors import BangoError
from bango_spec.reading import Element

SCHEMA_ID = "urn:bango:schema:target:1"
UNREACHABLE = 10

Url = Annotated[str, msgspec.Meta(pattern=r"^https?://[^/]+$", description="origin only: scheme, host and port")]
Digest = Annotated[str, msgspec.Meta(pattern=r"^sha256:[0-9a-f]{64}$")]
Date = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
BodyCode = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{16}$")]
HOOK_NAMES = ("start", "stop", "kill", "reset", "clock", "export-store", "export-logs")
HookName = Annotated[str, msgspec.Meta(pattern=f"^({'|'.join(HOOK_NAMES)})$")]


class TargetError(BangoError):
    """The target file cannot be used, or the target cannot be reached."""

    exit_code = UNREACHABLE


class Product(Element, frozen=True):
    """What is being certified."""

    name: str
    version: str
    vendor: str
    artefact: Digest


class Endpoints(Element, frozen=True):
    """The origins of the target; nothing else is ever contacted."""

    in_house: Url
    network: Url


class Body(Element, frozen=True):
    """The body whose intermediate server the target is, and the parties of the law's tables that it comprises."""

    code: BodyCode
    parties: tuple[str, ...]


class Network(Element, frozen=True):
    """The network that the harness plays: where it listens, and under which name the target reaches it."""

    credentials: Path
    bind: str = "127.0.0.1"
    advertise: str = "127.0.0.1"
    interface_system_port: int = 0
    jlis_port: int = 0


class Staff(Element, frozen=True):
    """The administrator's account that the harness begins with."""

    id: str
    passphrase: str


class Hook(Element, frozen=True):
    """A command of the vendor's, and the clauses that can only be tested with it."""

    command: tuple[str, ...]
    unlocks: tuple[str, ...] = ()
    seconds: float = 30.0


class Waiver(Element, frozen=True):
    """A known deviation: it still runs, and one that passes or is past its date fails the run."""

    obligation: str
    reason: str
    owner: str
    expires: Date


class Target(Element, frozen=True):
    """A whole target file."""

    product: Product
    profile: str
    endpoints: Endpoints
    body: Body
    network: Network
    staff: Staff
    edition: Date | None = None
    claims: tuple[str, ...] = ()
    not_supported: tuple[str, ...] = ()
    hooks: dict[HookName, Hook] = msgspec.field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()


_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def _substituted(value: Any, environment: Mapping[str, str], place: str) -> Any:
    if isinstance(value, dict):
        return {key: _substituted(item, environment, f"{place}.{key}") for key, item in value.items()}
    if isinstance(value, list):
        return [_substituted(item, environment, f"{place}[{n}]") for n, item in enumerate(value)]
    if not isinstance(value, str):
        return value

    def put(match: re.Match[str]) -> str:
        if match[1] not in environment:
            raise TargetError(
                "TARGET-ENVIRONMENT",
                f"{place.lstrip('.')} needs the environment variable {match[1]}, which is not set",
                cause="secrets are not written into the target file",
                step=f"export {match[1]}=… before the command",
            )
        return environment[match[1]]

    return _VARIABLE.sub(put, value)


def read_target(path: Path, environment: Mapping[str, str] | None = None) -> Target:
    """A target file as data; TARGET-* errors say which key is wrong. Relative folders are taken from the file's own."""
    try:
        raw = msgspec.toml.decode(path.read_bytes())
    except OSError as error:
        raise TargetError(
            "TARGET-UNREADABLE", f"{path}: {error.strerror}", step="`bango init` writes a commented file to start from"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise TargetError("TARGET-SYNTAX", f"{path}: {error}", step="correct the TOML at the place named") from error
    filled = _substituted(raw, os.environ if environment is None else environment, "")
    try:
        target = msgspec.convert(filled, Target, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise TargetError(
            "TARGET-SHAPE",
            f"{path}: {error}",
            cause="a key is missing, unknown or of the wrong kind",
            step="compare with the file that `bango init` writes",
        ) from error
    folder = path.resolve().parent / target.network.credentials
    return msgspec.structs.replace(target, network=msgspec.structs.replace(target.network, credentials=folder))


def _path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError


def target_schema() -> dict[str, Any]:
    """The published JSON Schema of a target file, for editors."""
    schema = msgspec.json.schema(Target, schema_hook=lambda _: {"type": "string"})
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}

"""The target file: one TOML file says what is tested, where it answers, which bodies it serves and what the harness may do to it."""

from __future__ import annotations

import datetime as dt
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
MOST_PORT = 65535
_CONTROLS = "\\u0000-\\u001f\\u007f-\\u009f"
# To Python, `$` also matches before a line break at the end.
_END = r"$(?!\n)"

# Names stand in reports, certificates and commands: a control character would end or disguise a line of them.
Line = Annotated[str, msgspec.Meta(pattern=f"^[^{_CONTROLS}]+{_END}", description="one line, not empty")]
Word = Annotated[str, msgspec.Meta(pattern="^[^\\u0000]*$", description="a word of a command")]
Port = Annotated[int, msgspec.Meta(ge=0, le=MOST_PORT)]
Seconds = Annotated[float, msgspec.Meta(gt=0, le=86400)]
Url = Annotated[str, msgspec.Meta(pattern=rf"^https?://[^/]+{_END}", description="origin only: scheme, host and port")]
Digest = Annotated[str, msgspec.Meta(pattern="^sha256:[0-9a-f]{64}" + _END)]
Date = Annotated[str, msgspec.Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}" + _END)]
BodyCode = Annotated[str, msgspec.Meta(pattern="^[0-9]{16}" + _END)]
HOOK_NAMES = ("start", "stop", "kill", "reset", "clock", "export-store", "export-logs")
HookName = Annotated[str, msgspec.Meta(pattern=f"^({'|'.join(HOOK_NAMES)})$")]


class TargetError(BangoError):
    """The target file cannot be used, or the target cannot be reached."""

    exit_code = UNREACHABLE


class Product(Element, frozen=True):
    """What is being certified."""

    name: Line
    version: Line
    vendor: Line
    artefact: Digest


class Endpoints(Element, frozen=True):
    """The origins of the target; nothing else is ever contacted."""

    in_house: Url
    network: Url


class Body(Element, frozen=True):
    """The body whose intermediate server the target is, and the parties of the law's tables that it comprises."""

    code: BodyCode
    parties: Annotated[tuple[Line, ...], msgspec.Meta(min_length=1)]


class Network(Element, frozen=True):
    """The network that the harness plays: where it listens, and under which name the target reaches it."""

    credentials: Path
    bind: Line = "127.0.0.1"
    advertise: Line = "127.0.0.1"
    interface_system_port: Port = 0
    jlis_port: Port = 0


class Staff(Element, frozen=True):
    """The administrator's account that the harness begins with."""

    id: str
    passphrase: str


class Hook(Element, frozen=True):
    """A command of the vendor's, and the clauses that can only be tested with it."""

    command: Annotated[tuple[Word, ...], msgspec.Meta(min_length=1)]
    unlocks: tuple[str, ...] = ()
    seconds: Seconds = 30.0


class Waiver(Element, frozen=True):
    """A known deviation: it still runs, and one that passes or is past its date fails the run."""

    obligation: Line
    reason: str
    owner: str
    expires: Date


class Target(Element, frozen=True):
    """A whole target file."""

    product: Product
    profile: Line
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
        found = environment.get(match[1])
        if found is None:
            raise TargetError(
                "TARGET-ENVIRONMENT",
                f"{place.lstrip('.')}: 環境変数 {match[1]} がありません"
                f" / the environment variable {match[1]} is not set",
                cause="秘密は対象ファイルに書かず、環境変数で渡します / secrets are not written into the target file",
                step=f"export {match[1]}=…",
            )
        # What is no UTF-8 in the environment comes as lone surrogates, which nothing can write down.
        if found.encode("utf-8", "ignore").decode() != found:
            raise TargetError(
                "TARGET-ENVIRONMENT",
                f"{place.lstrip('.')}: 環境変数 {match[1]} が UTF-8 ではありません"
                f" / the environment variable {match[1]} is no UTF-8",
                step=f"export {match[1]}=…",
            )
        return found

    return _VARIABLE.sub(put, value)


def read_target(path: Path, environment: Mapping[str, str] | None = None) -> Target:
    """A target file as data; TARGET-* errors say which key is wrong. Relative folders are taken from the file's own."""
    try:
        raw = msgspec.toml.decode(path.read_bytes())
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    filled = _substituted(raw, os.environ if environment is None else environment, "")
    try:
        target = msgspec.convert(filled, Target, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise TargetError(
            "TARGET-SHAPE",
            f"{path}: 対象ファイルの書き方に誤りがあります / the target file is not as it has to be: {error}",
            cause="キーが足りないか、知らないキーか、値の種類が違います / a key is missing, unknown or of the wrong kind",
            step=_COMPARE,
        ) from error
    _dates(path, target)
    folder = path.resolve().parent / target.network.credentials
    return msgspec.structs.replace(target, network=msgspec.structs.replace(target.network, credentials=folder))


_COMPARE = "bango init が書くファイルと比べてください / compare with the file that `bango init` writes"


def _unreadable(path: Path, error: OSError | ValueError) -> TargetError:
    # What is no TOML, no UTF-8 or no path at all (a zero byte in it) are all errors of value.
    if isinstance(error, msgspec.DecodeError | UnicodeDecodeError):
        return TargetError(
            "TARGET-SYNTAX",
            f"{path}: TOML として読めません / this cannot be read as TOML: {error}",
            step="示された所を直してください / correct the TOML at the place named",
        )
    told = error.strerror if isinstance(error, OSError) else str(error)
    return TargetError(
        "TARGET-UNREADABLE",
        f"{path}: 対象ファイルを読めません / the target file cannot be read: {told}",
        step="bango init で見本を書けます / `bango init` writes a commented file to start from",
    )


def _dates(path: Path, target: Target) -> None:
    given = [("edition", target.edition)] if target.edition is not None else []
    given += [(f"waivers: {one.obligation}", one.expires) for one in target.waivers]
    for place, text in given:
        try:
            dt.date.fromisoformat(text)
        except ValueError as error:
            raise TargetError(
                "TARGET-DATE",
                f"{path}: {place}: {text} という日はありません / there is no such day",
                step="暦にある日を YYYY-MM-DD で書いてください / write a day of the calendar as YYYY-MM-DD",
            ) from error


def _path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError


def target_schema() -> dict[str, Any]:
    """The published JSON Schema of a target file, for editors."""
    schema = msgspec.json.schema(Target, schema_hook=lambda _: {"type": "string"})
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}

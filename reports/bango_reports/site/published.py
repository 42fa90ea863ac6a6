"""Published products: result files in a folder, each checked before it is shown, and a file that is wrong told as such."""

from __future__ import annotations

import datetime as dt
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from bango_reports import keys, safe, store, verification
from bango_reports.certificate import CERTIFICATE
from bango_reports.model import Run
from bango_reports.verdicts import run_verdict
from bango_spec.errors import BangoError
from bango_spec.reading import Text

EXAMPLES = Path(__file__).parent / "examples"
"""Two real runs that come along: the reference, and one mutant."""
LARGEST = 64 * 1024 * 1024
"""Bytes of a result, unpacked: many times what a whole run comes to."""
_LONGEST = 200


class Signed(NamedTuple):
    """What is known of a result's signature: `holds` is None where nobody could check it."""

    holds: bool | None
    told: Text


UNCHECKED = Signed(
    None,
    Text(
        ja="この結果の署名は確かめていません。書かれていることは、公表した者の申告です。",
        en="No signature was checked: what stands here is what the publisher says.",
    ),
)
HOLDS = Signed(
    True,  # noqa: FBT003 - the answer
    Text(
        ja="適合証明書の署名を確かめ、結果と合うことを確かめました。",
        en="The certificate's signature holds, and it is of this result.",
    ),
)


class Product(NamedTuple):
    """One published run; `states` says of each clause what it came to."""

    name: str
    run: Run
    verdict: str
    states: dict[str, str]
    example: bool
    signed: Signed = UNCHECKED

    @property
    def path(self) -> str:
        """Its page."""
        return f"products/{self.name}.html"

    @property
    def title(self) -> Text:
        """Product and version."""
        text = f"{self.run.target.product} {self.run.target.version}"
        return Text(ja=text, en=text)


class Refused(NamedTuple):
    """A file that cannot be shown, and why."""

    file: str
    code: str
    what: str
    cause: str


class Published(NamedTuple):
    """What a folder of results holds."""

    products: tuple[Product, ...]
    refused: tuple[Refused, ...]


def published(folder: Path | None, trust: Path | None = None, *, now: dt.datetime | None = None) -> Published:
    """The products of a folder (none given: the examples), newest first; PUBLISHED-FOLDER if it cannot be read.

    With a trust list, a `certificate.json` beside a result is checked, and whether it is of that result.
    """
    products: dict[str, Product] = {}
    refused: list[Refused] = []
    where = EXAMPLES if folder is None else folder
    trusted = keys.load_trust(trust) if trust else None
    now = now or dt.datetime.now(dt.UTC)
    if not where.is_dir():
        raise BangoError(
            "PUBLISHED-FOLDER",
            f"{where}: 結果を置くフォルダーがありません / there is no such folder of results",
            step="result.json を含むフォルダーを指定してください / name a folder that holds result.json files",
        )
    for file in _files(where):
        try:
            run = _load(file)
        except BangoError as error:
            refused.append(Refused(_named(file, where), error.code, safe.line(error.what), safe.line(error.cause)))
            continue
        if run.run in products:
            told = "同じ名の結果が先にあります / another result of that name stands here already"
            refused.append(Refused(_named(file, where), "RESULT-TWICE", told, run.run))
            continue
        signed = _signed(file.parent / CERTIFICATE, run, trusted, now)
        products[run.run] = _product(run, signed, example=folder is None)
    newest = sorted(products.values(), key=lambda one: one.run.started, reverse=True)
    return Published(tuple(newest), tuple(refused))


def _files(where: Path) -> Iterator[Path]:
    for file in sorted(where.rglob("*.json")) + sorted(where.rglob("*.json.gz")):
        if file.name in {"result.json", "result.json.gz"} or (file.parent == where and file.name != CERTIFICATE):
            yield file


def _signed(file: Path, run: Run, trusted: keys.TrustList | None, now: dt.datetime) -> Signed:
    """Whether the certificate beside a result holds and says what the result says."""
    if trusted is None or not file.is_file():
        return UNCHECKED
    try:
        found = verification.verify(verification.read_file(file), trusted, now)
    except BangoError as error:
        return Signed(False, Text(ja=safe.line(error.what), en=safe.line(error.what)))  # noqa: FBT003
    held = found.conformity
    if not found.accepted or held is None:
        wrong = next(check for check in found.checks if not check.passed)
        return Signed(False, Text(ja=f"{wrong.code}: {wrong.text.ja}", en=f"{wrong.code}: {wrong.text.en}"))  # noqa: FBT003
    same = (
        (held.run, held.target, held.edition, held.grade, held.counts)
        == (run.run, run.target, run.edition, run.grade, run.counts)
        and held.spec == run.spec
        and held.clauses == {clause.clause: clause.state.value for clause in run.clauses}
    )
    other = Text(ja="証明書は、この結果のものではありません。", en="The certificate is of another result.")
    return HOLDS if same else Signed(False, other)  # noqa: FBT003


def _named(file: Path, where: Path) -> str:
    return safe.line(file.relative_to(where).as_posix())[:_LONGEST]


def _load(file: Path) -> Run:
    if file.suffix != ".gz":
        if file.is_file() and file.stat().st_size > LARGEST:
            raise _large(file)
        return _harmless(store.load(file))
    try:
        with gzip.open(file) as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BangoError(
            "RESULT-CUT", f"{file}: 圧縮が壊れています / the compressed file is damaged", cause=str(error)
        ) from error
    if len(data) > LARGEST:
        raise _large(file)
    return _harmless(store.read(data, file))


def _large(file: Path) -> BangoError:
    return BangoError(
        "RESULT-LARGE",
        f"{file}: 結果ファイルが大きすぎます / the result file is too large",
        cause=f"{LARGEST >> 20} MiB を超えます / it holds more than {LARGEST >> 20} MiB",
        step="bango certify が書いたままの result.json を置いてください / publish the result.json that bango certify wrote",
    )


def _harmless(run: Run) -> Run:
    """The run with every text made safe to look at, once and for all pages."""
    return msgspec.convert(_shown(msgspec.to_builtins(run)), Run)


def _shown(value: object) -> object:
    if isinstance(value, str):
        return safe.text(value)
    if isinstance(value, dict):
        return {key: _shown(inner) for key, inner in value.items()}
    return [_shown(inner) for inner in value] if isinstance(value, list | tuple) else value


def _product(run: Run, signed: Signed, *, example: bool) -> Product:
    return Product(
        name=run.run,
        run=run,
        verdict=run_verdict(run).verdict,
        states={one.clause: one.state.value for one in run.clauses},
        example=example,
        signed=signed,
    )

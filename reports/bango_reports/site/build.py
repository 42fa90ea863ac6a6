"""The site as files: pages in both languages, assets, exports, badges, a zip of it all."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from bango_reports import catalogue as catalogue_file
from bango_reports import sheets
from bango_reports.site import (
    clause_rooms,
    compare_rooms,
    door_rooms,
    exports,
    information_rooms,
    interface_rooms,
    law_rooms,
    permit_rooms,
    product_rooms,
    reference_rooms,
    search,
    system_rooms,
)
from bango_reports.site.knowledge import Knowledge
from bango_reports.site.llms import llms
from bango_reports.site.pages import Page
from bango_reports.site.published import Published, published
from bango_reports.site.render import Renderer
from bango_reports.site.voice import Lang
from bango_spec.errors import BangoError

MARK = "bango-site.txt"
"""Stands in a folder that a build made, so that a later one may replace it."""
ZIP = "downloads/bango-site.zip"
_MOMENT = (2014, 3, 14, 0, 0, 0)
_ASSETS = Path(__file__).parent / "assets"


class Built(NamedTuple):
    """What a build came to: where, how many pages and bytes, and the result files that could not be shown."""

    folder: Path
    pages: int
    size: int
    refused: int


class Given(NamedTuple):
    """What a site may be built from besides the spec: results to publish, whom to trust, the catalogue, the wording."""

    results: Path | None = None
    trust: Path | None = None
    catalogue: Path | None = None
    wording: Path | None = None


def build(out: Path, given: Given | None = None, langs: tuple[Lang, ...] = ("ja",)) -> Built:
    """Write the whole site into a folder of its own; SITE-FOLDER if something else lies there."""
    given = given or Given()
    _free(out)
    found = published(given.results, given.trust)
    known = Knowledge(_catalogue(given.catalogue), found.products, given.wording)
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        number = _fill(fresh, known, found, langs)
        _replace(out, fresh)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    return Built(out, number, size, len(found.refused))


def _fill(folder: Path, known: Knowledge, found: Published, langs: tuple[Lang, ...]) -> int:
    files = _Files(folder)
    made = list(exports.exports(known))
    pages = list(all_pages(known, found, made))
    about = {"version": known.catalogue.spec.version, "digest": known.catalogue.spec.digest}
    for lang in langs:
        renderer = Renderer(lang, about, alone=len(langs) == 1)
        for page in pages:
            files.text(renderer.address(page), renderer.html(page))
    for name, data in scripts(known).items():
        files.text(f"assets/{name}", data)
    for asset in sorted(_ASSETS.iterdir()):
        files.text(f"assets/{asset.name}", asset.read_text(encoding="utf-8"))
    for product in known.products:
        files.text(f"products/{product.name}.svg", product_rooms.badge(product))
    for one in made:
        files.data(f"downloads/{one.name}.csv", sheets.csv_bytes(one.sheet))
    title = "番号制度 適合性試験台"
    for one in made:
        files.data(f"downloads/{one.name}.xlsx", sheets.workbook([one.sheet], title=f"{title} {one.title.ja}"))
    files.text("llms.txt", llms(pages))
    files.text(MARK, "This folder was written by `bango site build`; the next build replaces it.\n")
    files.archive(ZIP)
    return len(pages) * len(langs)


def all_pages(known: Knowledge, found: Published, made: list[exports.Export]) -> Iterator[Page]:
    """Every page once, whatever the language."""
    yield from door_rooms.pages(known, made)
    yield from system_rooms.pages(known)
    yield from law_rooms.pages(known)
    yield from compare_rooms.pages(known)
    yield from permit_rooms.pages(known)
    yield from clause_rooms.pages(known)
    yield from interface_rooms.pages(known)
    yield from information_rooms.pages(known)
    yield from reference_rooms.pages()
    yield from product_rooms.pages(known, found.refused)


def scripts(known: Knowledge) -> dict[str, str]:
    """The data that the pages' scripts read; a script and not JSON, because a page opened from a folder may load only that."""
    told: dict[str, Any] = {
        "search-rules.js": ("BANGO_SEARCH_RULES", search.rules()),
        "search-data.js": ("BANGO_SEARCH", search.index(known)),
        "permits-data.js": ("BANGO_QUESTION", permit_rooms.data("schedule2", known)),
        "uses-data.js": ("BANGO_QUESTION", permit_rooms.data("schedule1", known)),
    }
    return {
        name: f"window.{variable} = {msgspec.json.encode(data).decode()};\n" for name, (variable, data) in told.items()
    }


def _catalogue(file: Path | None) -> catalogue_file.Catalogue:
    where = file or catalogue_file.find()
    if where is None:
        raise BangoError(
            "SITE-CATALOGUE",
            "試験の一覧（catalogue.json）が見つかりません / the catalogue of obligations was not found",
            step="--catalogue で指定してください / name it with --catalogue",
        )
    return catalogue_file.read(where)


def _free(out: Path) -> None:
    if out.exists() and not (out / MARK).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise BangoError(
            "SITE-FOLDER",
            f"{out}: ほかのファイルのあるフォルダーには書きません / the folder holds something else",
            cause="前の bango site build が作ったものではありません / no earlier build made it",
            step="空のフォルダーを --out に指定してください / name an empty folder with --out",
        )


def _replace(out: Path, fresh: Path) -> None:
    """Put the new site in the place of the old one, which stays until the new one stands."""
    fresh.chmod(0o755)
    before = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent)) / "before"
    try:
        if out.exists():
            out.rename(before)
        fresh.rename(out)
    except OSError:
        if before.exists():
            before.rename(out)
        raise
    finally:
        shutil.rmtree(before.parent, ignore_errors=True)


class _Files:
    """Writes files and remembers them for the zip."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written: list[str] = []
        self._folders: set[Path] = set()

    def text(self, name: str, text: str) -> None:
        self.data(name, text.encode("utf-8"))

    def data(self, name: str, data: bytes) -> None:
        file = self.folder / name
        if file.parent not in self._folders:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(file.parent)
        file.write_bytes(data)
        self._written.append(name)

    def archive(self, name: str) -> None:
        """All files so far as one zip, the same bytes for the same content."""
        with zipfile.ZipFile(self.folder / name, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
            for written in sorted(self._written):
                entry = zipfile.ZipInfo(f"bango-site/{written}", _MOMENT)
                entry.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(entry, (self.folder / written).read_bytes())

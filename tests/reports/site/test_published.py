"""Published results: shown with their verdict, and those that are cut, altered, too new or hostile safe and told."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.reports.hostile import FORBIDDEN, hostile
from tests.reports.issuer import NOW, House

from bango_reports import keys, store
from bango_reports.site.build import Given, build
from bango_reports.site.published import EXAMPLES, LARGEST, published
from bango_spec.errors import BangoError

if TYPE_CHECKING:
    from tests.reports.conftest import Saver

    from bango_reports.model import Run


def text_of(folder: Path, name: str) -> str:
    return (folder / "products" / name).read_text(encoding="utf-8")


def test_two_real_runs_come_along_and_say_that_they_are_examples(site: Path) -> None:
    found = published(None)
    assert [one.verdict for one in found.products] == ["conformant", "not-conformant"]
    assert all(one.run.selection.complete and one.example for one in found.products)
    assert found.refused == ()
    for one in found.products:
        assert "これは見本です" in (site / one.path).read_text(encoding="utf-8")
        assert "見本 example" in (site / "products" / f"{one.name}.svg").read_text(encoding="utf-8")
    clause = (site / "clauses" / "IS-PRV-005.html").read_text(encoding="utf-8")
    assert re.search(r"is-prv-005 0\.1\.0</span></a> .{0,200}不合格", clause, re.DOTALL)


def test_a_folder_of_results_is_shown_without_the_examples(tmp_path: Path) -> None:
    results = tmp_path / "results" / "vendor"
    results.mkdir(parents=True)
    (results / "result.json").write_bytes(gzip.decompress((EXAMPLES / "mutant" / "result.json.gz").read_bytes()))
    folder = build(tmp_path / "site", Given(results=tmp_path / "results")).folder
    index = text_of(folder, "index.html")
    assert "不適合" in index
    assert "見本" not in index
    assert index.count("<tbody>") == 1


def test_a_result_is_told_apart_by_its_certificate(tmp_path: Path, green: Run, red: Run, saved: Saver) -> None:
    results = tmp_path / "results"
    folder, _ = saved(green, results / "good")
    house = House(tmp_path / "house", folder)
    trust = house.folder / keys.TRUST_FILE
    (folder / "certificate.json").write_text(json.dumps(house.envelope), encoding="utf-8")
    assert published(results, trust, now=NOW).products[0].signed.holds is True
    assert published(results, now=NOW).products[0].signed.holds is None
    saved(red, results / "other")
    (results / "other" / "certificate.json").write_text(json.dumps(house.envelope), encoding="utf-8")
    found = published(results, trust, now=NOW)
    assert [one.code for one in found.refused] == ["RESULT-TWICE"]
    store.save(results / "other", msgspec.structs.replace(red, run="run-0002"))
    signed = {one.name: one.signed for one in published(results, trust, now=NOW).products}
    assert signed["run-0001"].holds is True
    assert signed["run-0002"].holds is False
    (results / "other" / "certificate.json").write_text("{", encoding="utf-8")
    page = build(tmp_path / "site", Given(results=results, trust=trust)).folder / "products" / "run-0002.html"
    assert "× " in page.read_text(encoding="utf-8").split("outcome")[0]


def damaged() -> dict[str, tuple[bytes, str]]:
    whole = gzip.decompress((EXAMPLES / "reference" / "result.json.gz").read_bytes())
    changed = json.loads(whole)
    changed["target"]["product"] = "another"
    newer = json.loads(whole) | {"schema_version": 99}
    return {
        "cut.json": (whole[: len(whole) // 2], "RESULT-CUT"),
        "altered.json": (json.dumps(changed).encode(), "RESULT-ALTERED"),
        "future.json": (json.dumps(newer).encode(), "RESULT-FUTURE"),
        "other.json": (b'{"name": "package"}', "RESULT-SHAPE"),
        "binary.json": (b"\xff\xfe\x00", "RESULT-CUT"),
        "cut.json.gz": (gzip.compress(whole)[:5000], "RESULT-CUT"),
        "garbled.json.gz": (gzip.compress(b"")[:10] + b"\xff" * 64, "RESULT-CUT"),
        "plain.json.gz": (whole, "RESULT-CUT"),
        "bomb.json.gz": (gzip.compress(b" " * (LARGEST + 1), 1), "RESULT-LARGE"),
        "long.json": (b" " * (LARGEST + 1), "RESULT-LARGE"),
    }


def test_a_file_that_is_wrong_is_told_and_the_others_are_shown(tmp_path: Path) -> None:
    results = tmp_path / "results"
    (results / "good").mkdir(parents=True)
    (results / "good" / "result.json.gz").write_bytes((EXAMPLES / "reference" / "result.json.gz").read_bytes())
    files = damaged()
    for name, (data, _) in files.items():
        (results / name).write_bytes(data)
    found = published(results)
    assert len(found.products) == 1
    assert {one.file: one.code for one in found.refused} == {name: code for name, (_, code) in files.items()}
    index = text_of(build(tmp_path / "site", Given(results=results)).folder, "index.html")
    assert all(code in index for _, code in files.values())


def test_hostile_text_is_shown_and_does_nothing(tmp_path: Path) -> None:
    results = tmp_path / "results"
    store.save(results / "evil", hostile())
    found = published(results)
    assert len(found.products) == 1
    folder = build(tmp_path / "site", Given(results=results)).folder
    shown = [folder / found.products[0].path, folder / "products" / "index.html"]
    shown += [folder / "products" / f"{found.products[0].name}.svg", folder / "assets" / "search-data.js"]
    for file in shown:
        text = file.read_text(encoding="utf-8")
        assert not FORBIDDEN.search(text), file.name
        assert "<script>alert" not in text or file.suffix == ".js"
        assert "<img src=x" not in text or file.suffix == ".js"


def test_an_unreadable_folder_is_an_error_with_a_code(tmp_path: Path) -> None:
    with pytest.raises(BangoError, match="PUBLISHED-FOLDER"):
        published(tmp_path / "nowhere")

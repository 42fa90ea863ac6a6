from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import msgspec
import pytest

from bango_reports import catalogue, published, store, verification
from bango_reports.events import RunFinished
from bango_reports.keys import Issuer, TrustList
from bango_reports.model import Named
from bango_spec.errors import BangoError
from bango_spec.reading import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.reports.conftest import Saver

    from bango_reports.model import Run


def code_of(path: Path) -> str:
    with pytest.raises(BangoError) as caught:
        store.load(path)
    assert caught.value.step
    return caught.value.code


def test_a_run_comes_back_as_it_was(red: Run, saved: Saver) -> None:
    folder, run = saved(red)
    assert store.load(folder) == run
    assert store.load(folder / "result.json") == run
    assert run.digest.startswith("sha256:")
    evidence = store.load_evidence(folder, run.cases[0])
    assert evidence.exchanges[0].status == 200
    assert sorted(p.name for p in folder.rglob("*.json")) == sorted(["result.json", *(c.evidence for c in run.cases)])


def test_the_writer_saves_at_the_end(green: Run, tmp_path: Path) -> None:
    writer = store.ResultWriter(tmp_path)
    writer.handle(RunFinished(run=green))
    writer.close()
    assert store.load(tmp_path).cases == green.cases


def test_a_failed_write_leaves_the_old_file(green: Run, saved: Saver, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, run = saved(green)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="No space"):
        store.save(folder, msgspec.structs.replace(run, seed=7))
    assert store.load(folder) == run
    assert [p.name for p in folder.iterdir() if p.name.startswith(".")] == []


def test_a_file_cut_anywhere_is_told_as_cut(green: Run, saved: Saver) -> None:
    folder, _ = saved(green)
    file = folder / "result.json"
    whole = file.read_bytes()
    for end in range(1, len(whole) - 2, len(whole) // 40):
        file.write_bytes(whole[:end])
        assert code_of(folder) == "RESULT-CUT", end
    file.write_bytes(b"")
    assert code_of(folder) == "RESULT-CUT"
    file.write_bytes(b"\xff\xfe")
    assert code_of(folder) == "RESULT-CUT"


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("RESULT-FUTURE", {"schema_version": 2, "unheard": "of"}),
        ("RESULT-SHAPE", {"schema_version": "1"}),
        ("RESULT-SHAPE", {"schema_version": True}),
        ("RESULT-SHAPE", {"unknown": 1}),
        ("RESULT-SHAPE", {"started": "yesterday"}),
        ("RESULT-SHAPE", {"run": "../../etc"}),
        ("RESULT-ALTERED", {"seed": 43}),
        ("RESULT-ALTERED", {"exit_code": 0}),
        ("RESULT-ALTERED", {"digest": "sha256:" + "0" * 64}),
    ],
)
def test_each_wrong_file_has_its_code(red: Run, saved: Saver, code: str, change: dict[str, Any]) -> None:
    folder, _ = saved(red)
    file = folder / "result.json"
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), **change}), encoding="utf-8")
    assert code_of(folder) == code


def test_a_forger_who_renews_the_digest_must_still_make_it_add_up(red: Run, saved: Saver) -> None:
    folder, run = saved(red)
    for forged in (
        msgspec.structs.replace(run, exit_code=0),
        msgspec.structs.replace(run, cases=(*run.cases, run.cases[0])),
        msgspec.structs.replace(run, counts=msgspec.structs.replace(run.counts, cases=99)),
        msgspec.structs.replace(run, cases=run.cases[:1]),
    ):
        store.save(folder, forged)
        assert code_of(folder) == "RESULT-ALTERED"


def test_missing_and_foreign_files(tmp_path: Path) -> None:
    assert code_of(tmp_path) == "RESULT-MISSING"
    assert code_of(tmp_path / "none") == "RESULT-MISSING"
    for text in ("[]", "null", "{}", '"x"'):
        (tmp_path / "result.json").write_text(text, encoding="utf-8")
        assert code_of(tmp_path) == "RESULT-SHAPE"


def test_evidence_missing_altered_or_outside_is_refused(red: Run, saved: Saver) -> None:
    folder, run = saved(red)
    case = run.cases[0]
    file = folder / "evidence" / case.evidence
    original = file.read_bytes()
    file.write_bytes(original.replace(b"200", b"403"))

    def code(changed: object = case) -> str:
        with pytest.raises(BangoError) as caught:
            store.load_evidence(folder, changed)  # type: ignore[arg-type]
        return caught.value.code

    assert code() == "RESULT-EVIDENCE-ALTERED"
    file.unlink()
    assert code() == "RESULT-EVIDENCE-MISSING"
    for name in ("", "../result.json", "a/b.json"):
        assert code(msgspec.structs.replace(case, evidence=name)) == "RESULT-EVIDENCE-MISSING"


def test_published_schemas_are_fresh_and_hold(red: Run, saved: Saver) -> None:
    fresh = published.schemas()
    on_disk = {p.name: p.read_text(encoding="utf-8") for p in published.FOLDER.glob("*.json")}
    assert on_disk == {name: published.text(schema) for name, schema in fresh.items()}
    for schema in fresh.values():
        jsonschema_rs.meta.validate(schema)
    folder, run = saved(red)
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    validator = jsonschema_rs.Draft202012Validator(fresh["result.schema.json"])
    assert list(validator.iter_errors(result)) == []
    evidence = json.loads((folder / "evidence" / run.cases[0].evidence).read_text(encoding="utf-8"))
    assert list(jsonschema_rs.Draft202012Validator(fresh["evidence.schema.json"]).iter_errors(evidence)) == []
    for change in ({"unknown": 1}, {"edition": 2020}, {"counts": None}, {"started": "x"}):
        assert list(validator.iter_errors({**result, **change})), change
    issuer = Issuer(
        key="0" * 64, public_key="", name=Text(ja="a", en="b"), grades=("witnessed",), valid_until="2026-01-01"
    )
    trust = jsonschema_rs.Draft202012Validator(fresh["trust.schema.json"])
    assert list(trust.iter_errors(json.loads(msgspec.json.encode(TrustList(issuers=(issuer,)))))) == []


@pytest.fixture
def made() -> catalogue.Catalogue:
    named = Named(version="0.1.0", digest="sha256:" + "0" * 64)
    text = Text(ja="題", en="title")
    return catalogue.Catalogue(
        tool="0.1.0",
        spec=named,
        suite=named,
        reference=named,
        obligations=(
            catalogue.Obligation(
                id="shape.a",
                kind="shape",
                profile="intermediate-server",
                clauses=("IS-A-001",),
                element="x",
                title=text,
            ),
        ),
        mutants=(
            catalogue.Mutant(id="m1", clause="IS-A-001", title=text, expected="CODE", profile="intermediate-server"),
        ),
        matrix=catalogue.Matrix(
            digest=named.digest, kills=(catalogue.Kill(mutant="m1", killed=True, by=("shape.a",)),)
        ),
    )


def test_the_catalogue_comes_back_and_fits_its_schema(made: catalogue.Catalogue, tmp_path: Path) -> None:
    file = tmp_path / "catalogue.json"
    catalogue.write(file, made)
    assert catalogue.read(file) == made
    plain = json.loads(file.read_text(encoding="utf-8"))
    schema = published.schemas()["catalogue.schema.json"]
    assert list(jsonschema_rs.Draft202012Validator(schema).iter_errors(plain)) == []
    assert '\n{"id":"shape.a"' in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("CATALOGUE-FUTURE", lambda c: c.update(schema_version=2)),
        ("CATALOGUE-FORM", lambda c: c.update(more=1)),
        ("CATALOGUE-WRONG", lambda c: c["obligations"].append(c["obligations"][0])),
        ("CATALOGUE-WRONG", lambda c: c["mutants"].append(c["mutants"][0])),
        ("CATALOGUE-WRONG", lambda c: c["matrix"]["kills"][0].update(mutant="m2")),
    ],
)
def test_a_wrong_catalogue_is_refused(
    made: catalogue.Catalogue, tmp_path: Path, code: str, change: Callable[[Any], None]
) -> None:
    plain = msgspec.to_builtins(made)
    plain = json.loads(json.dumps(plain))
    change(plain)
    file = tmp_path / "catalogue.json"
    file.write_text(json.dumps(plain), encoding="utf-8")
    with pytest.raises(BangoError) as caught:
        catalogue.read(file)
    assert caught.value.code == code
    with pytest.raises(BangoError) as caught:
        catalogue.read(tmp_path / "none.json")
    assert caught.value.code == "CATALOGUE-FORM"


def test_a_file_of_brackets_is_told_and_crashes_nothing(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text("[" * 200_000, encoding="utf-8")
    with pytest.raises(BangoError, match="RESULT-CUT"):
        store.load(tmp_path)
    with pytest.raises(BangoError, match="CERT-UNREADABLE"):
        verification.read_file(tmp_path / "result.json")

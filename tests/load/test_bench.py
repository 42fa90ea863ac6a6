"""The bench: what counts as reached, missed and worse, and a short run through the front door. No figure is judged here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bango_loadtests.bench import makers, rivals, table
from bango_loadtests.bench.figures import Bench, Figure, Found, sheet, state, worse
from bango_loadtests.bench.run import Values, wanted
from bango_loadtests.errors import IncompleteError
from bango_spec.errors import UsageError
from bango_spec.reading import Text

RATIO = Figure(id="ratio", of=("a", "b"), title=Text(ja="比", en="ratio"), at_least=2.0, stretch=3.0)
TIME = Figure(id="time", of=("t",), title=Text(ja="秒", en="seconds"), unit="seconds", at_most=10.0, stretch=3.0)


def found(*rounds: float, why: str = "", missing: bool = False) -> Found:
    return Found(figure="any", rounds=rounds, why=why, missing=missing)


@pytest.mark.parametrize(
    ("figure", "seen", "means"),
    [
        (RATIO, found(1.9, 2.0, 9.0), "reached"),
        (RATIO, found(1.9, 1.99, 9.0), "missed"),
        (TIME, found(9.0, 10.0, 99.0), "reached"),
        (TIME, found(9.0, 10.1, 99.0), "missed"),
        (RATIO, found(why="prism is not installed", missing=True), "missing"),
        (RATIO, found(5.0, why="the generator used 97% of its core"), "unmeasured"),
        (RATIO, found(), "unmeasured"),
        (Figure(id="x", of=("a",), title=RATIO.title), found(0.1), "told"),
    ],
)
def test_what_a_figure_means(figure: Figure, seen: Found, means: str) -> None:
    assert state(figure, seen) == means


@pytest.mark.parametrize(
    ("figure", "now", "before", "is_worse"),
    [
        (RATIO, found(2.0, 2.1, 2.2), found(3.0, 3.1, 3.2), True),
        (RATIO, found(3.0, 3.1, 3.2), found(2.0, 2.1, 2.2), False),
        # Apart, but by less than the noise; and by more, but not apart.
        (RATIO, found(2.85, 2.86, 2.87), found(3.0, 3.1, 3.12), False),
        (RATIO, found(2.0, 2.1, 3.05), found(3.0, 3.1, 3.2), False),
        (TIME, found(6.0, 6.1), found(4.0, 4.2), True),
        (TIME, found(4.0, 4.1), found(6.0, 6.2), False),
        (RATIO, found(1.0, why="saturated"), found(3.0), False),
    ],
)
def test_worse_is_beyond_noise(figure: Figure, now: Found, before: Found, is_worse: bool) -> None:
    assert worse(figure, now, before) is is_worse


def result(**rounds: tuple[float, ...]) -> Bench:
    known = [Found(figure=name.replace("_", "-"), rounds=values) for name, values in rounds.items()]
    return Bench(version="0", machine={}, versions={"wrk": "4"}, seconds=1.0, found=tuple(known), facts={"a": 1234.5})


def test_the_exit_code_says_whether_all_was_reached() -> None:
    good = result(thin_bare=(0.5, 0.51), permits=(2e6,))
    assert table.exit_code(good, None) == 0
    assert table.exit_code(result(thin_bare=(0.3,)), None) == 1
    assert table.exit_code(result(thin_bare=(0.42, 0.43)), good) == 1, "reached, but worse than kept"
    assert table.exit_code(result(thin_bare=(0.38, 0.39)), result(thin_bare=(0.38, 0.39))) == 0, "missed as before"
    assert table.exit_code(result(thin_bare=(0.3, 0.4)), result(thin_bare=(0.39, 0.42))) == 1, "missed, and was reached"
    assert table.exit_code(result(thin_bare=()), None) == 12
    assert "← " in table.lines(result(thin_bare=(0.42, 0.43)), good)[0]


def test_the_table_goes_between_the_marks_of_a_document(tmp_path: Path) -> None:
    document = tmp_path / "doc.md"
    document.write_text(f"before\n\n{table.BEGIN}\nold\n{table.END}\n\nafter\n", encoding="utf-8")
    table.write(document, result(thin_bare=(0.5, 0.52)))
    text = document.read_text(encoding="utf-8")
    assert "old" not in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "| 0.51 (0.50–0.52) | ≥ 0.40 | 0.75 | ○ |" in text
    with pytest.raises(IncompleteError, match="marks"):
        table.write(tmp_path / "none.md", result())


def test_every_figure_is_made_by_somebody_and_nothing_is_made_for_nobody() -> None:
    made = [name for maker in makers.MAKERS for name in maker.names]
    assert len(made) == len(set(made))
    assert {name for figure in sheet().figures for name in figure.of} == set(made)


def test_the_kept_run_has_every_figure() -> None:
    kept = table.read(table.KEPT)
    assert {one.figure for one in kept.found} == {one.id for one in sheet().figures}
    document = (Path(__file__).parents[2] / "loadtests" / "BENCH.md").read_text(encoding="utf-8")
    assert table.markdown(kept) in document, (
        "bango bench --out loadtests/bango_loadtests/bench/baseline.json --table loadtests/BENCH.md"
    )


def test_a_side_that_is_missing_or_saturated_is_no_figure() -> None:
    values = Values()
    maker = makers.Maker(("a", "b"), lambda _: makers.Made({}))
    values.take(maker, 0, makers.Made({"a": 4.0, "b": 2.0}))
    assert values.found(RATIO).rounds == (2.0,)
    values.take(maker, 1, makers.Made({"a": 9.0, "b": 3.0}, why="b: the generator used 95% of its core"))
    assert state(RATIO, values.found(RATIO)) == "unmeasured"
    values.missing["b"] = "not installed"
    assert state(RATIO, values.found(RATIO)) == "missing"


def test_a_rival_that_is_not_installed_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(rivals.MissingError, match="npm install --global @stoplight/prism-cli"):
        rivals.found("prism")


def test_an_unknown_figure_is_refused() -> None:
    with pytest.raises(UsageError, match="speed") as refused:
        wanted(["speed"])
    assert refused.value.code == "BENCH-FIGURE"


@pytest.mark.slow
def test_a_short_run_measures_real_servers_and_says_what_it_found(tmp_path: Path) -> None:
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("the bench needs two cores")
    only = [word for name in ("thin-bare", "tls-plain", "permits", "group-commit") for word in ("--only", name)]
    done = subprocess.run(
        [sys.executable, "-m", "bango_conformance", "bench", *only, "--rounds", "1", "--seconds", "1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode in {0, 1, 12}, done.stderr
    assert "Traceback" not in done.stderr
    seen = msgspec.json.decode((tmp_path / "bench.json").read_bytes(), type=Bench)
    assert [one.figure for one in seen.found] == ["thin-bare", "tls-plain", "permits", "group-commit"]
    assert all(len(one.rounds) == 1 and one.rounds[0] > 0 for one in seen.found), done.stdout
    assert {"uvicorn", "msgspec"} <= set(seen.versions)
    assert "thin-plain: p99 ms" in seen.facts
    assert [path.name for path in tmp_path.iterdir()] == ["bench.json"], "nothing is left behind"

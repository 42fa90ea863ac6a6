"""`bango demo`: the whole in one minute and a half, on synthetic people only; says at the end whether all came as it must."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bango_conformance.certify import Request, certify
from bango_conformance.demo_inquiry import UnexpectedError, inquire
from bango_conformance.suite import Filters
from bango_mocks.reference_target import WORD
from bango_mocks.standing import Order, Standing
from bango_spec.errors import BangoError
from bango_spec.law import default_edition

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 1
BODIES = 3
# A provider that trusts a permit and does not look into the table itself: right in every test that asks only what is allowed.
MUTANT, CLAUSE = "is-prv-005", "IS-PRV-005"


class Guide:
    """Who speaks to the visitor, in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._began = time.monotonic()

    def head(self, number: int, ja: str, en: str) -> None:
        """A part of the tour begins."""
        self._say(f"\n━━ {number}/3  {en if self.lang == 'en' else ja}")

    def tell(self, ja: str, en: str) -> None:
        """A step is done."""
        self._say(f"{time.monotonic() - self._began:5.1f} s  {en if self.lang == 'en' else ja}")

    def _say(self, text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def demo(lang: str = "ja", out: Path = Path("runs")) -> int:
    """Three bodies and an inquiry, the reference under the smoke selection, a mutant; 0 when reality is as expected, else 1."""
    guide, runs = Guide(lang), list[Path]()
    parts: tuple[tuple[str, str, Callable[[], bool]], ...] = (
        ("三つの機関と一件の照会", "three bodies and one inquiry", lambda: _network(guide)),
        (
            "参照実装を抜粋で試験する（合格するはず）",
            "the reference under the smoke selection (has to pass)",
            lambda: _reference(guide, out, runs),
        ),
        (
            "変異体：許可を信じて表を照合しない提供者（不合格になるはず）",
            "a mutant: a provider that trusts a permit and does not look into the table (has to fail)",
            lambda: _mutant(guide, out, runs),
        ),
    )
    as_expected = True
    for number, (ja, en, part) in enumerate(parts, 1):
        guide.head(number, ja, en)
        try:
            as_expected = part() and as_expected
        except BangoError as error:
            sys.stderr.write(f"× {error}\n")
            as_expected = False
    _farewell(guide, runs, as_expected=as_expected)
    return 0 if as_expected else UnexpectedError.exit_code


def _network(guide: Guide) -> bool:
    folder = Path(tempfile.mkdtemp(prefix="bango-demo-"))
    order = Order(BODIES, SEED, default_edition().id, folder, folder / "authority")
    try:
        with Standing(order) as standing:
            for one in standing.told()["bodies"]:
                guide.tell(f"中間サーバー {one['name']} {one['network']}", f"server of {one['body']} {one['network']}")
            inquire(standing, guide.tell)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return True


def _reference(guide: Guide, out: Path, runs: list[Path]) -> bool:
    made = certify(Request(target=WORD, out=out, filters=Filters(smoke=True), seed=SEED, lang=guide.lang))
    runs.append(made.folder)
    code = made.run.exit_code
    guide.tell(
        f"終了コード {code}（見込みは 0）。抜粋なので、これは適合の証明ではありません",
        f"exit code {code} (0 expected); a selection is no certification",
    )
    return code == 0


def _mutant(guide: Guide, out: Path, runs: list[Path]) -> bool:
    chosen = Filters(clauses=(CLAUSE,), smoke=True)
    made = certify(Request(target=f"{WORD}@{MUTANT}", out=out, filters=chosen, seed=SEED, lang=guide.lang))
    runs.append(made.folder)
    code = made.run.exit_code
    broken = {case.failure.clause for case in made.run.cases if case.failure is not None}
    guide.tell(
        f"終了コード {code}（見込みは 1）、破られた条項 {', '.join(sorted(broken)) or 'なし'}（見込みは {CLAUSE}）",
        f"exit code {code} (1 expected), broken: {', '.join(sorted(broken)) or 'nothing'} ({CLAUSE} expected)",
    )
    return code == 1 and broken == {CLAUSE}


def _farewell(guide: Guide, runs: list[Path], *, as_expected: bool) -> None:
    guide.tell(
        "すべて見込みどおりでした" if as_expected else "見込みと違うことがありました。上の × を見てください",
        "all as expected" if as_expected else "something was not as expected; see the lines marked × above",
    )
    said = {
        "ja": [
            *(f"  報告書  {run / 'report.html'}" for run in runs),
            "次に試すこと:",
            f"  bango explain {CLAUSE}                 この条項の文、理由、根拠",
            "  bango spec permits --asker 市町村長 --law 児童手当法 --task 支給 --provider 市町村長 --information 地方税関係情報",
            f"  bango certify {WORD}                    参照実装のすべての試験",
            "  bango network up                           模擬の全国網を動かしたままにする",
            "  bango init、bango doctor、bango certify    自分の製品を試験する",
        ],
        "en": [
            *(f"  report  {run / 'report.html'}" for run in runs),
            "What to try next:",
            f"  bango explain {CLAUSE} --lang en       the clause, why it is, where it comes from",
            "  bango spec permits --asker 市町村長 --law 児童手当法 --task 支給 --provider 市町村長 --information 地方税関係情報",
            f"  bango certify {WORD} --lang en          the whole suite on the reference",
            "  bango network up                           keep the mock national network running",
            "  bango init, bango doctor, bango certify    test a product of your own",
        ],
    }
    sys.stdout.write("\n".join(said[guide.lang]) + "\n")

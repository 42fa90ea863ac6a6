"""What a run keeps: searched whole, masked whole, then shortened; the target's log likewise."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import pytest

from bango_conformance.canaries import body_of
from bango_conformance.kept import LOG_KEPT, kept, log_masked
from bango_conformance.stage.client import shown
from bango_reports.evidence import KEPT
from bango_reports.masking import Masker
from bango_reports.model import Evidence, Exchange

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "答川　次郎"


@pytest.fixture
def masker() -> Masker:
    made = Masker()
    made.add("name", NAME)
    return made


class Staged:
    """A stage with nothing but its masker."""

    def __init__(self, masker: Masker) -> None:
        self._masker = masker

    @contextmanager
    def masker(self) -> Iterator[Masker]:
        yield self._masker


def exchange(body: bytes, **more: Any) -> Exchange:
    return Exchange(
        direction="sent-to-target",
        player="in-house",
        method="GET",
        url="https://t/x?q=" + NAME,
        response=shown([], body),
        **more,
    )


def test_the_checks_see_a_body_whole() -> None:
    assert body_of(shown([], b"x" * (3 * KEPT) + NAME.encode())).endswith(NAME.encode())


def test_a_name_across_the_cut_leaves_nothing_behind(masker: Masker) -> None:
    body = ("x" * (KEPT - 2) + NAME + "y" * KEPT).encode()
    made = kept(Evidence(obligation="a.b", exchanges=(exchange(body),), masked=False), masker)
    (one,) = made.exchanges
    assert one.response is not None
    assert made.masked
    assert (one.response.size, one.response.cut, len(one.response.body)) == (len(body), True, KEPT)
    assert not set(NAME) & set(one.response.body)
    assert NAME not in one.url


def test_a_long_text_that_is_cut_stays_text(masker: Masker) -> None:
    made = kept(Evidence(obligation="a.b", exchanges=(exchange(("あ" * KEPT + "い" * KEPT).encode()),)), masker)
    answer = made.exchanges[0].response
    assert answer is not None
    assert (answer.encoding, answer.body) == ("utf-8", "あ" * KEPT)


def test_no_log_stays_no_log(tmp_path: Path, masker: Masker) -> None:
    log_masked(tmp_path / "target.log", cast("Any", Staged(masker)))
    assert list(tmp_path.iterdir()) == []


def test_the_targets_log_is_masked(tmp_path: Path, masker: Masker) -> None:
    log = tmp_path / "target.log"
    log.write_bytes(f"started\nfound {NAME}\n".encode() + b"\xff\xfe\n")
    log_masked(log, cast("Any", Staged(masker)))
    text = log.read_text(encoding="utf-8")
    assert text.startswith("started\nfound «氏名:")
    assert NAME not in text
    assert [p.name for p in tmp_path.iterdir()] == ["target.log"]


def test_a_log_too_long_keeps_its_end(tmp_path: Path, masker: Masker) -> None:
    log = tmp_path / "target.log"
    log.write_bytes((b"x" * 1023 + b"\n") * (LOG_KEPT // 1024) + b"the end\n")
    log_masked(log, cast("Any", Staged(masker)))
    assert log.stat().st_size == LOG_KEPT
    assert log.read_bytes().endswith(b"the end\n")

"""The front door: help in both languages, errors in four parts, never a traceback."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bango_conformance import cli

if TYPE_CHECKING:
    from tests.conformance.conftest import Bango

COMMANDS = ("demo", "init", "doctor", "certify", "rerun", "explain", "verify", "admit", "network", "spec")
HEAVY = ("cryptography", "httpx", "hypothesis", "rich", "jsonschema", "schemathesis", "starlette", "uvicorn", "pytest")


def test_help_names_the_commands_in_the_order_in_which_they_are_needed(bango: Bango) -> None:
    said = bango.here("--help")
    assert said.code == 0
    places = [said.out.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)
    assert "番号制度" in said.out
    assert "Bango Testbed" in said.out


def test_help_imports_nothing_heavy(bango: Bango) -> None:
    script = "import sys; from bango_conformance.cli import _run; _run(['--help']); print(*sorted(sys.modules))"
    done = subprocess.run([*bango.command()[:1], "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "typer" in loaded
    assert not loaded & set(HEAVY)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_in_both_languages(bango: Bango, name: str) -> None:
    said = bango.here(name, "--help")
    assert said.code == 0
    described = said.out.split("Options:")[0]
    assert any("ぁ" <= letter <= "龯" for letter in described)
    assert any(letter.isascii() and letter.isalpha() for letter in described.split("]", 1)[-1])


@pytest.mark.parametrize(
    "words",
    [(), ("nonsense",), ("certify",), ("certify", "x", "--jobs", "0"), ("certify", "x", "--nonsense"), ("spec",)],
)
def test_a_command_line_that_is_not_understood_exits_4(bango: Bango, words: tuple[str, ...]) -> None:
    said = bango.here(*words)
    assert said.code == 4
    assert said.err.startswith("USAGE: ")
    assert "--help" in said.err


def test_errors_have_four_parts(bango: Bango) -> None:
    said = bango.here("certify", "missing.toml")
    assert said.code == 10
    assert said.err.startswith("TARGET-UNREADABLE: ")
    assert "\n  next: " in said.err


def test_errors_are_json_for_machines(bango: Bango) -> None:
    said = bango.here("certify", "missing.toml", "--format", "json")
    assert said.code == 10
    assert said.data["error"]["code"] == "TARGET-UNREADABLE"
    assert said.data["error"]["step"]
    assert said.err == ""


def test_an_error_of_our_own_says_so_and_exits_3(bango: Bango, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError("by accident")

    monkeypatch.setattr(cli, "application", broken)
    monkeypatch.delenv("BANGO_DEBUG", raising=False)
    said = bango.here("certify", "x")
    assert said.code == 3
    assert said.err.startswith("INTERNAL: ZeroDivisionError")
    assert "Traceback" not in said.err


def test_an_interrupt_exits_2(bango: Bango, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "application", interrupted)
    assert bango.here("certify", "x").code == 2


def test_a_reader_that_goes_away_gets_no_traceback(bango: Bango) -> None:
    first, *rest = bango.command("spec", "show", "information")
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([first, *rest], stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert done.stderr == ""


WORDS = st.sampled_from(
    [
        *("certify", "doctor", "explain", "rerun", "init", "admit", "verify", "spec", "show", "permits", "may-use"),
        *(
            "--format",
            "json",
            "--lang",
            "en",
            "xx",
            "--only",
            "--kind",
            "--clause",
            "--seed",
            "--as-of",
            "--out",
            "--jobs",
        ),
        *(
            "0",
            "-1",
            "missing.toml",
            "/",
            "/dev/null/x",
            "",
            "\x00",
            "市町村長",
            "IS-PRV-005",
            "2020-09-06",
            "--schema",
        ),
        *("--profile", "--asker", "--law", "--network", "--body", "9" * 16, "--", "-", "\udcff", "a" * 5000),
    ]
)


@settings(
    derandomize=True, max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.lists(WORDS, min_size=1, max_size=6))
def test_no_words_whatever_lead_to_a_traceback(bango: Bango, words: list[str]) -> None:
    said = bango.here(*words)
    assert said.code in {0, 1, 4, 5, 10}
    assert "Traceback" not in said.err + said.out
    assert not said.err.startswith("INTERNAL")

"""Every command that the README names is one: its words and options are known to the front door."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from bango_conformance import cli

README = Path(__file__).parent.parent / "README.md"
COMMAND = re.compile(r"(?:^|[`$「] ?)(bango [a-z][^`\n」]*)")


def commands() -> list[str]:
    return list(dict.fromkeys(found.strip() for found in COMMAND.findall(README.read_text(encoding="utf-8"))))


def test_the_readme_names_commands() -> None:
    assert len(commands()) > 20


@pytest.mark.parametrize("line", commands())
def test_a_command_of_the_readme_exists_with_its_options(line: str) -> None:
    words = re.split(r"\s+", line.partition("#")[0].partition("（")[0].strip())[1:]
    group: Any = typer.main.get_command(cli.application())
    while words and hasattr(group, "commands") and words[0] in group.commands:
        group = group.commands[words.pop(0)]
    if words and "run" in getattr(group, "commands", ()):
        # `bango load CAMPAIGN TARGET`: the first word is a campaign.
        group = group.commands["run"]
    assert not hasattr(group, "commands") or not words, f"{line}: no such command"
    known = {option for parameter in group.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= known

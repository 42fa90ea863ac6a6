"""`bango init`: a file that can be read at once, says what each key is for in both languages, and overwrites nothing."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING

import jsonschema_rs
import msgspec
import pytest

from bango_conformance.init import TEMPLATES, schema_text, template
from bango_conformance.suite import PROFILES
from bango_spec.target import HOOK_NAMES, Target, read_target

if TYPE_CHECKING:
    from tests.conformance.conftest import Bango


def test_every_profile_has_a_template() -> None:
    assert set(TEMPLATES) == set(PROFILES)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_file_reads_as_a_target(bango: Bango, profile: str) -> None:
    said = bango.here("init", "--profile", profile, "--out", "a/target.toml")
    assert said.code == 0
    target = read_target(bango.folder / "a/target.toml", {"BANGO_STAFF_PASSPHRASE": "secret"})
    assert target.profile == profile
    assert target.staff.passphrase == "secret"
    assert (bango.folder / "a/target.schema.json").is_file()


@pytest.mark.parametrize("profile", PROFILES)
def test_every_key_is_written_and_explained(profile: str) -> None:
    text = template(profile)
    for struct in (Target, *(field.type for field in msgspec.structs.fields(Target) if isinstance(field.type, type))):
        if issubclass(struct, msgspec.Struct):
            for field in msgspec.structs.fields(struct):
                assert field.name in text
    for name in HOOK_NAMES:
        assert f"[hooks.{name}]" in text
    keys = [line for line in text.splitlines() if " = " in line and not line.startswith("#")]
    assert len(keys) > 15


def test_what_is_commented_out_reads_too() -> None:
    text = template("intermediate-server")
    examples = re.compile(r"# (?=\[|command|unlocks|seconds|obligation|reason|owner|expires)")
    opened = "\n".join(examples.sub("", line, count=1) for line in text.splitlines())
    target = msgspec.convert(tomllib.loads(opened), Target, dec_hook=lambda kind, value: kind(value))
    assert set(target.hooks) == set(HOOK_NAMES)
    assert len(target.waivers) == 1


def test_a_file_that_is_there_stays_as_it_is(bango: Bango) -> None:
    (bango.folder / "target.toml").write_text("mine")
    said = bango.here("init")
    assert said.code == 4
    assert said.err.startswith("INIT-EXISTS")
    assert (bango.folder / "target.toml").read_text() == "mine"


def test_an_unknown_profile_names_the_known_ones(bango: Bango) -> None:
    said = bango.here("init", "--profile", "card")
    assert said.code == 4
    assert "intermediate-server" in said.err
    assert not (bango.folder / "target.toml").exists()


def test_the_schema_accepts_the_template_and_refuses_what_the_reader_refuses(bango: Bango) -> None:
    said = bango.here("init", "--schema")
    assert said.code == 0
    assert said.out == schema_text()
    validator = jsonschema_rs.Draft202012Validator(json.loads(said.out))
    data = tomllib.loads(template("intermediate-server"))
    assert validator.is_valid(data)
    assert not validator.is_valid(data | {"unknown": 1})
    assert not validator.is_valid({key: value for key, value in data.items() if key != "body"})

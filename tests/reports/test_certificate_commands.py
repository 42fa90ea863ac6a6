from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import typer
from tests.reports.issuer import NAME, NOW
from typer.testing import CliRunner

from bango_reports import certificate, commands, keys

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reports.conftest import Saver

    from bango_reports.model import Run


def bango(*arguments: object) -> tuple[int, str]:
    app = typer.Typer()
    commands.register(app)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_the_command_line_from_key_to_verdict(tmp_path: Path, green: Run, saved: Saver) -> None:
    folder, _ = saved(green)
    code, out = bango("ca", "issuer-key", "--out", tmp_path / "k", "--name", "試験所", "--name-en", "Test house")
    assert code == 0
    assert "trust.yaml" in out
    key = keys.load_key(tmp_path / "k" / keys.KEY_FILE)
    file = tmp_path / "certificate.json"
    certificate.write(file, certificate.issue(folder, key, grade="self-declared", now=datetime.now(UTC)))
    trust = ("--trust", tmp_path / "k" / keys.TRUST_FILE)
    code, out = bango("verify", file, *trust, "--run", folder)
    assert (code, out.splitlines()[0]) == (0, "この証明書は認められます")
    assert "未試験 IS-OPS-001" in out
    code, out = bango("verify", file, *trust, "--product", "other", "--lang", "en")
    assert code == 1
    assert "[CERT-PRODUCT]" in out
    code, out = bango("verify", file, "--format", "json")
    assert code == 1
    assert json.loads(out)["refusals"] == ["CERT-UNTRUSTED"]
    assert bango("verify", file, *trust, "--witnessed")[0] == 1
    assert bango("ca", "issuer-key", "--out", tmp_path / "k")[0] == 4
    assert bango("ca", "issuer-key", "--out", tmp_path / "l", "--grade", "royal")[0] == 2
    file.write_text("{", encoding="utf-8")
    assert bango("verify", file)[0] == 4
    file.write_text("{}", encoding="utf-8")
    assert bango("verify", file)[0] == 4
    assert bango("verify", tmp_path / "none")[0] == 4


def test_the_ca_group_is_shared(tmp_path: Path) -> None:
    app, group = typer.Typer(), typer.Typer()
    group.command("show")(lambda: None)
    app.add_typer(group, name="ca")
    commands.register(app)
    assert CliRunner().invoke(app, ["ca", "show"]).exit_code == 0
    assert CliRunner().invoke(app, ["ca", "issuer-key", "--out", str(tmp_path)]).exit_code == 0


def test_a_hostile_product_name_cannot_steer_the_terminal(tmp_path: Path, green: Run, saved: Saver) -> None:
    target = msgspec.structs.replace(green.target, product="evil\x1b[2J\u202eproduct")
    folder, _ = saved(msgspec.structs.replace(green, target=target))
    key, _ = keys.generate(tmp_path / "k", name=NAME, now=NOW)
    file = tmp_path / "c.json"
    certificate.write(file, certificate.issue(folder, key, grade="self-declared", now=NOW))
    _, out = bango("verify", file)
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "⟨U+202E⟩" in out

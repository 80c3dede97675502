"""R26: a catalogue accepted by version and hash, each recalled figure closed by a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.stimulation.catalogue import catalogue
from shared.stimulation.recalled import closed_digest, recalled_fields
from shared.trust import sign1
from shared.trust.statements import CatalogueAcceptance
from tests.cloud.root_tool.holder import NOW_S, Holder, run


@pytest.fixture
def decisions(tmp_path: Path) -> Path:
    """A file in which somebody looked everything up."""
    path = tmp_path / "decisions.json"
    assert run("decisions", out=path) == 0
    said = json.loads(path.read_text())
    for figures in said["closed"].values():
        figures.update(dict.fromkeys(figures, "looked up in the paper's table 1"))
    path.write_text(json.dumps(said))
    return path


def accept(holder: Holder, **options: Any) -> int:
    return holder.sign("accept-catalogue", out=holder.desk / "accepted.cose", **options)


def accepted(holder: Holder) -> CatalogueAcceptance:
    envelope = (holder.desk / "accepted.cose").read_bytes()
    return sign1.verify(CatalogueAcceptance, envelope, audience=b"clinic", key=holder.root)


def wanted() -> CatalogueAcceptance:
    return CatalogueAcceptance(catalogue().version, catalogue().digest, closed_digest(), NOW_S)


def test_with_every_figure_closed_it_is_accepted(
    holder: Holder, decisions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accept(holder, close_all=decisions) == 0
    assert accepted(holder) == wanted()
    shown = capsys.readouterr().out
    assert catalogue().digest.hex() in shown
    assert shown.count("  recalled  ") == len(recalled_fields()) + 1
    assert all(entry.source in shown for entry in catalogue().entries)
    assert "not named" not in shown


def spoiled(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same file with one thing wrong."""
    entry, figures = next(iter(said["closed"].items()))
    figure = next(iter(figures))
    for changed in ({figure: ""}, {figure: "  "}, {figure: None}, {figure: True}):
        yield said | {"closed": said["closed"] | {entry: figures | changed}}
    yield said | {"closed": said["closed"] | {entry: {}}}
    yield said | {"closed": {name: each for name, each in said["closed"].items() if name != entry}}
    yield said | {"closed": []}
    yield said | {"version": said["version"] + 1}
    yield said | {"hash": "00" * 32}
    yield {}


def test_a_file_that_leaves_anything_open_accepts_nothing(
    holder: Holder, decisions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = holder.files()
    for wrong in spoiled(json.loads(decisions.read_text())):
        decisions.write_text(json.dumps(wrong))
        assert accept(holder, close_all=decisions) == 1
        assert str(decisions) in capsys.readouterr().err
    assert holder.files() == before


def test_the_figure_that_stays_open_is_named(
    holder: Holder, decisions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = json.loads(decisions.read_text())
    entry, figure = recalled_fields()[7].rsplit(".", 1)
    said["closed"][entry][figure] = ""
    decisions.write_text(json.dumps(said))
    assert accept(holder, close_all=decisions) == 1
    assert capsys.readouterr().err.strip().endswith(f"nothing closes {entry}.{figure}")


def test_asked_entry_by_entry_it_is_accepted_at_the_last_yes(
    holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert accept(holder) == 0
    assert accepted(holder) == wanted()


def test_one_entry_not_closed_stops_it(
    holder: Holder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["yes", "yes", "no"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    assert accept(holder) == 1
    assert "stays open" in capsys.readouterr().err
    assert not (holder.desk / "accepted.cose").exists()


def test_without_a_terminal_and_without_a_file_nothing_is_accepted(holder: Holder) -> None:
    assert accept(holder) == 1
    assert not (holder.desk / "accepted.cose").exists()


def test_the_recovery_root_accepts_nothing(holder: Holder, decisions: Path) -> None:
    recovery = holder.home / "recovery-root.key"
    assert accept(holder, close_all=decisions, clinic_root=recovery) == 1
    assert not (holder.desk / "accepted.cose").exists()

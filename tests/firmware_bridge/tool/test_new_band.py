"""A band that nobody has paired with yet: what an engineer is told, and by which exit status."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from firmware_bridge.tool.cli import COMMANDS
from tests.firmware_bridge.tool.running import Engineer


def test_scan_lists_the_band(engineer: Engineer) -> None:
    ended = engineer.run("scan", "--for", "1", "--json")
    (device,) = ended.document["devices"]
    assert (ended.status, device["name"], device["paired"]) == (0, "Band", False)


def test_a_folder_without_a_bond_says_how_to_pair(engineer: Engineer) -> None:
    ended = engineer.run("status")
    assert ended.status == 5
    assert "No band is paired" in ended.err
    assert "circlet-device pair" in ended.err
    assert ended.out == ""


def test_an_error_is_one_json_document_too(engineer: Engineer) -> None:
    ended = engineer.run("status", "--json")
    assert (ended.status, ended.document["error"]["code"]) == (5, "tool.not_paired")


def test_confirming_any_number_is_refused_on_a_real_radio(engineer: Engineer) -> None:
    ended = engineer.run("pair", "--yes", CIRCLET_RADIO="")
    assert ended.status == 2
    assert "--yes compares nothing" in ended.err


def test_no_radio_is_told_in_a_sentence(engineer: Engineer) -> None:
    ended = engineer.run("scan", "--radio", "127.0.0.1:1")
    assert ended.status == 3
    assert "--radio HOST:PORT" in ended.err


def test_another_band_than_the_radio_has_is_not_found(engineer: Engineer, tmp_path: Path) -> None:
    (tmp_path / "band.json").write_text('{"address": "C0:00:00:00:00:01"}')
    ended = engineer.run("status", "--state", str(tmp_path), "--within", "1")
    assert ended.status == 3
    assert "circlet-device scan" in ended.err


def test_no_radio_is_no_conformance(engineer: Engineer) -> None:
    ended = engineer.run("conformance", "--radio", "127.0.0.1:1")
    assert ended.status == 3


@pytest.mark.parametrize("module", COMMANDS, ids=lambda module: module.__name__)
def test_help_fits_eighty_columns(engineer: Engineer, module: ModuleType) -> None:
    name = module.__name__.rpartition(".")[2].replace("_", "-")
    ended = engineer.run(name, "--help", COLUMNS="80")
    assert (ended.status, [line for line in ended.out.splitlines() if len(line) > 80]) == (0, [])
    assert "exit status:" in ended.out


def test_a_paired_band_of_nobodys_has_no_record(paired: Engineer) -> None:
    assert paired.run("status", "--json").document["hello"]["provisioned"] is False
    ended = paired.run("head")
    assert ended.status == 1
    assert "demo-setup" in ended.err

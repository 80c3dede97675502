"""What a clinic's root must close before anything installs (R26)."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from typing import Any

from shared.stimulation import recalled
from shared.stimulation.catalogue import catalogue
from shared.stimulation.recalled import closed_digest, recalled_fields


def read(name: str) -> Any:
    return json.loads(resources.files("shared.stimulation").joinpath(name).read_text("utf-8"))


def test_the_list_is_sorted_and_names_each_figure_once() -> None:
    names = recalled_fields()
    assert list(names) == sorted(set(names))
    assert "mdd-l-dlpfc-itbs.intensity_percent" in names
    assert "coils.H1.deep" in names
    assert {"limits.train_duration_max_ms", "limits.theta_burst"} <= set(names)


def test_every_word_recalled_in_the_files_is_on_the_list() -> None:
    names = set(recalled_fields())
    for entry in read("catalogue.json")["entries"]:
        for field, word in entry["provenance"].items():
            assert (f"{entry['id']}.{field}" in names) is (word == "recalled")
    for coil in read("catalogue.json")["coils"]:
        for field, word in coil["provenance"].items():
            assert (f"coils.{coil['id']}.{field}" in names) is (word == "recalled")
    for name, section in read("limits.json").items():
        if isinstance(section, dict):
            assert (f"limits.{name}" in names) is (section["provenance"] == "recalled")


def test_a_figure_whose_file_says_nothing_counts_as_recalled() -> None:
    bilateral = catalogue().entry("mdd-bilateral-tbs")
    assert "threshold_kind" not in bilateral.provenance
    assert "mdd-bilateral-tbs.threshold_kind" in recalled_fields()
    named = {field for entry in catalogue().entries for field in entry.provenance}
    assert named >= recalled.ENTRY_FIELDS


def test_the_digest_is_that_of_the_list_one_name_a_line() -> None:
    listed = "".join(f"{name}\n" for name in recalled_fields()).encode()
    assert closed_digest() == hashlib.sha256(listed).digest()
    assert closed_digest() != catalogue().digest

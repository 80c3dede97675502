"""The scenario that docs/faults.md shows is one."""

import re

from firmware_bridge.emulator.scenario.reading import read_scenario, shipped
from scripts.fault_tables import DOCUMENT

EXAMPLE = re.compile(r"```toml\n(.*?)```", re.DOTALL)
ROW = re.compile(r"^\| `([a-z-]+)` \| [^|]+ \|$", re.MULTILINE)


def test_example_of_the_document_reads() -> None:
    (example,) = EXAMPLE.findall(DOCUMENT.read_text("utf-8"))
    scenario = read_scenario(example, "docs/faults.md")
    assert [asked["fault"] for asked in scenario.faults] == [
        "out_of_reach",
        "firmware_frozen",
        "att_drop",
        "battery_percent",
    ]


def test_every_shipped_scenario_has_its_row() -> None:
    assert tuple(ROW.findall(DOCUMENT.read_text("utf-8").partition("## Scenarios")[2])) == shipped()

"""`docs/emulator.md` has the profiles' figures as the code has them."""

from dataclasses import fields
from pathlib import Path

from firmware_bridge.emulator.profile.figures import CORTEX_M4, DESKTOP

ROOT = Path(__file__).resolve().parents[4]


def test_documented_figures_are_those_that_are_charged() -> None:
    lines = (ROOT / "docs" / "emulator.md").read_text().splitlines()
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("| `")]
    documented = {row[1].strip("`"): (row[2], row[3]) for row in rows if len(row) > 4}
    for field in fields(CORTEX_M4):
        if field.name != "name":
            figures = tuple(str(getattr(each, field.name)) for each in (DESKTOP, CORTEX_M4))
            assert documented[field.name] == figures, field.name

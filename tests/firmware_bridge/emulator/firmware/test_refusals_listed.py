"""Each code that docs/protocol.md lists under an operation as its own, given by the firmware.

What many operations refuse alike stands in test_refusal_families.py, what the table of states
refuses in test_states.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.operation_refusals import REFUSALS
from shared.wire.operations import Operation
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.refusing import code
from tests.firmware_bridge.emulator.firmware.ways_of_owners import (
    APPS,
    LEAVING,
    OWNERS,
    PRESCRIPTIONS,
)
from tests.firmware_bridge.emulator.firmware.ways_of_words import (
    AROUND,
    CLINIC,
    HOLDS,
    SESSION,
)
from tests.shared.clinic import Clinic
from tests.shared.prescribed import bilateral

WAYS = {
    **OWNERS,
    **LEAVING,
    **APPS,
    **PRESCRIPTIONS,
    **CLINIC,
    **HOLDS,
    **AROUND,
    **SESSION,
}
ELSEWHERE_DRIVEN = {(Operation.RECEIPT, "record_overwritten")}
"""In test_refusals_edges.py, over a log that has been overwritten."""

OF_NOBODY = {
    (Operation.HEAD, "not_provisioned"),
    (Operation.PROVISION, "no_transfer"),
    (Operation.PROVISION, "demo_owner"),
}
NO_DEMONSTRATION = {
    (Operation.CLEARANCE, "certificate_too_long"),
    (Operation.INSTALL, "catalogue_not_accepted"),
}
WITHOUT_PLAN = {
    (Operation.INSTALL, why)
    for why in (
        "opening_below_course",
        "no_final_head",
        "no_device_certificate",
        "not_the_final_head",
        "old_device_at_large",
        "record_too_long",
    )
}
BILATERAL = {(Operation.REPOSITIONED, "locked")}


def begun(folder: Path, row: tuple[Operation, str]) -> Band:
    """The band that a row begins with: ready to be armed, unless it is about less."""
    if row in NO_DEMONSTRATION:
        band = Band(folder, Clinic(demo=False))
        band.provision()
        return band
    band = Band(folder)
    if row in WITHOUT_PLAN:
        band.provision()
    elif row not in OF_NOBODY:
        band.ready(bilateral() if row in BILATERAL else None)
    return band


@pytest.mark.parametrize("row", WAYS, ids=lambda row: f"{row[0].name.lower()}-{row[1]}")
def test_operation_refuses_with_each_code_of_its_own(
    tmp_path: Path, row: tuple[Operation, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    band = begun(tmp_path / "band", row)
    if row[1] == "record_too_long":
        monkeypatch.setattr("shared.wire.records.MAXIMUM_RECORD_BYTES", 100)
    assert code(WAYS[row](band)) == row[1]


def test_every_code_that_is_listed_has_its_way() -> None:
    listed = {(operation, why) for operation, row in REFUSALS.items() for why in row.own}
    assert set(WAYS) | ELSEWHERE_DRIVEN == listed

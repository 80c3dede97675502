"""A prescription as bytes: it comes back as it was signed, fits, and is refused when cut short."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dose import prescription as prescriptions
from shared.dose.prescription import Prescription
from shared.stimulation.catalogue import CatalogueEntry, catalogue
from shared.wire.errors import WireError
from tests.shared.clinic import itbs
from tests.shared.prescribed import prescribed


@given(
    st.builds(
        itbs,
        serial=st.integers(1, 2**32),
        replaces_hash=st.none() | st.binary(min_size=32, max_size=32),
        new_course=st.booleans(),
        initials=st.text("ABCÄ.", min_size=1, max_size=4),
        make_up_within_s=st.none() | st.integers(0, 2**40),
        beat_limit_ms=st.integers(1000, 2**40),
        table_exception=st.none() | st.sampled_from(["mdd", "ocd"]),
        gates=st.lists(st.sampled_from(itbs().gates), max_size=5).map(tuple),
        ramp=st.lists(st.integers(0, 2**40), max_size=10).map(tuple),
        research_reason=st.none() | st.text("aß ", min_size=1, max_size=40),
    )
)
def test_a_prescription_comes_back_as_it_was_signed(prescription: Prescription) -> None:
    data = prescriptions.to_bytes(prescription)
    assert prescriptions.from_bytes(data) == prescription
    assert prescriptions.to_bytes(prescriptions.from_bytes(data)) == data


@pytest.mark.parametrize("entry", catalogue().entries, ids=lambda entry: entry.id)
def test_every_catalogue_prescription_fits_into_its_kilobyte(entry: CatalogueEntry) -> None:
    data = prescriptions.to_bytes(prescribed(entry))
    assert prescriptions.from_bytes(data) == prescribed(entry)
    assert len(data) <= prescriptions.MAXIMUM_BYTES


def test_every_truncation_of_a_prescription_is_refused() -> None:
    data = prescriptions.to_bytes(itbs())
    for size in range(len(data)):
        with pytest.raises(WireError):
            prescriptions.from_bytes(data[:size])

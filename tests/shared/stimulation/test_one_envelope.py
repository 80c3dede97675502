"""There is one envelope and one format of records so far; the band compares none (R27, R30)."""

from __future__ import annotations

from shared.stimulation.limits import absolute_limits
from shared.wire.record_types import RecordType

THE_ONLY_ENVELOPE = 1
TYPES_OF_THE_FIRST_FORMAT = 37


def test_no_second_envelope_comes_before_the_band_compares_two_at_boot() -> None:
    """Whoever writes a second one writes that comparison first, and then changes this test."""
    assert absolute_limits().version == THE_ONLY_ENVELOPE


def test_no_second_format_comes_before_unconfirmed_firmware_is_kept_from_writing_it() -> None:
    """Whoever adds a type writes that guard first, and then changes this test."""
    assert [each.value for each in RecordType] == list(range(1, TYPES_OF_THE_FIRST_FORMAT + 1))

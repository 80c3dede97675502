"""What is signed keeps its numbers and limits: no byte changes its meaning unnoticed."""

from __future__ import annotations

import pytest

from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.trust.sign1 import MAXIMUM_BYTES, peek
from tests.shared.trust.wire_table import TABLE, lines

KEY = SoftwareKey.generate()


def test_every_number_and_limit_of_the_wire_is_the_one_written_down() -> None:
    """`python -m tests.shared.trust.wire_table` writes it anew, when that is meant."""
    assert "\n".join(lines()) == TABLE.read_text().rstrip("\n")


@pytest.mark.parametrize(("size", "code"), [(2048, "envelope"), (2049, "size")])
def test_an_envelope_has_at_most_2048_bytes(size: int, code: str) -> None:
    with pytest.raises(TrustError) as refused:
        peek(bytes(size))
    assert refused.value.code == code
    assert MAXIMUM_BYTES == 2048

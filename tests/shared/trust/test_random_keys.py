"""A key made of given random bytes: the same bytes, the same key; too few, none."""

import pytest

from shared.trust.keys import RANDOM_BYTES, SoftwareKey


def test_same_bytes_make_the_same_key_and_others_another() -> None:
    random = bytes(range(RANDOM_BYTES))
    key = SoftwareKey.from_random(random)
    assert key.public_key == SoftwareKey.from_random(random).public_key
    assert key.public_key != SoftwareKey.from_random(random[::-1]).public_key
    key.public_key.verify(key.sign(b"message"), b"message")


@pytest.mark.parametrize("random", [bytes(RANDOM_BYTES), b"\xff" * RANDOM_BYTES])
def test_the_ends_of_the_range_make_keys_too(random: bytes) -> None:
    key = SoftwareKey.from_random(random)
    assert key.agree(key.public_key)


def test_too_few_bytes_make_no_key() -> None:
    with pytest.raises(ValueError, match=f"at least {RANDOM_BYTES}"):
        SoftwareKey.from_random(bytes(RANDOM_BYTES - 1))

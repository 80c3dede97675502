"""Everything that is drawn: by seed and name, so that one draw changes no other."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from shared.trust.keys import RANDOM_BYTES, SoftwareKey, raw_signature

T = TypeVar("T")
_DETERMINISTIC = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


class DemoKey(SoftwareKey):
    """A key made from a seed: whoever knows the seed has it. Signs as RFC 6979 says, so that the
    same bytes have the same signature."""

    def sign(self, message: bytes) -> bytes:
        """Return r || s, low s, over ``message``."""
        return raw_signature(self._private.sign(message, _DETERMINISTIC))


class Chance:
    """The draws of one name; the same seed and name draw the same, whatever else was drawn."""

    def __init__(self, seed: int, name: str = "clinic") -> None:
        self._seed, self._name = seed, name
        self._random = random.Random(f"{seed}/{name}")

    def of(self, name: str) -> Chance:
        """Return the draws of something within this."""
        return Chance(self._seed, f"{self._name}/{name}")

    def happens(self, share: float) -> bool:
        """Return true in this share of draws."""
        return self._random.random() < share

    def share(self) -> float:
        """Return a number from 0 to below 1."""
        return self._random.random()

    def between(self, lowest: float, highest: float) -> float:
        """Return a number between two."""
        return self._random.uniform(lowest, highest)

    def whole(self, lowest: int, highest: int) -> int:
        """Return a whole number from the lowest to the highest."""
        return self._random.randint(lowest, highest)

    def normal(self, mean: float, sd: float) -> float:
        """Return a number of a normal distribution."""
        return self._random.gauss(mean, sd)

    def one_of(self, values: Sequence[T]) -> T:
        """Return one of several."""
        return self._random.choice(values)

    def data(self, length: int = 16) -> bytes:
        """Return so many bytes."""
        return self._random.randbytes(length)

    def key(self) -> DemoKey:
        """Return a key."""
        key = DemoKey.from_random(self.data(RANDOM_BYTES))
        assert isinstance(key, DemoKey)
        return key


@contextmanager
def ids_drawn_from(chance: Chance) -> Iterator[None]:
    """Let ids be drawn from a seed instead of from the machine, in this process, for a while.

    Nothing made meanwhile is secret. Only for a database in which there is nobody else.
    """
    drawn: dict[str, object] = {
        "token_bytes": lambda length=None: chance.data(length or 32),
        "token_hex": lambda length=None: chance.data(length or 32).hex(),
        "token_urlsafe": lambda length=None: chance.data(length or 32).hex(),
        "choice": chance.one_of,
    }
    real = {name: getattr(secrets, name) for name in drawn}
    try:
        for name, function in drawn.items():
            setattr(secrets, name, function)
        yield
    finally:
        for name, function in real.items():
            setattr(secrets, name, function)

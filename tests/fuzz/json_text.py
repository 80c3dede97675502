"""Lines of JSON, changed as a tree and then as text: types, numbers, names, depth, spelling."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.fuzz.havoc import havoc, noise
from tests.fuzz.sources import POOL_SEEDS

_STRANGE: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**53, 2**63, 2**64, -(2**63), 10**40, 10**4200),
    *(0.5, 1.0, -0.0, 1e308, float("nan"), float("inf"), float("-inf")),
    *("", " ", "a", "\x00", "\ud800", "é", "🙂", "=", "AAAA", "AA==", "A" * 300, "-" * 40, "٣"),
    *([], {}, [[]], [None], {"": 0}, [0] * 50),
)


@dataclass(frozen=True)
class Lines:
    """Inputs that are JSON; ``opening`` bytes choose how it's read."""

    seed: Callable[[Random], tuple[bytes, Any]]

    def pool(self, rng: Random) -> list[tuple[bytes, Any]]:
        return [self.seed(rng) for _ in range(POOL_SEEDS)]

    def make(self, rng: Random, pool: Sequence[tuple[bytes, Any]]) -> bytes:
        opening, value = rng.choice(pool)
        way = rng.random()
        if way < 0.15:
            return opening + _text(value)
        if way < 0.75:
            return opening + _spelled(rng, _change(rng, value, rng.choice(pool)[1]))
        if way < 0.98:
            return opening + havoc(rng, _text(value), _text(rng.choice(pool)[1]))
        return opening + noise(rng)


def _text(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _spelled(rng: Random, value: Any) -> bytes:
    way = rng.random()
    if way < 0.8:
        return _text(value)
    if way < 0.86:
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if way < 0.9:
        return _text(value).decode().encode(rng.choice(("utf-16", "utf-32", "utf-8-sig")))
    if way < 0.94:
        depth = rng.choice((5, 100, 900, 5000))
        return b"[" * depth + _text(value) + b"]" * rng.choice((0, depth))
    if way < 0.97:
        return _text(value)[:-1] + b"," + _text(value)[1:]
    return b" " * rng.choice((1, 5000)) + _text(value) + rng.choice((b"\n", b"\r\n", b"x"))


def _change(rng: Random, value: Any, other: Any) -> Any:
    if not isinstance(value, (dict, list)) or not value or rng.random() < 0.15:
        return _leaf(rng, value, other)
    if isinstance(value, list):
        place = rng.randrange(len(value))
        return [*value[:place], _change(rng, value[place], other), *value[place + 1 :]]
    name = rng.choice(list(value))
    way = rng.random()
    if way < 0.1:
        return {key: item for key, item in value.items() if key != name}
    if way < 0.2:
        return value | {rng.choice((name.upper(), "x", "", "\ud800")): rng.choice(_STRANGE)}
    return value | {name: _change(rng, value[name], other)}


def _leaf(rng: Random, value: Any, other: Any) -> Any:
    way = rng.random()
    if way < 0.1:
        return other
    if way < 0.2:
        return [value]
    if isinstance(value, str) and way < 0.6:
        return havoc(rng, value.encode("utf-8", "surrogatepass"), b"A=").decode("utf-8", "replace")
    if isinstance(value, int) and way < 0.6:
        return value + rng.choice((-1, 1, 2**31, 2**53, -(2**53)))
    return rng.choice(_STRANGE)

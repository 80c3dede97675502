"""Who makes a parser's inputs: valid seeds, and their mutations layer by layer.

A pool holds the seeds of a stretch of inputs; it depends on the seed alone, so that each input can
be made again from its number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from shared.trust.keys import SoftwareKey
from shared.wire import fields
from tests.fuzz import cbor_tree as tree
from tests.fuzz import signing
from tests.fuzz.cbor_tree import Node
from tests.fuzz.havoc import havoc, noise
from tests.fuzz.mutations import mutate, within
from tests.fuzz.shapes import Shape, example, shape_of

POOL_SEEDS = 24


class Source(Protocol):
    """Makes a pool, and inputs from it."""

    def pool(self, rng: Random) -> Any:
        """Return fresh seeds."""

    def make(self, rng: Random, pool: Any) -> bytes:
        """Return one input."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A valid input as a tree; ``opening`` are bytes before it that choose how it's read."""

    root: Node
    shape: Shape | None
    opening: bytes = b""


@dataclass(frozen=True)
class Trees:
    """Inputs that are one CBOR item, after an opening."""

    seed: Callable[[Random], Seed]

    def pool(self, rng: Random) -> list[Seed]:
        return [self.seed(rng) for _ in range(POOL_SEEDS)]

    def make(self, rng: Random, pool: Sequence[Seed]) -> bytes:
        seed, other = rng.choice(pool), rng.choice(pool)
        return seed.opening + changed(rng, seed, other).raw


def changed(rng: Random, seed: Seed, other: Seed) -> Node:
    """Return the seed's tree as it is, changed within or against the rules, or as wild bytes."""
    way = rng.random()
    if way < 0.25:
        return within(rng, seed.root, seed.shape, other.root)
    if way < 0.85:
        return mutate(rng, seed.root, seed.shape, other.root)
    if way < 0.98:
        return tree.opaque(havoc(rng, seed.root.raw, other.root.raw))
    return tree.opaque(noise(rng))


def one_of(kinds: Sequence[type[Any]]) -> Callable[[Random], Seed]:
    """Return a maker of examples of these dataclasses; the opening is the place in the list."""

    def seed(rng: Random) -> Seed:
        index = rng.randrange(len(kinds))
        kind = kinds[index]
        root = tree.read(fields.pack(example(kind, rng)))
        return Seed(root, shape_of(kind), bytes([index]))

    return seed


@dataclass(frozen=True, slots=True)
class StatementSeed:
    """A statement before it is signed, and how it is read."""

    kind: str
    body: Seed
    key: SoftwareKey
    audience: bytes


def signed(rng: Random, seed: StatementSeed, other: StatementSeed) -> bytes:
    """Return an envelope with one layer changed; inner ones are signed anew to hold."""
    layer = rng.random()
    body = changed(rng, seed.body, other.body) if layer < 0.6 else seed.body.root
    payload = signing.payload_of(seed.kind, seed.key, seed.audience, body)
    protected = signing.protected_of(seed.key)
    if 0.6 <= layer < 0.7:
        payload = mutate(rng, payload, None, other.body.root)
    if 0.7 <= layer < 0.8:
        protected = mutate(rng, protected, None, other.body.root)
    whole = signing.envelope(protected.raw, payload.raw, seed.key)
    if layer < 0.8:
        return whole.raw
    if layer < 0.83:
        return _malleable(whole)
    return changed(rng, Seed(whole, None), Seed(other.body.root, None)).raw


def _malleable(whole: Node) -> bytes:
    parts = whole.children[0].children
    signature = tree.string(signing.high_s(parts[3].payload))
    return tree.tagged(signing.SIGN1_TAG, tree.array([*parts[:3], signature])).raw


@dataclass(frozen=True)
class Statements:
    """Inputs that are COSE_Sign1; the opening byte says which type is expected."""

    seed: Callable[[Random], StatementSeed]

    def pool(self, rng: Random) -> list[StatementSeed]:
        return [self.seed(rng) for _ in range(POOL_SEEDS)]

    def make(self, rng: Random, pool: Sequence[StatementSeed]) -> bytes:
        seed, other = rng.choice(pool), rng.choice(pool)
        return seed.body.opening + signed(rng, seed, other)


@dataclass(frozen=True)
class Plain:
    """Inputs of few bytes and no structure that a tree would know."""

    seed: Callable[[Random], bytes]

    def pool(self, rng: Random) -> list[bytes]:
        return [self.seed(rng) for _ in range(POOL_SEEDS)]

    def make(self, rng: Random, pool: Sequence[bytes]) -> bytes:
        way = rng.random()
        if way < 0.25:
            return self.seed(rng)
        if way < 0.97:
            return havoc(rng, rng.choice(pool), rng.choice(pool))
        return noise(rng)

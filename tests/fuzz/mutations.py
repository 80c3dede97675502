"""Changes of a CBOR tree at a random place; what a place may hold is known by its shape.

Some changes stay within the rules, most break exactly one: types, lengths, order, spelling, depth.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from shared.wire import canonical, fields
from tests.fuzz import cbor_tree as tree
from tests.fuzz.cbor_tree import ARRAY, BYTES, MAP, OPAQUE, TAG, TEXT, UNSIGNED, Node
from tests.fuzz.shapes import Shape, bounds, value

EDGES = tuple(
    sorted(
        {2**power + step for power in (0, 5, 8, 16, 31, 32, 53, 63, 64, 70) for step in (-1, 0, 1)}
        | {-(2**power) + step for power in (0, 8, 31, 53, 63, 64, 70) for step in (-1, 0, 1)}
        | {23, 24}
    )
)
_TAGS: tuple[int, ...] = (
    0,
    1,
    2,
    3,
    4,
    5,
    18,
    21,
    24,
    28,
    29,
    30,
    32,
    35,
    36,
    37,
    43,
    55,
    100,
    256,
    258,
    260,
    261,
)
_TAGS += (1004, 43000, 55799, 2**32, 2**64 - 1)
_STRANGE = tuple(
    bytes.fromhex(text)
    for text in (
        "f90000",
        "f93c00",
        "f97e00",
        "fa7fc00000",
        "fb7ff8000000000000",
        "fb3ff0000000000000",
        "f9c700",  # -7.0, which Python takes for -7
        "f4",
        "f5",
        "f6",
        "f7",
        "e0",
        "f820",
        "f8ff",
        "ff",
        "1c",
        "5c",
        "fc",
        "5b7fffffffffffffff",
        "7b7fffffffffffffff",
        "9b7fffffffffffffff",
        "bb7fffffffffffffff",
        "9a0fffffff",
        "ba0fffffff",
        "5a0fffffff",
        "c5821a7fffffff01",
        "c4823b7fffffffffffffff01",
        "c482187fffff",
        "c4821a0007a12001",
        "c5821a000f424001",
        "d81e820100",
        "d81c81d81d00",
        "d81d00",
        "d823673f282878293029",
        "d825420000",
        "d9010281f97e00",
        "d9010282f97e00f97e00",
        "c11b7fffffffffffffff",
        "c1fb7ff0000000000000",
        "c06474696d65",
        "d903ec6474696d65",
        "d90104443f000001",
        "d90105a144c0a800001818",
    )
)
_BAD_TEXT = (
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xc0\x80",
    b"a\x00b",
    b"\xf0",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change happens: the node, its shape if known, and another tree to take from."""

    rng: Random
    node: Node
    shape: Shape | None
    other: Node


def mutate(rng: Random, root: Node, shape: Shape | None, other: Node) -> Node:
    """Return the tree after one change, seldom two or three."""
    for _ in range(rng.choice((1, 1, 1, 1, 1, 2, 3))):
        root = _at(rng, root, shape, other, rng.randrange(root.size), rng.choice(_WAYS))
    return root


def within(rng: Random, root: Node, shape: Shape | None, other: Node) -> Node:
    """Return the tree with one value renewed within its limits, or at the very edge of them."""
    way = rng.choice((renew, renew, renew, edge))
    return _at(rng, root, shape, other, rng.randrange(root.size), way)


def _at(rng: Random, node: Node, shape: Shape | None, other: Node, index: int, way: Way) -> Node:
    if index == 0 or not node.children:
        return way(Place(rng, node, shape, other))
    index -= 1
    for place, child in enumerate(node.children):
        if index < child.size:
            inner = _member(node, shape, place)
            changed = _at(rng, child, inner, other, index, way)
            parts = (*node.children[:place], changed, *node.children[place + 1 :])
            return tree.with_children(node, parts)
        index -= child.size
    return node


def _member(node: Node, shape: Shape | None, place: int) -> Shape | None:
    if shape is None:
        return None
    if node.major == ARRAY:
        return shape.members.get(place, shape.item)
    if node.major == MAP and place % 2:
        key = node.children[place - 1]
        return shape.members.get(key.argument) if key.major == UNSIGNED else None
    return None


def random_node(rng: Random) -> Node:
    """Return a small item of any type."""
    way = rng.randrange(9)
    if way < 3:
        return tree.number(rng.choice(EDGES))
    if way == 3:
        return tree.string(rng.randbytes(rng.choice((0, 1, 16, 32, 33, 200))))
    if way == 4:
        return tree.string(b"text"[: rng.randrange(5)], TEXT)
    if way == 5:
        return tree.array([random_node(rng) for _ in range(rng.randrange(4))])
    if way == 6:
        return tree.mapping([tree.number(0), random_node(rng)] if rng.random() < 0.7 else [])
    return tree.opaque(rng.choice(_STRANGE))


def renew(place: Place) -> Node:
    """Another valid value, as the field's declaration has it."""
    shape = place.shape
    if shape is None or shape.hint is None:
        return place.node
    fresh = value(shape.hint, shape.limits, place.rng)
    return place.node if fresh is None else tree.read(_packed(fresh))


def edge(place: Place) -> Node:
    """A value or length just at, below or above the field's limits."""
    shape, rng = place.shape, place.rng
    if shape is None or shape.hint is None:
        return tree.number(rng.choice(EDGES))
    least, most = bounds(shape.limits, shape.hint)
    size = rng.choice((least - 1, least, most, most + 1))
    if shape.hint is int:
        return tree.number(size)
    size = max(0, min(size, 5000))
    if shape.hint in (bytes, str):
        return tree.string(b"e" * size, TEXT if shape.hint is str else BYTES)
    if place.node.major == ARRAY and place.node.children:
        return tree.array([place.node.children[i % len(place.node.children)] for i in range(size)])
    return tree.number(rng.choice(EDGES))


def _packed(fresh: object) -> bytes:
    if isinstance(fresh, tuple):
        parts = [tree.read(_packed(item)) for item in fresh]
        return tree.array(parts).raw
    if isinstance(fresh, enum.Enum):
        fresh = fresh.value
    if isinstance(fresh, (int, str, bytes)):
        return canonical.encode(fresh)
    return fields.pack(fresh)


def _swap_type(place: Place) -> Node:
    return random_node(place.rng)


def _lie(place: Place) -> Node:
    node, rng = place.node, place.rng
    step = rng.choice((-1, 1, 2, 255, 65_536, 2**28, 2**31, 2**62))
    return tree.rewritten(node, node.argument + step, None) if node.major != OPAQUE else node


def _widen(place: Place) -> Node:
    node = place.node
    if node.major >= 7:
        return node
    return tree.rewritten(node, node.argument, place.rng.choice((1, 2, 4, 8)))


def _endless(place: Place) -> Node:
    return tree.endless(place.node)


def _tag(place: Place) -> Node:
    return tree.tagged(place.rng.choice(_TAGS), place.node)


def _double(place: Place) -> Node:
    node, rng = place.node, place.rng
    if not node.children:
        return node
    step = 2 if node.major == MAP else 1
    start = rng.randrange(0, len(node.children), step)
    twice = node.children[start : start + step]
    if node.major == MAP and rng.random() < 0.5:
        twice = (twice[0], random_node(rng))
    parts = (*node.children[:start], *twice, *node.children[start:])
    return tree.with_children(node, parts)


def _remove(place: Place) -> Node:
    node = place.node
    if not node.children:
        return node
    step = 2 if node.major == MAP else 1
    start = place.rng.randrange(0, len(node.children), step)
    return tree.with_children(node, node.children[:start] + node.children[start + step :])


def _reorder(place: Place) -> Node:
    node = place.node
    if len(node.children) < 4 or node.major == TAG:
        return node
    step = 2 if node.major == MAP else 1
    groups = [node.children[i : i + step] for i in range(0, len(node.children), step)]
    first, second = place.rng.sample(range(len(groups)), 2)
    groups[first], groups[second] = groups[second], groups[first]
    return tree.with_children(node, [child for group in groups for child in group])


def _add_member(place: Place) -> Node:
    node, rng = place.node, place.rng
    if node.major == ARRAY:
        return tree.array([*node.children, random_node(rng)])
    if node.major != MAP:
        return tree.array([node])
    unused = tree.number(rng.choice((0, 23, 24, 40, 255, 2**32, 2**64 - 1, -1)))
    key = unused if rng.random() < 0.8 else random_node(rng)
    return tree.mapping([*node.children, key, random_node(rng)])


def _new_key(place: Place) -> Node:
    node, rng = place.node, place.rng
    if node.major != MAP or not node.children:
        return node
    start = rng.randrange(0, len(node.children), 2)
    strange = (tree.opaque(b"\xf5"), tree.opaque(b"\xf9\x3c\x00"), tree.string(b"1", TEXT))
    key = rng.choice((*strange, tree.number(rng.choice(EDGES)), random_node(rng)))
    return tree.mapping([*node.children[:start], key, *node.children[start + 1 :]])


def _nest(place: Place) -> Node:
    depth = place.rng.choice((1, 2, 6, 7, 8, 9, 100, 500, 990, 2000))
    wrap = place.rng.choice((b"\x81", b"\x81", b"\xa1\x01", b"\xc6", b"\x9f"))
    return tree.opaque(wrap * depth + place.node.raw)


def _bad_text(place: Place) -> Node:
    return tree.string(place.rng.choice(_BAD_TEXT) + place.node.payload[:8], TEXT)


def _splice(place: Place) -> Node:
    node, index = place.other, place.rng.randrange(place.other.size)
    while index and node.children:
        index -= 1
        for child in node.children:
            if index < child.size:
                node = child
                break
            index -= child.size
    return node


def _flip(place: Place) -> Node:
    node, rng = place.node, place.rng
    if not node.payload:
        return random_node(rng)
    at = rng.randrange(len(node.payload))
    flipped = bytes([node.payload[at] ^ 1 << rng.randrange(8)])
    return tree.string(node.payload[:at] + flipped + node.payload[at + 1 :], node.major)


def _resize(place: Place) -> Node:
    node, rng = place.node, place.rng
    if node.major not in (BYTES, TEXT):
        return tree.number(rng.choice(EDGES))
    size = rng.choice(
        (0, len(node.payload) - 1, len(node.payload) + 1, 2 * len(node.payload), 3000)
    )
    return tree.string((node.payload + b"x" * 3000)[: max(size, 0)], node.major)


Way = Callable[[Place], Node]
_WAYS: tuple[Way, ...] = (
    *(renew, renew, edge, edge, _swap_type, _swap_type, _lie, _widen, _endless, _tag, _double),
    *(_remove, _reorder, _add_member, _new_key, _nest, _bad_text, _splice, _splice, _flip, _resize),
)

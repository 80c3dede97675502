"""CBOR as a tree of nodes that keep their bytes, so that a change rewrites only its own path.

The reader takes well-formed seeds; the writers can lie about lengths, widths and ends. For tests
only: the product's codec is shared.wire.canonical, and nothing of it is used here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE, OPAQUE = range(9)
_WIDTHS = {1: 24, 2: 25, 4: 26, 8: 27}
_LARGEST = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Node:
    """One item: its bytes as written, and what a change needs to write it anew."""

    major: int
    raw: bytes
    argument: int = 0
    payload: bytes = b""
    children: tuple[Node, ...] = ()
    size: int = 1


def head(major: int, argument: int, width: int | None = None) -> bytes:
    """Return an item's first bytes; ``width`` forces 1, 2, 4 or 8 bytes for the argument."""
    argument &= _LARGEST
    if width is None:
        if argument < 24:
            return bytes([major << 5 | argument])
        width = next(size for size in _WIDTHS if argument < 1 << 8 * size)
    first = bytes([major << 5 | _WIDTHS[width]])
    return first + (argument & (1 << 8 * width) - 1).to_bytes(width, "big")


def number(value: int) -> Node:
    """Return an integer; beyond 64 bits as a bignum."""
    major, argument = (UNSIGNED, value) if value >= 0 else (NEGATIVE, -1 - value)
    if argument <= _LARGEST:
        return Node(major, head(major, argument), argument)
    size = (argument.bit_length() + 7) // 8
    return tagged(2 + major, string(argument.to_bytes(size, "big")))


def string(payload: bytes, major: int = BYTES) -> Node:
    """Return a byte or text string; the bytes of a text need not be UTF-8."""
    return Node(major, head(major, len(payload)) + payload, len(payload), payload)


def array(children: Sequence[Node], *, claimed: int | None = None) -> Node:
    """Return an array; ``claimed`` is the length that its head names, if not the true one."""
    return _parent(ARRAY, children, len(children) if claimed is None else claimed)


def mapping(flat: Sequence[Node], *, claimed: int | None = None) -> Node:
    """Return a map of keys and values in turn, in the order given."""
    return _parent(MAP, flat, len(flat) // 2 if claimed is None else claimed)


def tagged(tag: int, child: Node) -> Node:
    """Return a tagged item."""
    return _parent(TAG, (child,), tag)


def opaque(raw: bytes) -> Node:
    """Return bytes as they are, whatever they mean."""
    return Node(OPAQUE, raw)


def with_children(node: Node, children: Sequence[Node]) -> Node:
    """Return the same kind of parent over other children, its length true again."""
    if node.major == TAG:
        return tagged(node.argument, children[0] if children else opaque(b""))
    return array(children) if node.major == ARRAY else mapping(children)


def endless(node: Node) -> Node:
    """Return an item of indefinite length; one that has no such form comes back as it is."""
    if node.major in (BYTES, TEXT):
        return opaque(bytes([node.major << 5 | 31]) + node.raw + b"\xff")
    if node.major in (ARRAY, MAP):
        inner = b"".join(child.raw for child in node.children)
        return opaque(bytes([node.major << 5 | 31]) + inner + b"\xff")
    return node


def rewritten(node: Node, argument: int, width: int | None) -> Node:
    """Return the item under another head: a length that lies, or a needlessly wide one."""
    rest = node.payload + b"".join(child.raw for child in node.children)
    return opaque(head(node.major, argument, width) + rest)


def read(data: bytes) -> Node:
    """Return the tree of one well-formed item of definite lengths."""
    node, end = _item(data, 0)
    if end != len(data):
        raise ValueError("a seed has bytes after its end")
    return node


def _parent(major: int, children: Sequence[Node], argument: int) -> Node:
    raw = head(major, argument) + b"".join([child.raw for child in children])
    size = 1 + sum([child.size for child in children])
    return Node(major, raw, argument, b"", tuple(children), size)


def _item(data: bytes, start: int) -> tuple[Node, int]:
    major, info = data[start] >> 5, data[start] & 31
    end = start + 1
    argument = info
    if info >= 24:
        width = next(size for size, code in _WIDTHS.items() if code == info)
        argument = int.from_bytes(data[end : end + width], "big")
        end += width
    if major in (BYTES, TEXT):
        payload = data[end : end + argument]
        end += argument
        return Node(major, data[start:end], argument, payload), end
    children: list[Node] = []
    for _ in range({ARRAY: argument, MAP: 2 * argument, TAG: 1}.get(major, 0)):
        child, end = _item(data, end)
        children.append(child)
    size = 1 + sum(child.size for child in children)
    return Node(major, data[start:end], argument, b"", tuple(children), size), end

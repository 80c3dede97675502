"""Changes that mutmut does not make and that matter most here: a guard that falls.

A condition that never or always holds, and a call that is left out. Not for anything that mutmut's
own operators change.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst


def settled_condition(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """The condition of an `if`, of a comprehension or of a loop, as if it had been decided."""
    if isinstance(node, cst.If):
        yield node.test, _word("True")
        yield node.test, _word("False")
    elif isinstance(node, cst.CompIf):
        yield node.test, _word("True")
    elif isinstance(node, cst.While) and not _is_word(node.test, "True"):
        yield node.test, _word("False")


def lost_call(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """A call made for what it does, left out."""
    if isinstance(node, cst.Expr) and isinstance(node.value, cst.Call):
        yield node.value, _word("None")


def _word(word: str) -> cst.Name:
    return cst.Name(word, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _is_word(node: cst.CSTNode, word: str) -> bool:
    return isinstance(node, cst.Name) and node.value == word

"""What is not changed, for no test should notice: types, names for tools, words for people.

docs/safety/mutants.md gives the reasons.
"""

from __future__ import annotations

import libcst as cst

NAMES_FOR_TOOLS = frozenset({"__all__", "__slots__", "TYPE_CHECKING"})
CALLS_FOR_TYPES = frozenset({"cast", "TypeVar", "NewType"})
CALLS_THAT_ONLY_FAIL = frozenset({"len", "isinstance"})
"""Called with less or with None these fail whatever the test."""


def is_left_out(node: cst.CSTNode) -> bool:
    """Return whether nothing in this node is changed."""
    match node:
        case cst.Annotation() | cst.Decorator() | cst.Import() | cst.ImportFrom():
            return True
        case cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString()):
            return True
        case cst.If(test=cst.Name(value="TYPE_CHECKING")):
            return True
        case cst.If(test=cst.Comparison(left=cst.Name(value="__name__"))):
            return True
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name)), *_]):
            return name in NAMES_FOR_TOOLS or _calls(node.value, CALLS_FOR_TYPES)
        case cst.FunctionDef(name=cst.Name(value="__repr__" | "__str__")):
            return True
    return False


def says_nothing(
    node: cst.CSTNode, changed: cst.CSTNode, operator: str, *, in_function: bool
) -> bool:
    """Return whether this one change is of words, of types, or fails of itself."""
    if operator == "string":
        return is_sentence(node) or _changes_case_only(node, changed)
    if operator == "arg_removal":
        return _calls(node, CALLS_FOR_TYPES | CALLS_THAT_ONLY_FAIL) or _drops_sentence(
            node, changed
        )
    if operator == "assignment" and isinstance(node, cst.Assign | cst.AnnAssign):
        return not in_function or (node.value is not None and is_sentence(node.value))
    return False


def is_sentence(node: cst.CSTNode) -> bool:
    """Return whether a literal is text for people: it has a space, or is put together of parts."""
    match node:
        case cst.FormattedString() | cst.ConcatenatedString():
            return True
        case cst.SimpleString():
            return " " in node.value
    return False


def _changes_case_only(node: cst.CSTNode, changed: cst.CSTNode) -> bool:
    """Of a word's three changes one is enough."""
    return (
        isinstance(node, cst.SimpleString)
        and isinstance(changed, cst.SimpleString)
        and node.value.lower() == changed.value.lower()
    )


def _drops_sentence(node: cst.CSTNode, changed: cst.CSTNode) -> bool:
    if not (isinstance(node, cst.Call) and isinstance(changed, cst.Call)):
        return False
    kept = {id(argument.value) for argument in changed.args}
    dropped = [argument.value for argument in node.args if id(argument.value) not in kept]
    return any(is_sentence(value) for value in dropped)


def _calls(node: cst.CSTNode, names: frozenset[str]) -> bool:
    return (
        isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in names
    )

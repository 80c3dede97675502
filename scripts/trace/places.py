"""What the tree's code defines: whether a `path::symbol` that a document names is there."""

import ast
from collections.abc import Iterator
from pathlib import Path


def symbols(body: list[ast.stmt], before: str = "") -> Iterator[str]:
    """Names that a module or class defines, those inside classes with a dot."""
    for node in body:
        match node:
            case ast.ClassDef(name=name):
                yield before + name
                yield from symbols(node.body, f"{before}{name}.")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield before + name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield before + name


class Places:
    """The files under one root, each parsed once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._parsed: dict[str, frozenset[str]] = {}

    def problem_of(self, place: str) -> str | None:
        """Return what is wrong with a place, or None where it stands."""
        path, mark, symbol = place.partition("::")
        if not (self._root / path).is_file():
            return f"{path} is gone"
        if not mark:
            return None
        if not path.endswith(".py"):
            return f"{place} names a symbol in what is no Python file"
        return None if symbol in self._symbols(path) else f"{path} has no {symbol}"

    def problem_of_test(self, test: str) -> str | None:
        """Return what is wrong with a test's name, or None where there is such a test."""
        path, _, name = test.partition("::")
        if not path.startswith("tests/") or not name.rpartition(".")[2].startswith("test_"):
            return f"{test} is no test's name: tests/PATH.py::[CLASS.]test_NAME"
        return self.problem_of(test)

    def _symbols(self, path: str) -> frozenset[str]:
        if path not in self._parsed:
            tree = ast.parse((self._root / path).read_text("utf-8"))
            self._parsed[path] = frozenset(symbols(tree.body))
        return self._parsed[path]

"""Which modules a file of tests imports, itself or through what tests share."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path


class TestImports:
    """Answers from the files' text, each read once."""

    __test__ = False

    def __init__(self, root: Path) -> None:
        self._root = root
        self._found: dict[str, frozenset[str]] = {}

    def reach(self, test: str, module: str) -> bool:
        """Return whether the test's file imports the module."""
        path = test.partition("::")[0]
        return module in self._of(path.removesuffix(".py").replace("/", "."))

    def _of(self, module: str) -> frozenset[str]:
        if module not in self._found:
            self._found[module] = frozenset()
            direct = set(self._named(module))
            further = (self._of(name) for name in direct if name.startswith("tests."))
            self._found[module] = frozenset(direct.union(*further))
        return self._found[module]

    def _named(self, module: str) -> Iterator[str]:
        path = self._root / f"{module.replace('.', '/')}.py"
        tree = ast.parse(path.read_text() if path.exists() else "")
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

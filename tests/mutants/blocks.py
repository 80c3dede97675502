"""Marks in the code, so that running it says which blocks it passed.

A block is a run of statements that is entered at its top alone; each begins with a mark. Cheaper by
far than tracing, and as exact as choosing tests needs.
"""

from __future__ import annotations

import ast
import builtins
import functools
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, TypeAlias

MARK = "__circlet_passed__"
Build: TypeAlias = Callable[[bytes, str], CodeType]

Block: TypeAlias = tuple[str, int]
"""A file and the line at which the block begins."""


@dataclass
class Blocks:
    """Which block each line of the marked files belongs to, and which were passed."""

    by_line: dict[str, dict[int, int]] = field(default_factory=dict)
    passed: set[Block] = field(default_factory=set)

    def of(self, path: str, line: int) -> Block | None:
        """Return the block of a line, None outside of functions."""
        first = self.by_line.get(path, {}).get(line)
        return None if first is None else (path, first)

    def take(self) -> frozenset[Block]:
        """Return what was passed since the last call."""
        taken = frozenset(self.passed)
        self.passed.clear()
        return taken


def mark_on_import(root: Path, paths: Iterable[str]) -> Blocks:
    """Mark these files when they are imported; return where to read what was passed."""
    blocks = Blocks()
    setattr(builtins, MARK, blocks.passed.add)
    build = functools.partial(_marked, blocks, root)
    sys.meta_path.insert(0, _Finder({str(root / path) for path in paths}, build))
    return blocks


def change_on_import(root: Path, path: str, source: str) -> None:
    """Import this one file from the text given."""
    whole = str(root / path)
    sys.meta_path.insert(
        0, _Finder({whole}, lambda _, name: compile(source, name, "exec", dont_inherit=True))
    )


def _marked(blocks: Blocks, root: Path, source: bytes, name: str) -> CodeType:
    path = str(Path(name).relative_to(root))
    tree = ast.parse(source)
    lines = blocks.by_line.setdefault(path, {})
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = _with_marks(node.body, path, lines)
    ast.fix_missing_locations(tree)
    return compile(tree, name, "exec", dont_inherit=True)


def _with_marks(body: Sequence[ast.stmt], path: str, lines: dict[int, int]) -> list[ast.stmt]:
    """Put a mark at the top, and after each statement that may have left the block."""
    marked: list[ast.stmt] = []
    begins = True
    first = body[0].lineno
    for statement in body:
        if begins and not _is_docstring(statement):
            first = statement.lineno
            marked.append(_mark(path, first, statement))
            begins = False
        for line in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1):
            lines[line] = first
        marked.append(statement)
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        begins = _mark_inside(statement, path, lines) or begins
    return marked


def _mark_inside(statement: ast.stmt, path: str, lines: dict[int, int]) -> bool:
    """Mark the blocks that a statement holds; return whether it holds any."""
    holders: list[Any] = [
        statement,
        *getattr(statement, "handlers", ()),
        *getattr(statement, "cases", ()),
    ]
    holds = False
    for holder in holders:
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(holder, name, None)
            if isinstance(inner, list) and inner:
                setattr(holder, name, _with_marks(inner, path, lines))
                holds = True
    return holds


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _mark(path: str, line: int, where: ast.stmt) -> ast.stmt:
    block = ast.Tuple([ast.Constant(path), ast.Constant(line)], ast.Load())
    call = ast.Call(ast.Name(MARK, ast.Load()), [block], [])
    return ast.copy_location(ast.Expr(call), where)


class _Loader(SourceFileLoader):
    """Compiles a file in its own way, and leaves nothing in a cache."""

    def __init__(self, name: str, path: str, build: Build) -> None:
        super().__init__(name, path)
        self._build = build

    def get_code(self, fullname: str) -> CodeType:
        return self._build(self.get_data(self.path), self.path)


class _Finder(MetaPathFinder):
    """Finds what the usual finder finds, with another loader for some files."""

    def __init__(self, files: set[str], build: Build) -> None:
        self._files = files
        self._build = build

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin not in self._files:
            return None
        spec.loader = _Loader(fullname, spec.origin, self._build)
        return spec

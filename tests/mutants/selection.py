"""Which tests can notice a change, quickest first.

Inside a function: those that pass its block. Outside: those that pass a block, or stand in a file,
that names what the change defines.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutants.blocks import Block, Blocks
from tests.mutants.changes import Change

ALLOWED_S = 20.0
"""A change is tried with the quickest tests whose usual times add up to this; no more."""


@dataclass(frozen=True)
class Timed:
    """A test and the processor time that it usually takes."""

    test: str
    usual_s: float


@dataclass
class Map:
    """What one run of all tests taught."""

    usual_s: dict[str, float] = field(default_factory=dict)
    by_block: dict[Block, set[str]] = field(default_factory=lambda: defaultdict(set))

    def learn(self, test: str, usual_s: float, passed: Iterable[Block]) -> None:
        """Add what one test passed."""
        self.usual_s[test] = usual_s
        for block in passed:
            self.by_block[block].add(test)


class Selection:
    """Answers with tests, for each change."""

    def __init__(self, root: Path, learned: Map, blocks: Blocks, at_import: frozenset[Block]):
        self._learned = learned
        self._blocks = blocks
        self._at_import = at_import
        self._namers = _namers(root, blocks)
        self._naming_tests = _naming_tests(root, learned.usual_s)

    def needs_import(self, change: Change) -> bool:
        """Return whether the change works while modules are being imported."""
        block = self._blocks.of(change.path, change.line)
        return not change.scope or block is None or block in self._at_import

    def tests(self, change: Change) -> tuple[Timed, ...]:
        """Return the tests to try, in order."""
        if change.scope:
            block = self._blocks.of(change.path, change.line)
            tests = set() if block is None else self._learned.by_block.get(block, set())
            return self._cut(self._quickest_first(tests))
        return self._cut(self._by_names(change.names))

    def _by_names(self, names: tuple[str, ...]) -> Iterator[str]:
        """Tests that name the thing itself come first, then what names the class around it."""
        given = set[str]()
        for name in names:
            near = self._naming_tests.get(name, set())
            far = {
                test
                for block in self._namers.get(name, ())
                for test in self._learned.by_block.get(block, ())
            }
            for tests in (near & far, near - far, far - near):
                yield from self._quickest_first(tests - given)
                given |= tests

    def _quickest_first(self, tests: Iterable[str]) -> list[str]:
        return sorted(tests, key=lambda test: (round(self._learned.usual_s[test], 3), test))

    def _cut(self, tests: Iterable[str]) -> tuple[Timed, ...]:
        """Always at least one: a test that is slower than is allowed stands alone."""
        chosen: list[Timed] = []
        spent_s = 0.0
        for test in tests:
            usual_s = self._learned.usual_s[test]
            if chosen and spent_s + usual_s > ALLOWED_S:
                continue
            chosen.append(Timed(test, usual_s))
            spent_s += usual_s
        return tuple(chosen)


def _namers(root: Path, blocks: Blocks) -> Mapping[str, set[Block]]:
    """Return the blocks that name each name, directly or by a constant made of it."""
    named: dict[str, set[Block]] = defaultdict(set)
    made_of: dict[str, set[str]] = defaultdict(set)
    for path in blocks.by_line:
        tree = ast.parse((root / path).read_text())
        for node in ast.walk(tree):
            word = _word(node)
            if word and (block := blocks.of(path, getattr(node, "lineno", 0))):
                named[word].add(block)
        for target, words in _constants(tree):
            for word in words:
                made_of[word].add(target)
    for _ in range(2):
        for word, targets in made_of.items():
            for target in targets - {word}:
                named[word] |= named.get(target, set())
    return named


def _constants(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, {word for node in ast.walk(value) if (word := _word(node))}
            case ast.ClassDef(name=name):
                yield name, {word for node in ast.walk(statement) if (word := _word(node))}


def _word(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
            return name
    return ""


def _naming_tests(root: Path, tests: Iterable[str]) -> Mapping[str, set[str]]:
    by_file: dict[str, set[str]] = defaultdict(set)
    for test in tests:
        by_file[test.partition("::")[0]].add(test)
    named: dict[str, set[str]] = defaultdict(set)
    for path, inside in by_file.items():
        for node in ast.walk(ast.parse((root / path).read_text())):
            if word := _word(node):
                named[word] |= inside
    return named

"""Which tests can notice a change, and in which order to ask them.

Inside a function: those that pass its block. Outside: those that pass a block, or stand in a file,
that names what the change defines. First come tests that noticed changes of the same function, of
such a line, or of the same file, then the quickest of all, then those that speak of the same
things, then the quickest of each file.
"""

from __future__ import annotations

import ast
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutants.blocks import Block, Blocks
from tests.mutants.changes import Change
from tests.mutants.imports import TestImports
from tests.mutants.kinship import Kinship

ALLOWED_S = 24.0
"""A change is tried with the first tests whose usual times add up to this; no more."""
ALLOWED_TO_QUICK_S = 2.0
"""So much of it goes to the quickest tests of all: what needs no band is asked first."""
ALLOWED_TO_KIN_S = 10.0
"""So much to those that speak of the same things as the changed code."""
AROUND_LINES = 8
ALLOWED_OF_FILE_S = 2.0
"""And, where files have to be imported anew, so much of each file."""
QUICK_FILES = 6
KNOWN_FIRST = 6
"""So many of the tests that noticed changes of the same function are asked first, then as many of
those that noticed changes of such a line anywhere, then of the same file."""


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
        self._imports = TestImports(root)
        self._root = root
        self._sources: dict[str, str] = {}
        self._kinship = Kinship(root, learned.usual_s)
        self._noticed: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)

    def works_at_import(self, change: Change) -> bool:
        """Return whether the change is passed while modules are being imported."""
        block = self._blocks.of(change.path, change.line)
        return not change.scope or block is None or block in self._at_import

    def tests(self, change: Change) -> tuple[Timed, ...]:
        """Return the tests to try, in order."""
        usual_s = self._learned.usual_s
        asked = self._cut(self._asked(change), ALLOWED_S)
        return tuple(Timed(test, usual_s[test]) for test in asked)

    def _asked(self, change: Change) -> Iterator[str]:
        if change.scope:
            yield from self._in_function(change)
        if self.works_at_import(change):
            yield from self._outside(change)

    def noticed(self, change: Change, test: str) -> None:
        """Remember which test noticed a change."""
        for kind in self._kinds(change):
            self._noticed[kind][test] += 1

    def _in_function(self, change: Change) -> list[str]:
        block = self._blocks.of(change.path, change.line)
        tests = set() if block is None else self._learned.by_block.get(block, set())
        quick = self._cut(self._quickest_first(tests), ALLOWED_TO_QUICK_S)
        line, around = self._text(change)
        kin = self._kinship.closest_first(tests, line, around)
        akin = self._cut(kin, ALLOWED_TO_KIN_S)
        return [*self._known(change, tests), *quick, *akin, *self._file_by_file(tests)]

    def _text(self, change: Change) -> tuple[str, str]:
        """Return the changed line, and the function around it."""
        source = self._sources.setdefault(change.path, (self._root / change.path).read_text())
        lines = source.splitlines()
        block = self._blocks.by_line.get(change.path, {})
        around = [
            line
            for number, line in enumerate(lines, start=1)
            if number in block and abs(number - change.line) <= AROUND_LINES
        ]
        return lines[change.line - 1], "\n".join([change.scope, *around])

    def _known(self, change: Change, tests: set[str]) -> Iterator[str]:
        for kind in self._kinds(change):
            often = (test for test, _ in self._noticed[kind].most_common() if test in tests)
            yield from itertools.islice(often, KNOWN_FIRST)

    def _kinds(self, change: Change) -> tuple[tuple[str, ...], ...]:
        """Whoever noticed a change of the one may notice another: function, line, file."""
        line, _ = self._text(change)
        return (change.path, change.scope), ("line", line.strip()), ("file", change.path)

    def _file_by_file(self, tests: Iterable[str]) -> list[str]:
        """The quickest of each file, then the second of each, and so on."""
        turns = itertools.zip_longest(*self._files(tests))
        return [test for turn in turns for test in turn if test is not None]

    def _files(self, tests: Iterable[str]) -> list[list[str]]:
        """The tests of each file, quickest first; the file with most of them first."""
        files: dict[str, list[str]] = defaultdict(list)
        for test in self._quickest_first(tests):
            files[test.partition("::")[0]].append(test)
        return [files[path] for path in sorted(files, key=lambda path: (-len(files[path]), path))]

    def _outside(self, change: Change) -> Iterator[str]:
        """The quickest files that import the changed one come first."""
        module = change.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        usual_s = self._learned.usual_s
        files = self._files(test for test in usual_s if self._imports.reach(test, module))
        files.sort(key=lambda tests: (round(sum(usual_s[test] for test in tests), 2), tests))
        for tests in files[:QUICK_FILES]:
            yield from self._cut(tests, ALLOWED_OF_FILE_S)
        yield from self._by_names(change.names)

    def _by_names(self, names: tuple[str, ...]) -> Iterator[str]:
        """Whole files, for each has to be imported anew: where the thing itself is named first,
        then where the class around it is; a few seconds of each."""
        given = set[str]()
        for name in names:
            passing = {
                test
                for block in self._namers.get(name, ())
                for test in self._learned.by_block.get(block, ())
            }
            naming = self._naming_tests.get(name, set())
            for tests in (naming & passing, naming - passing, passing - naming):
                for inside in self._files(tests - given):
                    yield from self._cut(inside, ALLOWED_OF_FILE_S)
                given |= tests

    def _quickest_first(self, tests: Iterable[str]) -> list[str]:
        return sorted(tests, key=lambda test: (round(self._learned.usual_s[test], 3), test))

    def _cut(self, tests: Iterable[str], allowed_s: float) -> Iterator[str]:
        """Always at least one: a test that is slower than is allowed stands alone."""
        spent_s = 0.0
        for place, test in enumerate(dict.fromkeys(tests)):
            usual_s = self._learned.usual_s[test]
            if not place or spent_s + usual_s <= allowed_s:
                spent_s += usual_s
                yield test


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

"""Which tests speak of the same things as a piece of code.

Words are parts of names: `planned_pulses` has two. Rare ones say more than frequent ones. A guess
at which test to ask first, and never a judgement.
"""

from __future__ import annotations

import ast
import functools
import math
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NAME = re.compile(r"\w+")
LINE_COUNTS = 3
"""A word of the changed line counts as much as so many of the function around it."""


class Kinship:
    """Knows the words of every test, and how rare each is."""

    def __init__(self, root: Path, tests: Iterable[str]) -> None:
        self._root = root
        self._words = {test: self._of_test(test) for test in tests}
        spoken = Counter(word for words in self._words.values() for word in words)
        self._worth = {word: math.log(len(self._words) / n) for word, n in spoken.items()}

    def closest_first(self, tests: Iterable[str], line: str, around: str) -> list[str]:
        """Return the tests in the order of what they have in common with the code."""
        weights = Counter(dict.fromkeys(words_of(around), 1))
        weights.update(dict.fromkeys(words_of(line), LINE_COUNTS))
        kin = {test: self._kin(test, weights) for test in tests}
        return sorted(kin, key=lambda test: (-round(kin[test], 6), test))

    def _kin(self, test: str, weights: Counter[str]) -> float:
        own = self._words[test]
        shared = sum(self._worth[word] * weights[word] for word in own if word in weights)
        return shared / math.sqrt(len(own) + 1)

    def _of_test(self, test: str) -> frozenset[str]:
        """Its own words, and those of what it calls among the tests' own functions."""
        path, *names = test.partition("[")[0].split("::")
        text = _sources(self._root / path).get(".".join(names), "")
        called = _called(self._root, path)
        further = (called[name] for name in set(_NAME.findall(text)) & called.keys())
        return words_of(f"{Path(path).stem} {names} {text} {' '.join(further)}")


def words_of(text: str) -> frozenset[str]:
    """Return the words of all names in a text, in small letters."""
    return frozenset(word.lower() for word in _WORD.findall(text) if len(word) > 2)


@functools.cache
def _called(root: Path, path: str) -> dict[str, str]:
    """Return the text of each function that a file of tests has, or imports from another."""
    own = _sources(root / path)
    texts = {name.rpartition(".")[2]: text for name, text in own.items()}
    for node in ast.parse((root / path).read_text()).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests."):
            other = root / f"{(node.module or '').replace('.', '/')}.py"
            named = {alias.name for alias in node.names}
            found = _sources(other) if other.exists() else {}
            texts |= {name: text for name, text in found.items() if name in named}
    return texts


_READ: dict[Path, dict[str, str]] = {}


def _sources(path: Path) -> dict[str, str]:
    """Return the text of each test of a file, by its name within it."""
    if path not in _READ:
        text = path.read_text()
        lines = text.splitlines()
        _READ[path] = {}
        for node in ast.parse(text).body:
            for prefix, inner in _functions(node):
                _READ[path][prefix] = "\n".join(lines[inner.lineno - 1 : inner.end_lineno])
    return _READ[path]


def _functions(node: ast.stmt) -> list[tuple[str, ast.stmt]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return [(node.name, node)]
    if isinstance(node, ast.ClassDef):
        inside = (each for child in node.body for each in _functions(child))
        return [(f"{node.name}.{name}", inner) for name, inner in inside]
    return []

"""Puts a changed function in the place of the one that is loaded.

Only its code is swapped, so that everything that holds the function, decorated or not, runs the
change. Not for what runs while a module is imported.
"""

from __future__ import annotations

import functools
import gc
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType

from tests.mutants.changes import Change


class CannotSwap(Exception):
    """The change can't be put into the loaded function: it has to be imported."""


class Loaded:
    """All functions of the product that are in memory."""

    def __init__(self, root: Path, own: tuple[str, ...]) -> None:
        self._root = root
        self._by_file: dict[str, list[FunctionType]] = defaultdict(list)
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType) and thing.__code__.co_filename.startswith(own):
                self._by_file[thing.__code__.co_filename].append(thing)
        self._caches = [
            thing
            for thing in gc.get_objects()
            if isinstance(thing, functools._lru_cache_wrapper)
            and getattr(thing.__wrapped__, "__code__", _NOWHERE).co_filename.startswith(own)
        ]

    def forget_cached(self) -> None:
        """Empty the caches of the product and of its tests."""
        for cache in self._caches:
            cache.cache_clear()

    def swap(self, change: Change, source: str) -> None:
        """Make the change in memory."""
        name = str(self._root / change.path)
        changed = list(_inside(compile(source, name, "exec", dont_inherit=True)))
        swapped = 0
        for function in self._by_file[name]:
            old = function.__code__
            if not _is_of(old.co_qualname, change.scope):
                continue
            new = _like(old, changed)
            if new.co_freevars != old.co_freevars:
                raise CannotSwap(change.name)
            function.__code__ = new
            swapped += 1
        if not swapped:
            raise CannotSwap(change.name)


def _is_of(qualname: str, scope: str) -> bool:
    return qualname == scope or qualname.startswith(f"{scope}.<locals>")


def _like(old: CodeType, changed: list[CodeType]) -> CodeType:
    """Two functions of one name are told apart by their place: a property and its setter."""
    named = [code for code in changed if code.co_qualname == old.co_qualname]
    for code in named:
        if code.co_firstlineno == old.co_firstlineno:
            return code
    if len(named) != 1:
        raise CannotSwap(old.co_qualname)
    return named[0]


def _inside(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _inside(constant)


_NOWHERE = compile("", "", "exec")

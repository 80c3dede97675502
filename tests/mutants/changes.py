"""Every small change that could be made to a file of the product, each as a piece of text.

A change knows where it stands, so that the tests that pass there can be found, and has a name that
outlives changes elsewhere in its file.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, WhitespaceInclusivePositionProvider
from mutmut.mutation.mutators import mutation_operators

from tests.mutants.excluded import is_left_out, says_nothing
from tests.mutants.guards import lost_call, settled_condition

OWN_OPERATORS = (settled_condition, lost_call)


@dataclass(frozen=True)
class Change:
    """One piece of text in place of another."""

    path: str
    scope: str
    """The outermost function that it stands in, by its qualified name; "" outside of all."""
    line: int
    start: int
    stop: int
    text: str
    operator: str
    names: tuple[str, ...] = ()
    """Outside of functions: what the changed statement defines, and the class around it."""
    name: str = ""

    def applied(self, source: str) -> str:
        """Return the file's text with this change made."""
        return source[: self.start] + self.text + source[self.stop :]

    def difference(self, source: str) -> tuple[str, str]:
        """Return the changed lines, before and after."""
        first = source.rfind("\n", 0, self.start) + 1
        last = source.find("\n", self.stop)
        last = len(source) if last < 0 else last
        after = source[first : self.start] + self.text + source[self.stop : last]
        return source[first:last].strip(), after.strip()


def changes_of(root: Path, path: str) -> list[Change]:
    """Return the changes of one file, in the order of the file, each with its name."""
    source = (root / path).read_text()
    finder = _Finder(path, source)
    MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True).visit(finder)
    return list(_named(_different(finder.changes, source), source))


def _different(changes: Iterable[Change], source: str) -> Iterator[Change]:
    seen = {source}
    for change in changes:
        text = change.applied(source)
        if text not in seen:
            seen.add(text)
            yield change


def _named(changes: Iterable[Change], source: str) -> Iterator[Change]:
    seen = Counter[str]()
    for change in changes:
        before, after = change.difference(source)
        digest = hashlib.sha256(f"{before}\0{after}".encode()).hexdigest()[:10]
        stem = f"{change.path}::{change.scope or '-'}::{digest}"
        seen[stem] += 1
        yield replace(change, name=stem if seen[stem] == 1 else f"{stem}#{seen[stem]}")


class _Finder(cst.CSTVisitor):
    """Walks a file and collects its changes."""

    METADATA_DEPENDENCIES = (WhitespaceInclusivePositionProvider,)

    def __init__(self, path: str, source: str) -> None:
        super().__init__()
        self.changes: list[Change] = []
        self._path = path
        self._source = source
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._around: list[str] = []
        self._body: cst.BaseSuite | None = None
        self._scope = ""
        self._defined: tuple[str, ...] = ()

    def on_visit(self, node: cst.CSTNode) -> bool:
        if is_left_out(node):
            return False
        if isinstance(node, cst.ClassDef | cst.FunctionDef):
            self._around.append(node.name.value)
        if not self._scope:
            self._enter(node)
        self._collect(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.ClassDef | cst.FunctionDef):
            self._around.pop()
        if original_node is self._body:
            self._scope, self._body = "", None

    def _enter(self, node: cst.CSTNode) -> None:
        """Outside of functions, note what is being defined; a function's body opens a scope."""
        if isinstance(node, cst.FunctionDef):
            self._defined = tuple(self._around)
        elif isinstance(node, cst.Assign | cst.AnnAssign):
            targets = [node.target] if isinstance(node, cst.AnnAssign) else _targets(node)
            named = (target.value for target in targets if isinstance(target, cst.Name))
            self._defined = (*named, *reversed(self._around))
        elif isinstance(node, cst.BaseSuite) and self._in_function:
            self._scope, self._body = ".".join(self._around), node

    @property
    def _in_function(self) -> bool:
        return bool(self._around) and bool(self._defined) and self._defined == tuple(self._around)

    def _collect(self, node: cst.CSTNode) -> None:
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                for changed in operator(node):
                    self._add(node, changed, operator.__name__.removeprefix("operator_"))
        for own in OWN_OPERATORS:
            for original, changed in own(node):
                self._add(original, changed, own.__name__)

    def _add(self, node: cst.CSTNode, changed: cst.CSTNode, operator: str) -> None:
        if says_nothing(node, changed, operator, in_function=bool(self._scope)):
            return
        span = self.get_metadata(WhitespaceInclusivePositionProvider, node)
        assert isinstance(span, CodeRange)
        start, stop = (self._starts[at.line - 1] + at.column for at in (span.start, span.end))
        text = cst.Module([]).code_for_node(changed)
        names = () if self._scope else self._defined
        self.changes.append(
            Change(self._path, self._scope, span.start.line, start, stop, text, operator, names)
        )


def _targets(node: cst.Assign) -> Sequence[cst.BaseExpression]:
    return [target.target for target in node.targets]

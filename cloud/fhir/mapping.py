"""What each file of `resources` gives: a record of ours as a resource, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cloud.fhir.elements import Element, Resource
from cloud.fhir.errors import NotValid
from cloud.fhir.source import Source

R = TypeVar("R")
_UNTOUCHED = frozenset({"text"})
"""What a server in between may add for human readers."""


@dataclass(frozen=True)
class Mapping(Generic[R]):
    """One kind of record. ``name`` is the field of a chart that holds them, ``kind`` the type of
    the resource, ``key`` what its id is made of, ``is_one`` whether a resource of that type is
    such a record."""

    name: str
    kind: str
    record: type[R]
    key: Callable[[R], str]
    write: Callable[[R, Source], Resource]
    read: Callable[[Element], R]
    is_one: Callable[[Element], bool] = lambda _element: True

    def taken(self, element: Element, source: Source) -> R:
        """Return the record of a resource that comes in; raise NotValid with the field at fault.

        What the record doesn't make again word for word isn't taken: nothing is read past, and no
        readable field says otherwise than the bytes that were signed.
        """
        record = self.read(element)
        again = self.write(record, source)
        found = {name: each for name, each in element.value.items() if name not in _UNTOUCHED}
        unlike = difference(found, again, element.path)
        if unlike is not None:
            raise NotValid(unlike, "says otherwise than the record that it is made of")
        return record


def difference(found: Any, wanted: Any, path: str) -> str | None:
    """Return the path of the first element that is unlike; None where all are alike."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for name in sorted(found.keys() | wanted.keys()):
            if name not in found or name not in wanted:
                return f"{path}.{name}"
            deeper = difference(found[name], wanted[name], f"{path}.{name}")
            if deeper is not None:
                return deeper
        return None
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for number, (one, other) in enumerate(zip(found, wanted, strict=True)):
            deeper = difference(one, other, f"{path}[{number}]")
            if deeper is not None:
                return deeper
        return None
    return None if type(found) is type(wanted) and found == wanted else path

"""Scopes of systems: ``system/*.read`` and ``system/TYPE.read``, or SMART 2's ``.rs`` for both."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cloud.fhir.chart import KINDS
from cloud.fhir.errors import BadParameter

_SCOPE = re.compile(r"system/(\*|[A-Za-z]{1,40})\.(?:read|rs)", re.ASCII)
SCOPES_MAX = 40


def kinds_of(scopes: Iterable[str]) -> frozenset[str]:
    """Return the types that scopes open; raise BadParameter for one that is none here."""
    found: set[str] = set()
    for scope in scopes:
        match = _SCOPE.fullmatch(scope)
        if match is None or match[1] not in ("*", *KINDS):
            raise BadParameter("scope", f"{scope!r:.60} is none that is given here")
        found |= set(KINDS) if match[1] == "*" else {match[1]}
    return frozenset(found)


def granted(asked: str, registered: str) -> str:
    """Return what is given of the scopes that were asked for: those types that are registered.

    Raise BadParameter where that is none.
    """
    names = asked.split()
    if not 1 <= len(names) <= SCOPES_MAX:
        raise BadParameter("scope", f"has {len(names)} scopes, not 1 to {SCOPES_MAX}")
    kinds = kinds_of(names) & kinds_of(registered.split())
    if not kinds:
        raise BadParameter("scope", "names no type that this system is registered for")
    return " ".join(f"system/{kind}.read" for kind in KINDS if kind in kinds)

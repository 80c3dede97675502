"""Every page of the app by its own routes, with an id for each name in an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

from fastapi import FastAPI

from cloud.fhir.serving.answers import is_of_fhir
from tests.cloud.authority.expected import DASHBOARD
from tests.cloud.authority.test_matrix import routes_of

VARIANTS = {
    "/": "/?show=all",
    "/audit": "/audit?before=100",
    "/patients/{patient}/prescribe": "/patients/{patient}/prescribe?protocol=pain-m1-10hz",
    "/patients/{patient}/steps/{step}": "/patients/{patient}/steps/end?",
}
"""Addresses with another answer, beside the plain one."""


PARTS = {
    "/health",
    "/ready",
    "/desk-return/session",
    "/response/model",
    "/patients/{patient}/forecast/score",
}
"""What answers with a state or a part, not with a page; so does what ends in one of the endings."""
ENDINGS = ("/live", "/events", "/timeline", "/score", "/export", ".csv", ".json")


@dataclass(frozen=True)
class Address:
    """One page: its route, the path to ask for, and by which visitor."""

    route: str
    path: str
    visitor: str

    @property
    def name(self) -> str:
        """For a picture: words with hyphens."""
        words = self.route.replace("{", "").replace("}", "").strip("/").replace("/", "-")
        variant = "-variant" if "?" in self.path else ""
        return f"{words or 'today'}{variant}"


def addresses(app: FastAPI, ids: Mapping[str, str]) -> Sequence[Address]:
    """Return each GET route once, and its variants, but for the FHIR server's, which are no pages;
    raise KeyError where an address has a name that `clinic` knows no id for."""
    found = []
    for method, route in sorted(routes_of(app)):
        if method == "GET" and not is_of_fhir(route):
            visitor = _visitor(route)
            patterns = [route, *([VARIANTS[route]] if route in VARIANTS else [])]
            found += [Address(route, filled(each, ids), visitor) for each in patterns]
    return found


def pages_of(app: FastAPI, ids: Mapping[str, str]) -> Sequence[Address]:
    """Return the addresses that answer with a whole page."""
    return [
        each
        for each in addresses(app, ids)
        if each.route not in PARTS and not each.route.endswith(ENDINGS)
    ]


def filled(pattern: str, ids: Mapping[str, str]) -> str:
    """Return the address with its ids in it."""
    names = [name for _, name, _, _ in Formatter().parse(pattern) if name]
    unknown = [name for name in names if name not in ids]
    if unknown:
        raise KeyError(f"{pattern}: tests/cloud/every_page/clinic.py has no id for {unknown}")
    return pattern.format_map(ids)


def _visitor(route: str) -> str:
    expected = DASHBOARD["GET", route]
    if expected.nobody:
        return "nobody"
    return "caregiver" if set(expected.who) == {"caregiver"} else "everything"

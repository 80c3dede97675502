"""One answer of a search: so many resources at most, and where the next begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from cloud.fhir.elements import Resource
from cloud.fhir.errors import BadParameter
from cloud.fhir.gathering.gatherer import Gatherer
from cloud.fhir.resources.look import LOOK
from cloud.fhir.serving import cursor
from cloud.fhir.serving.cursor import Cursor
from cloud.fhir.serving.search import Search


def found_in(
    gatherer: Gatherer, search: Search, *, now_ms: int
) -> tuple[list[Resource], Cursor | None]:
    """Return the next resources of one patient, and the cursor behind them, None at the end.

    Each kind is asked once, so an answer may come out short and have a next one all the same. Of
    the audit log's lines there are those from before the search began.
    """
    names = [each.name for each in search.mappings]
    at = search.cursor or Cursor(names[0], None, now_ms)
    if at.name not in names:
        raise BadParameter(cursor.NAME, "is one of another search")
    resources: list[Resource] = []
    for mapping in search.mappings[names.index(at.name) :]:
        room = search.count - len(resources)
        if room == 0:
            return resources, Cursor(mapping.name, None, at.began_ms)
        asked = replace(
            gatherer.asked(room),
            after=at.after if mapping.name == at.name else None,
            first_ms=search.first_ms,
            end_ms=min(search.end_ms or at.began_ms, at.began_ms)
            if mapping is LOOK
            else search.end_ms,
        )
        page = gatherer.page(mapping, asked)
        resources += [mapping.write(record, gatherer.source) for _, record in page.records]
        if page.behind is not None:
            return resources, Cursor(mapping.name, page.behind, at.began_ms)
    return resources, None


def searchset(
    base: str, path: str, query: QueryParams, resources: Sequence[Resource], behind: Cursor | None
) -> Resource:
    """Return an answer as Bundle; its links repeat the search, and go on from the cursor."""
    said = [(name, value) for name, value in query.multi_items() if name != cursor.NAME]
    here = [(name, value) for name, value in query.multi_items()]
    links = [{"relation": "self", "url": _address(base, path, here)}]
    if behind is not None:
        there = [*said, (cursor.NAME, cursor.encoded(behind))]
        links.append({"relation": "next", "url": _address(base, path, there)})
    found: Resource = {"resourceType": "Bundle", "type": "searchset", "link": links}
    if resources:
        found["entry"] = [
            {
                "fullUrl": f"{base}/{each['resourceType']}/{each['id']}",
                "resource": each,
                "search": {"mode": "match"},
            }
            for each in resources
        ]
    return found


def _address(base: str, path: str, query: list[tuple[str, str]]) -> str:
    return f"{base}/{path}?{urlencode(query)}" if query else f"{base}/{path}"

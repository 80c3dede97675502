"""One patient's chart as a Bundle, and back: each entry is taken, or the whole is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloud.fhir.chart import OF_PATIENT, Chart
from cloud.fhir.elements import Element, Resource, moment
from cloud.fhir.errors import NotValid, TooLarge
from cloud.fhir.mapping import Mapping
from cloud.fhir.resources.patient import PATIENT, source_of
from cloud.fhir.validating import validate

ENTRIES_MAX = 50_000
"""Of one bundle that comes in (own choice): decades of daily use."""


def resources_of(chart: Chart) -> Iterator[Resource]:
    """Yield the chart's resources, the Patient first."""
    for mapping, record in chart.records():
        yield mapping.write(record, chart.source)


def bundle_of(chart: Chart, *, now_ms: int) -> Resource:
    """Return the chart as a collection."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": moment(now_ms),
        "entry": [entry(each) for each in resources_of(chart)],
    }


def entry(resource: Resource) -> Resource:
    """Return a resource as an entry; its address is its own, wherever it's served."""
    return {
        "fullUrl": f"urn:circlet:{resource['resourceType']}:{resource['id']}",
        "resource": resource,
    }


def chart_of(bundle: Any) -> Chart:
    """Return the chart that a bundle holds, and nothing that it doesn't.

    Raise NotValid where it isn't FHIR R4 or not what `bundle_of` writes: the field at fault is
    named; TooLarge past the limit.
    """
    whole = Element(bundle, "Bundle")
    entries = whole.each("entry")
    if len(entries) > ENTRIES_MAX:
        raise TooLarge("Bundle.entry", f"has {len(entries)} entries, more than {ENTRIES_MAX}")
    if whole.value.get("type") != "collection":
        raise NotValid(whole.at("type"), "is not collection")
    resources = [each.child("resource") for each in entries]
    for each in resources:
        validate(each.value, each.path)
    patients = [each for each in resources if each.value["resourceType"] == "Patient"]
    if len(patients) != 1:
        raise NotValid(whole.at("entry"), f"has {len(patients)} Patients, not one")
    source = source_of(patients[0])
    found: dict[str, list[Any]] = {mapping.name: [] for mapping in OF_PATIENT}
    seen: set[str] = set()
    for each in resources:
        mapping = mapping_of(each)
        record = mapping.taken(each, source)
        name = f"{each.value['resourceType']}/{each.text('id')}"
        if name in seen:
            raise NotValid(each.at("id"), "is there twice")
        seen.add(name)
        if mapping is not PATIENT:
            found[mapping.name].append(record)
    patient = PATIENT.taken(patients[0], source)
    return Chart(source, patient, **{name: tuple(each) for name, each in found.items()})


def mapping_of(element: Element) -> Mapping[Any]:
    """Return the mapping of a resource; raise NotValid for one that isn't mapped."""
    kind = element.text("resourceType")
    for mapping in (PATIENT, *OF_PATIENT):
        if mapping.kind == kind and mapping.is_one(element):
            return mapping
    raise NotValid(element.at("resourceType"), f"{kind!r:.40} is not mapped")

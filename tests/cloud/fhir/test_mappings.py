"""Each mapping: what goes out is valid FHIR R4 and comes back equal; what was changed isn't."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloud.fhir.bundle import mapping_of
from cloud.fhir.chart import OF_PATIENT
from cloud.fhir.elements import Element
from cloud.fhir.errors import NotValid
from cloud.fhir.mapping import Mapping
from cloud.fhir.resources.patient import PATIENT, source_of
from cloud.fhir.resources.prescription import PRESCRIPTION
from cloud.fhir.resources.score import LOINC, SCORE
from cloud.fhir.validating import validate
from tests.cloud.fhir.made import MADE, SOURCE

ALL = (PATIENT, *OF_PATIENT)


def sent(mapping: Mapping[Any], record: Any) -> Any:
    """Return the resource as it comes out of JSON."""
    return json.loads(json.dumps(mapping.write(record, SOURCE)))


@pytest.mark.parametrize("mapping", ALL, ids=lambda mapping: mapping.name)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_record_is_valid_and_comes_back_equal(mapping: Mapping[Any], data: st.DataObject) -> None:
    record = data.draw(MADE[mapping])
    resource = sent(mapping, record)
    validate(resource, mapping.kind)
    element = Element(resource, mapping.kind)
    assert mapping_of(element) is mapping
    assert mapping.taken(element, SOURCE) == record


def changed(node: Any) -> Any:
    """Return a leaf as something else of its kind."""
    if isinstance(node, bool):
        return not node
    if isinstance(node, int):
        return node + 1
    return f"{node[:-1]}{'b' if node.endswith('a') else 'a'}"


def leaves(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of each leaf."""
    if isinstance(node, dict):
        return [each for name in node for each in leaves(node[name], (*path, name))]
    if isinstance(node, list):
        return [each for at, one in enumerate(node) for each in leaves(one, (*path, at))]
    return [path]


@pytest.mark.parametrize("mapping", ALL, ids=lambda mapping: mapping.name)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_changed_leaf_is_refused_or_changes_the_record(
    mapping: Mapping[Any], data: st.DataObject
) -> None:
    record = data.draw(MADE[mapping])
    resource = sent(mapping, record)
    path = data.draw(st.sampled_from(leaves(resource)))
    inside = resource
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] = changed(inside[path[-1]])
    with suppress(NotValid):
        assert mapping.taken(Element(resource, mapping.kind), SOURCE) != record


def drawn(mapping: Mapping[Any]) -> Any:
    """Return some record of a kind, the same each time."""
    found: list[Any] = []

    @settings(max_examples=1, database=None, derandomize=True)
    @given(MADE[mapping])
    def draw(record: Any) -> None:
        found.append(record)

    draw()
    return found[0]


@pytest.mark.parametrize("mapping", ALL, ids=lambda mapping: mapping.name)
def test_a_field_that_the_mapping_does_not_know_is_refused_by_its_name(
    mapping: Mapping[Any],
) -> None:
    resource = sent(mapping, drawn(mapping)) | {"implicitRules": "http://example.org/rules"}
    with pytest.raises(NotValid) as problem:
        mapping.taken(Element(resource, mapping.kind), SOURCE)
    assert problem.value.field == f"{mapping.kind}.implicitRules"


def test_a_prescription_whose_words_differ_from_its_bytes_is_refused() -> None:
    resource = sent(PRESCRIPTION, drawn(PRESCRIPTION))
    resource["orderDetail"][0]["text"] = "l_dlpfc: 30 pulses in 1 trains, 40 %"
    with pytest.raises(NotValid) as problem:
        PRESCRIPTION.taken(Element(resource, "ServiceRequest"), SOURCE)
    assert problem.value.field == "ServiceRequest.orderDetail[0].text"


@pytest.mark.parametrize("official", [True, False])
def test_a_loinc_code_stands_only_beside_official_words(official: bool) -> None:
    record = replace(drawn(SCORE), instrument="phq-9", is_official=official)
    systems = [each["system"] for each in sent(SCORE, record)["code"]["coding"]]
    assert (LOINC in systems) is official


def test_made_up_data_says_so_in_every_resource() -> None:
    made_up = replace(SOURCE, made_up=True)
    for mapping in ALL:
        resource = mapping.write(drawn(mapping), made_up)
        assert resource["meta"]["security"][0]["code"] == "HTEST"
        validate(resource, mapping.kind)
        assert "meta" not in sent(mapping, drawn(mapping))
    assert source_of(Element(PATIENT.write(drawn(PATIENT), made_up), "Patient")) == made_up

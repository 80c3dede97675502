"""A patient's chart goes out as one bundle and comes in equal; what isn't whole is refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from cloud.cli import main
from cloud.errors import CloudError
from cloud.fhir import bundle as bundles
from cloud.fhir.bundle import chart_of
from cloud.fhir.chart import OF_PATIENT, Chart
from cloud.fhir.errors import NotValid, TooLarge
from cloud.fhir.file import charts_of, line_of
from cloud.fhir.gathering.gatherer import Gatherer
from cloud.fhir.resources.score import LOINC
from cloud.fhir.validating import validate
from cloud.patients.erasing import erase
from cloud.patients.service import patient_of
from cloud.vault.errors import KeyDestroyed
from shared.dose.prescription import hash_of
from shared.trust import sign1
from shared.trust.passkey import Assertion, verify
from shared.trust.statements import Certificate, Scope
from shared.wire import fields
from tests.cloud.fhir.treated import OFFICIAL_SERIAL, chart_in, treated
from tests.cloud.worlds import World, make_world

KINDS = {
    "Patient": 1,
    "Device": 1,
    "ServiceRequest": 2,
    "Provenance": 2,
    "Procedure": 3,
    "Observation": 6,
    "QuestionnaireResponse": 3,
    "AdverseEvent": 3,
    "Consent": 2,
}


@dataclass(frozen=True)
class Treated:
    """A world that tests only read, with the patient who was treated and their chart."""

    world: World
    patient_id: bytes
    chart: Chart


@pytest.fixture(scope="module")
def treatment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Treated]:
    world = make_world(tmp_path_factory.mktemp("treated"))
    patient_id = treated(world)
    yield Treated(world, patient_id, chart_in(world, patient_id))
    world.database.close()


def sent(chart: Chart) -> Any:
    """Return the chart's bundle as it comes out of JSON."""
    return json.loads(line_of(chart, now_ms=0))


def test_a_whole_chart_goes_out_and_comes_in_equal(treatment: Treated) -> None:
    chart = treatment.chart
    bundle = sent(chart)
    validate(bundle, "Bundle")
    found = Counter(each["resource"]["resourceType"] for each in bundle["entry"])
    assert KINDS.items() <= found.items()
    assert found["AuditEvent"] > 0
    assert chart_of(bundle) == chart
    assert all(getattr(chart, mapping.name) for mapping in OF_PATIENT)


def test_every_reference_leads_to_a_resource_of_the_bundle(treatment: Treated) -> None:
    bundle = sent(treatment.chart)
    there = {
        f"{each['resource']['resourceType']}/{each['resource']['id']}" for each in bundle["entry"]
    }

    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["reference"]} if "reference" in node else set()
            return own.union(*(references(value) for value in node.values()))
        return set().union(*map(references, node)) if isinstance(node, list) else set()

    assert len(there) == len(bundle["entry"])
    assert references(bundle) <= there


def test_only_answers_to_an_official_pack_are_coded_by_loinc(treatment: Treated) -> None:
    chart = treatment.chart
    official = {each.item_id for each in chart.answers if each.pack_serial == OFFICIAL_SERIAL}
    coded = {
        each["resource"]["identifier"][0]["value"]
        for each in sent(chart)["entry"]
        if any(one["system"] == LOINC for one in each["resource"].get("code", {}).get("coding", []))
    }
    assert coded == official
    assert len(official) == 1


def test_the_signature_that_goes_out_verifies_over_the_bytes_that_go_out(
    treatment: Treated,
) -> None:
    chart = chart_of(sent(treatment.chart))
    signed = {each.prescription_hash: each for each in chart.signatures}
    root = treatment.world.identity.root.public_key
    for each in chart.prescriptions:
        signature = signed[hash_of(each.data)]
        certificate = sign1.verify(Certificate, signature.certificate, audience=b"demo", key=root)
        assertion = fields.unpack(Assertion, signature.assertion)
        verify("circlet/prescription/v1", each.data, assertion, certificate, Scope.PRESCRIBE)


def test_the_replaced_prescription_is_revoked_and_the_later_one_active(treatment: Treated) -> None:
    chart = treatment.chart
    assert [each.is_replaced for each in chart.prescriptions] == [True, False]
    assert chart.prescriptions[1].in_force_ms is not None


def test_small_pages_hold_what_large_ones_do(treatment: Treated) -> None:
    compare_pages(treatment.world, treatment.patient_id)


def test_small_pages_do_so_on_postgresql(postgresql_world: World) -> None:
    compare_pages(postgresql_world, treated(postgresql_world))


def compare_pages(world: World, patient_id: bytes) -> None:
    """Gather every kind by one and by two, and hold that against all at once."""
    with world.database.read("demo") as session:
        patient = patient_of(session, "demo", patient_id)
        gatherer = Gatherer(session, patient, world.identity.keys["care"])
        whole = gatherer.chart()
        for mapping in OF_PATIENT:
            for limit in (1, 2):
                asked, found = gatherer.asked(limit), []
                while True:
                    page = gatherer.page(mapping, asked)
                    assert len(page.records) <= limit
                    found += [each for _, each in page.records]
                    if page.behind is None:
                        break
                    asked = replace(asked, after=page.behind)
                assert tuple(found) == getattr(whole, mapping.name), mapping.name


def broken(change: str) -> Any:
    """Return what spoils a bundle."""
    return {
        "no patient": lambda bundle: bundle["entry"].pop(0),
        "two patients": lambda bundle: bundle["entry"].append(bundle["entry"][0]),
        "twice": lambda bundle: bundle["entry"].append(bundle["entry"][1]),
        "another type": lambda bundle: bundle.update(type="searchset"),
        "unknown": lambda bundle: bundle["entry"][1]["resource"].update(resourceType="Person"),
        "invalid": lambda bundle: bundle["entry"][0]["resource"].update(birthDate="1980-13-40"),
        "another's": lambda bundle: bundle["entry"][1]["resource"].update(
            patient={"reference": "Patient/" + "00" * 16}
        ),
    }[change]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ("no patient", "Bundle.entry"),
        ("two patients", "Bundle.entry"),
        ("twice", "Bundle.entry[24].resource.id"),
        ("another type", "Bundle.type"),
        ("unknown", "Bundle.entry[1].resource.resourceType"),
        ("invalid", "Bundle.entry[0].resource.birthDate"),
        ("another's", "Bundle.entry[1].resource.patient.reference"),
    ],
)
def test_a_bundle_that_is_not_whole_is_refused_by_the_field_at_fault(
    treatment: Treated, change: str, field: str
) -> None:
    bundle = sent(treatment.chart)
    broken(change)(bundle)
    with pytest.raises(NotValid) as problem:
        chart_of(bundle)
    assert problem.value.field == field


def test_more_entries_than_the_limit_are_refused_before_they_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bundles, "ENTRIES_MAX", 2)
    with pytest.raises(TooLarge, match="more than 2"):
        chart_of({"resourceType": "Bundle", "type": "collection", "entry": [{}, {}, {}]})


def test_the_command_writes_a_clinic_and_finds_it_equal(
    treatment: Treated, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = treatment.world.settings
    place = ["--data", str(settings.data), "--identity", str(settings.identity)]
    out = tmp_path / "clinic.ndjson"
    main(["export-fhir", *place, "--out", str(out)])
    assert "1 patients" in capsys.readouterr().out
    assert list(charts_of(out)) == [chart_in(treatment.world, treatment.patient_id)]
    main(["check-fhir", "--file", str(out), *place])
    assert "1 patients" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="File exists"):
        main(["export-fhir", *place, "--out", str(out)])


def test_a_file_that_was_changed_is_refused_by_line_and_field(
    treatment: Treated, tmp_path: Path
) -> None:
    file = tmp_path / "clinic.ndjson"
    line = line_of(treatment.chart, now_ms=0)
    file.write_bytes(line + line.replace(b'"planned-pulses"', b'"planned-pulse"', 1))
    with pytest.raises(CloudError, match=r"line 2: Bundle\.entry\[\d+\]\.resource\.component"):
        list(charts_of(file))


def test_nothing_goes_out_of_who_was_erased(world: World) -> None:
    patient_id = treated(world)
    erase(world.database, "demo", patient_id, actor="console", now_ms=world.clock.now_ms)
    with pytest.raises(KeyDestroyed):
        chart_in(world, patient_id)

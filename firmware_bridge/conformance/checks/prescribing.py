"""Prescriptions that no band may install."""

from __future__ import annotations

import secrets
from dataclasses import replace

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import refused, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from firmware_bridge.demo.clinic import tampered
from firmware_bridge.demo.plan import outside_the_envelope, prescription
from firmware_bridge.demo.record import read_record
from shared.dose.prescription import Prescription
from shared.trust.statements import ID_BYTES
from shared.wire import fields
from shared.wire.items import SignedPrescription
from shared.wire.operations import BlobKind, Operation, StatusCode

checks = Checks(Need.PLANNED)


@checks.add(Section.PRESCRIPTION, Operation.INSTALL)
async def at_another_origin(bench: Bench) -> None:
    """A prescription signed at another origin than the signing desk isn't installed."""
    blob = bench.demo.prescribe(await _next(bench), origin="http://cloud.localhost")
    await _refused(bench, blob, StatusCode.NOT_TRUSTED, "trust_origin")


@checks.add(Section.PRESCRIPTION, Operation.INSTALL)
async def other_bytes(bench: Bench) -> None:
    """A prescription whose bytes the passkey didn't sign isn't installed."""
    plan = await _next(bench)
    signed = fields.unpack(SignedPrescription, bench.demo.prescribe(plan))
    other = fields.pack(replace(plan, initials="X.Y."))
    blob = fields.pack(replace(signed, prescription=other))
    await _refused(bench, blob, StatusCode.NOT_TRUSTED, "trust_bytes")


@checks.add(Section.PRESCRIPTION, Operation.INSTALL)
async def other_signature(bench: Bench) -> None:
    """A prescription whose signature doesn't hold isn't installed."""
    signed = fields.unpack(SignedPrescription, bench.demo.prescribe(await _next(bench)))
    blob = fields.pack(replace(signed, assertion=tampered(signed.assertion)))
    await _refused(bench, blob, StatusCode.NOT_TRUSTED, "trust_signature")


@checks.add(Section.PRESCRIPTION, Operation.INSTALL)
async def outside_envelope(bench: Bench) -> None:
    """A prescription outside the envelope isn't installed, whoever signed it."""
    blob = bench.demo.prescribe(outside_the_envelope(await _next(bench)))
    await _refused(bench, blob, StatusCode.REFUSED, "outside_envelope")


@checks.add(Section.PRESCRIPTION, Operation.INSTALL)
async def for_another_band(bench: Bench) -> None:
    """A prescription for another band isn't installed."""
    blob = bench.demo.prescribe(replace(await _next(bench), device_id=bytes(ID_BYTES)))
    await _refused(bench, blob, StatusCode.REFUSED, "other_device")


@checks.add(Section.PRESCRIPTION, Operation.INSTALL)
async def for_another_patient(bench: Bench) -> None:
    """A prescription for another patient isn't installed."""
    blob = bench.demo.prescribe(replace(await _next(bench), patient_id=bytes(ID_BYTES)))
    await _refused(bench, blob, StatusCode.REFUSED, "other_patient")


@checks.add(Section.PRESCRIPTION, Operation.INSTALL)
async def leaping_serial(bench: Bench) -> None:
    """A serial more than 1,000 above the one in force isn't installed."""
    plan = await _next(bench)
    blob = bench.demo.prescribe(replace(plan, serial=plan.serial + 1_000))
    await _refused(bench, blob, StatusCode.REFUSED, "serial_not_next")


@checks.add(Section.PRESCRIPTION, Operation.INSTALL)
async def over_another(bench: Bench) -> None:
    """A prescription that replaces another than the one in force isn't installed."""
    blob = bench.demo.prescribe(replace(await _next(bench), replaces_hash=bytes(32)))
    await _refused(bench, blob, StatusCode.REFUSED, "replaces_another")


@checks.add(Section.PRESCRIPTION, Operation.INSTALL)
async def used_once(bench: Bench) -> None:
    """A blob that was judged is used up."""
    phone = await bench.phone()
    asked = phone.ask(Operation.INSTALL)
    await refused(asked, StatusCode.WRONG_STATE, "no_prescription")


@checks.add(Section.PRESCRIPTION, Operation.HELLO)
async def still_in_force(bench: Bench) -> None:
    """After all of these the plan in force is the same."""
    status = await (await bench.phone()).status()
    same(status.prescription_hash, bench.kept.plan_hash, "plan in force")


async def _next(bench: Bench) -> Prescription:
    """A plan that might be installed after the one in force."""
    past = (await read_record((await bench.phone()).client)).state
    return prescription(
        bench.demo.keys,
        bench.demo.now_s,
        serial=past.serial + 1,
        replaces=past.prescription_hash,
        course_id=secrets.token_bytes(ID_BYTES),
    )


async def _refused(bench: Bench, blob: bytes, status: StatusCode, code: str) -> None:
    phone = await bench.phone()
    await phone.client.send_blob(BlobKind.PRESCRIPTION, blob)
    await refused(phone.ask(Operation.INSTALL), status, code)

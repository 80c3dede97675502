"""The ten steps of the first day, on real parts. Raises where a step cannot be done at all;
promises that can be looked at afterwards are noted in the report."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from firmware_bridge.emulator.parts.coil import read_pulses
from shared.dose import ledger
from shared.dose import prescription as prescriptions
from shared.dose.prescription import Prescription
from shared.instruments.forms import phq9
from shared.trust import sealing
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.wire import fields, items, records
from shared.wire.items import SignedPrescription
from tests.journey.app import App
from tests.journey.band import EmulatedBand
from tests.journey.browser import open_browser
from tests.journey.clinician import NAME as CLINICIAN
from tests.journey.clinician import Clinician
from tests.journey.cloud_files import CloudFiles
from tests.journey.patient import Patient
from tests.journey.polling import until
from tests.journey.processes import run
from tests.journey.report import Report
from tests.journey.stage import Stage

PATIENT, BIRTH_DATE = "K. Voorbeeld", "1956-03-14"
TRAINS, PULSES = 20, 600
ANSWERS = (2, 2, 1, 2, 1, 2, 1, 1, 0)
HOUR_MS = 3_600_000
OUT_OF_REACH_MS = 7_000
SYNC_RATE = 4.0
"""The phone's next two rounds come while the band is out of reach."""


class Day:
    """The parts, the two people, and what was seen."""

    def __init__(self, stage: Stage, report: Report) -> None:
        self.stage, self.report = stage, report
        self.cloud = CloudFiles(stage.folder / "cloud", stage.identity)
        self.clinician: Clinician
        self.patient: Patient
        self.app: App
        self.band: EmulatedBand
        self.patient_page = ""
        self.code = ""

    async def cloud_up(self) -> None:
        """Step 1."""
        begin = datetime.now(UTC).replace(microsecond=0)
        await self.stage.start_clock(begin)
        printed = await self.stage.make_clinic(CLINICIAN)
        self.invitation = next(
            line.split()[-1] for line in printed.splitlines() if line.startswith("invitation")
        )
        await self.stage.start_cloud()
        self.report.step("1 cloud up: ingest, worker, dashboard over one SQLite; signing desk")
        self.report.detail(f"cloud {self.stage.at.cloud_origin}, desk {self.stage.at.desk_origin}")

    async def clinic_set_up(self) -> None:
        """Step 2."""
        await self.clinician.accept_invitation(self.invitation)
        await self.certify_passkey()
        self.code = await self.clinician.enrol_patient(PATIENT, BIRTH_DATE)
        self.patient_page = await self.clinician.open_patient(PATIENT)
        await self.clinician.prescribe(self.patient_page)
        await self.clinician.wait_for_words("prescription 1")
        await self.clinician.look("page-signed")
        self.report.step(
            "2 clinic set up: two passkeys, a patient, iTBS read and signed at the desk"
        )

    async def certify_passkey(self) -> None:
        """The clinician makes the signing passkey, and the root's holder certifies it."""
        request, fingerprint = await self.clinician.make_signing_passkey()
        asked, made = self.stage.folder / "request.txt", self.stage.folder / "staff.cert"
        asked.write_text(request)
        await run(
            "circlet-root",
            "certify",
            "--clinic-root",
            str(self.stage.identity / "clinic-root.key"),
            "--request",
            str(asked),
            "--fingerprint",
            fingerprint,
            "--scope",
            "prescribe",
            "--days",
            "90",
            "--now-ms",
            str(await self.stage.clock.wall_ms()),
            "--out",
            str(made),
        )
        await self.stage.cloud("add-certificate", "--file", str(made))

    async def device_up(self) -> None:
        """Step 3."""
        await self.stage.start_radio()
        self.band = await self.stage.start_band()
        shown = await self.band.state()
        self.report.step(
            f"3 device up: radio and stimulator; its display says {shown['display']!r}"
        )

    async def phone_up(self) -> None:
        """Step 4."""
        self.app = await self.stage.start_app()
        self.patient = Patient(self.app, self.band, self.stage.clock, self.report.picture)
        await self.patient.enrol(self.code, BIRTH_DATE)
        number = await self.patient.pair()
        facts = await self._facts_when(
            lambda f: f["device_head"] and "NO_PRESCRIPTION" not in names(f)
        )
        self.report.step(
            f"4 phone up: enrolled, paired by the number {number}, prescription on the band"
        )
        self.report.holds("clearance is on the band", kept="CLEARANCE_MISSING" not in names(facts))

    async def lock_explains(self) -> None:
        """Step 5."""
        facts = await self._facts_when(lambda f: names(f) == ["SCREENING_NEEDED"])
        await self.patient.look("app-today-before-questions")
        self.report.step(f"5 the lock explains: {facts['reasons'][0]['words']}")
        await self.patient.answer_gates()
        await self.app.wait("ready")
        facts = await self._facts()
        kept = facts["permitted"] and facts["by_band"]
        self.report.detail("after the answers it is open, by the band's own verdict")
        self.report.holds("the band's own verdict is open", kept=bool(kept), seen=names(facts))

    async def a_session(self) -> None:
        """Step 6."""
        seen = asyncio.create_task(self._seconds_from_last_pulse_to_page())
        try:
            after = await self.patient.treat(TRAINS)
            fired = read_pulses(self.stage.band_state / "coil" / "pulses.log")
            self.report.step(f"6 a session: {after['summary']}")
            self.report.holds("600 pulses fired", kept=len(fired) == PULSES, seen=len(fired))
            await self.patient.finish()
            self.report.figures["last pulse's record to the page"] = f"{await seen:.1f} s"
        finally:
            seen.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await seen

    async def _seconds_from_last_pulse_to_page(self) -> float:
        await self.clinician.page.goto(self.patient_page)
        state = await until(
            self.band.state, lambda seen: seen["coil"]["fired_total"] >= PULSES, within_s=120
        )
        begun = time.monotonic()
        await self.clinician.wait_verified(state["ledger"]["last"])
        return time.monotonic() - begun

    async def locked_again(self) -> None:
        """Step 7."""
        await self.app.wait("today")
        await self.patient.look("app-today-resting")
        facts = await self._facts()
        opens_ms = max(r["ends_wall_ms"] or 0 for r in facts["reasons"])
        opens = datetime.fromtimestamp(opens_ms / 1000, UTC).strftime("%A %H:%M UTC")
        why = facts["reasons"][-1]["words"]
        self.report.step(f"7 locked again until {opens}: {why}")
        await self._refused("from the app", "try-session")
        await self._refused("replaying the recorded arm", "replay-arm")
        await self.app.do("phone-clock", offset_ms=26 * HOUR_MS)
        await self._refused("with the phone's clock set forward", "try-session")
        await self.app.do("phone-clock", offset_ms=0)
        await self._refused(
            "a plan signed at the cloud's origin",
            "install-blob",
            path=str(await self._false_plan()),
        )
        await self.patient.look("app-refused")
        fired = len(read_pulses(self.stage.band_state / "coil" / "pulses.log"))
        self.report.holds("nothing more was fired", kept=fired == PULSES, seen=fired)

    async def _refused(self, attempt: str, verb: str, **arguments: Any) -> None:
        answer = await self.app.do(verb, **arguments)
        self.report.refused(attempt, f"{answer.get('code')}: {answer.get('words')}")
        self.report.holds(f"refused {attempt}", kept=answer.get("refused") is True, seen=answer)

    async def _false_plan(self) -> Path:
        signed = self.cloud.signed_prescription()
        plan = prescriptions.from_bytes(signed.prescription)
        more = self._more_generous(plan, prescriptions.hash_of(signed.prescription))
        assertion = await self.clinician.sign_at_the_cloud(more)
        blob = SignedPrescription(prescriptions.to_bytes(more), assertion, signed.certificate)
        path = self.stage.folder / "false-plan.cbor"
        path.write_bytes(fields.pack(blob))
        return path

    def _more_generous(self, plan: Prescription, replaces: bytes) -> Prescription:
        limits = replace(plan.limits, sessions_per_day_window=2, pulses_per_day_window=2 * PULSES)
        return replace(plan, serial=plan.serial + 1, replaces_hash=replaces, limits=limits)

    async def the_record(self) -> None:
        """Step 8."""
        held = await self.band.ledger()
        facts = await self._facts_when(lambda f: f["outbox"] == 0)
        chain = self.cloud.chain()
        state = ledger.genesis(chain.device_id, chain.epoch)
        for data in held:
            state = ledger.take(state, data)
        verified = chain.verified_to == len(held) and chain.verified_hash == state.hash
        self.report.step(
            f"8 the record: {len(held)} records over the air, stored sealed, verified at the cloud "
            f"to number {chain.verified_to}"
        )
        self.report.holds("no gap, head verified", kept=verified, seen=(chain, facts["records"]))
        self.report.holds("charged is fired", kept=state.total_pulses == PULSES)
        self._sealed_log()
        self.report.figures.update(
            {
                "pulses prescribed": PULSES,
                "pulses reserved": sum_of_reserved(held),
                "pulses fired by the coil's counter": len(
                    read_pulses(self.stage.band_state / "coil" / "pulses.log")
                ),
                "pulses recorded by the band": state.total_pulses,
                "pulses verified at the cloud": self.cloud.verified_pulses(),
                "link losses healed": facts["link_losses_healed"],
            }
        )

    def _sealed_log(self) -> None:
        log, patient_id = self.cloud.session_log()
        context = items.session_log_context(patient_id)
        for name in ("time", "clearance", "receipt", "enrolment"):
            key = SoftwareKey.from_pem((self.stage.identity / "keys" / f"{name}.key").read_bytes())
            opened = True
            try:
                sealing.open_sealed(log, key=key, context=context)
            except TrustError:
                opened = False
            self.report.holds(f"the {name} key doesn't open the log", kept=not opened)
        vault = self.cloud.vault_key(patient_id)
        plain = sealing.open_sealed(log, key=vault, context=context)
        self.report.detail(
            f"session log: {len(log)} bytes sealed; no key of ingest opens it, the vault key reads "
            f"{len(plain)} bytes"
        )

    async def check_in(self) -> None:
        """Step 9."""
        shown = await self.patient.check_in(ANSWERS)
        await self._facts_when(lambda f: f["outbox"] == 0)
        score = phq9().score(ANSWERS)
        self.report.step(f"9 a check-in: {shown} ({score.label}), sealed to the care key")
        self.report.holds("the score adds up", kept=str(score.total) in shown, seen=shown)

    async def clinician_looks(self) -> None:
        """Step 10."""
        await self.clinician.page.goto(self.patient_page)
        await self.clinician.wait_for_words(f"{sum(ANSWERS)} of 27")
        await self.clinician.wait_for_words("own wording")
        await self.clinician.look("page-patient")
        await self.clinician.page.goto(f"{self.stage.at.cloud_origin}/")
        await self.clinician.page.get_by_role("link", name="On course").click()
        await self.clinician.wait_for_words(PATIENT)
        await self.clinician.look("page-today")
        self.report.step("10 the clinician looks: list, dose, score, record complete and verified")
        await self._hold_on_its_way()
        await self.clinician.look("page-hold-in-force")
        facts = await self._facts_when(lambda f: "HOLD" in names(f))
        await self.patient.look("app-today-held")
        self.report.holds("the band is held", kept=facts["holds"] == 1, seen=facts["holds"])

    async def _hold_on_its_way(self) -> None:
        """Place a hold; time stands still, then the band is out of reach, so that each state of
        its way can be seen."""
        await self.stage.clock.rate(0)
        await self.clinician.place_hold(self.patient_page)
        await self._hold_is("asked")
        await self.band.drop_link(for_ms=OUT_OF_REACH_MS)
        await self.stage.clock.rate(SYNC_RATE)
        await self._hold_is("on the phone")
        await self._hold_is("in force")
        await self.stage.clock.rate(1)

    async def _hold_is(self, state: str) -> None:
        await self.clinician.wait_for_hold(state)
        self.report.detail(f"the page says of the hold: {state}")

    async def _facts(self) -> dict[str, Any]:
        return await self.app.do("facts")

    async def _facts_when(
        self, wanted: Callable[[dict[str, Any]], bool], within_s: float = 60
    ) -> dict[str, Any]:
        return await until(self._facts, wanted, within_s=within_s)


def names(facts: dict[str, Any]) -> list[str]:
    """Return the names of the lock's reasons."""
    return [reason["name"] for reason in facts["reasons"]]


def sum_of_reserved(held: list[bytes]) -> int:
    """Return all pulses that the record reserved, what was released included."""
    bodies = [records.decode_record(data).body for data in held]
    return sum(body.pulses for body in bodies if isinstance(body, records.SliceReservedBody))


@asynccontextmanager
async def open_day(folder: Path, report: Report) -> AsyncIterator[Day]:
    """Yield a day whose parts end with it, leaving no process behind."""
    stage = Stage(folder)
    day = Day(stage, report)
    try:
        async with open_browser() as browser:
            day.clinician = Clinician(browser, stage.at, report.picture)
            yield day
    finally:
        await stage.close()


async def up_to_a_session(day: Day) -> None:
    """Walk the first six steps: from an empty server to a session that was given."""
    for step in (
        day.cloud_up,
        day.clinic_set_up,
        day.device_up,
        day.phone_up,
        day.lock_explains,
        day.a_session,
    ):
        await step()


async def whole_day(day: Day) -> None:
    """Walk all ten steps."""
    await up_to_a_session(day)
    for step in (
        day.locked_again,
        day.the_record,
        day.check_in,
        day.clinician_looks,
    ):
        await step()

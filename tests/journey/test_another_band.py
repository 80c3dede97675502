"""A band is replaced in mid-course on real parts: the new one gives what is left, and no more."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from shared.dose import ledger
from shared.wire import records
from tests.journey.band import EmulatedBand
from tests.journey.browser import open_browser
from tests.journey.clinician import Clinician
from tests.journey.day import BIRTH_DATE, PATIENT, PULSES, TRAINS, Day, names
from tests.journey.patient import Patient
from tests.journey.polling import until
from tests.journey.processes import run
from tests.journey.report import Report
from tests.journey.stage import forget_surroundings
from tests.journey.two_bands import (
    StageOfTwo,
    code_for_the_band,
    let_go,
    prescribe_sessions,
    replace,
)

SESSIONS = 2
DAY_MS = 26 * 3_600_000
"""Longer than the day window and the interval between sessions."""


class Replaced:
    """The day's two people, and a second band."""

    def __init__(self, stage: StageOfTwo, day: Day) -> None:
        self.stage, self.day = stage, day
        self.second: EmulatedBand

    async def half_done(self) -> None:
        """A course of two sessions is prescribed, and one of them given."""
        day, clinician = self.day, self.day.clinician
        await day.cloud_up()
        await clinician.accept_invitation(day.invitation)
        await day.certify_passkey()
        day.code = await clinician.enrol_patient(PATIENT, BIRTH_DATE)
        day.patient_page = await clinician.open_patient(PATIENT)
        await prescribe_sessions(clinician, day.patient_page, SESSIONS)
        await day.device_up()
        await day.phone_up()
        await self.a_session(day.patient)

    async def a_session(self, patient: Patient) -> None:
        """Answer, sit, start, and go through all of it."""
        await self.facts_when(lambda facts: names(facts) == ["SCREENING_NEEDED"])
        await patient.answer_gates()
        await patient.treat(TRAINS)
        await patient.finish()

    async def the_old_one_goes(self) -> None:
        """Signed at the desk, and let go in the app."""
        await self.facts_when(lambda facts: facts["outbox"] == 0)
        await let_go(self.day.clinician, self.day.patient_page)
        app = self.day.app
        await app.tap("help-and-more")
        await app.tap("return-band")
        await app.wait("return-band", "The band may go")
        await self.day.patient.look("app-return-band")
        await app.tap("let-go")
        await app.wait("return-band", "All is done")

    async def goes_on(self) -> str:
        """The course is signed for the second band, and the phone meets it."""
        clinician, page, app = self.day.clinician, self.day.patient_page, self.day.app
        await clinician.page.goto(f"{page}/let-go")
        await clinician.wait_for_words("In force: by its own record the band retired")
        serial = await self.stage.make_second_band()
        left = await replace(clinician, page, serial)
        await clinician.page.goto(f"{page}/way")
        await clinician.wait_for_words("NOT IN FORCE")
        await clinician.look("page-way-not-in-force")
        code = await code_for_the_band(clinician, page)
        self.second = await self.stage.start_second_band()
        await app.tap("back")
        await app.tap("another-band")
        await app.wait("another-band")
        await self.day.patient.look("app-another-band")
        await app.tap("begin")
        await app.wait("welcome")
        await app.type("code", code)
        await app.type("birth-date", BIRTH_DATE)
        await app.tap("enrol")
        await app.wait("pair")
        patient = Patient(app, self.second, self.stage.clock, self.day.report.picture)
        await patient.pair()
        self.day.patient = patient
        return left

    async def another_day(self) -> None:
        """The next day comes, with the app's round in it."""
        await self.stage.clock.advance(DAY_MS)

    async def facts_when(self, wanted: Any) -> dict[str, Any]:
        return await until(lambda: self.day.app.do("facts"), wanted, within_s=120)

    def chain(self, device_id: bytes) -> tuple[int, bytes]:
        """Return how far the cloud verified a band's record, and its hash there."""
        file = self.stage.folder / "cloud" / "cloud.sqlite"
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
            row: tuple[int, bytes] = database.execute(
                "select verified_to, verified_hash from ledger_chains where device_id = ?",
                (device_id,),
            ).fetchone()
        return row


@asynccontextmanager
async def open_two(folder: Path, report: Report) -> AsyncIterator[Replaced]:
    """Yield the two bands' stage, leaving no process behind."""
    stage = StageOfTwo(folder)
    day = Day(stage, report)
    try:
        async with open_browser() as browser:
            day.clinician = Clinician(browser, stage.at, report.picture)
            yield Replaced(stage, day)
    finally:
        await stage.close()


def summed(held: list[bytes], device_id: bytes, epoch: bytes) -> ledger.LedgerState:
    """Return what a band's records add up to."""
    state = ledger.genesis(device_id, epoch)
    for data in held:
        state = ledger.take(state, data)
    return state


@pytest.mark.long
@pytest.mark.alone
@pytest.mark.timeout(600)
async def test_a_replaced_band_allows_what_remains_of_the_course_and_no_session_more(
    tmp_path: Path,
) -> None:
    forget_surroundings()
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    report = Report(pictures, quiet=True)
    async with open_two(tmp_path / "parts", report) as world:
        await world.half_done()
        await world.the_old_one_goes()
        old = await world.day.band.ledger()
        assert isinstance(records.decode_record(old[-1]).body, records.RetiredBody)

        left = await world.goes_on()
        assert f"{SESSIONS - 1} session, {PULSES} pulses" in left
        installed = await until(
            world.second.ledger, lambda held: bool(balances(held)), within_s=120
        )
        (opening,) = balances(installed)
        assert (opening.course_sessions, opening.course_pulses) == (1, PULSES)
        facts = await world.facts_when(lambda facts: facts["outbox"] == 0)
        assert "SESSION_INTERVAL" in names(facts), "what the old band gave today counts"
        answer = await world.day.app.do("try-session")
        assert answer["refused"] is True, answer

        await world.another_day()
        await world.a_session(world.day.patient)
        await world.another_day()
        facts = await world.facts_when(lambda facts: "COURSE_DONE" in names(facts))
        assert facts["by_band"], "it's the band's own verdict"
        answer = await world.day.app.do("try-session")
        assert answer["refused"] is True, answer
        second = await world.second.state()
        assert second["coil"]["fired_total"] == PULSES

        await the_old_record_is_verified(world, old)
        await world.day.clinician.page.goto(f"{world.day.patient_page}/way")
        await world.day.clinician.wait_for_words("verified here")
    assert report.pictures_missing() == []


def balances(held: list[bytes]) -> list[Any]:
    """Return the opening balances that a band's record installed."""
    bodies = [records.decode_record(data).body for data in held]
    found = [each for each in bodies if isinstance(each, records.PrescriptionInstalledBody)]
    return [each.opening for each in found if each.opening is not None]


async def the_old_record_is_verified(world: Replaced, old: list[bytes]) -> None:
    """To its end, by the cloud and by an offline judge of the exported file."""
    about = (world.stage.identity / "device" / "device.json").read_text()
    device_id = bytes.fromhex(json.loads(about)["device_id"])
    verified_to, _ = world.chain(device_id)
    assert verified_to == len(old)
    out = world.stage.folder / "old-band.jsonl"
    await world.stage.cloud("export-ledger", "--device", device_id.hex(), "--out", str(out))
    maker = str(world.stage.identity / "manufacturer.pub")
    said = await run("circlet-verify", str(out), "--manufacturer", maker)
    assert "the device signed its last word" in said

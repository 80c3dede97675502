"""A band is changed in mid-course: the old one lets go, the course goes on with the new one (R24).

Goes on where a day of `tests.journey.day` has come to behind its first session. Raises where a step
cannot be done, or is not as it was promised.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from firmware_bridge.emulator.parts.coil import read_pulses
from shared.dose import ledger
from shared.dose.ledger import LedgerState
from shared.wire import records
from tests.journey.band import EmulatedBand
from tests.journey.cloud_files import Chain
from tests.journey.day import BIRTH_DATE, PATIENT, PULSES, TRAINS, Day, names
from tests.journey.patient import figure
from tests.journey.polling import until

HOUR_MS = 3_600_000
PERCENT = 48
"""The threshold, measured anew with the new band."""


@dataclass(frozen=True)
class Left:
    """What the old band left: its record's newest number, and the sum of it."""

    number: int
    state: LedgerState
    hour: str


class ChangeOfBands:
    """The steps, in the order in which they are lived."""

    def __init__(self, day: Day) -> None:
        self.day, self.stage = day, day.stage
        self.clinician, self.patient, self.app = day.clinician, day.patient, day.app
        self.old = day.band
        self.new: EmulatedBand
        self.old_serial = self.new_serial = ""

    async def spare_band_comes_in(self) -> None:
        """The clinic takes another band in, by its maker's file."""
        (self.old_serial,) = await self.clinician.bands()
        delivery = await self.stage.make_spare_band()
        await self.clinician.take_band_in(delivery)
        shown = await self.clinician.bands()
        (self.new_serial,) = set(shown) - {self.old_serial}
        assert shown[self.new_serial].startswith("Spare: "), shown
        self.new = await self.stage.start_spare_band()
        self.day.report.step(f"a spare band comes in: {self.new_serial}, free")

    async def old_band_is_let_go(self) -> Left:
        """Signed at the desk over the verified record, done at the person's touch in the app."""
        await self._record_is_verified()
        await self.clinician.let_band_go(self.day.patient_page)
        await self.app.tap("help-and-more")
        await self.app.tap("return-band")
        await self.app.wait("return-band", "The band may go")
        await self.app.wait("return-band", "starts no session any more")
        await self.patient.look("app-band-may-go")
        await self.app.tap("let-go")
        await self.app.wait("return-band", "All is done")
        await self.app.wait("return-band", "Everything is with your clinic")
        await self.patient.look("app-band-let-go")
        await self.app.tap("back")
        return await self._last_word()

    async def _record_is_verified(self) -> None:
        await until(lambda: self.app.do("facts"), lambda seen: seen["outbox"] == 0)
        state = await self.old.state()
        await self.clinician.page.goto(self.day.patient_page)
        await self.clinician.wait_verified(state["ledger"]["last"])

    async def _last_word(self) -> Left:
        """Every record that the old band holds is verified, the one that it retired by too."""
        held = await self.old.ledger()
        state = await self._verified(self.old, self.stage.identity / "device")
        assert isinstance(records.decode_record(held[-1]).body, records.RetiredBody)
        await self.clinician.page.goto(f"{self.day.patient_page}/let-go")
        await self.clinician.wait_for_words("In force: by its own record the band retired")
        await self.clinician.look("page-let-go-in-force")
        self.day.report.step(f"the old band lets go: {len(held)} records, all of them verified")
        ended_ms = records.decode_record(held[-1]).clock_ms
        assert ended_ms is not None
        return Left(len(held), state, f"{datetime.fromtimestamp(ended_ms / 1000, UTC):%H:%M}")

    async def course_goes_over(self) -> None:
        """The other band is given by a signature at the desk; in force it isn't yet."""
        await self.clinician.give_another_band(self.day.patient_page, self.new_serial, PERCENT)
        await self.clinician.page.goto(f"{self.day.patient_page}/way")
        await self.clinician.wait_for_words("NOT IN FORCE")
        await self.clinician.look("page-way-not-in-force")
        self.day.report.step("the course goes over, signed; not in force yet")

    async def app_meets_the_new_band(self) -> None:
        """Another code, another band; the page says in force by the new band's own record."""
        code = await self.clinician.make_code(self.day.patient_page)
        await self.app.tap("help-and-more")
        await self.app.tap("another-band")
        await self.app.wait("another-band", "what it gave counts")
        await self.patient.look("app-another-band")
        await self.app.tap("begin")
        self.patient.band = self.new
        await self.patient.enrol_anew(code, BIRTH_DATE)
        await self.patient.pair()
        state = await until(self._new_state, lambda seen: seen.prescription_hash is not None)
        assert state.serial == 2
        await self.clinician.page.goto(f"{self.day.patient_page}/way")
        await self.clinician.page.get_by_text("NOT IN FORCE").wait_for(state="detached")
        assert await self.clinician.page.locator("ol.steps li.open").count() == 0
        await self.clinician.look("page-way-in-force")
        self.day.report.step("the app meets the new band, and the course is in force there")

    async def too_early_is_refused(self, left: Left) -> None:
        """What the old band gave counts on the new one: it says why, and until when."""
        facts = await self._facts_when(lambda seen: "SESSION_INTERVAL" in names(seen))
        state = await self._new_state()
        course, before = state.current_course, left.state.current_course
        assert course is not None
        assert before is not None
        assert (course.course_id, course.charged) == (before.course_id, before.charged)
        installed_ms = facts["wall_ms"]
        why = {line["name"]: line for line in facts["reasons"]}
        assert 19 * HOUR_MS < why["DAY_WINDOW"]["ends_wall_ms"] - installed_ms <= 20 * HOUR_MS
        assert 3 * HOUR_MS < why["SESSION_INTERVAL"]["ends_wall_ms"] - installed_ms <= 4 * HOUR_MS
        answer = await self.app.do("try-session")
        assert (answer["refused"], answer["code"]) == (True, "locked")
        assert {line["name"] for line in answer["reasons"]} >= {"SESSION_INTERVAL", "DAY_WINDOW"}
        await self.app.wait("today", "1 of 30 sessions done")
        await self.app.wait("today", "Your brain rests between two sessions.")
        await self.patient.look("app-too-early")
        self.day.report.step(f"too early, says the new band: {answer['words']}")
        assert len(read_pulses(self.stage.spare_state / "coil" / "pulses.log")) == 0

    async def session_on_the_new_band(self) -> None:
        """When the windows have moved on it goes on there, as on any other day."""
        facts = await self.app.do("facts")
        opens_ms = max(line["ends_wall_ms"] or 0 for line in facts["reasons"])
        await self._overnight(opens_ms - facts["wall_ms"] + 60_000)
        await self._facts_when(lambda seen: names(seen) == ["SCREENING_NEEDED"])
        await self.patient.answer_gates()
        after = await self.patient.treat(TRAINS)
        await self.patient.finish()
        fired = read_pulses(self.stage.spare_state / "coil" / "pulses.log")
        assert len(fired) == PULSES
        self.day.report.step(f"a session on the new band: {after['summary']}")

    async def _overnight(self, ms: int) -> None:
        """The phone is off and the old band packed: either would take long to live through it."""
        for name in ("app", "emulator"):
            await self.stage.parts.pop(name).end()
        await self.stage.clock.advance(ms)
        self.app = self.patient.app = await self.stage.start_app()
        await self.app.wait("today")

    async def totals_over_both(self, left: Left) -> None:
        """Page, course report and bands add up over both; nobody holds the old one."""
        await until(lambda: self.app.do("facts"), lambda seen: seen["outbox"] == 0)
        state = await self._verified(self.new, self.stage.spare_identity)
        assert state.current_course is not None
        assert state.current_course.charged.pulses == 2 * PULSES
        assert state.current_course.charged.sessions == 2
        assert state.total_pulses == PULSES
        await self._app_shows_both()
        await self.clinician.sign_in_again()
        await self.clinician.page.goto(self.day.patient_page)
        await self.clinician.wait_for_words("2 of 30, 2 whole")
        await self.clinician.look("page-patient-both-bands")
        assert self.day.cloud.verified_pulses() == 2 * PULSES
        shown = await self.clinician.bands()
        retired, in_use = shown[self.old_serial], shown[self.new_serial]
        assert retired.startswith("Out of use: ")
        assert " Its own record says so, " in retired
        assert f"1.0.0-demo, number {left.number}, verified " in retired
        assert in_use.startswith("In use: ")
        assert f" In order {PATIENT} " in in_use
        self.day.report.step("page and bands add up over both bands")

    async def _app_shows_both(self) -> None:
        """The app's own pages go back to the old band's session, too."""
        await self.app.wait("today", "2 of 30 sessions done")
        await self.app.tap("course")
        await self.app.wait("course", "2 sessions")
        await self.patient.look("app-course-both-bands")
        await self.app.tap("help-and-more")
        await self.app.tap("history")
        await self.app.wait("history", "2")
        shown = await self.app.wait("history", "complete sessions")
        assert figure(shown["view"]) == "2"
        await self.patient.look("app-history-both-bands")
        await self.app.tap("back")

    async def _new_state(self) -> LedgerState:
        chain = await until(self._new_chain, lambda seen: seen is not None)
        assert chain is not None
        return summed(chain, await self.new.ledger())

    async def _new_chain(self) -> Chain | None:
        return self.day.cloud.chain_of(device_of(self.stage.spare_identity))

    async def _verified(self, band: EmulatedBand, identity: Path) -> LedgerState:
        """Wait until the clinic has verified all that this band holds; return the sum of it."""
        device_id, held = device_of(identity), await band.ledger()

        async def look() -> Chain | None:
            return self.day.cloud.chain_of(device_id)

        chain = await until(look, lambda seen: seen is not None and seen.verified_to >= len(held))
        assert chain is not None
        state = summed(chain, await band.ledger())
        assert (chain.verified_to, chain.verified_hash) == (state.number, state.hash)
        return state

    async def _facts_when(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        return await until(lambda: self.app.do("facts"), wanted)


def device_of(identity: Path) -> bytes:
    """Return the id of the band whose keys lie there."""
    return bytes.fromhex(json.loads((identity / "device.json").read_text())["device_id"])


def summed(chain: Chain, held: list[bytes]) -> LedgerState:
    """Return the sum of a band's whole record."""
    state = ledger.genesis(chain.device_id, chain.epoch)
    for data in held:
        state = ledger.take(state, data)
    return state


async def change_bands(day: Day) -> None:
    """Walk all of it, from behind the first session."""
    change = ChangeOfBands(day)
    await change.spare_band_comes_in()
    left = await change.old_band_is_let_go()
    await change.course_goes_over()
    await change.app_meets_the_new_band()
    await change.too_early_is_refused(left)
    await change.session_on_the_new_band()
    await change.totals_over_both(left)

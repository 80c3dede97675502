"""Somebody with a band of the fleet: what their clinician signs, what they do at app and band."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import select

from cloud.ledger.models import LedgerChain
from cloud.patients.service import new_code
from mobile.engine import correspondence
from mobile.engine.handed_over import is_handed_over
from mobile.presenters.actions import Choose, Enrol, Press
from mobile.presenters.views import AfterView, PageView, SessionView, TodayView, View, WelcomeView
from shared.dose import ledger
from shared.dose.ledger import LedgerState
from shared.trust.challenge import PRESCRIPTION_TYPE
from shared.trust.staff_words import HandOver, LiftHold
from shared.wire.records import HoldPlacedBody, decode_record
from tests.cloud.authority.people import Visitor
from tests.cloud.passkey import read_request
from tests.cloud.worlds import BIRTH_DATE
from tests.journey.fleet import Band, Fleet
from tests.journey.polling import until
from tests.mobile.engine.test_phones import open_place
from tests.mobile.engine.world import World as PhoneWorld

ITBS = {
    "protocol_id": "mdd-l-dlpfc-itbs",
    "intensity_percent": "100",
    "threshold_percent": "50",
    "trains": "20",
    "course_sessions": "30",
    "day_window_h": "20",
    "pulses_per_day_window": "600",
    "serial": "1",
}
MEASURED = {"percent": "48", "method": "twitch", "by": "N. Example", "surety": "last-word"}
SESSION_S = 240.0
"""In which a session of three minutes ends, however slow the machine."""
NO_EPOCH = bytes(16)
"""Of a record of which the clinic has nothing yet."""


class Hand:
    """A person's finger on the button of an emulator's process."""

    def __init__(self, band: Band) -> None:
        self._surface = band.surface

    async def press(self, ms: int = 0) -> None:
        """Press and let go, or hold for so many milliseconds of the band's time."""
        await (self._surface.hold(ms) if ms else self._surface.press())


@dataclass(frozen=True)
class Place:
    """What a phone reads its clinic's address from."""

    url: str


class Phone(PhoneWorld):
    """The app's engine beside the fleet's ingest and one band's radio."""

    def __init__(self, fleet: Fleet, band: Band, folder: Path, code: str) -> None:
        self._code = code
        unused = cast(Any, None)
        place, hand = cast(Any, Place(fleet.ingest)), cast(Any, Hand(band))
        ports = (fleet.clock_port, band.phone_port)
        super().__init__(folder, place, unused, unused, hand, unused, ports)

    async def enrol_only(self) -> None:
        """Type code and birth date as the clinic's letter has them."""
        self.act(Enrol(self._code, BIRTH_DATE.isoformat()))
        await self.see_part("sharing")

    async def enrol_anew(self, code: str, band: Band) -> None:
        """Type another code for another band; what was consented to holds."""
        self.shell = cast(Any, Hand(band))
        self.act(Enrol(code, BIRTH_DATE.isoformat()))
        await self.pair()
        await self.see(TodayView)

    def letters(self) -> list[str]:
        """The clinic's messages that lie on this phone."""
        return [each.text for each in correspondence.letters(self.life.context)]


class Patient:
    """One person; the test's hand is their clinician's, too."""

    def __init__(self, fleet: Fleet, clinician: Visitor, band: Band, name: str) -> None:
        self._fleet, self._clinician, self.band, self.name = fleet, clinician, band, name
        patient, code = fleet.world.enrol(name, device_id=band.device_id)
        self._whose = patient.patient_id
        self._path = f"/patients/{patient.patient_id.hex()}"
        self.phone = Phone(fleet, band, fleet.folder / "phones" / name, code)

    # Their clinician

    async def sends(self, path: str, **form: Any) -> str:
        """Send a form of this patient's; return what the page says then."""
        who, patient = self._clinician, {"patient_id": self._whose.hex()}
        answer = await self._fleet.pages.post(
            path,
            data={"form_token": who.form_token} | patient | form,
            headers={"Cookie": f"circlet={who.cookie}"},
        )
        assert answer.status_code in (200, 303), answer.text
        return answer.text

    async def signs(self, page: str, kind: str = PRESCRIPTION_TYPE) -> None:
        """Sign what a page hands to the desk, and bring the answer back."""
        asked = read_request(page.partition("#request=")[2].partition('"')[0])
        await self.sends("/desk-return", answer=self._fleet.passkey.answer(asked, kind=kind))

    async def prescribes(self) -> None:
        """Sign intermittent theta burst for this band."""
        today = datetime.fromtimestamp(self._fleet.world.clock.wall_ms() / 1000, UTC).date()
        form = ITBS | {"threshold_measured_on": today.isoformat()}
        await self.signs(await self.sends(f"{self._path}/prescriptions", **form))

    async def lifts_holds(self) -> None:
        """Sign, over the band's own record, that its holds end."""
        holds = [each.hold_id.hex() for each in (await self.own_record()).holds]
        await self.signs(await self.sends(f"{self._path}/lift", hold=holds), LiftHold.TYPE)

    async def gives_another(self, spare: Band) -> str:
        """Sign that the old band goes and the spare one comes; return the phone's new code."""
        await self.signs(await self.sends(f"{self._path}/let-go"), HandOver.TYPE)
        await self._lets_go()
        form = MEASURED | {"device_id": spare.device_id.hex(), "serial": "2"}
        shown = await self.sends(f"{self._path}/another-band", **form)
        seen = shown.partition('name="seen" value="')[2].partition('"')[0]
        await self.signs(await self.sends(f"{self._path}/another-band", **form, seen=seen))
        world = self._fleet.world
        with world.database.write("demo") as session:
            return new_code(session, "demo", self._whose, now_ms=world.clock.now_ms)

    # They themselves

    async def begins(self) -> None:
        """From the letter to a band that has the plan."""
        await self.phone.enrol_and_pair()
        await self.phone.see(TodayView, lambda view: view.button_action == "get-ready")

    async def treats(self) -> None:
        """Go through a whole session, to its record at the clinic."""
        await self.phone.answer_safety_questions()
        await self.phone.begin_session()
        await until(self._stays, lambda seen: isinstance(seen, AfterView), within_s=SESSION_S)
        self.phone.act(Choose("no"))
        self.phone.act(Press("done"))
        await self.phone.see(TodayView)
        await self.phone.drive("sync")

    async def _stays(self) -> View:
        """What the phone shows in a session; where it asks, the person is still here."""
        view = self.phone.views[-1]
        if isinstance(view, SessionView) and view.still_here:
            self.phone.act(Press("still-here"))
        return view

    async def _lets_go(self) -> None:
        """Touch in the app that the band may go, once the signed word is there."""
        await open_place(self.phone, "return-band")
        await self.phone.drive("sync")
        await self._reads("return-band", "The band may go")
        self.phone.act(Press("let-go"))
        await self.phone.until(lambda: is_handed_over(self.phone.life.context.store))
        await self._reads("return-band", "All is done")
        await self.phone.drive("sync")

    async def changes_over(self, code: str, spare: Band) -> None:
        """Go over to the spare band by the new letter; the plan comes to it."""
        await open_place(self.phone, "another-band")
        self.phone.act(Press("begin"))
        await self.phone.see(WelcomeView)
        self.band = spare
        await self.phone.enrol_anew(code, spare)
        await until(self.own_record, lambda seen: seen.prescription_hash is not None)

    async def _reads(self, page: str, words: str) -> None:
        await self.phone.see(PageView, lambda view: view.name == page and words in str(view))

    # What stands at the band

    async def own_record(self) -> LedgerState:
        """The sum of the whole record that this person's band holds itself."""
        return (await self._compared(self.band))[0]

    async def is_verified(self, band: Band) -> None:
        """Wait until the clinic has verified all that a band's record holds, to its very hash."""

        async def look() -> bool:
            state, chain = await self._compared(band)
            proven = None if chain is None else (chain.verified_to, chain.verified_hash)
            return proven == (state.number, state.hash)

        await until(look, bool)

    async def holds_ever(self) -> list[str]:
        """The reasons of every hold that the band wrote down, lifted ones too."""
        bodies = [decode_record(each).body for each in await self.band.surface.ledger()]
        return [each.reason for each in bodies if isinstance(each, HoldPlacedBody)]

    async def refusals(self) -> set[str]:
        """Try a session past the app's own lock; return for which reasons the band refuses it."""
        answer = await self.phone.drive("try-session")
        assert answer["refused"], answer
        return {each["name"] for each in answer["reasons"]}

    async def _compared(self, band: Band) -> tuple[LedgerState, LedgerChain | None]:
        wanted = (LedgerChain.clinic_id == "demo", LedgerChain.device_id == band.device_id)
        held = await band.surface.ledger()
        with self._fleet.world.database.read("demo") as session:
            chain = session.scalar(select(LedgerChain).where(*wanted))
        state = ledger.genesis(band.device_id, chain.epoch if chain else NO_EPOCH)
        for data in held:
            state = ledger.take(state, data)
        return state, chain

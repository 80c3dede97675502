"""A recall rehearsed on a fleet of emulators: find, hold, tell, replace, to the last band.

Every part is a process, and each phone an engine of the app: three bands are called back, and one
beside them isn't. One of the three patients' phones is off meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from cloud.people.authority import Role
from shared.dose.ledger import LedgerState
from tests.cloud.authority.people import Visitor, visitor
from tests.journey.fleet import Band, Fleet, fleet
from tests.journey.fleet_patient import Patient
from tests.journey.polling import until
from tests.journey.stage import forget_surroundings

CALLED_BACK = 3
CRITERIA = ("--serials", "CB-0001", "CB-0003", "--firmware", "1.0.0-demo")
WORDS = "Please don't treat until we call you: you get another band."
CLINICIAN = "P. Example"
PULSES = 600


class Recall:
    """The steps of docs/recall.md, in their order."""

    def __init__(self, stage: Fleet, clinician: Visitor, patients: Sequence[Patient]) -> None:
        self._stage, self._clinician = stage, clinician
        *self.meant, self.beside = patients
        self.silent = self.meant[-1]

    async def gives(self, *words: str) -> list[str]:
        """Give the command with these words; return its lines."""
        return await self._stage.command("recall", *CRITERIA, *words)

    async def page(self, path: str = "/clinic/recall") -> str:
        """What a page says to the clinician, on one line."""
        cookie = {"Cookie": f"circlet={self._clinician.cookie}"}
        answer = await self._stage.pages.get(path, headers=cookie)
        assert answer.status_code == 200, answer.text
        return " ".join(answer.text.split())

    async def says(self, words: str) -> None:
        """Wait until the page of recalls says so."""
        await until(self.page, lambda seen: words in seen)

    async def find(self) -> None:
        """Which bands are meant, by the clinic's own files and their verified records."""
        *lines, last = await self.gives()
        assert [line.split()[0] for line in lines] == ["CB-0001", "CB-0002", "CB-0003"]
        assert all(line.split()[2] == "1.0.0-demo" for line in lines)
        assert last == "3 bands: 3 not held"

    async def hold(self) -> None:
        """Each band stops by its own decision; the one whose phone is silent is named."""
        await self.silent.phone.end_phone()
        held, *_ = await self.gives("--hold-by", CLINICIAN)
        assert held.startswith("3 holds asked for")
        await self.says("NOT IN FORCE: 1 band may still treat")
        reached = [each for each in self.meant if each is not self.silent]
        for each in reached:
            assert await each.holds_ever() == ["device"]
            assert "HOLD" in await each.refusals()
            await each.is_verified(each.band)
        assert await self.silent.holds_ever() == []
        assert (await self.gives())[-1] == "3 bands: 1 hold asked, 2 hold in force"

    async def tell(self) -> None:
        """Who is reached reads it on the phone; nobody beside them does."""
        lines = await self.gives("--tell", WORDS, "--author", "Your clinic")
        assert lines[0] == "3 patients told now, 0 before"
        assert "Not told" not in await self.page()
        for each in self.meant:
            if each is not self.silent:
                await each.phone.drive("sync")
                assert each.phone.letters() == [WORDS]

    async def silent_phone_comes_back(self) -> None:
        """The hold and the message waited for it; then no band that is meant may treat."""
        self.silent.phone.views.clear()
        self.silent.phone.begin_phone()
        await until(self.page, lambda seen: "NOT IN FORCE" not in seen)
        assert "HOLD" in await self.silent.refusals()
        assert self.silent.phone.letters() == [WORDS]
        assert (await self.gives())[-1] == "3 bands: 3 hold in force"
        held = await self.page("/?show=held")
        assert [each.name in held for each in self.meant] == [True] * CALLED_BACK
        assert self.beside.name not in held

    async def beside_goes_on(self) -> None:
        """The band that isn't meant gives a whole session, and knows of no hold."""
        await self.beside.treats()
        given = await self.beside.own_record()
        assert (given.total_pulses, await self.beside.holds_ever()) == (PULSES, [])
        assert self.beside.phone.letters() == []

    async def second_run(self) -> None:
        """Nobody is held or told twice."""
        tell = ("--tell", WORDS, "--author", "Your clinic")
        lines = await self.gives("--hold-by", CLINICIAN, *tell)
        assert lines[0].startswith("0 holds asked for")
        assert lines[1] == "0 patients told now, 3 before"
        assert lines[-1] == "3 bands: 3 hold in force"

    async def replace(self, patient: Patient, spare: Band) -> None:
        """The old band's last word is the new one's first (R24), and the hold goes over with it,
        until a person lifts it there."""
        old, code = patient.band, await patient.gives_another(spare)
        left = await patient.own_record()
        assert left.retired
        await patient.is_verified(old)
        await patient.changes_over(code, spare)
        await until(patient.holds_ever, lambda seen: seen == ["replaced"])
        assert "HOLD" in await patient.refusals()
        assert course_of(await patient.own_record()) == course_of(left)
        await patient.lifts_holds()
        await until(patient.own_record, lambda seen: seen.holds == ())
        await patient.is_verified(spare)

    async def to_the_end(self, spares: Sequence[Band]) -> None:
        """Each patient gets another band, one at a time, until the count leaves nobody out."""
        for number, (patient, spare) in enumerate(zip(self.meant, spares, strict=True), start=1):
            await self.replace(patient, spare)
            await self.says(f"3 bands, {CALLED_BACK - number} to see to.")
        assert {"SESSION_INTERVAL", "DAY_WINDOW"} <= await self.meant[0].refusals()
        assert "Nothing is left to do." in await self.page()
        assert (await self.gives())[-1] == "3 bands: 3 nobody has it"
        assert (await self.gives("--over"))[0] == "the recall is over"
        assert "No band is recalled." in await self.page()


def course_of(state: LedgerState) -> tuple[int, int]:
    """Sessions and pulses of the course, as a band counts them."""
    course = state.current_course
    assert course is not None
    return course.charged.sessions, course.charged.pulses


@pytest.mark.long
@pytest.mark.alone
@pytest.mark.timeout(900)
async def test_a_recall_is_found_held_told_and_replaced_on_a_fleet_of_emulators(
    tmp_path: Path,
) -> None:
    forget_surroundings()
    async with fleet(tmp_path, 2 * CALLED_BACK + 1) as stage:
        given, spares = stage.bands[: CALLED_BACK + 1], stage.bands[CALLED_BACK + 1 :]
        clinician = visitor(stage.world, CLINICIAN, Role.PRESCRIBER, Role.ADMINISTRATOR)
        patients = [
            Patient(stage, clinician, band, f"Patient {number}")
            for number, band in enumerate(given, start=1)
        ]
        try:
            for each in patients:
                await each.prescribes()
                await each.begins()
            recall = Recall(stage, clinician, patients)
            await recall.meant[0].treats()
            assert course_of(await recall.meant[0].own_record()) == (1, PULSES)
            await recall.find()
            await recall.hold()
            await recall.tell()
            await asyncio.gather(recall.beside_goes_on(), recall.silent_phone_comes_back())
            await recall.second_run()
            await recall.to_the_end(spares)
        finally:
            await asyncio.gather(*(each.phone.end_phone() for each in patients))

"""The six tasks, each from the list of today; each is done when the clinic's database says so.

They go by what stands on the pages for a person to read, in roles and names, so that a task breaks
here when nobody could do it any more.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import expect

from scripts.usability import known
from scripts.usability.clinic import Clinic
from scripts.usability.hands import Counted, Hands

PICTURES_WIDE = 1360
COLLEAGUE = "Prescriber Two"
HANDED_OVER = 10


@dataclass(frozen=True)
class Done:
    """A task that succeeded: what the hands did, and how long the pages took for it."""

    name: str
    counted: Counted
    seconds: float
    shown: str
    """What of the clinic's database shows it."""


Look = Callable[[str], Awaitable[None]]
"""Keeps a picture of the page under a name, outside of the time that is counted."""


class Watch:
    """Counts the seconds in which the script works, without those of looking and of the band."""

    def __init__(self) -> None:
        self._began_s, self._left_out_s = time.monotonic(), 0.0

    async def without(self, what: Awaitable[None]) -> None:
        """Let something happen that no page is waited for."""
        began_s = time.monotonic()
        await what
        self._left_out_s += time.monotonic() - began_s

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began_s - self._left_out_s


async def open_list(clinic: Clinic) -> Hands:
    """Begin where a clinician begins: on the list of today, with the hands at the mouse."""
    clinic.the_worker_looks()
    await clinic.page.goto(f"{clinic.origin}/")
    await expect(clinic.page.get_by_role("heading", level=1)).to_be_visible()
    return Hands(clinic.page)


async def open_patient(hands: Hands, name: str) -> None:
    """Search a patient by name and open them."""
    page = hands.page
    await hands.press("/")
    await hands.type(name)
    await hands.press("Enter")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))
    await hands.click(row.get_by_role("link", name="Open"))
    await expect(page.get_by_role("heading", level=1)).to_contain_text(name)


async def find_who_needs_you(clinic: Clinic, look: Look) -> Done:
    """Read the list and open the first patient on it."""
    hands, watch, page = await open_list(clinic), Watch(), clinic.page
    names = await page.locator("tr[data-patient] th strong").all_inner_texts()
    await watch.without(look("triage"))
    missing = known.planted(clinic) - set(names)
    assert not missing, f"not on the list: {missing}"
    await hands.press("j")
    await hands.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text(names[0])
    assert known.looked_at(clinic, names[0])
    await watch.without(look("patient"))
    planted = len(known.planted(clinic))
    shown = f"{len(names)} patients are on the list, among them all {planted} with planted trouble"
    return Done("find the patients who need you today", hands.counted, watch.seconds, shown)


async def hold(clinic: Clinic, look: Look) -> Done:
    """Hold a patient's treatment, and stay until the band says that it is in force."""
    patient = known.in_treatment(clinic)
    hands, watch, page = await open_list(clinic), Watch(), clinic.page
    await open_patient(hands, patient.name)
    await hands.click(page.get_by_role("link", name="Hold treatment"))
    await hands.click(page.get_by_role("button", name=f"Hold {patient.name}'s treatment"))
    state = page.locator("#hold-state")
    await expect(state).to_be_visible()
    assert not known.hold_in_force(clinic, patient)
    clinic.the_phone_brings(patient.patient_id)
    await expect(state).to_have_attribute("data-state", "in force", timeout=15_000)
    assert known.hold_in_force(clinic, patient)
    await watch.without(look("hold"))
    shown = "the band's verified record holds it"
    return Done("place a hold and see it in force", hands.counted, watch.seconds, shown)


async def raise_intensity(clinic: Clinic, look: Look) -> Done:
    """Amend the intensity inside the envelope, read it at the desk, sign, and see it signed."""
    patient, now, higher = known.below_the_envelope(clinic)
    hands, watch, page = await open_list(clinic), Watch(), clinic.page
    await open_patient(hands, patient.name)
    await hands.click(page.get_by_role("link", name="Amend"))
    await hands.replace(page.get_by_label("Intensity, % of threshold"), str(higher))
    to_the_desk = page.get_by_role("button", name="Go to the signing desk")
    await expect(page.locator("#consequences")).to_contain_text(f"{higher} %")
    await expect(to_the_desk).to_be_enabled()
    await watch.without(look("prescribe"))
    await hands.click(to_the_desk)
    await page.locator("#sign").wait_for()
    await watch.without(look("desk"))
    await hands.click(page.get_by_role("checkbox").first)
    await hands.click(page.locator("#sign"))
    await page.wait_for_url(f"{clinic.origin}/patients/**")
    assert known.newest_signed(clinic, patient) == higher
    clinic.the_phone_brings(patient.patient_id)
    assert known.in_force(clinic, patient) == higher
    shown = f"signed and in force: {now} to {higher} % of threshold"
    return Done("raise the intensity inside the envelope", hands.counted, watch.seconds, shown)


async def explain_tuesday(clinic: Clinic, look: Look) -> Done:
    """Find Tuesday's partial session on the patient's axis, open it, and read why."""
    patient, session = known.partial_on_a_tuesday(clinic)
    hands, watch, page = await open_list(clinic), Watch(), clinic.page
    await open_patient(hands, patient.name)
    await hands.click(page.locator(f'g.mark.partial[data-href$="{session.address}"]'))
    await expect(page.locator("#outcome")).to_be_visible()
    said = await page.locator("main").inner_text()
    await watch.without(look("session"))
    assert f"{session.pulses} of {session.planned}" in said, said
    assert session.why in said, said
    shown = f"{session.pulses} of {session.planned} pulses, “{session.why}”: as the record has it"
    return Done("explain why Tuesday's session was partial", hands.counted, watch.seconds, shown)


async def hand_over_ten(clinic: Clinic, look: Look) -> Done:
    """Choose ten patients of the list by keys and make them a colleague's task."""
    hands, watch, page = await open_list(clinic), Watch(), clinic.page
    await hands.click(page.locator("nav.places").get_by_role("link", name="All"))
    await page.wait_for_url("**/?show=all")
    for _ in range(HANDED_OVER):
        await hands.press("j")
        await hands.press("x")
    await watch.without(look("hand-over"))
    menu = page.get_by_label("Make the chosen patients the task of")
    await hands.choose(menu, COLLEAGUE)
    await hands.click(page.get_by_role("button", name="Hand over"))
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_text(f"{HANDED_OVER} patients are the task of {COLLEAGUE} now")
    assert known.tasks_of(clinic, COLLEAGUE) == HANDED_OVER
    shown = f"{HANDED_OVER} patients are {COLLEAGUE}'s task"
    return Done("hand ten patients to a colleague", hands.counted, watch.seconds, shown)


async def insurers_report(clinic: Clinic, look: Look) -> Done:
    """Open a patient's course report and take it as a file."""
    patient, _session = known.partial_on_a_tuesday(clinic)
    hands, watch, page = await open_list(clinic), Watch(), clinic.page
    await open_patient(hands, patient.name)
    await hands.click(page.get_by_role("link", name="Course report"))
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Course report")
    await watch.without(look("report"))
    async with page.expect_download() as coming:
        await hands.click(page.get_by_role("link", name="Save as CSV"))
    taken = Path(await (await coming.value).path())
    assert _sessions_in(taken) == known.sessions_of(clinic, patient)
    assert known.report_taken(clinic, patient)
    shown = f"a file with all {known.sessions_of(clinic, patient)} sessions, in the audit log too"
    return Done("the insurer's report", hands.counted, watch.seconds, shown)


def _sessions_in(taken: Path) -> int:
    rows = csv.reader(taken.read_text("utf-8-sig").splitlines())
    return sum(bool(row) and row[0] == "session" for row in rows)


TASKS = (
    find_who_needs_you,
    hold,
    raise_intensity,
    explain_tuesday,
    hand_over_ten,
    insurers_report,
)

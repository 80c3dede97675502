"""A made-up clinic for the tasks: its pages and its desk in a browser, its phones beside it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from playwright.async_api import Page
from sqlalchemy.orm import Session

from cloud.clinics.certificates import add_certificate
from cloud.clinics.service import clinic_of
from cloud.clock import SystemClock
from cloud.demo_data import team
from cloud.demo_data.prescribing import Prescribing
from cloud.desk.server import DeskServer
from cloud.holds.service import sign_asked
from cloud.root_tool import request
from cloud.settings import Settings
from cloud.worker.heartbeats import beat
from shared.trust import certificates
from shared.trust.statements import Certificate, Purpose, Scope
from tests.chromium import chromium, new_tab
from tests.cloud.browser import dashboard_of
from tests.cloud.demo_data.worlds import TIMES, UNTIL, MadeUp, made_up

PATIENTS, WEEKS = 80, 6
LOOKED_AT_MS = TIMES.begins(UNTIL) + (8 * 60 + 45) * 60_000
"""A quarter to nine on the morning after the last day that was lived."""
SOFTENED = "Patient 020"
SIZE = {"width": 1360, "height": 900}


class MorningClock:
    """Begins at a quarter to nine and goes on from there."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()

    def wall_ms(self) -> int:
        return LOOKED_AT_MS + round((time.monotonic() - self._began_s) * 1000)


@dataclass
class Clinic:
    """The clinic, a signed-in visitor's page, and the time."""

    made: MadeUp
    clock: MorningClock
    page: Page
    origin: str

    def read(self) -> AbstractContextManager[Session]:
        """Open the clinic's database for reading."""
        return self.made.database.read(self.made.clinic_id)

    def the_worker_looks(self) -> None:
        """Somebody watches: the worker's heart has just beaten."""
        with self.made.database.write(self.made.clinic_id) as session:
            beat(session, self.made.clinic_id, "worker", now_ms=self.clock.wall_ms())

    def the_phone_brings(self, patient_id: bytes) -> None:
        """The worker signs what was asked; the patient's phone fetches it and the band obeys."""
        place, now_ms = self.made.place, self.clock.wall_ms()
        phone = place.phones[patient_id]
        with self.made.database.write(place.clinic_id) as session:
            sign_asked(session, place.clinic_id, place.identity.servers["hold"], now_ms=now_ms)
            phone.fetch(session, now_ms=now_ms)
            phone.upload(session, now_ms=now_ms)


@dataclass(frozen=True)
class _Served:
    settings: Settings
    clock: MorningClock


@asynccontextmanager
async def open_clinic(
    folder: Path, *, patients: int = PATIENTS, weeks: int = WEEKS
) -> AsyncIterator[Clinic]:
    """Make the clinic, sign a visitor in by a passkey, and certify another one at the desk."""
    made, clock = made_up(folder / "clinic", patients=patients, weeks=weeks), MorningClock()
    with ExitStack() as stack:
        stack.callback(made.database.close)
        desk = stack.enter_context(_desk())
        settings = Settings(
            data=made.folder,
            identity=made.folder / "identity",
            time_zone="Europe/Berlin",
            desk_origin=desk,
        )
        origin = stack.enter_context(dashboard_of(_Served(settings, clock)))
        async with chromium() as browser, new_tab(browser, viewport=SIZE) as tab:
            clinic = Clinic(made, clock, tab.page, origin)
            _soften_one(clinic)
            clinic.the_worker_looks()
            await _sign_in(clinic)
            await _certify(clinic, desk)
            yield clinic


@contextmanager
def _desk() -> Iterator[str]:
    """Serve the real desk on a free port."""
    with DeskServer("127.0.0.1", 0, SystemClock()) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://desk.localhost:{server.port}"
        finally:
            server.shutdown()
            thread.join(timeout=5)


def _soften_one(clinic: Clinic) -> None:
    """Let one patient have less intensity than published, so that it can be raised again."""
    place, now_ms = clinic.made.place, clinic.clock.wall_ms()
    patient_id = next(each for each, phone in place.phones.items() if phone.person.name == SOFTENED)
    with clinic.made.database.write(place.clinic_id) as session:
        Prescribing(session, place, place.prescribers[0], patient_id, now_ms=now_ms).softer()
    clinic.the_phone_brings(patient_id)


async def _sign_in(clinic: Clinic) -> None:
    """Accept the visitor's invitation with a passkey."""
    made, now_ms = clinic.made, clinic.clock.wall_ms()
    with made.database.write(made.clinic_id) as session:
        token = team.visitor(session, made.clinic_id, now_ms=now_ms)
    await clinic.page.goto(f"{clinic.origin}/invitations/{token}")
    await clinic.page.get_by_role("button", name="passkey").click()
    await clinic.page.wait_for_url(f"{clinic.origin}/")


async def _certify(clinic: Clinic, desk: str) -> None:
    """Make the signing passkey at the desk; the clinic's root certifies it."""
    page, identity = clinic.page, clinic.made.place.identity
    await page.goto(f"{desk}/")
    await page.fill("#name", team.VISITOR)
    await page.click("#make")
    asked = request.parse((await page.locator("#request-text").input_value()).encode())
    validity = identity.validity
    certificate = Certificate(
        Purpose.STAFF,
        asked.public_key,
        asked.subject,
        validity.from_s,
        validity.until_s,
        (Scope.PRESCRIBE, Scope.LIFT_HOLD),
        asked.rp_id,
        asked.origin,
        asked.backup_eligible,
        asked.credential_id,
    )
    envelope = certificates.issue(
        certificate, clinic_id=identity.clinic.audience, root=identity.root
    )
    with clinic.made.database.write(identity.clinic.clinic_id) as session:
        add_certificate(
            session,
            clinic_of(session, identity.clinic.clinic_id),
            envelope,
            now_ms=clinic.clock.wall_ms(),
        )

"""A stage with a second band, and what the clinician does so that the course goes on with it."""

from __future__ import annotations

from pathlib import Path

from tests.journey.band import EmulatedBand
from tests.journey.clinician import Clinician
from tests.journey.processes import free_ports, run
from tests.journey.stage import Stage

SECOND_IDENTITY = "band-2-identity"


class StageOfTwo(Stage):
    """The day's parts, and a second emulator on the same air."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.second_radio, self.second_control = free_ports(2)

    @property
    def second_state(self) -> Path:
        """What the second band keeps."""
        return self.folder / "band-2"

    async def make_second_band(self) -> str:
        """Have the maker make another band, and the clinic take it in; return its serial."""
        out = self.folder / SECOND_IDENTITY
        wall_ms = str(await self.clock.wall_ms())
        home = ("--home", str(self.identity), "--out", str(out), "--now-ms", wall_ms)
        await run("circlet-root", "demo-band", *home)
        printed = await self.cloud("add-band", "--file", str(out / "band.delivery"))
        return printed.strip().removeprefix("band ").rpartition(", ")[0]

    async def start_radio(self) -> None:
        """Start the virtual radio, for two bands and a phone."""
        ports = (self.at.radio_band, self.second_radio, self.at.radio_phone)
        each = [word for port in ports for word in ("--port", str(port))]
        control = ("--control-port", str(self.at.radio_control))
        await self.start("radio", "circlet-radio", *each, *control)

    async def start_second_band(self) -> EmulatedBand:
        """Start the second band."""
        emulator = await self.start(
            "emulator-2",
            "circlet-emulator",
            "run",
            "--radio",
            f"127.0.0.1:{self.second_radio}",
            "--state",
            str(self.second_state),
            "--identity",
            str(self.folder / SECOND_IDENTITY),
            "--control-port",
            str(self.second_control),
            "--clock",
            self.at.clock_address,
        )
        band = EmulatedBand(self.second_control, emulator.ready["token"], self.at.radio_control)
        self._closing.push_async_callback(band.close)
        return band


async def prescribe_sessions(clinician: Clinician, patient_page: str, sessions: int) -> None:
    """Prescribe the catalogue's iTBS for so many sessions, and sign it."""
    page = clinician.page
    await page.goto(f"{patient_page}/prescribe?protocol=mdd-l-dlpfc-itbs")
    await page.fill("[name=course_sessions]", str(sessions))
    await page.get_by_role("button", name="Go to the signing desk").click()
    await sign(clinician)


async def let_go(clinician: Clinician, patient_page: str) -> None:
    """Sign that the band retires."""
    await clinician.page.goto(f"{patient_page}/let-go")
    await clinician.look("page-let-go")
    await clinician.page.get_by_role("button", name="Go to the signing desk").click()
    await sign(clinician, "page-desk-let-go")


async def replace(clinician: Clinician, patient_page: str, serial: str) -> str:
    """Go on with another band by the old one's last word; return what the page says is left."""
    page = clinician.page
    await page.goto(f"{patient_page}/another-band")
    await page.get_by_label("It retired, and its signed last record is here").check()
    await page.select_option("[name=device_id]", label=serial)
    await page.fill("[name=percent]", "48")
    await page.get_by_label("visible twitch").check()
    await page.fill("[name=by]", "N. Example")
    await page.get_by_role("button", name="Show what is left").click()
    left = await page.locator("#beside").inner_text()
    await clinician.look("page-another-band")
    await page.get_by_role("button", name="Go to the signing desk").click()
    await sign(clinician, "page-desk-another-band")
    return left


async def code_for_the_band(clinician: Clinician, patient_page: str) -> str:
    """Make a code for the phone, for the band that the patient has now."""
    await clinician.page.goto(f"{patient_page}/codes")
    await clinician.page.get_by_role("button", name="Make a new letter").click()
    return await clinician.page.locator("#code").inner_text()


async def sign(clinician: Clinician, picture: str = "") -> None:
    """Read at the desk, tick, and sign."""
    page = clinician.page
    await page.locator("#sign").wait_for()
    await page.locator("input[type=checkbox]").check()
    if picture:
        await clinician.look(picture)
    await page.click("#sign")
    await page.wait_for_url("**/patients/**")

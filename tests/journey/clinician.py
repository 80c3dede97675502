"""What the clinician does in the browser: sign in, enrol, prescribe, sign, look, hold."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Page, expect

from shared.dose import prescription as prescriptions
from shared.dose.prescription import Prescription
from shared.trust import challenge
from shared.trust.passkey import Assertion
from tests.journey.browser import Browser
from tests.journey.stage import Addresses

NAME = "Dr A. Example"

LATER_RECORDS = 64
"""So many records at most are written while a page is read."""

SIGN_HERE = """async ([asked, rp]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const text = (data) => btoa(String.fromCharCode(...new Uint8Array(data)));
  const made = await navigator.credentials.get({publicKey: {
    challenge: bytes(asked), rpId: rp, userVerification: "required"}});
  return [made.response.authenticatorData, made.response.clientDataJSON,
          made.response.signature].map(text);
}"""
"""A page of the cloud that asks for a signature itself, as a hostile one would."""

SAID = """all => all.map(row => {
  const texts = document.createTreeWalker(row, NodeFilter.SHOW_TEXT), said = [];
  while (texts.nextNode()) said.push(texts.currentNode.data);
  const group = row.closest("section, details.folded").querySelector("h2, summary");
  return [row.querySelector("th, strong").textContent, group.textContent, said.join(" ")];
})"""
"""Of each band on the page: its serial, the group in which it stands, and what is said of it."""


class Clinician:
    """One tab, two passkeys."""

    def __init__(self, browser: Browser, at: Addresses, picture: Callable[[str], Path]) -> None:
        self._browser, self._at, self._picture = browser, at, picture
        self.page: Page = browser.page

    async def accept_invitation(self, link: str) -> None:
        """Make the sign-in passkey, then sign out and in again with it."""
        await self.page.goto(link)
        await self.page.get_by_role("button", name="passkey").click()
        await self.page.wait_for_url(f"{self._at.cloud_origin}/")
        await self.page.get_by_role("button", name="Sign out").click()
        await self.page.wait_for_url("**/sign-in")
        await self.look("page-sign-in")
        await self.page.get_by_role("button", name="passkey").click()
        await self.page.wait_for_url(f"{self._at.cloud_origin}/")
        await self.look("page-today-empty")

    async def make_signing_passkey(self) -> tuple[str, str]:
        """Make the other passkey at the desk; return the request's text and its fingerprint."""
        await self.page.goto(f"{self._at.desk_origin}/")
        await self.page.fill("#name", NAME)
        await self.page.click("#make")
        text = await self.page.locator("#request-text").input_value()
        fingerprint = await self.page.locator("#fingerprint").inner_text()
        return text, fingerprint

    async def enrol_patient(self, name: str, birth_date: str) -> str:
        """Enrol a patient with the clinic's free band; return the phone's one-time code."""
        await self.page.goto(f"{self._at.cloud_origin}/patients/new")
        await self.page.fill("[name=name]", name)
        await self.page.fill("[name=birth_date]", birth_date)
        for answer in await self.page.get_by_role("radio", name="No", exact=True).all():
            await answer.check()
        await self.look("page-enrol")
        await self.page.get_by_role("button", name="Enrol").click()
        code = await self.page.locator("#code").inner_text()
        await self.look("page-code")
        return code

    async def open_patient(self, name: str) -> str:
        """Open a patient from the list; return the page's address."""
        await self.page.goto(f"{self._at.cloud_origin}/")
        row = self.page.get_by_role("row").filter(has_text=name)
        await row.get_by_role("link", name="Open").click()
        await self.page.wait_for_url("**/patients/*")
        return self.page.url

    async def prescribe(self, patient_page: str) -> None:
        """Take the catalogue's iTBS, look at it, go to the desk, read, and sign."""
        await self.page.goto(f"{patient_page}/prescribe?protocol=mdd-l-dlpfc-itbs")
        measured_on = self.page.get_by_label("Threshold measured on")
        await self.page.get_by_label("Motor threshold, % of output").fill("50")
        await measured_on.fill(await measured_on.get_attribute("max") or "")
        await expect(self.page.get_by_role("button", name="signing desk")).to_be_enabled()
        await self.look("page-prescribe")
        await self.sign_at_the_desk("page-desk")

    async def sign_at_the_desk(self, picture: str) -> None:
        """Go to the desk from a page that has the button, read, and sign."""
        await self.page.get_by_role("button", name="Go to the signing desk").click()
        await self.page.locator("#sign").wait_for()
        await self.page.locator("input[type=checkbox]").check()
        await self.look(picture)
        await self.page.click("#sign")
        await self.page.wait_for_url(f"{self._at.cloud_origin}/patients/**")

    async def take_band_in(self, delivery: Path) -> None:
        """Take another band in by its maker's file, proven by the passkey."""
        await self.page.goto(f"{self._at.cloud_origin}/clinic/devices")
        await self.page.set_input_files("[name=delivery]", delivery)
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name="Take it in").click()

    async def bands(self) -> dict[str, str]:
        """Look at the clinic's bands; return what the page says of each serial."""
        await self.page.goto(f"{self._at.cloud_origin}/clinic/devices")
        await self.look("page-bands")
        rows = await self.page.locator("table.bands tbody tr, .spare li").evaluate_all(SAID)
        return {
            " ".join(serial.split()): f"{' '.join(group.split()[:-1])}: {' '.join(said.split())}"
            for serial, group, said in rows
        }

    async def let_band_go(self, patient_page: str) -> None:
        """Sign that the patient's band retires."""
        await self.page.goto(f"{patient_page}/let-go")
        await self.look("page-let-go")
        await self.sign_at_the_desk("page-desk-let-go")

    async def give_another_band(self, patient_page: str, serial: str, percent: int) -> None:
        """Let the course go on with the band of this serial, by the old one's last word."""
        await self.page.goto(f"{patient_page}/another-band")
        await self.page.get_by_role("radio", name="It retired").check()
        await self.page.select_option("[name=device_id]", label=serial)
        await self.page.fill("[name=percent]", str(percent))
        await self.page.get_by_role("radio", name="twitch").check()
        await self.page.fill("[name=by]", NAME)
        await self.page.get_by_role("button", name="Show what is left").click()
        await self.page.locator("#beside").wait_for()
        await self.look("page-another-band")
        await self.sign_at_the_desk("page-desk-another-band")

    async def make_code(self, patient_page: str) -> str:
        """Make a code for the patient's phone; return it."""
        await self.page.goto(f"{patient_page}/codes")
        await self.page.get_by_role("button", name="Make a new letter").click()
        return await self.page.locator("#code").inner_text()

    async def sign_in_again(self) -> None:
        """Come back after a day."""
        await self.page.goto(f"{self._at.cloud_origin}/sign-in")
        await self.page.get_by_role("button", name="passkey").click()
        await self.page.wait_for_url(f"{self._at.cloud_origin}/")

    async def sign_at_the_cloud(self, prescription: Prescription) -> Assertion:
        """Sign bytes by the sign-in passkey at the cloud's own origin: worth nothing."""
        digest = challenge.digest(challenge.PRESCRIPTION_TYPE, prescriptions.to_bytes(prescription))
        asked = base64.b64encode(challenge.challenge((digest,))).decode()
        await self.page.goto(f"{self._at.cloud_origin}/")
        made = await self.page.evaluate(SIGN_HERE, [asked, "cloud.localhost"])
        data, client, signature = (base64.b64decode(part) for part in made)
        return Assertion(data, client, signature, (digest,), 0)

    async def wait_verified(self, number: int, *, within_s: float = 60) -> None:
        """Wait until the open patient's page says that the record is verified to ``number``, or
        somewhat beyond: the record goes on while the page is being read."""
        numbers = "|".join(str(each) for each in range(number, number + LATER_RECORDS))
        words = re.compile(rf"verified to number ({numbers})\b")
        await self.wait_for_words(words, within_s=within_s)

    async def wait_for_words(self, words: str | re.Pattern[str], *, within_s: float = 60) -> None:
        """Wait until the page says ``words``, refreshing itself as it does."""
        await expect(self.page.locator("main")).to_contain_text(words, timeout=within_s * 1000)

    async def wait_for_hold(self, state: str, *, within_s: float = 60) -> None:
        """Wait until the page says how far the hold has come."""
        place = self.page.locator("#hold-state")
        await expect(place).to_have_attribute("data-state", state, timeout=within_s * 1000)

    async def place_hold(self, patient_page: str) -> None:
        """Hold the treatment."""
        await self.page.goto(f"{patient_page}/hold")
        await self.look("page-hold")
        await self.page.click("#confirm-hold")
        await self.page.wait_for_url(patient_page)

    async def look(self, name: str) -> None:
        """Keep a picture of the page."""
        await self.page.screenshot(path=self._picture(name), full_page=True)

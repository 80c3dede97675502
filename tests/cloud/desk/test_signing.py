"""The whole way: make a passkey, certify it, sign at the desk, and verify as the band does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.async_api import Route

from cloud.root_tool import certifying, request
from cloud.root_tool.certifying import Clinic, Validity
from shared.dose import prescription as prescriptions
from shared.trust import certificates, passkey
from shared.trust.challenge import PRESCRIPTION_TYPE, challenge
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.trust.passkey import Assertion
from shared.trust.statements import Certificate, Purpose, Scope
from shared.wire import canonical, fields
from tests.cloud.desk.browsing import Tab
from tests.cloud.desk.worlds import (
    BILATERAL,
    NOON_S,
    SAMPLE,
    b64,
    sample_bytes,
    signing_link,
    unb64,
)

pytestmark = pytest.mark.asyncio(loop_scope="package")
RETURN = "http://cloud.localhost:8080/desk-return"


@dataclass(frozen=True)
class Answer:
    """What the desk sent back."""

    assertion: Assertion
    credential_id: bytes


async def register(clinician: Tab, desk: str) -> Certificate:
    """Make a passkey at the desk and have the clinic's root certify it."""
    await clinician.open(f"{desk}/")
    await clinician.page.fill("#name", "Dr A. Example")
    await clinician.page.click("#make")
    text = await clinician.page.locator("#request-text").input_value()
    told = await clinician.page.locator("#fingerprint").inner_text()
    root = SoftwareKey.generate()
    clinic = Clinic("demo-clinic", "desk.localhost", desk)
    envelope = certifying.certify_staff(
        request.parse(text.encode()),
        compared=told,
        scopes=(Scope.PRESCRIBE,),
        clinic=clinic,
        root=root,
        validity=Validity(NOON_S, 30),
    )
    return certificates.judge(
        envelope,
        purpose=Purpose.STAFF,
        clinic_id=clinic.audience,
        root=root.public_key,
        now_s=NOON_S,
    )


async def sign(clinician: Tab, link: str) -> Answer:
    """Read, tick and sign what the link brings; the answer comes back in the fragment."""
    await clinician.context.route("http://cloud.localhost:8080/**", empty_page)
    await clinician.open(link)
    for box in await clinician.page.locator("input[type=checkbox]").all():
        await box.check()
    await clinician.page.click("#sign")
    await clinician.page.wait_for_url(f"{RETURN}#answer=*")
    return read_answer(clinician.page.url)


async def empty_page(route: Route) -> None:
    """Answer in the clinic's page's place."""
    await route.fulfill(status=200, content_type="text/html", body="")


def read_answer(url: str) -> Answer:
    value = canonical.decode(unb64(url.split("#answer=")[1]))
    return Answer(fields.from_map(Assertion, value[1]), value[2])


async def test_a_band_accepts_what_was_signed_at_the_desk(clinician: Tab, desk: str) -> None:
    certificate = await register(clinician, desk)
    data = prescriptions.to_bytes(SAMPLE)
    answer = await sign(clinician, signing_link(desk, [data], back=RETURN))
    passkey.verify(PRESCRIPTION_TYPE, data, answer.assertion, certificate, Scope.PRESCRIBE)
    assert answer.credential_id == certificate.credential_id


async def test_the_signature_holds_for_no_other_bytes(clinician: Tab, desk: str) -> None:
    certificate = await register(clinician, desk)
    answer = await sign(clinician, signing_link(desk, [sample_bytes()], back=RETURN))
    with pytest.raises(TrustError) as refused:
        passkey.verify(
            PRESCRIPTION_TYPE,
            sample_bytes(serial=5),
            answer.assertion,
            certificate,
            Scope.PRESCRIBE,
        )
    assert refused.value.code == "bytes"
    with pytest.raises(TrustError) as refused:
        passkey.verify(
            "circlet/lift-hold/v1", sample_bytes(), answer.assertion, certificate, Scope.PRESCRIBE
        )
    assert refused.value.code == "bytes"


async def test_a_list_is_signed_by_one_assertion(clinician: Tab, desk: str) -> None:
    certificate = await register(clinician, desk)
    listed = [sample_bytes(), prescriptions.to_bytes(BILATERAL)]
    link = signing_link(desk, listed, back=RETURN, credentials=[certificate.credential_id or b""])
    answer = await sign(clinician, link)
    for index, data in enumerate(listed):
        assertion = replace(answer.assertion, index=index)
        passkey.verify(PRESCRIPTION_TYPE, data, assertion, certificate, Scope.PRESCRIBE)


async def test_signing_waits_until_every_statement_is_ticked(reader: Tab, desk: str) -> None:
    await reader.open(signing_link(desk, [sample_bytes(), sample_bytes(serial=5)], back=RETURN))
    page = reader.page
    signing = page.locator("#sign")
    assert await signing.is_disabled()
    await page.check("#read-0")
    assert await signing.is_disabled()
    assert "1 of 2 left" in await reader.text()
    await page.check("#read-1")
    assert await signing.is_enabled()
    await page.uncheck("#read-0")
    assert await signing.is_disabled()


async def test_a_person_who_is_not_verified_signs_nothing(clinician: Tab, desk: str) -> None:
    await register(clinician, desk)
    await clinician.verify_person(False)
    await clinician.open(signing_link(desk, [sample_bytes()], back=RETURN))
    await clinician.page.check("#read-0")
    await clinician.page.click("#sign")
    await clinician.page.locator("#message .notice").wait_for()
    said = await clinician.text()
    assert "could not check that it is you" in said
    assert "Nothing was signed" in said
    assert clinician.page.url.startswith(desk)


async def test_a_person_who_is_not_verified_gets_no_passkey(clinician: Tab, desk: str) -> None:
    await clinician.verify_person(False)
    await clinician.open(f"{desk}/")
    await clinician.page.fill("#name", "Dr A. Example")
    await clinician.page.click("#make")
    await clinician.page.locator("#message .notice").wait_for()
    assert "No passkey was made" in await clinician.text()
    assert await clinician.page.locator("#request-text").count() == 0


async def test_another_passkey_than_the_certified_one_is_not_used(
    clinician: Tab, desk: str
) -> None:
    await register(clinician, desk)
    link = signing_link(desk, [sample_bytes()], back=RETURN, credentials=[b"somebody else's"])
    await clinician.open(link)
    await clinician.page.check("#read-0")
    await clinician.page.click("#sign")
    await clinician.page.locator("#message .notice").wait_for()
    assert "it is not on this computer" in await clinician.text()
    assert await clinician.page.locator("#sign").is_enabled()


async def test_not_signing_goes_back_with_nothing(clinician: Tab, desk: str) -> None:
    await clinician.context.route("http://cloud.localhost:8080/**", empty_page)
    await clinician.open(signing_link(desk, [sample_bytes()], back=RETURN))
    await clinician.page.click("#cancel")
    await clinician.page.wait_for_url(f"{RETURN}#cancelled=1")


async def test_what_is_signed_does_not_stay_in_the_history(reader: Tab, desk: str) -> None:
    await reader.open(signing_link(desk, [sample_bytes()], back=RETURN))
    assert reader.page.url == f"{desk}/"


async def test_a_name_from_the_clinics_page_stands_in_the_form(reader: Tab, desk: str) -> None:
    packed = b64(canonical.encode({1: "Dr B. Example", 2: RETURN}))
    await reader.open(f"{desk}/#register={packed}")
    assert await reader.page.locator("#name").input_value() == "Dr B. Example"


async def test_the_request_can_be_saved_as_a_file(
    clinician: Tab, desk: str, tmp_path: Path
) -> None:
    await register(clinician, desk)
    async with clinician.page.expect_download() as saved:
        await clinician.page.click("#request-file")
    path = tmp_path / "request.txt"
    await (await saved.value).save_as(path)
    text = await clinician.page.locator("#request-text").input_value()
    assert request.parse(path.read_bytes()) == request.parse(text.encode())


async def test_an_assertion_made_by_the_clouds_page_is_refused(clinician: Tab, desk: str) -> None:
    """The cloud's host asks for the same challenge with a passkey of its own RP id."""
    certificate = await register(clinician, desk)
    answer = await sign(clinician, signing_link(desk, [sample_bytes()], back=RETURN))
    stolen = await cloud_assertion(clinician, desk.replace("desk.", "cloud."), answer.assertion)
    with pytest.raises(TrustError) as refused:
        passkey.verify(PRESCRIPTION_TYPE, sample_bytes(), stolen, certificate, Scope.PRESCRIBE)
    assert refused.value.code == "origin"
    framed = replace(stolen, client_data=answer.assertion.client_data)
    with pytest.raises(TrustError) as refused:
        passkey.verify(PRESCRIPTION_TYPE, sample_bytes(), framed, certificate, Scope.PRESCRIBE)
    assert refused.value.code == "rp_id"


async def test_the_clouds_page_cannot_ask_for_the_desks_passkey(clinician: Tab, desk: str) -> None:
    await register(clinician, desk)
    await clinician.open(desk.replace("desk.", "cloud.") + "/")
    failure = await clinician.page.evaluate(
        """() => navigator.credentials.get({publicKey: {
               rpId: "desk.localhost", challenge: new Uint8Array(32), userVerification: "required"
           }}).then(() => "signed", (problem) => problem.name)"""
    )
    assert failure == "SecurityError"


async def cloud_assertion(clinician: Tab, cloud: str, like: Assertion) -> Assertion:
    """Sign the same challenge at another origin, by a passkey that was made there."""
    await clinician.open(f"{cloud}/")
    parts = await clinician.page.evaluate(
        """async (challenge) => {
            const made = await import("/passkey.js").then((m) => m.make("Dr A. Example"));
            const signed = await import("/passkey.js").then(
                (m) => m.sign(Uint8Array.from(challenge), [made.credentialId]));
            return [signed.authenticatorData, signed.clientData, signed.signature].map(
                (part) => Array.from(part));
        }""",
        list(challenge(like.digests)),
    )
    authenticator_data, client_data, signature = (bytes(part) for part in parts)
    return Assertion(authenticator_data, client_data, signature, like.digests)

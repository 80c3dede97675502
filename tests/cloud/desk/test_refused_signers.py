"""Signatures made in Chromium that a band refuses, each for its reason; and a lookalike desk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.trust import certificates, passkey
from shared.trust.challenge import PRESCRIPTION_TYPE, challenge
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.trust.passkey import Assertion
from shared.trust.statements import Certificate, Purpose, Scope
from tests.cloud.desk.browsing import Tab
from tests.cloud.desk.test_signing import RETURN, register, sign
from tests.cloud.desk.worlds import DAY_S, NOON_S, sample_bytes, signing_link

pytestmark = pytest.mark.asyncio(loop_scope="package")


def judged(certificate: Certificate, *, now_s: int = NOON_S, clinic: str = "demo-clinic") -> None:
    """Issue the certificate by the clinic's root and let a band of ``clinic`` judge it."""
    root = SoftwareKey.generate()
    envelope = certificates.issue(certificate, clinic_id=b"demo-clinic", root=root)
    certificates.judge(
        envelope,
        purpose=Purpose.STAFF,
        clinic_id=clinic.encode(),
        root=root.public_key,
        now_s=now_s,
    )


def refusal(assertion: Assertion, certificate: Certificate, data: bytes = b"") -> str:
    """Return the code by which a band refuses the signature."""
    with pytest.raises(TrustError) as refused:
        passkey.verify(
            PRESCRIPTION_TYPE, data or sample_bytes(), assertion, certificate, Scope.PRESCRIBE
        )
    return refused.value.code


async def test_one_signature_is_refused_for_each_thing_that_is_wrong_with_its_signer(
    clinician: Tab, desk: str
) -> None:
    certificate = await register(clinician, desk)
    answer = await sign(clinician, signing_link(desk, [sample_bytes()], back=RETURN))
    assertion = answer.assertion
    passkey.verify(PRESCRIPTION_TYPE, sample_bytes(), assertion, certificate, Scope.PRESCRIBE)
    judged(certificate)
    with pytest.raises(TrustError) as expired:
        judged(certificate, now_s=NOON_S + 31 * DAY_S)
    with pytest.raises(TrustError) as elsewhere:
        judged(certificate, clinic="other-clinic")
    assert expired.value.code != elsewhere.value.code
    assert refusal(assertion, replace(certificate, scopes=(Scope.LIFT_HOLD,))) == "scope"
    another = replace(certificate, public_key=SoftwareKey.generate().public_key.data)
    assert refusal(assertion, another) == "signature"
    assert refusal(assertion, certificate, sample_bytes(serial=5)) == "bytes"
    unseen = bytearray(assertion.authenticator_data)
    unseen[32] &= ~passkey.USER_VERIFIED
    unverified = replace(assertion, authenticator_data=bytes(unseen))
    assert refusal(unverified, certificate) == "user"


async def test_a_lookalike_desk_signs_nothing_that_a_band_takes(clinician: Tab, desk: str) -> None:
    """A page below the desk's own name may ask for its passkey: the band goes by the origin."""
    certificate = await register(clinician, desk)
    lookalike = desk.replace("//desk.", "//sign.desk.")
    await clinician.context.route(
        f"{lookalike}/**", lambda route: route.fulfill(content_type="text/html", body="<h1>x</h1>")
    )
    answer = await sign(clinician, signing_link(desk, [sample_bytes()], back=RETURN))
    await clinician.page.goto(f"{lookalike}/")
    parts = await clinician.page.evaluate(
        """async ([challenge, id]) => {
            const bytes = (each) => Uint8Array.from(each);
            const made = await navigator.credentials.get({ publicKey: {
                rpId: "desk.localhost", challenge: bytes(challenge), userVerification: "required",
                allowCredentials: [{ type: "public-key", id: bytes(id) }] } });
            const { authenticatorData, clientDataJSON, signature } = made.response;
            return [authenticatorData, clientDataJSON, signature].map(
                (part) => Array.from(new Uint8Array(part)));
        }""",
        [
            list(challenge(answer.assertion.digests)),
            list(certificate.credential_id or b""),
        ],
    )
    data, client, signature = (bytes(part) for part in parts)
    stolen = Assertion(data, client, signature, answer.assertion.digests)
    assert refusal(stolen, certificate) == "origin"

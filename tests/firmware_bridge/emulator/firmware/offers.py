"""Words as a band is offered them, right in all but one thing: envelopes, certificates, assertions.

Envelopes are put together by hand here, as docs/protocol.md says, so that each part can be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from shared.trust import certificates
from shared.trust.challenge import digest
from shared.trust.keys import Signer, SoftwareKey
from shared.trust.passkey import Assertion
from shared.trust.sign1 import Statement
from shared.trust.statements import Certificate, Purpose, Scope
from shared.wire import canonical, fields
from tests.shared.clinic import DAY_S, FAR_S, NOW_S, Clinic, sign_as_passkey

STRANGER = SoftwareKey.generate()
NO_KEY = b"\x02" + b"\xff" * 32
"""33 bytes that are no point of P-256."""

_ES256, _ANOTHER = -7, -8


@dataclass(frozen=True)
class Said:
    """A statement with its audience and signer: what an envelope is made of."""

    word: Statement
    audience: bytes
    signer: Signer

    def envelope(self, **changed: Any) -> bytes:
        """Return its COSE_Sign1; ``type``, ``body`` and ``algorithm`` can be others."""
        key_id = self.signer.public_key.key_id
        header = canonical.encode({1: changed.get("algorithm", _ES256), 4: key_id})
        payload = canonical.encode(
            {
                0: changed.get("type", self.word.TYPE),
                1: key_id,
                2: self.audience,
                3: changed.get("body", fields.to_map(self.word)),
            }
        )
        signed = canonical.encode(["Signature1", header, b"", payload])
        signature = self.signer.sign(signed)
        return b"\xd2" + canonical.encode([header, {}, payload, signature])


def broken_envelopes(said: Said) -> Iterator[tuple[str, bytes]]:
    """Yield envelopes, each with the code that it is refused with."""
    good = said.envelope()
    yield "trust_envelope", good[:-1]
    yield "trust_algorithm", said.envelope(algorithm=_ANOTHER)
    yield "trust_body", said.envelope(body=fields.to_map(said.word) | {99: 0})
    yield "trust_type", said.envelope(type="circlet/other/v1")
    yield "trust_audience", replace(said, audience=b"somebody else").envelope()
    yield "trust_issuer", replace(said, signer=STRANGER).envelope()
    yield "trust_signature", good[:-1] + bytes([good[-1] ^ 1])


def broken_certificates(clinic: Clinic, good: Certificate) -> Iterator[tuple[str, bytes]]:
    """Yield certificates of a key, each with the code that it is refused with."""
    yield from broken_envelopes(Said(good, clinic.clinic_id, clinic.root))
    for code, changed in (
        ("trust_purpose", {"purpose": Purpose.CARE}),
        ("trust_not_yet", {"not_before_s": FAR_S - DAY_S}),
        ("trust_expired", {"not_after_s": NOW_S - 1}),
        ("trust_key", {"public_key": NO_KEY}),
    ):
        said = replace(good, **changed)
        yield code, certificates.issue(said, clinic_id=clinic.clinic_id, root=clinic.root)


def server_certificate(clinic: Clinic, purpose: Purpose) -> Certificate:
    """Return what the certificate of a server's key says."""
    key = clinic.online[purpose].public_key.data
    return Certificate(purpose, key, purpose.name.lower(), NOW_S - DAY_S, FAR_S)


def staff_certificate(clinic: Clinic, scope: Scope) -> Certificate:
    """Return what the certificate of the clinic's staff key says, with one scope."""
    return clinic.staff_certificate(scopes=(scope,))


def broken_assertions(kind: str, data: bytes, key: SoftwareKey) -> Iterator[tuple[str, Assertion]]:
    """Yield assertions over a word's bytes, each with the code that it is refused with."""
    digests = (digest(kind, data),)
    good = sign_as_passkey(key, digests)
    yield "trust_list", replace(good, index=1)
    yield "trust_bytes", sign_as_passkey(key, (bytes(32),))
    opening = good.client_data.replace(b"webauthn.get", b"webauthn.create")
    yield "trust_type", replace(good, client_data=opening)
    yield "trust_challenge", replace(good, digests=(*digests, bytes(32)))
    yield "trust_origin", sign_as_passkey(key, digests, origin="http://evil.localhost:8123")
    yield "trust_cross_origin", sign_as_passkey(key, digests, cross_origin=True)
    yield "trust_rp_id", sign_as_passkey(key, digests, rp_id="evil.localhost")
    yield "trust_user", sign_as_passkey(key, digests, flags=0x01)
    yield "trust_backup", sign_as_passkey(key, digests, flags=0x0D)
    yield "trust_signature", sign_as_passkey(STRANGER, digests)

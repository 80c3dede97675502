"""What staff sign with a passkey: prescriptions and the words of `shared.trust.staff_words`.

Of each type one accepted and the refused, with the code of each refusal. All keys are TEST KEYS.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from scripts.vectors.keys import key_for_tests
from scripts.vectors.samples import sample
from shared.dose import prescription as prescriptions
from shared.trust import certificates, challenge, passkey, staff_words
from shared.trust.errors import TrustError
from shared.trust.passkey import Assertion
from shared.trust.statements import Certificate, Purpose, Scope
from shared.wire import fields
from tests.shared.clinic import CLINIC_ID, DESK_ORIGIN, DESK_RP, itbs, sign_as_passkey

STAFF = "prescriber's passkey"
ROOT = "clinic root"
ISSUED_S = 1_790_000_000
YEAR_S = 365 * 86_400


@dataclass(frozen=True)
class Signed:
    """Signed bytes as they are offered, and why they should be refused, if they should."""

    what: str
    type: str
    scope: Scope
    data: bytes
    assertion: Assertion
    code: str | None
    certificate: Certificate


def lines() -> Iterator[dict[str, Any]]:
    """Yield everything of every type."""
    for type_, scope, data in _statements():
        for signed in _signed(type_, scope, data):
            assert outcome(signed) == signed.code, signed
            yield _written(signed)


def outcome(signed: Signed) -> str | None:
    """Return the code with which this is refused, or None."""
    try:
        passkey.verify(signed.type, signed.data, signed.assertion, signed.certificate, signed.scope)
    except TrustError as problem:
        return problem.code
    return None


def _statements() -> Iterator[tuple[str, Scope, bytes]]:
    yield challenge.PRESCRIPTION_TYPE, Scope.PRESCRIBE, prescriptions.to_bytes(itbs())
    words: list[Any] = [each for _, each in inspect.getmembers(staff_words, inspect.isclass)]
    for kind in sorted(words, key=lambda each: each.__name__):
        if isinstance(getattr(kind, "SCOPE", None), Scope):
            yield kind.TYPE, kind.SCOPE, fields.pack(sample(kind, kind.TYPE))


def _certificate(scopes: tuple[Scope, ...]) -> Certificate:
    return Certificate(
        purpose=Purpose.STAFF,
        public_key=key_for_tests(STAFF).public_key.data,
        subject="TEST KEY of a prescriber",
        not_before_s=ISSUED_S,
        not_after_s=ISSUED_S + YEAR_S,
        scopes=scopes,
        rp_id=DESK_RP,
        origin=DESK_ORIGIN,
        backup_eligible=False,
        credential_id=b"test credential",
    )


def _signed(type_: str, scope: Scope, data: bytes) -> Iterator[Signed]:
    key, digests = key_for_tests(STAFF), (challenge.digest(type_, data),)
    good = sign_as_passkey(key, digests)
    other_list = sign_as_passkey(key, (bytes(32), *digests))
    base = Signed("as signed", type_, scope, data, good, None, _certificate((scope,)))
    other_scope = next(each for each in Scope if each is not scope)
    yield base
    yield replace(
        base, what="second of a list of two", assertion=replace(other_list, index=1), code=None
    )
    changed = data[:-1] + bytes((data[-1] ^ 1,))
    yield replace(base, what="other bytes than were signed", data=changed, code="bytes")
    yield replace(
        base, what="an index beyond its list", assertion=replace(good, index=1), code="list"
    )
    yield replace(
        base, what="a longer list", assertion=replace(good, digests=(*digests, bytes(32))),
        code="challenge",
    )  # fmt: skip
    for what, code, made in (
        ("at another origin", "origin", {"origin": "http://evil.localhost:8123"}),
        ("inside another page", "cross_origin", {"cross_origin": True}),
        ("for another site", "rp_id", {"rp_id": "evil.localhost"}),
        ("without the user verified", "user", {"flags": 0x01}),
        ("with a passkey that can be copied", "backup", {"flags": 0x0D}),
    ):
        assertion = sign_as_passkey(key, digests, **made)
        yield replace(base, what=what, code=code, assertion=assertion)
    forged = sign_as_passkey(key_for_tests("somebody else"), digests)
    yield replace(base, what="by another passkey", assertion=forged, code="signature")
    yield replace(
        base,
        what="by a key that may sign something else",
        certificate=_certificate((other_scope,)),
        code="scope",
    )


def _written(signed: Signed) -> dict[str, Any]:
    root = key_for_tests(ROOT)
    envelope = certificates.issue(signed.certificate, clinic_id=CLINIC_ID, root=root)
    return {
        "check": "assertion",
        "type": signed.type,
        "scope": signed.scope.name,
        "clinic": CLINIC_ID.hex(),
        "clinic_root": root.public_key.data.hex(),
        "certificate": envelope.hex(),
        "what": signed.what,
        "bytes": signed.data.hex(),
        "assertion": fields.pack(signed.assertion).hex(),
        "accepted": signed.code is None,
        "code": signed.code,
    }

"""Signed statements, one accepted and eight refused of each type, with the code of each refusal.

Every dataclass of `shared.trust.statements` that has a type is covered, also one that is added
tomorrow. All keys are TEST KEYS.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cbor2

from scripts.vectors.keys import ORDER, key_for_tests
from scripts.vectors.samples import sample
from shared.trust import certificates, sign1, statements
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, Signer
from shared.trust.statements import Certificate, Purpose
from shared.wire import canonical, fields

AUDIENCE = b"audience-of-test"
ISSUED_S = 1_790_000_000
DAY_S = 86_400


@dataclass(frozen=True)
class Offered:
    """Bytes that a verifier is offered, and why it should refuse them, if it should."""

    what: str
    data: bytes
    code: str | None


def kinds() -> list[type[Any]]:
    """Return every type of statement, in the order of their names."""
    found = (each for _, each in inspect.getmembers(statements, inspect.isclass))
    return sorted((each for each in found if hasattr(each, "TYPE")), key=lambda each: each.TYPE)


def lines() -> Iterator[dict[str, Any]]:
    """Yield all statements, and certificates as they are judged."""
    for kind in kinds():
        signer = key_for_tests(f"signer of {kind.TYPE}")
        for offered in statement_bytes(kind, signer):
            assert outcome(kind, offered.data, signer.public_key) == offered.code, offered
            yield {
                "check": "statement",
                "type": kind.TYPE,
                "audience": AUDIENCE.hex(),
                "key": signer.public_key.data.hex(),
                **_said(offered),
            }
    yield from _certificate_lines()


def outcome(kind: type[Any], data: bytes, key: PublicKey) -> str | None:
    """Return the code with which these bytes are refused, or None."""
    try:
        sign1.verify(kind, data, audience=AUDIENCE, key=key)
    except TrustError as problem:
        return problem.code
    return None


def statement_bytes(kind: type[Any], signer: Signer) -> Iterator[Offered]:
    """Yield the accepted bytes first, then the refused."""
    made = sample(kind, kind.TYPE)
    good = sign1.sign(made, audience=AUDIENCE, signer=signer)
    other_kind = next(each for each in kinds() if each is not kind)
    other = sample(other_kind, other_kind.TYPE)
    yield Offered("as signed", good, None)
    yield Offered(
        "one bit of the signature flipped", good[:-1] + bytes((good[-1] ^ 1,)), "signature"
    )
    yield Offered("the signature's second form, s replaced by n - s", _high_s(good), "signature")
    yield Offered(
        "signed for another audience",
        sign1.sign(made, audience=b"somebody else", signer=signer),
        "audience",
    )
    yield Offered(
        "signed by another key",
        sign1.sign(made, audience=AUDIENCE, signer=key_for_tests("somebody else")),
        "issuer",
    )
    yield Offered(
        f"another statement of the same key: {other_kind.TYPE}",
        sign1.sign(other, audience=AUDIENCE, signer=signer),
        "type",
    )
    yield Offered("cut short", good[:-1], "envelope")
    yield Offered("the same with an unsigned header", _with_unprotected(good), "envelope")
    yield Offered("signed with an unknown field", _with_unknown_field(made, signer), "body")


def _high_s(envelope: bytes) -> bytes:
    s = int.from_bytes(envelope[-32:], "big")
    return envelope[:-32] + (ORDER - s).to_bytes(32, "big")


def _with_unprotected(envelope: bytes) -> bytes:
    protected, _, payload, signature = cbor2.loads(envelope).value
    changed = cbor2.CBORTag(18, [protected, {99: 1}, payload, signature])
    return cbor2.dumps(changed, canonical=True)


def _with_unknown_field(made: Any, signer: Signer) -> bytes:
    """A well-signed envelope whose body has a key that nobody knows."""
    body = fields.to_map(made) | {200: 1}
    key_id = signer.public_key.key_id
    payload = canonical.encode({0: made.TYPE, 1: key_id, 2: AUDIENCE, 3: body})
    protected = cbor2.dumps({1: -7, 4: key_id}, canonical=True)
    to_sign = cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)
    tag = cbor2.CBORTag(18, [protected, {}, payload, signer.sign(to_sign)])
    return cbor2.dumps(tag, canonical=True)


def _said(offered: Offered) -> dict[str, Any]:
    return {
        "what": offered.what,
        "bytes": offered.data.hex(),
        "accepted": offered.code is None,
        "code": offered.code,
    }


# Certificates, judged for a purpose at an instant


@dataclass(frozen=True)
class Judging:
    """How a certificate is judged."""

    purpose: Purpose
    now_s: int
    data: bytes


def judged(root: PublicKey, judging: Judging) -> str | None:
    """Return the code with which a certificate is refused, or None."""
    try:
        certificates.judge(
            judging.data,
            purpose=judging.purpose,
            clinic_id=AUDIENCE,
            root=root,
            now_s=judging.now_s,
        )
    except TrustError as problem:
        return problem.code
    return None


def _certificate_lines() -> Iterator[dict[str, Any]]:
    root, other_root = key_for_tests("clinic root"), key_for_tests("another clinic's root")
    for purpose in Purpose:
        made = sample(
            Certificate,
            f"certificate {purpose.name}",
            purpose=purpose,
            not_before_s=ISSUED_S,
            not_after_s=ISSUED_S + DAY_S,
        )
        good = certificates.issue(made, clinic_id=AUDIENCE, root=root)
        foreign = certificates.issue(made, clinic_id=b"another-clinic", root=root)
        forged = certificates.issue(made, clinic_id=AUDIENCE, root=other_root)
        another = next(each for each in Purpose if each is not purpose)
        tries = (
            ("within its time", Judging(purpose, ISSUED_S, good), None),
            ("a second before it begins", Judging(purpose, ISSUED_S - 1, good), "not_yet"),
            ("a second after its end", Judging(purpose, ISSUED_S + DAY_S + 1, good), "expired"),
            ("for another purpose", Judging(another, ISSUED_S, good), "purpose"),
            ("of another clinic", Judging(purpose, ISSUED_S, foreign), "audience"),
            ("by another root", Judging(purpose, ISSUED_S, forged), "issuer"),
        )
        for what, judging, code in tries:
            assert judged(root.public_key, judging) == code, (what, code)
            yield {
                "check": "certificate",
                "type": Certificate.TYPE,
                "audience": AUDIENCE.hex(),
                "key": root.public_key.data.hex(),
                "purpose": judging.purpose.name,
                "now_s": judging.now_s,
                **_said(Offered(what, judging.data, code)),
            }

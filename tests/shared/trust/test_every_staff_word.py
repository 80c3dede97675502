"""R18: what staff sign with a passkey, one test each for every type, prescriptions among them."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import cbor2
import pytest

from shared.dose import prescription as prescriptions
from shared.trust import passkey, sign1, staff_words
from shared.trust.challenge import PRESCRIPTION_TYPE, digest
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey, raw_signature
from shared.trust.passkey import Assertion
from shared.trust.staff_words import LiftHold, SignedWord
from shared.trust.statements import Certificate, Scope
from shared.wire import fields
from tests.fuzz.signing import der
from tests.shared.clinic import Clinic, itbs, sign_as_passkey
from tests.shared.trust.examples import STAFF_WORDS, STATEMENTS, example
from tests.shared.trust.spelling import second_signature, second_spellings

CLINIC = Clinic()
ALL_SCOPES = tuple(Scope)
EACH = pytest.mark.parametrize("kind", STAFF_WORDS, ids=lambda kind: str(kind.__name__))


def certificate(*scopes: Scope) -> Certificate:
    return CLINIC.staff_certificate(scopes=scopes or ALL_SCOPES)


def assertion(kind: str, data: bytes, **ways: Any) -> Assertion:
    return sign_as_passkey(CLINIC.staff, (digest(kind, data),), **ways)


def signed(kind: Any, data: bytes | None = None, **ways: Any) -> SignedWord:
    """A staff word as it travels; other bytes than its own where they are given."""
    data = fields.pack(example(kind)) if data is None else data
    return SignedWord(data, assertion(kind.TYPE, data, **ways), b"certificate")


def refusal(kind: Any, word: SignedWord, *scopes: Scope) -> str:
    with pytest.raises(TrustError) as refused:
        staff_words.verify(kind, word, certificate(*scopes))
    return refused.value.code


def test_there_are_four_and_each_has_a_type_of_its_own() -> None:
    types = {kind.TYPE for kind in STAFF_WORDS}
    assert len(types) == len(STAFF_WORDS) == 4
    assert not types & {PRESCRIPTION_TYPE, *(kind.TYPE for kind in STATEMENTS)}


@EACH
def test_it_holds_as_it_was_signed(kind: Any) -> None:
    word = fields.unpack(SignedWord, fields.pack(signed(kind)))
    assert staff_words.verify(kind, word, certificate(kind.SCOPE)) == example(kind)


@EACH
def test_its_own_scope_is_wanted_and_no_other_does(kind: Any) -> None:
    others = tuple(scope for scope in Scope if scope is not kind.SCOPE)
    assert refusal(kind, signed(kind), *others) == "scope"


@pytest.mark.parametrize(
    ("offered", "wanted"),
    list(permutations(STAFF_WORDS, 2)),
    ids=lambda kind: str(kind.__name__),
)
def test_none_is_accepted_in_anothers_place(offered: Any, wanted: Any) -> None:
    assert refusal(wanted, signed(offered)) == "bytes"


@EACH
def test_a_prescription_and_it_do_not_stand_for_each_other(kind: Any) -> None:
    data = prescriptions.to_bytes(itbs())
    as_word = SignedWord(data[:700], assertion(PRESCRIPTION_TYPE, data[:700]), b"certificate")
    assert refusal(kind, as_word) == "bytes"
    word = signed(kind)
    with pytest.raises(TrustError, match="other bytes"):
        passkey.verify(
            PRESCRIPTION_TYPE, word.statement, word.assertion, certificate(), Scope.PRESCRIBE
        )


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda kind: str(kind.__name__))
def test_no_envelope_of_a_staff_key_is_a_staff_word(statement: Any) -> None:
    """One key, one format: a COSE signature by the passkey's key is no assertion."""
    envelope = sign1.sign(example(statement), audience=b"here", signer=CLINIC.staff)
    for kind in STAFF_WORDS:
        word = signed(kind)
        forged = replace(word.assertion, signature=der(envelope[-64:]))
        assert refusal(kind, replace(word, assertion=forged)) == "signature"


@EACH
def test_another_version_of_it_is_another_type(kind: Any) -> None:
    data = fields.pack(example(kind))
    newer = assertion(kind.TYPE.removesuffix("v1") + "v2", data)
    assert refusal(kind, SignedWord(data, newer, b"certificate")) == "bytes"


@EACH
def test_by_another_key_it_is_worth_nothing(kind: Any) -> None:
    data = fields.pack(example(kind))
    strange = sign_as_passkey(SoftwareKey.generate(), (digest(kind.TYPE, data),))
    assert refusal(kind, SignedWord(data, strange, b"certificate")) == "signature"


@EACH
@pytest.mark.parametrize(
    ("ways", "code"),
    [
        ({"origin": "http://cloud.localhost:8000"}, "origin"),
        ({"rp_id": "cloud.localhost"}, "rp_id"),
        ({"cross_origin": True}, "cross_origin"),
        ({"flags": 0x01}, "user"),
        ({"flags": 0x04}, "user"),
        ({"flags": 0x0D}, "backup"),
    ],
)
def test_made_elsewhere_or_by_nobody_it_is_refused(
    kind: Any, ways: dict[str, Any], code: str
) -> None:
    assert refusal(kind, signed(kind, **ways)) == code


@EACH
def test_a_second_spelling_is_refused_even_where_it_is_signed(kind: Any) -> None:
    for what, spelled in second_spellings(fields.to_map(example(kind))):
        assert refusal(kind, signed(kind, spelled)) == "body", what


@EACH
def test_a_field_more_less_or_null_is_refused(kind: Any) -> None:
    body = fields.to_map(example(kind))
    optional = {3} if kind is LiftHold else set()
    wrong = [body | {99: 1}, *({**body, number: None} for number in body)]
    wrong += [{k: v for k, v in body.items() if k != number} for number in set(body) - optional]
    for changed in wrong:
        assert refusal(kind, signed(kind, cbor2.dumps(changed, canonical=True))) == "body"


@EACH
def test_no_byte_of_it_can_be_changed(kind: Any) -> None:
    word = signed(kind)
    for place in range(len(word.statement)):
        changed = bytearray(word.statement)
        changed[place] ^= 1
        assert refusal(kind, replace(word, statement=bytes(changed))) == "bytes"


@EACH
def test_both_forms_of_its_signature_say_one_and_the_same(kind: Any) -> None:
    """Authenticators make either; nothing that names a word is made from its signature."""
    word = signed(kind)
    raw = raw_signature(word.assertion.signature)
    other = replace(word, assertion=replace(word.assertion, signature=der(second_signature(raw))))
    assert other != word
    assert staff_words.verify(kind, other, certificate()) == example(kind)
    assert raw_signature(other.assertion.signature) == raw


@EACH
def test_in_a_list_it_holds_at_its_own_place_only(kind: Any) -> None:
    data = fields.pack(example(kind))
    listed = sign_as_passkey(CLINIC.staff, (bytes(32), digest(kind.TYPE, data)))
    assert refusal(kind, SignedWord(data, listed, b"certificate")) == "bytes"
    named = SignedWord(data, replace(listed, index=1), b"certificate")
    assert staff_words.verify(kind, named, certificate()) == example(kind)

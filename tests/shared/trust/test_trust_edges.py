"""Keys, envelopes, certificates, assertions and session keys at the edges of what they accept."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from shared.trust import certificates, challenge, passkey, sealing, session_key, sign1, staff_words
from shared.trust.challenge import digest
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey, compressed, raw_signature
from shared.trust.staff_words import HandOver, HandOverPurpose, LiftHold, SignedWord
from shared.trust.statements import Certificate, Clearance, Purpose, Scope
from shared.wire import fields
from tests.shared.clinic import CLINIC_ID, DAY_S, NOW_S, Clinic, sign_as_passkey
from tests.shared.trust.spelling import ORDER, sign_payload

# Fixed, so that the names of the tests are the same in every process.
KEY, STRANGER = SoftwareKey.from_random(bytes(39) + b"k"), SoftwareKey.from_random(bytes(39) + b"s")
CLINIC = Clinic()
HERE = b"here"
WORD = Clearance(b"n" * 16, NOW_S, 1, 0, 0)


def refusal(act: Any, *given: Any, **named: Any) -> tuple[str, str]:
    """Return code and sentence of a refusal."""
    with pytest.raises(TrustError) as refused:
        act(*given, **named)
    assert str(refused.value)
    return refused.value.code, str(refused.value)


# Keys


def test_a_key_is_named_by_the_first_half_of_its_hash() -> None:
    digits = hashlib.sha256(KEY.public_key.data)
    assert KEY.public_key.key_id == digits.digest()[:16]
    assert KEY.public_key.fingerprint.replace(" ", "") == digits.hexdigest()[:32]
    assert KEY.public_key.data == compressed(KEY.public_key.point())
    assert len(KEY.public_key.data) == 33


@pytest.mark.parametrize(
    ("r", "s", "taken"),
    [
        (1, 1, True),
        (ORDER - 1, ORDER - 1, True),
        (0, 1, False),
        (1, 0, False),
        (ORDER, 1, False),
        (1, ORDER, False),
    ],
)
def test_both_numbers_of_a_signature_are_of_the_group(r: int, s: int, taken: bool) -> None:
    der = encode_dss_signature(r, s)
    if not taken:
        assert refusal(raw_signature, der)[0] == "signature"
        return
    raw = raw_signature(der)
    assert raw == r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")


@pytest.mark.parametrize(("s", "form"), [(ORDER // 2, "by this key"), (ORDER // 2 + 1, "second")])
def test_the_low_form_ends_at_half_the_order(s: int, form: str) -> None:
    raw = (1).to_bytes(32, "big") + s.to_bytes(32, "big")
    assert form in refusal(KEY.public_key.verify, raw, b"x")[1]


@pytest.mark.parametrize("size", [0, 63, 65])
def test_a_signature_has_64_bytes(size: int) -> None:
    code, words = refusal(KEY.public_key.verify, bytes(size), b"x")
    assert code == "signature"
    assert "64" in words


def test_a_key_file_is_opened_by_its_password_only() -> None:
    locked = KEY.to_pem(b"word")
    assert b"ENCRYPTED" in locked
    assert SoftwareKey.from_pem(locked, b"word").public_key == KEY.public_key
    assert b"ENCRYPTED" not in KEY.to_pem()
    assert KEY.to_pem().startswith(b"-----BEGIN PRIVATE KEY-----")
    for wrong in (b"other", None):
        assert refusal(SoftwareKey.from_pem, locked, wrong)[0] == "key"


def test_a_key_of_another_kind_or_curve_is_none() -> None:
    others = (
        rsa.generate_private_key(public_exponent=65537, key_size=2048),
        ec.generate_private_key(ec.SECP384R1()),
    )
    for other in others:
        pem = other.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        assert refusal(SoftwareKey.from_pem, pem)[0] == "key"


def test_two_keys_agree_on_one_secret_and_a_third_does_not() -> None:
    secret = KEY.agree(STRANGER.public_key)
    assert secret == STRANGER.agree(KEY.public_key)
    assert len(secret) == 32
    assert secret != SoftwareKey.generate().agree(KEY.public_key)


# Envelopes


def signed(payload: Any) -> bytes:
    return sign_payload(cbor2.dumps(payload, canonical=True), KEY)


PAYLOAD: dict[Any, Any] = cbor2.loads(
    cbor2.loads(sign1.sign(WORD, audience=HERE, signer=KEY)).value[2]
)


def test_an_envelope_says_type_issuer_audience_and_body() -> None:
    said = sign1.peek(sign1.sign(WORD, audience=HERE, signer=KEY))
    assert (said.type, said.issuer, said.audience) == (WORD.TYPE, KEY.public_key.key_id, HERE)
    assert said.body == fields.to_map(WORD)
    assert sign1.name_of(b"x") == hashlib.sha256(b"x").digest()


@pytest.mark.parametrize(
    "payload",
    [
        [],
        {},
        {key: PAYLOAD[key] for key in (0, 1, 2)},
        {**PAYLOAD, 4: 0},
        {**PAYLOAD, 0: b"bytes"},
        {**PAYLOAD, 2: "text"},
        {**PAYLOAD, 2: bytes(33)},
        {**PAYLOAD, 1: "text"},
        {**PAYLOAD, 1: bytes(15)},
        {**PAYLOAD, 1: bytes(17)},
    ],
    ids=str,
)
def test_a_payload_of_another_form_is_no_statement(payload: Any) -> None:
    assert refusal(sign1.peek, signed(payload))[0] == "body"


def test_an_audience_has_at_most_32_bytes() -> None:
    assert sign1.peek(signed({**PAYLOAD, 2: bytes(32)})).audience == bytes(32)


def test_a_body_of_another_form_is_refused_after_its_signature_held() -> None:
    broken = signed({**PAYLOAD, 3: {1: b"short"}})
    named = {"audience": HERE, "key": KEY.public_key}
    code, words = refusal(sign1.verify, Clearance, broken, **named)
    assert code == "body"
    assert WORD.TYPE in words


def parts_of(envelope: bytes) -> list[Any]:
    return list(cbor2.loads(envelope).value)


def envelope(parts: list[Any]) -> bytes:
    return cbor2.dumps(cbor2.CBORTag(18, parts), canonical=True)


ES256 = {1: -7, 4: KEY.public_key.key_id}


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (0, "text", "envelope"),
        (2, "text", "envelope"),
        (3, "text", "envelope"),
        (0, b"\xff", "envelope"),
        (1, {4: KEY.public_key.key_id}, "envelope"),
        (1, [], "envelope"),
        (0, cbor2.dumps([]), "algorithm"),
        (0, cbor2.dumps({1: -7}), "algorithm"),
        (0, cbor2.dumps({4: KEY.public_key.key_id}), "algorithm"),
        (0, cbor2.dumps({**ES256, 2: 0}, canonical=True), "algorithm"),
        (0, cbor2.dumps({**ES256, 1: -8}, canonical=True), "algorithm"),
        (0, cbor2.dumps({**ES256, 4: bytes(16)}, canonical=True), "issuer"),
    ],
)
def test_an_envelope_of_another_form_is_refused(place: int, value: Any, code: str) -> None:
    parts = parts_of(sign1.sign(WORD, audience=HERE, signer=KEY))
    parts[place] = value
    assert refusal(sign1.peek, envelope(parts))[0] == code


def test_an_envelope_has_four_parts() -> None:
    parts = parts_of(sign1.sign(WORD, audience=HERE, signer=KEY))
    for wrong in (parts[:3], [*parts, b""]):
        assert refusal(sign1.peek, envelope(wrong))[0] == "envelope"


# Certificates


def judged(now_s: int | None, **changes: Any) -> Certificate:
    said = Certificate(Purpose.TIME, KEY.public_key.data, "time", NOW_S, NOW_S + DAY_S)
    return certificates.judge(
        CLINIC.certify(replace(said, **changes)),
        purpose=Purpose.TIME,
        clinic_id=CLINIC_ID,
        root=CLINIC.root.public_key,
        now_s=now_s,
    )


@pytest.mark.parametrize(
    ("now_s", "code"),
    [
        (NOW_S - 1, "not_yet"),
        (NOW_S, None),
        (NOW_S + DAY_S, None),
        (NOW_S + DAY_S + 1, "expired"),
        (None, None),
    ],
)
def test_a_certificate_holds_from_its_first_to_its_last_second(
    now_s: int | None, code: str | None
) -> None:
    if code is None:
        assert certificates.key_of(judged(now_s)) == KEY.public_key
    else:
        assert refusal(judged, now_s)[0] == code


def test_without_a_clock_the_purpose_counts_still() -> None:
    code, words = refusal(judged, None, purpose=Purpose.HOLD)
    assert (code, "HOLD" in words) == ("purpose", True)


def test_a_missing_scope_is_named() -> None:
    code, words = refusal(certificates.require_scope, CLINIC.staff_certificate(), Scope.LIFT_HOLD)
    assert (code, "lift_hold" in words) == ("scope", True)
    certificates.require_scope(CLINIC.staff_certificate(), Scope.PRESCRIBE)


# Assertions

DATA = b"what is signed"
DIGEST = digest("circlet/x/v1", DATA)


def asserted(assertion: passkey.Assertion, **certified: Any) -> None:
    certificate = CLINIC.staff_certificate(**certified)
    passkey.verify("circlet/x/v1", DATA, assertion, certificate, Scope.PRESCRIBE)


def by_passkey(*digests: bytes, **ways: Any) -> passkey.Assertion:
    return sign_as_passkey(CLINIC.staff, digests or (DIGEST,), **ways)


def test_the_challenge_is_of_type_and_bytes() -> None:
    assert hashlib.sha256(b"circlet/x/v1" + DATA).digest() == DIGEST
    wanted = hashlib.sha256(b"circlet/list/v1" + cbor2.dumps([DIGEST])).digest()
    assert challenge.challenge((DIGEST,)) == wanted


def test_a_list_has_one_to_sixteen() -> None:
    asserted(by_passkey(DIGEST))
    asserted(replace(by_passkey(*[bytes(32)] * 15, DIGEST), index=15))
    assert refusal(challenge.challenge, (DIGEST,) * 17)[0] == "list"
    assert refusal(challenge.challenge, ())[0] == "list"
    assert refusal(challenge.challenge, (DIGEST, bytes(31)))[0] == "list"


@pytest.mark.parametrize("missing", [{"origin": None}, {"origin": ""}])
def test_a_certificate_that_names_no_origin_certifies_none(missing: dict[str, Any]) -> None:
    assert refusal(asserted, by_passkey(origin=""), **missing)[0] == "origin"
    assert refusal(asserted, by_passkey(), **missing)[0] == "origin"


@pytest.mark.parametrize("missing", [{"rp_id": None}, {"rp_id": ""}])
def test_a_certificate_that_names_no_site_certifies_none(missing: dict[str, Any]) -> None:
    assert refusal(asserted, by_passkey(rp_id=""), **missing)[0] == "rp_id"


@pytest.mark.parametrize(
    ("flags", "certified", "code"),
    [
        (0x05, False, None),
        (0x05, None, None),
        (0x0D, True, None),
        (0x85, False, None),
        (0x05, True, "backup"),
        (0x0D, False, "backup"),
        (0x0D, None, "backup"),
        (0x04, False, "user"),
        (0x01, False, "user"),
        (0x00, False, "user"),
    ],
)
def test_somebody_was_present_and_verified_by_a_passkey_as_certified(
    flags: int, certified: bool | None, code: str | None
) -> None:
    assertion = by_passkey(flags=flags)
    if code is None:
        asserted(assertion, backup_eligible=certified)
    else:
        assert refusal(asserted, assertion, backup_eligible=certified)[0] == code


def client_data(change: tuple[bytes, bytes]) -> passkey.Assertion:
    plain = by_passkey()
    return replace(plain, client_data=plain.client_data.replace(*change))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ((b"webauthn.get", b"webauthn.got"), "type"),
        ((b'"challenge":"', b'"challenge":"A'), "challenge"),
        ((b'","origin"', b'A","origin"'), "challenge"),
        ((b',"origin":"http', b',"origin":"xttp'), "origin"),
        ((b':8123"', b':8123/"'), "origin"),
        ((b':8123"', b":8123"), "origin"),
        ((b'"crossOrigin":false', b'"crossOrigin":true'), "cross_origin"),
        ((b'"crossOrigin":false}', b'"crossOrigin":falsely}'), "cross_origin"),
        ((b'"crossOrigin":false}', b'"crossOrigin":false,"x":1}'), "signature"),
        ((b'"crossOrigin":false}', b'"crossOrigin":false} '), "signature"),
    ],
)
def test_client_data_is_compared_to_the_letter(change: tuple[bytes, bytes], code: str) -> None:
    assert refusal(asserted, client_data(change))[0] == code


# Staff words

LIFT = LiftHold(b"d" * 16, ())


def staff_word(data: bytes, kind: Any = LiftHold, **certified: Any) -> Any:
    assertion = sign_as_passkey(CLINIC.staff, (digest(kind.TYPE, data),))
    certificate = CLINIC.staff_certificate(**{"scopes": (kind.SCOPE,)} | certified)
    word = SignedWord(data, assertion, b"certificate")
    return staff_words.verify(kind, word, certificate)


def test_a_staff_word_holds_under_its_type_and_scope() -> None:
    assert staff_word(fields.pack(LIFT)) == LIFT
    over = HandOver(b"d" * 16, b"e" * 16, 1, b"h" * 32, HandOverPurpose.RESET)
    assert staff_word(fields.pack(over), HandOver) == over
    wrong = {"scopes": (Scope.PRESCRIBE,)}
    assert refusal(staff_word, fields.pack(LIFT), **wrong)[0] == "scope"


def test_signed_bytes_that_are_no_such_word_are_refused() -> None:
    code, words = refusal(staff_word, b"\xa0")
    assert code == "body"
    assert LiftHold.TYPE in words


# Sealing


def test_a_sealed_item_names_its_recipient_and_one_curve() -> None:
    sealed = sealing.seal(b"word", to=KEY.public_key, context=b"c")
    item = fields.unpack(sealing.Sealed, sealed)
    assert item.key_id == KEY.public_key.key_id
    assert len(item.encapsulated) == 65
    assert len(item.ciphertext) == len(b"word") + 16
    again = fields.pack(replace(item, encapsulated=bytes(65)))
    assert refusal(sealing.open_sealed, again, key=KEY, context=b"c")[0] == "sealed"
    assert refusal(sealing.open_sealed, b"", key=KEY, context=b"c")[0] == "sealed"
    renamed = fields.pack(replace(item, key_id=STRANGER.public_key.key_id))
    assert refusal(sealing.open_sealed, renamed, key=STRANGER, context=b"c")[0] == "sealed"


def test_any_hpke_with_these_words_opens_what_is_sealed() -> None:
    """RFC 9180, base mode, P-256, HKDF-SHA-256, AES-256-GCM, by its own words."""
    sealed = sealing.seal(b"word", to=KEY.public_key, context=b"c")
    item = fields.unpack(sealing.Sealed, sealed)
    suite = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
    private = KEMKey.from_pem(KEY.to_pem())
    opening = suite.create_recipient_context(item.encapsulated, private, info=b"circlet/sealed/v1")
    assert opening.open(item.ciphertext, aad=b"c") == b"word"


# Session keys


def test_a_command_is_authenticated_as_written_down() -> None:
    message = cbor2.dumps([19, b"s" * 16, 1, 7], canonical=True)
    wanted = hmac.digest(b"k" * 32, message, "sha256")[:16]
    writer = session_key.CommandWriter(b"k" * 32, b"s" * 16)
    assert writer.seal(19, 7) == (1, wanted)
    plain = session_key.mac(b"k" * 32, operation=19, session_id=b"s" * 16, counter=2, value=0)
    assert writer.seal(19) == (2, plain)


def test_a_value_is_part_of_what_is_authenticated() -> None:
    counter, made = session_key.CommandWriter(b"k" * 32, b"s" * 16).seal(19, 7)
    reader = session_key.CommandReader(b"k" * 32, b"s" * 16)
    for value in (0, 6, 8):
        assert refusal(reader.check, 19, counter, made, value)[0] == "mac"
    reader.check(19, counter, made, 7)
    assert refusal(reader.check, 19, counter, made, 7)[0] == "replay"


def test_the_first_command_counts_from_one() -> None:
    made = session_key.mac(b"k" * 32, operation=19, session_id=b"s" * 16, counter=0, value=0)
    reader = session_key.CommandReader(b"k" * 32, b"s" * 16)
    assert refusal(reader.check, 19, 0, made)[0] == "replay"


def test_a_session_key_has_32_bytes_and_is_made_as_written_down() -> None:
    info = b"circlet/session/v1" + b"".join(
        hashlib.sha256(part).digest() for part in (b"arm", b"answer")
    )
    wanted = HKDF(hashes.SHA256(), 32, salt=None, info=info)
    derived = session_key.derive(KEY, STRANGER.public_key, b"arm", b"answer")
    assert derived == wanted.derive(KEY.agree(STRANGER.public_key))

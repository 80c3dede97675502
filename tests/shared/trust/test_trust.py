"""Who may say what: each way in which a signed word is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cbor2
import pytest

from shared.dose import prescription as prescriptions
from shared.trust import certificates, challenge, passkey, sealing, session_key, sign1
from shared.trust.challenge import PRESCRIPTION_TYPE, digest
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey, raw_signature
from shared.trust.passkey import Assertion
from shared.trust.statements import (
    Assignment,
    Certificate,
    Clearance,
    Purpose,
    Scope,
    TimeToken,
)
from tests.shared.clinic import CLINIC_ID, DAY_S, NOW_S, Clinic, itbs, sign_as_passkey

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
KEY, STRANGER = SoftwareKey.generate(), SoftwareKey.generate()
WORD = Clearance(b"n" * 16, NOW_S, 1, 0, 0)
SIGNED = sign1.sign(WORD, audience=b"here", signer=KEY)
CLINIC = Clinic()
DATA = prescriptions.to_bytes(itbs())
DIGEST = digest(PRESCRIPTION_TYPE, DATA)


def code_of(act: Callable[[], object]) -> str:
    """Return the code with which something is refused."""
    with pytest.raises(TrustError) as refused:
        act()
    assert str(refused.value)
    return refused.value.code


def verified(envelope: bytes = SIGNED, **changes: Any) -> Clearance:
    named: dict[str, Any] = {"audience": b"here", "key": KEY.public_key, **changes}
    return sign1.verify(Clearance, envelope, **named)


def reassembled(**changes: Any) -> bytes:
    """Return the envelope with one of its four parts changed, unsigned anew."""
    protected, unprotected, payload, signature = cbor2.loads(SIGNED).value
    parts = {
        "protected": protected,
        "unprotected": unprotected,
        "payload": payload,
        "signature": signature,
    }
    return cbor2.dumps(cbor2.CBORTag(18, list((parts | changes).values())), canonical=True)


class TestStatement:
    """COSE_Sign1 of typed statements."""

    def test_it_comes_back_as_it_was_signed(self) -> None:
        assert verified() == WORD
        assert reassembled() == SIGNED

    def test_another_type_is_not_accepted_in_its_place(self) -> None:
        token = sign1.sign(TimeToken(b"n" * 16, 1), audience=b"here", signer=KEY)
        assert code_of(lambda: verified(token)) == "type"

    def test_for_another_audience_it_is_worth_nothing(self) -> None:
        assert code_of(lambda: verified(audience=b"there")) == "audience"

    def test_by_another_key_it_is_worth_nothing(self) -> None:
        assert code_of(lambda: verified(key=STRANGER.public_key)) == "issuer"

    def test_another_signature_does_not_do(self) -> None:
        other = cbor2.loads(sign1.sign(WORD, audience=b"here", signer=STRANGER)).value[3]
        assert code_of(lambda: verified(reassembled(signature=other))) == "signature"

    def test_a_changed_statement_is_refused(self) -> None:
        payload = cbor2.loads(SIGNED).value[2]
        changed = cbor2.loads(payload)
        changed[3][3] = 2
        forged = reassembled(payload=cbor2.dumps(changed, canonical=True))
        assert code_of(lambda: verified(forged)) == "signature"

    def test_the_second_form_of_a_signature_is_refused(self) -> None:
        signature = cbor2.loads(SIGNED).value[3]
        s = ORDER - int.from_bytes(signature[32:], "big")
        second = signature[:32] + s.to_bytes(32, "big")
        assert code_of(lambda: verified(reassembled(signature=second))) == "signature"

    def test_parts_that_nothing_signs_are_refused(self) -> None:
        assert code_of(lambda: verified(reassembled(unprotected={9: 1}))) == "envelope"

    def test_another_algorithm_is_refused(self) -> None:
        header = cbor2.loads(cbor2.loads(SIGNED).value[0])
        other = cbor2.dumps({**header, 1: -35}, canonical=True)
        assert code_of(lambda: verified(reassembled(protected=other))) == "algorithm"

    def test_a_second_spelling_of_the_envelope_is_refused(self) -> None:
        assert SIGNED[:2] == b"\xd2\x84"
        spelled = b"\xd2\x9f" + SIGNED[2:] + b"\xff"
        assert code_of(lambda: verified(spelled)) == "envelope"
        assert code_of(lambda: verified(SIGNED + b"\x00")) == "envelope"
        assert code_of(lambda: verified(SIGNED[1:])) == "envelope"

    def test_a_giant_is_refused_before_it_is_read(self) -> None:
        assert code_of(lambda: verified(bytes(5000))) == "size"


class TestKey:
    """P-256 keys and raw signatures."""

    def test_a_signature_is_over_one_message(self) -> None:
        signature = KEY.sign(b"yes")
        KEY.public_key.verify(signature, b"yes")
        assert code_of(lambda: KEY.public_key.verify(signature, b"no")) == "signature"
        assert code_of(lambda: STRANGER.public_key.verify(signature, b"yes")) == "signature"
        assert code_of(lambda: KEY.public_key.verify(signature[:-1], b"yes")) == "signature"

    def test_signatures_are_made_with_low_s_only(self) -> None:
        for _ in range(16):
            assert int.from_bytes(KEY.sign(b"x")[32:], "big") <= ORDER // 2

    @pytest.mark.parametrize(
        "data", [b"", b"\x02" * 32, b"\x05" + bytes(32), b"\x02" + b"\xff" * 32]
    )
    def test_what_is_no_point_is_no_key(self, data: bytes) -> None:
        assert code_of(lambda: PublicKey(data)) == "key"

    def test_a_key_survives_its_file(self) -> None:
        assert SoftwareKey.from_pem(KEY.to_pem()).public_key == KEY.public_key
        assert code_of(lambda: SoftwareKey.from_pem(b"nothing")) == "key"

    def test_what_is_no_der_signature_is_refused(self) -> None:
        assert code_of(lambda: raw_signature(b"nothing")) == "signature"
        assert code_of(lambda: raw_signature(bytes.fromhex("3006020100020101"))) == "signature"

    def test_fingerprints_are_for_two_people_to_compare(self) -> None:
        groups = KEY.public_key.fingerprint.split(" ")
        assert [len(group) for group in groups] == [4] * 8


class TestCertificate:
    """One key, one purpose."""

    def judge(self, **changes: Any) -> Certificate:
        named: dict[str, Any] = {
            "purpose": Purpose.STAFF,
            "clinic_id": CLINIC_ID,
            "root": CLINIC.root.public_key,
            "now_s": NOW_S,
            **changes,
        }
        return certificates.judge(CLINIC.certify(CLINIC.staff_certificate()), **named)

    def test_it_holds_for_its_purpose_and_time(self) -> None:
        assert certificates.key_of(self.judge()) == CLINIC.staff.public_key
        assert self.judge(now_s=None).purpose is Purpose.STAFF

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"purpose": Purpose.TIME}, "purpose"),
            ({"clinic_id": b"elsewhere"}, "audience"),
            ({"root": STRANGER.public_key}, "issuer"),
            ({"now_s": NOW_S + 401 * DAY_S}, "expired"),
            ({"now_s": NOW_S - 2 * DAY_S}, "not_yet"),
        ],
    )
    def test_outside_of_them_it_does_not(self, changes: dict[str, Any], code: str) -> None:
        assert code_of(lambda: self.judge(**changes)) == code

    def test_a_statement_is_no_certificate(self) -> None:
        envelope = sign1.sign(
            Assignment(bytes(16), "T.P.", 1), audience=CLINIC_ID, signer=CLINIC.root
        )
        refused = code_of(
            lambda: certificates.judge(
                envelope,
                purpose=Purpose.STAFF,
                clinic_id=CLINIC_ID,
                root=CLINIC.root.public_key,
                now_s=NOW_S,
            )
        )
        assert refused == "type"


class TestAssertion:
    """R18: a clinician's passkey over exactly these bytes."""

    def check(
        self,
        assertion: Assertion,
        *,
        data: bytes = DATA,
        scope: Scope = Scope.PRESCRIBE,
        **certified: Any,
    ) -> None:
        certificate = CLINIC.staff_certificate(**certified)
        passkey.verify(PRESCRIPTION_TYPE, data, assertion, certificate, scope)

    def signed(self, *digests: bytes, **ways: Any) -> Assertion:
        return sign_as_passkey(CLINIC.staff, digests or (DIGEST,), **ways)

    def test_the_prescribers_word_holds(self) -> None:
        self.check(self.signed())

    def test_each_statement_of_a_list_holds_at_its_place(self) -> None:
        listed = self.signed(bytes(32), DIGEST)
        self.check(replace(listed, index=1))
        assert code_of(lambda: self.check(listed)) == "bytes"
        assert code_of(lambda: self.check(replace(listed, index=2))) == "list"

    def test_a_list_whose_digests_were_exchanged_is_refused(self) -> None:
        swapped = replace(self.signed(bytes(32)), digests=(DIGEST,))
        assert code_of(lambda: self.check(swapped)) == "challenge"

    def test_other_bytes_are_refused(self) -> None:
        other = prescriptions.to_bytes(itbs(serial=2))
        assert code_of(lambda: self.check(self.signed(), data=other)) == "bytes"

    def test_the_same_bytes_as_another_type_are_refused(self) -> None:
        listed = self.signed(digest("circlet/lift-hold/v1", DATA))
        assert code_of(lambda: self.check(listed)) == "bytes"

    @pytest.mark.parametrize(
        ("ways", "code"),
        [
            ({"origin": "http://cloud.localhost:8000"}, "origin"),
            ({"origin": "http://desk.localhost:8123.evil.example"}, "origin"),
            ({"origin": "http://desk.localhost:812"}, "origin"),
            ({"rp_id": "cloud.localhost"}, "rp_id"),
            ({"cross_origin": True}, "cross_origin"),
            ({"flags": 0x01}, "user"),
            ({"flags": 0x04}, "user"),
            ({"flags": 0x0D}, "backup"),
        ],
    )
    def test_made_elsewhere_or_by_nobody_it_is_refused(
        self, ways: dict[str, Any], code: str
    ) -> None:
        assert code_of(lambda: self.check(self.signed(**ways))) == code

    def test_a_copied_passkey_holds_where_it_is_certified_as_such(self) -> None:
        self.check(self.signed(flags=0x1D), backup_eligible=True)

    def test_a_key_without_the_scope_is_refused(self) -> None:
        assert code_of(lambda: self.check(self.signed(), scopes=(Scope.SUPERVISE,))) == "scope"
        assert code_of(lambda: self.check(self.signed(), scope=Scope.LIFT_HOLD)) == "scope"

    def test_another_key_is_refused(self) -> None:
        by_stranger = sign_as_passkey(STRANGER, (DIGEST,))
        assert code_of(lambda: self.check(by_stranger)) == "signature"

    @pytest.mark.parametrize("place", [5, 36])
    def test_changed_authenticator_data_is_refused(self, place: int) -> None:
        plain = self.signed()
        changed = bytearray(plain.authenticator_data)
        changed[place] ^= 1
        refused = code_of(lambda: self.check(replace(plain, authenticator_data=bytes(changed))))
        assert refused in {"rp_id", "signature"}

    def test_a_registration_is_no_signature(self) -> None:
        plain = self.signed()
        created = plain.client_data.replace(b"webauthn.get", b"webauthn.create")
        assert code_of(lambda: self.check(replace(plain, client_data=created))) == "type"

    def test_client_data_that_says_nothing_of_cross_origin_is_refused(self) -> None:
        plain = self.signed()
        short = plain.client_data.replace(b',"crossOrigin":false', b"")
        assert code_of(lambda: self.check(replace(plain, client_data=short))) == "cross_origin"

    def test_what_follows_the_prefix_is_ignored_but_signed(self) -> None:
        plain = self.signed()
        longer = plain.client_data[:-1] + b',"other":1}'
        assert code_of(lambda: self.check(replace(plain, client_data=longer))) == "signature"

    @pytest.mark.parametrize("digests", [(), (bytes(31),), (bytes(32),) * 17])
    def test_a_list_has_1_to_16_digests_of_32_bytes(self, digests: tuple[bytes, ...]) -> None:
        assert code_of(lambda: challenge.challenge(digests)) == "list"


class TestSealing:
    """HPKE to one key, in one context."""

    def test_it_opens_for_its_key_in_its_context_only(self) -> None:
        sealed = sealing.seal(b"word", to=KEY.public_key, context=b"patient a")
        assert sealing.open_sealed(sealed, key=KEY, context=b"patient a") == b"word"
        other = code_of(lambda: sealing.open_sealed(sealed, key=KEY, context=b"patient b"))
        assert other == "sealed"
        stranger = code_of(lambda: sealing.open_sealed(sealed, key=STRANGER, context=b"patient a"))
        assert stranger == "recipient"

    def test_a_changed_byte_opens_nothing(self) -> None:
        sealed = sealing.seal(b"word", to=KEY.public_key, context=b"c")
        for place in (3, 40, len(sealed) - 1):
            changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
            with pytest.raises(TrustError):
                sealing.open_sealed(changed, key=KEY, context=b"c")

    def test_the_same_word_twice_looks_different(self) -> None:
        twice = {sealing.seal(b"word", to=KEY.public_key, context=b"c") for _ in range(2)}
        assert len(twice) == 2


class TestSessionKey:
    """R10: one armed session, counted commands."""

    def test_both_sides_derive_the_same_key_and_no_other_messages_do(self) -> None:
        app, band = SoftwareKey.generate(), SoftwareKey.generate()
        ours = session_key.derive(app, band.public_key, b"arm", b"answer")
        theirs = session_key.derive(band, app.public_key, b"arm", b"answer")
        assert ours == theirs
        assert session_key.derive(app, band.public_key, b"arm", b"other") != ours
        assert session_key.derive(app, band.public_key, b"other", b"answer") != ours

    def test_a_command_counts_once_and_in_order(self) -> None:
        writer = session_key.CommandWriter(b"k" * 32, b"s" * 16)
        reader = session_key.CommandReader(b"k" * 32, b"s" * 16)
        first, second = writer.seal(19), writer.seal(19)
        reader.check(19, *second)
        assert code_of(lambda: reader.check(19, *second)) == "replay"
        assert code_of(lambda: reader.check(19, *first)) == "replay"
        reader.check(15, *writer.seal(15))

    def test_a_command_is_for_one_operation_session_counter_and_key(self) -> None:
        writer = session_key.CommandWriter(b"k" * 32, b"s" * 16)
        counter, mac = writer.seal(19)
        reader = session_key.CommandReader(b"k" * 32, b"s" * 16)
        assert code_of(lambda: reader.check(14, counter, mac)) == "mac"
        assert code_of(lambda: reader.check(19, counter + 1, mac)) == "mac"
        for key, session_id in ((b"k" * 32, b"t" * 16), (b"l" * 32, b"s" * 16)):
            other = session_key.CommandReader(key, session_id)
            assert code_of(lambda of=other: of.check(19, counter, mac)) == "mac"  # type: ignore[misc]
        reader.check(19, counter, mac)

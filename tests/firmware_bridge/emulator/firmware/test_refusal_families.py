"""What many operations refuse alike, each of them driven with each code of the family.

The families stand in scripts/operation_refusals.py and, by them, under each operation of
docs/protocol.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scripts.operation_refusals import (
    APP,
    ASSERTION,
    CERTIFICATE,
    CONTROL,
    FAMILIES,
    NONCE,
    OWNER,
    REFUSALS,
    SEALED,
    STAFF,
    STATEMENT,
    VALID_APP,
)
from shared.dose import prescription as prescriptions
from shared.trust.challenge import PRESCRIPTION_TYPE, digest
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.passkey import Assertion
from shared.trust.staff_words import HandOver, HandOverPurpose, SignedWord
from shared.trust.statements import (
    HoldKind,
    HoldSource,
    PlaceHold,
    Revocation,
    RevocationKind,
    Scope,
)
from shared.wire import fields, operations
from shared.wire.items import SignedPrescription
from shared.wire.operations import (
    ENDS_A_PAUSE,
    NONCE_LIFE_MS,
    TABLE,
    Answer,
    BlobKind,
    NoncePurpose,
    Operation,
    SealedArguments,
    SealedPercentArguments,
    StatementArguments,
    StatusCode,
)
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.offers import (
    Said,
    broken_assertions,
    broken_certificates,
    broken_envelopes,
    server_certificate,
    staff_certificate,
)
from tests.firmware_bridge.emulator.firmware.refusing import code
from tests.firmware_bridge.emulator.firmware.safe import SERVERS, Safe
from tests.firmware_bridge.emulator.firmware.test_owners import let_go, reset, retire
from tests.firmware_bridge.emulator.firmware.words import (
    APPS_HOLD,
    ASSIGNMENT,
    ENROLMENT,
    INSTALL,
    STAFF_WORDS,
    STATEMENTS,
)
from tests.shared.clinic import DEVICE_ID, sign_as_passkey

NO_OWNER_MS = 401 * 86_400_000
"""Behind the end of every enrolment."""


def with_family(*names: str) -> list[Operation]:
    """Operations that refuse with one of these families."""
    return [each for each in TABLE if set(names) & set(REFUSALS[each].families)]


def named(operation: Operation) -> str:
    return operation.name.lower()


def give(band: Band, operation: Operation, envelope: bytes, certificate: bytes | None) -> Answer:
    """Offer a statement with its certificate, in the way that the operation takes them."""
    if operation in STATEMENTS:
        return band.ask(operation, StatementArguments(envelope, certificate))
    if operation is Operation.PROVISION:
        let_go(band)
        band.blob(BlobKind.ASSIGNMENT, envelope)
    else:
        band.blob(BlobKind.ENROLMENT, envelope)
    band.blob(BlobKind.CERTIFICATE, certificate or b"none")
    return band.ask(operation)


def word_of(operation: Operation) -> Any:
    """The word that an operation carries."""
    carried = {Operation.PROVISION: ASSIGNMENT, Operation.AUTHORIZE_APP: ENROLMENT}
    return carried.get(operation) or STATEMENTS[operation]


def said(band: Band, operation: Operation) -> Said:
    """The operation's word, by whom it should be."""
    word = word_of(operation)
    return Said(word.make(band), word.audience, Safe(band.clinic)[word.rightful].key)


def rightful_certificate(band: Band, operation: Operation) -> bytes | None:
    return Safe(band.clinic)[word_of(operation).rightful].certificate


def held(band: Band) -> None:
    """An app's hold stands, so that it can be confirmed or taken back."""
    hold = PlaceHold(APPS_HOLD, HoldKind.REST, HoldSource.APP, "patient", 0)
    band.app_says(Operation.PLACE_HOLD, hold)


def staff_data(band: Band, operation: Operation) -> tuple[str, bytes, Scope]:
    """Type, bytes and scope of what staff sign for an operation."""
    if operation is Operation.INSTALL:
        data = prescriptions.to_bytes(INSTALL.make(band))
        return PRESCRIPTION_TYPE, data, Scope.PRESCRIBE
    if operation is Operation.PROVISION:
        head = band.head()
        word: Any = HandOver(
            DEVICE_ID, head.epoch, head.number, head.hash, HandOverPurpose.ANOTHER_OWNER
        )
    else:
        word = STAFF_WORDS[operation].make(band)
    return word.TYPE, fields.pack(word), word.SCOPE


def give_staff(
    band: Band, operation: Operation, data: bytes, assertion: Assertion, certificate: bytes
) -> Answer:
    """Offer signed bytes as the operation takes them."""
    if operation is Operation.INSTALL:
        packed = fields.pack(SignedPrescription(data, assertion, certificate))
        band.blob(BlobKind.PRESCRIPTION, packed)
    else:
        band.blob(BlobKind.STAFF_WORD, fields.pack(SignedWord(data, assertion, certificate)))
    return band.ask(operation)


BY_PASSKEY = with_family(STAFF, ASSERTION)
BY_STATEMENT = [*STATEMENTS, Operation.AUTHORIZE_APP, Operation.PROVISION]
CERTIFIED = [each for each in with_family(CERTIFICATE) if each is not Operation.INSTALL]


@pytest.mark.parametrize("operation", BY_STATEMENT, ids=named)
def test_envelope_that_is_wrong_in_one_part_is_refused_by_its_name(
    band: Band, operation: Operation
) -> None:
    offered, certificate = said(band, operation), rightful_certificate(band, operation)
    count = len(band.records)
    driven = {}
    for why, envelope in broken_envelopes(offered):
        driven[why] = code(give(band, operation, envelope, certificate))
    assert driven == {why: why for why in FAMILIES[STATEMENT]}
    assert len(band.records) == count


@pytest.mark.parametrize("operation", CERTIFIED, ids=named)
def test_certificate_that_is_wrong_in_one_part_is_refused_by_its_name(
    band: Band, operation: Operation
) -> None:
    envelope = said(band, operation).envelope()
    good = server_certificate(band.clinic, SERVERS[word_of(operation).rightful])
    driven = {
        why: code(give(band, operation, envelope, certificate))
        for why, certificate in broken_certificates(band.clinic, good)
    }
    band.root_says(Operation.REVOKE, revocation(good.public_key))
    whole = band.clinic.certify(good)
    driven["key_revoked"] = code(give(band, operation, envelope, whole))
    assert driven == {why: why for why in FAMILIES[CERTIFICATE]}


@pytest.mark.parametrize("operation", BY_PASSKEY, ids=named)
def test_staff_keys_certificate_is_judged_too(band: Band, operation: Operation) -> None:
    kind, data, scope = staff_data(band, operation)
    assertion = sign_as_passkey(band.clinic.staff, (digest(kind, data),))
    good = staff_certificate(band.clinic, scope)
    driven = {
        why: code(give_staff(band, operation, data, assertion, certificate))
        for why, certificate in broken_certificates(band.clinic, good)
    }
    band.root_says(Operation.REVOKE, revocation(good.public_key))
    kind, data, _ = staff_data(band, operation)
    assertion = sign_as_passkey(band.clinic.staff, (digest(kind, data),))
    whole = band.clinic.certify(good)
    driven["key_revoked"] = code(give_staff(band, operation, data, assertion, whole))
    assert driven == {why: why for why in FAMILIES[CERTIFICATE]}


@pytest.mark.parametrize("operation", BY_PASSKEY, ids=named)
def test_assertion_that_is_wrong_in_one_part_is_refused_by_its_name(
    band: Band, operation: Operation
) -> None:
    kind, data, scope = staff_data(band, operation)
    key, clinic = band.clinic.staff, band.clinic
    certificate = clinic.certify(staff_certificate(clinic, scope))
    driven = {
        why: code(give_staff(band, operation, data, assertion, certificate))
        for why, assertion in broken_assertions(kind, data, key)
    }
    other = next(each for each in Scope if each is not scope)
    without = clinic.certify(staff_certificate(clinic, other))
    good = sign_as_passkey(key, (digest(kind, data),))
    driven["trust_scope"] = code(give_staff(band, operation, data, good, without))
    assert driven == {why: why for why in FAMILIES[ASSERTION]}


@pytest.mark.parametrize("operation", with_family(STAFF), ids=named)
def test_staff_word_that_nobody_can_read_or_date_is_refused(
    band: Band, operation: Operation
) -> None:
    band.unreadable_staff_blob()
    assert code(band.ask(operation)) == "staff_word_unreadable"
    kind, _, scope = staff_data(band, operation)
    clinic, key = band.clinic, band.clinic.staff
    certificate = clinic.certify(staff_certificate(clinic, scope))
    other = b"\xa1\x18\x63\x00"
    assertion = sign_as_passkey(key, (digest(kind, other),))
    assert code(give_staff(band, operation, other, assertion, certificate)) == "trust_body"
    _, data, _ = staff_data(band, operation)
    band.board.clock.break_supply()
    assertion = sign_as_passkey(key, (digest(kind, data),))
    assert code(give_staff(band, operation, data, assertion, certificate)) == "clock_not_trusted"


def revocation(key: bytes) -> Revocation:
    """The root's word that a key counts no more."""
    return Revocation(1, PublicKey(key).key_id, RevocationKind.COMPROMISED, 0, 0)


# Apps


@pytest.fixture
def without_app(tmp_path: Path) -> Band:
    """A band of the clinic with its clock set and no app."""
    band = Band(tmp_path / "bare")
    band.offer_owner(band.clinic, band.clinic.transfer(), band.clinic.assignment())
    band.press()
    band.set_time()
    return band


@pytest.mark.parametrize("operation", with_family(APP, VALID_APP, CONTROL), ids=named)
def test_where_no_app_is_enrolled_none_is_heard(without_app: Band, operation: Operation) -> None:
    assert code(as_app(without_app, operation)) == "no_app"


@pytest.mark.parametrize("operation", with_family(APP, VALID_APP, CONTROL), ids=named)
def test_app_whose_key_was_revoked_is_not_heard(band: Band, operation: Operation) -> None:
    band.root_says(Operation.REVOKE, revocation(band.clinic.app.public_key.data))
    assert code(as_app(band, operation)) == "key_revoked"


@pytest.mark.parametrize("operation", with_family(VALID_APP, CONTROL), ids=named)
def test_app_whose_enrolment_is_over_is_not_heard(band: Band, operation: Operation) -> None:
    band.skip(NO_OWNER_MS)
    assert code(as_app(band, operation)) == "enrolment_expired"


@pytest.mark.parametrize("operation", with_family(CONTROL), ids=named)
def test_app_without_control_is_refused(band: Band, operation: Operation) -> None:
    band.enrol(SoftwareKey.generate(), number=2)
    assert code(as_app(band, operation)) == "not_in_control"


def as_app(band: Band, operation: Operation) -> Answer:
    """Say the operation's word by the clinic's app."""
    if operation is Operation.PLACE_HOLD:
        word: Any = PlaceHold(APPS_HOLD, HoldKind.REST, HoldSource.APP, "patient", 0)
    else:
        word = STATEMENTS[operation].make(band)
    return band.app_says(operation, word)


# Owner, nonces, the session's key


@pytest.mark.parametrize(("end", "why"), [(reset, "not_provisioned"), (retire, "retired")])
def test_band_that_belongs_to_nobody_says_which(
    band: Band, end: Callable[[Band], Answer], why: str
) -> None:
    offers = {operation: whole_offer(band, operation) for operation in with_family(OWNER)}
    assert end(band).status is StatusCode.OK
    assert {operation: code(offer()) for operation, offer in offers.items()} == dict.fromkeys(
        offers, why
    )


def whole_offer(band: Band, operation: Operation) -> Callable[[], Answer]:
    """Return how to offer an operation's word, right in all."""
    if operation in BY_PASSKEY:
        kind, data, scope = staff_data(band, operation)
        certificate = band.clinic.certify(staff_certificate(band.clinic, scope))
        assertion = sign_as_passkey(band.clinic.staff, (digest(kind, data),))
        return partial(give_staff, band, operation, data, assertion, certificate)
    envelope, certified = said(band, operation).envelope(), rightful_certificate(band, operation)
    return partial(give, band, operation, envelope, certified)


@pytest.mark.parametrize("operation", with_family(NONCE), ids=named)
def test_nonce_that_is_unknown_or_too_old_is_refused(band: Band, operation: Operation) -> None:
    if operation in STAFF_WORDS:
        word = STAFF_WORDS[operation].make(band)
        tell: Callable[[Any], Answer] = lambda each: band.staff_says(operation, each)  # noqa: E731
    else:
        word = STATEMENTS[operation].make(band)
        offered, certificate = said(band, operation), rightful_certificate(band, operation)
        tell = lambda each: give(  # noqa: E731
            band, operation, replace(offered, word=each).envelope(), certificate
        )
    assert code(tell(replace(word, nonce=bytes(16)))) == "nonce_unknown"
    fresh = word_with_fresh_nonce(band, operation)
    band.skip(NONCE_LIFE_MS[NONCES[operation]])
    assert code(tell(fresh)) == "nonce_expired"


NONCES = {
    Operation.SET_TIME: NoncePurpose.TIME,
    Operation.CLEARANCE: NoncePurpose.CLEARANCE,
    Operation.GATE_ANSWERS: NoncePurpose.GATE_ANSWERS,
    Operation.ARM: NoncePurpose.ARM,
    Operation.POSTPONE: NoncePurpose.POSTPONE,
    Operation.TAKE_CONTROL: NoncePurpose.CONTROL,
    Operation.RELEASE_CONTROL: NoncePurpose.CONTROL,
    Operation.SUPERVISE: NoncePurpose.SUPERVISE,
    Operation.ATTEST_TIME: NoncePurpose.ATTEST_TIME,
}


def word_with_fresh_nonce(band: Band, operation: Operation) -> Any:
    return ({**STATEMENTS, **STAFF_WORDS})[operation].make(band)


@pytest.mark.parametrize("operation", with_family(SEALED), ids=named)
def test_command_without_the_sessions_key_is_refused(band: Band, operation: Operation) -> None:
    assert code(send(band, operation, 1, bytes(16))) == "not_armed"
    band.arm()
    assert code(send(band, operation, 1, bytes(16))) == "trust_mac"
    assert band.writer is not None
    percent = TABLE[operation].arguments is SealedPercentArguments
    sealed = band.writer.seal(int(operation), PERCENT if percent else 0)
    assert band.firmware.status().pauses == 0 or operation not in ENDS_A_PAUSE
    assert band.sealed(Operation.BEAT).status is StatusCode.OK
    assert code(send(band, operation, *sealed)) == "trust_replay"


PERCENT = 40


def send(band: Band, operation: Operation, counter: int, mac: bytes) -> Answer:
    """Send a counter and MAC as the operation takes them."""
    if TABLE[operation].arguments is operations.SealedPercentArguments:
        return band.ask(operation, SealedPercentArguments(counter, mac, PERCENT))
    return band.ask(operation, SealedArguments(counter, mac))

"""Statements that must not count: each is right but for one thing."""

from __future__ import annotations

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import refused, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from firmware_bridge.demo.keys import Role
from shared.trust import sign1
from shared.trust.statements import Clearance, Purpose, TimeToken
from shared.wire import canonical
from shared.wire.operations import (
    TABLE,
    NoncePurpose,
    Operation,
    StatementArguments,
    StatusCode,
)

checks = Checks(Need.ENROLLED)

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SIGNED_BY_STATEMENT = tuple(
    operation for operation, row in TABLE.items() if row.arguments is StatementArguments
)
BY_BLOB = {
    Operation.INSTALL: "no_prescription",
    Operation.LIFT_HOLD: "no_staff_word",
    Operation.SUPERVISE: "no_staff_word",
    Operation.ATTEST_TIME: "no_staff_word",
    Operation.RESET: "no_staff_word",
    Operation.RETIRE: "no_staff_word",
    Operation.AUTHORIZE_APP: "no_enrolment",
}
_CERTIFICATE = {
    Operation.SET_TIME: Purpose.TIME,
    Operation.CLEARANCE: Purpose.CLEARANCE,
    Operation.CONFIRM_HOLD: Purpose.HOLD,
    Operation.RECEIPT: Purpose.RECEIPT,
}


@checks.add(Section.STATEMENTS, *SIGNED_BY_STATEMENT)
async def junk(bench: Bench) -> None:
    """No operation takes bytes that are no statement."""
    phone = await bench.phone()
    for operation in SIGNED_BY_STATEMENT:
        purpose = _CERTIFICATE.get(operation)
        certificate = None if purpose is None else bench.demo.certificate(purpose)
        asked = phone.say(operation, b"no statement", certificate)
        await refused(asked, StatusCode.NOT_TRUSTED, "trust_envelope")


@checks.add(Section.STATEMENTS, *BY_BLOB)
async def without_blob(bench: Bench) -> None:
    """No operation that needs a blob goes without."""
    phone = await bench.phone()
    for operation, code in BY_BLOB.items():
        await refused(phone.ask(operation), StatusCode.WRONG_STATE, code)


@checks.add(Section.STATEMENTS, Operation.SET_TIME)
async def without_certificate(bench: Bench) -> None:
    """A key of the clinic's needs its certificate beside the statement."""
    phone = await bench.phone()
    token = bench.demo.time(await phone.client.nonce(NoncePurpose.TIME))
    asked = phone.say(Operation.SET_TIME, token)
    await refused(asked, StatusCode.NOT_TRUSTED, "no_certificate")


@checks.add(Section.STATEMENTS, Operation.SET_TIME)
async def changed_byte(bench: Bench) -> None:
    """A changed byte of what is signed doesn't count."""
    token = bytearray(await _token(bench))
    place = bytes(token).rindex(b"\x58\x40") - 1
    token[place] ^= 1
    await _refused(bench, bytes(token), "trust_signature", "trust_body", "trust_envelope")


@checks.add(Section.STATEMENTS, Operation.SET_TIME)
async def second_signature(bench: Bench) -> None:
    """The second, malleable form of a signature doesn't count."""
    token = await _token(bench)
    s = _ORDER - int.from_bytes(token[-32:], "big")
    await _refused(bench, token[:-32] + s.to_bytes(32, "big"), "trust_signature")


@checks.add(Section.STATEMENTS, Operation.SET_TIME)
async def for_another_band(bench: Bench) -> None:
    """A statement to another band doesn't count."""
    phone = await bench.phone()
    nonce = await phone.client.nonce(NoncePurpose.TIME)
    key = bench.demo.keys.private[Role.TIME]
    token = TimeToken(nonce, bench.clock.wall_ms())
    await _refused(bench, sign1.sign(token, audience=bytes(16), signer=key), "trust_audience")


@checks.add(Section.STATEMENTS, Operation.SET_TIME)
async def of_another_type(bench: Bench) -> None:
    """A statement of one type is nothing in the place of another."""
    phone = await bench.phone()
    nonce = await phone.client.nonce(NoncePurpose.TIME)
    word = Clearance(nonce, bench.demo.now_s, 0, 0, 0)
    await _refused(bench, bench.demo.by(Role.TIME, word), "trust_type")


@checks.add(Section.STATEMENTS, Operation.SET_TIME)
async def by_another_key(bench: Bench) -> None:
    """A statement by another key than the certified one doesn't count."""
    phone = await bench.phone()
    nonce = await phone.client.nonce(NoncePurpose.TIME)
    token = TimeToken(nonce, bench.clock.wall_ms())
    await _refused(bench, bench.demo.by(Role.HOLD, token), "trust_issuer")


@checks.add(Section.STATEMENTS, Operation.SET_TIME)
async def unsigned_part(bench: Bench) -> None:
    """An envelope with a part that nothing signs doesn't count."""
    token = await _token(bench)
    protected, _, payload, signature = canonical.decode(token[1:])
    fuller = token[:1] + canonical.encode([protected, {4: b"x"}, payload, signature])
    await _refused(bench, fuller, "trust_envelope")


@checks.add(Section.STATEMENTS, Operation.SET_TIME)
async def certified_for_another_purpose(bench: Bench) -> None:
    """A key that is certified for another purpose doesn't count."""
    phone = await bench.phone()
    token = TimeToken(await phone.client.nonce(NoncePurpose.TIME), bench.clock.wall_ms())
    statement = bench.demo.by(Role.HOLD, token)
    asked = phone.say(Operation.SET_TIME, statement, bench.demo.certificate(Purpose.HOLD))
    await refused(asked, StatusCode.NOT_TRUSTED, "trust_purpose")


@checks.add(Section.STATEMENTS, Operation.CLEARANCE)
async def certificate_ended(bench: Bench) -> None:
    """A key whose certificate has ended doesn't count."""
    phone, clinic = await bench.phone(), bench.demo
    word = clinic.clearance(await phone.client.nonce(NoncePurpose.CLEARANCE), serial=0)
    certificate = clinic.expired_certificate(Purpose.CLEARANCE)
    asked = phone.say(Operation.CLEARANCE, word, certificate)
    await refused(asked, StatusCode.NOT_TRUSTED, "trust_expired")


@checks.add(Section.STATEMENTS, Operation.HELLO)
async def nothing_of_it(bench: Bench) -> None:
    """Refused words change nothing: the clock stays trusted, the app in control."""
    said = await (await bench.phone()).client.hello()
    own = bench.demo.keys.private[Role.APP].public_key.key_id
    same((said.clock_trusted, said.control_key_id), (True, own), "clock and control")


async def _token(bench: Bench) -> bytes:
    phone = await bench.phone()
    return bench.demo.time(await phone.client.nonce(NoncePurpose.TIME))


async def _refused(bench: Bench, statement: bytes, *codes: str) -> None:
    phone = await bench.phone()
    certificate = bench.demo.certificate(Purpose.TIME)
    asked = phone.say(Operation.SET_TIME, statement, certificate)
    await refused(asked, StatusCode.NOT_TRUSTED, *codes)

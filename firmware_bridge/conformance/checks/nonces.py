"""Nonces: fresh, for one purpose, used once; and the statements that answer them."""

from __future__ import annotations

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import expect, refused, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from shared.trust.statements import NONCE_BYTES, Purpose
from shared.wire.operations import NoncePurpose, Operation, StatementArguments, StatusCode

fresh = Checks(Need.BONDED)
used = Checks(Need.OWNED)

_AGAIN_GIVEN = NoncePurpose.ATTEST_TIME


@fresh.add(Section.NONCES, Operation.NONCE)
async def each_its_own(bench: Bench) -> None:
    """Each purpose has nonces of 128 bits, and no two are the same."""
    phone = await bench.phone()
    purposes = [each for each in NoncePurpose if each is not _AGAIN_GIVEN]
    given = [await phone.client.nonce(purpose) for purpose in purposes * 2]
    same({len(nonce) for nonce in given}, {NONCE_BYTES}, "lengths")
    same(len(set(given)), len(given), "different nonces")


@used.add(Section.NONCES, Operation.SET_TIME)
async def once(bench: Bench) -> None:
    """A nonce is used once: the same statement again is refused."""
    phone, certificate = await bench.phone(), bench.demo.certificate(Purpose.TIME)
    token = bench.demo.time(await phone.client.nonce(NoncePurpose.TIME))
    await phone.say(Operation.SET_TIME, token, certificate)
    again = phone.say(Operation.SET_TIME, token, certificate)
    await refused(again, StatusCode.NONCE_UNKNOWN, "nonce_unknown")


@used.add(Section.NONCES, Operation.SET_TIME)
async def newest_only(bench: Bench) -> None:
    """A newer nonce of the same purpose voids the older."""
    phone, certificate = await bench.phone(), bench.demo.certificate(Purpose.TIME)
    token = bench.demo.time(await phone.client.nonce(NoncePurpose.TIME))
    await phone.client.nonce(NoncePurpose.TIME)
    old = phone.say(Operation.SET_TIME, token, certificate)
    await refused(old, StatusCode.NONCE_UNKNOWN, "nonce_unknown")


@used.add(Section.NONCES, Operation.SET_TIME)
async def for_its_purpose(bench: Bench) -> None:
    """A nonce for one purpose answers no other."""
    phone, certificate = await bench.phone(), bench.demo.certificate(Purpose.TIME)
    token = bench.demo.time(await phone.client.nonce(NoncePurpose.CLEARANCE))
    other = phone.say(Operation.SET_TIME, token, certificate)
    await refused(other, StatusCode.NONCE_UNKNOWN, "nonce_unknown")


@used.add(Section.NONCES, Operation.NONCE)
async def attested_time(bench: Bench) -> None:
    """The nonce of ATTEST_TIME is given again to whoever asks."""
    phone = await bench.phone()
    first, again = [await phone.client.nonce(NoncePurpose.ATTEST_TIME) for _ in range(2)]
    expect(first == again, "the same nonce", "another")


@used.add(Section.NONCES, Operation.CLEARANCE)
async def refused_first(bench: Bench) -> None:
    """A statement whose signature doesn't hold uses no nonce up."""
    phone, clinic = await bench.phone(), bench.demo
    serial = (await phone.client.hello()).serial
    certificate = clinic.certificate(Purpose.CLEARANCE)
    word = clinic.clearance(await phone.client.nonce(NoncePurpose.CLEARANCE), serial=serial)
    broken = word[:-1] + bytes([word[-1] ^ 1])
    asked = phone.ask(Operation.CLEARANCE, StatementArguments(broken, certificate))
    await refused(asked, StatusCode.NOT_TRUSTED, "trust_signature")
    await phone.say(Operation.CLEARANCE, word, certificate)

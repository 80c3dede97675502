"""The emulator with one rule broken on purpose: `broken_band.py FAULT run ...`, options as ever."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import cbor2
from bumble.att import Attribute

from firmware_bridge.emulator import cli
from firmware_bridge.emulator.face import records as record_access
from firmware_bridge.emulator.face import services
from firmware_bridge.emulator.face.link import PhoneLink
from firmware_bridge.emulator.firmware import commands, session_commands
from firmware_bridge.emulator.firmware.blobs import Blobs
from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.holds import Holds
from firmware_bridge.emulator.firmware.nonces import Nonces
from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.treatment import Treatment
from firmware_bridge.emulator.update import judging
from shared.trust import passkey, session_key, sign1
from shared.trust.errors import TrustError
from shared.trust.statements import LedgerHead
from shared.wire import canonical
from shared.wire.blob_parts import Head, Verdict, Word
from shared.wire.errors import WireError
from shared.wire.framing import MORE, Reassembler
from shared.wire.racp import OpCode, Response, Result

Break = Callable[[Any], None]


def open_status(patch: Any) -> None:
    """The status is readable by anybody."""
    patch(services, "SECURE_READ", Attribute.Permissions(Attribute.READABLE))


def window_always_open(patch: Any) -> None:
    """Pairing is open without the button."""
    patch(Firmware, "pairing_open", property(lambda self: True))


def frames_unnumbered(patch: Any) -> None:
    """A frame's number is not looked at."""

    def take(self: Reassembler, value: bytes) -> bytes | None:
        if not value:
            raise WireError("frame", "is empty")
        number, kind = divmod(value[0], 4)
        if kind < MORE:
            if number:
                raise WireError("frame", "begins with a number")
            return self._begin(kind, value[1:])
        if not self._wanted:
            raise WireError("frame", "goes on with nothing")
        self._buffer += value[1:]
        return self._finish(kind)

    patch(Reassembler, "_take", take)


def any_spelling(patch: Any) -> None:
    """CBOR in any spelling is taken for a request."""

    def decode(data: bytes) -> Any:
        try:
            return cbor2.loads(data)
        except Exception as problem:
            raise WireError("cbor", "is not readable") from problem

    patch(canonical, "decode", decode)


def done_twice(patch: Any) -> None:
    """A repeated request is carried out again."""
    answer = commands.Commands.answer

    def anew(self: commands.Commands, data: bytes, link: Any) -> bytes:
        self.forget_link()
        return answer(self, data, link)

    patch(commands.Commands, "answer", anew)


def blob_hash_unchecked(patch: Any) -> None:
    """A blob is kept whatever its bytes are."""

    def judge(self: Blobs, head: Head) -> Word:
        self._due = self._transfer = None
        self._waiting[head.kind] = bytes(self._received)
        self._received.clear()
        return Word(head.stream, Verdict.WHOLE, head.size)

    patch(Blobs, "_judge", judge)


def older_nonce_good(patch: Any) -> None:
    """A nonce that a newer one voided is good still, once."""
    unused: set[tuple[Any, bytes]] = set()
    give, use = Nonces.give, Nonces.use

    def giving(self: Nonces, purpose: Any, uptime_ms: int) -> bytes:
        nonce = give(self, purpose, uptime_ms)
        unused.add((purpose, nonce))
        return nonce

    def using(self: Nonces, purpose: Any, nonce: bytes, uptime_ms: int) -> None:
        newest = self._open.get(purpose, (b"", 0))[0]
        if newest == nonce or (purpose, nonce) not in unused:
            use(self, purpose, nonce, uptime_ms)
        unused.discard((purpose, nonce))

    patch(Nonces, "give", giving)
    patch(Nonces, "use", using)


def audience_unchecked(patch: Any) -> None:
    """A statement to another band counts."""
    verify = sign1.verify

    def verified(kind: Any, envelope: bytes, *, audience: bytes, key: Any) -> Any:
        try:
            heard = sign1.peek(envelope).audience
        except TrustError:
            heard = audience
        return verify(kind, envelope, audience=heard, key=key)

    patch(sign1, "verify", verified)


def origin_unchecked(patch: Any) -> None:
    """A passkey's assertion counts wherever it was made."""
    patch(passkey, "_check_client_data", lambda assertion, certificate: None)


def replay_taken(patch: Any) -> None:
    """A command of a session is taken as often as it comes."""
    check = session_key.CommandReader.check

    def checked(self: Any, operation: int, counter: int, received: bytes, value: int = 0) -> None:
        self._last = 0
        check(self, operation, counter, received, value)

    patch(session_key.CommandReader, "check", checked)


def stop_goes_on(patch: Any) -> None:
    """STOP of a stimulating band is answered OK and does nothing."""
    patch(Treatment, "stop", lambda self: None)


def no_telemetry(patch: Any) -> None:
    """No telemetry is sent."""
    repeat = PhoneLink._repeat

    def without(self: PhoneLink) -> Any:
        setattr(self._telemetry, "put", lambda message: None)  # noqa: B010
        return repeat(self)

    patch(PhoneLink, "_repeat", without)


def head_of_another_chain(patch: Any) -> None:
    """The signed head is over another hash than the record's."""

    def forged(device_id: bytes, epoch: bytes, number: int, _: bytes, *rest: Any) -> Any:
        return LedgerHead(device_id, epoch, number, bytes(32), *rest)

    patch(commands, "LedgerHead", forged)


def nothing_is_success(patch: Any) -> None:
    """A report of no records is SUCCESS."""

    def response(op_code: OpCode, result: Result | None = None, count: int | None = None) -> Any:
        told = Result.SUCCESS if result is Result.NO_RECORDS else result
        return Response(op_code, told, count)

    patch(record_access, "Response", response)


def lock_without_reasons(patch: Any) -> None:
    """The lock says no and not why."""

    def refused(status: int, code: str, reasons: tuple[int, ...] = ()) -> Refused:
        return Refused(status, code, () if code == "locked" else reasons)

    patch(session_commands, "Refused", refused)


def hold_written_again(patch: Any) -> None:
    """A hold that is open already is written to the record again."""
    says_nothing_new = Holds._says_nothing_new

    def says(self: Holds, hold: Any) -> bool:
        if self._rooms.past.hold(hold.hold_id) is not None:
            return False
        return says_nothing_new(self, hold)

    patch(Holds, "_says_nothing_new", says)


def image_by_anybody(patch: Any) -> None:
    """An image is tried whoever signed it."""
    patch(judging, "judge", lambda image, *, maker, now_s: None)


BREAKS: dict[str, Break] = {
    each.__name__: each
    for each in (
        open_status,
        window_always_open,
        frames_unnumbered,
        any_spelling,
        done_twice,
        blob_hash_unchecked,
        older_nonce_good,
        audience_unchecked,
        origin_unchecked,
        replay_taken,
        stop_goes_on,
        no_telemetry,
        head_of_another_chain,
        nothing_is_success,
        lock_without_reasons,
        hold_written_again,
        image_by_anybody,
    )
}

if __name__ == "__main__":
    BREAKS[sys.argv[1]](setattr)
    cli.main(sys.argv[2:])

"""What can go wrong between phone and band: one tree, each with a stable code and a sentence."""

from firmware_bridge.link.doubts import Uncertain
from firmware_bridge.link.pairing import BROKEN_BONDS, PairingRefusal
from shared.wire.blob_parts import Verdict
from shared.wire.operations import Operation, RequestOutcome, StatusCode

_NOBODY_KNOWS = (RequestOutcome.UNKNOWN, RequestOutcome.BOOTED_SINCE)


class LinkError(Exception):
    """Root of the link's errors; `str()` is a sentence for the person."""

    code = "link"


class LinkLost(LinkError):
    """There's no link; nothing that was asked has reached the band."""

    code = "link.lost"

    def __init__(self, sentence: str = "The band isn't connected.") -> None:
        super().__init__(sentence)


class LinkTimeout(LinkError):
    """Something took longer than its limit; it changed nothing at the band."""

    code = "link.timeout"

    def __init__(self, what: str, limit_ms: int) -> None:
        super().__init__(f"The band didn't answer in time ({what}, {limit_ms} ms).")
        self.what = what
        self.limit_ms = limit_ms


class LinkSilent(LinkLost):
    """The link was up, but the band said nothing on it any more."""

    code = "link.silent"

    def __init__(self, silent_ms: int) -> None:
        super().__init__(f"The band has said nothing for {silent_ms / 1000:.0f} s.")
        self.silent_ms = silent_ms


class BluetoothUnavailable(LinkError):
    """This phone has no Bluetooth at the moment: switched off, or none."""

    code = "link.bluetooth_off"

    def __init__(self) -> None:
        super().__init__("Bluetooth is off on this phone. Switch it on in the settings.")


class BluetoothNotAllowed(LinkError):
    """The app may not use the phone's Bluetooth."""

    code = "link.no_permission"

    def __init__(self) -> None:
        super().__init__(
            "This app isn't allowed to use Bluetooth. Allow it in the phone's settings."
        )


class NotABand(LinkError):
    """What was found hasn't the stimulation service."""

    code = "link.not_a_band"

    def __init__(self) -> None:
        super().__init__("The device that was found isn't a Circlet band.")


class NoUpdates(LinkError):
    """The band hasn't MCUmgr's service."""

    code = "link.no_updates"

    def __init__(self) -> None:
        super().__init__("This band takes no updates over Bluetooth.")


class PairingRefused(LinkError):
    """There's no bond, or no longer one."""

    def __init__(self, refusal: PairingRefusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal

    @property
    def code(self) -> str:  # type: ignore[override]
        return f"link.pairing.{self.refusal.code}"

    @property
    def bond_is_broken(self) -> bool:
        """There was a bond, and one side no longer has it: pairing anew mends it."""
        return self.refusal in BROKEN_BONDS


class AttributeRefused(LinkError):
    """The band's Bluetooth took no such value, by this ATT error."""

    code = "link.attribute"

    def __init__(self, att_error: int) -> None:
        super().__init__(f"The band's Bluetooth refused it (ATT error 0x{att_error:02X}).")
        self.att_error = att_error


class DeviceRefused(LinkError):
    """The band said no: its status, its stable word for why, its lock reasons by their codes."""

    code = "link.device_refused"

    def __init__(
        self,
        operation: Operation,
        status: StatusCode,
        *,
        reason: str = "",
        reason_codes: tuple[int, ...] = (),
    ) -> None:
        word = reason or status.name.lower()
        super().__init__(f"The band refused {operation.name.lower()}: {word}.")
        self.operation = operation
        self.status = status
        self.reason = reason
        self.reason_codes = reason_codes


_NOT_TAKEN = {
    Verdict.GO_ON: "It came to the band incomplete.",
    Verdict.OTHER_BYTES: "It was changed on the way to the band.",
    Verdict.REFUSED: "The band doesn't take what was sent.",
}


class BlobNotTaken(LinkError):
    """The band's last word for a blob, after all tries: nothing of it waits there to be used."""

    code = "link.blob"

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(_NOT_TAKEN[verdict])
        self.verdict = verdict


class CommandUncertain(LinkError):
    """The answer was lost: the band may or may not have done it. `StimulatorClient.settle` says
    which; don't send it again."""

    code = "link.command_uncertain"

    def __init__(self, doubt: Uncertain) -> None:
        super().__init__(f"It isn't known whether the band did {doubt.operation.name.lower()}.")
        self.doubt = doubt

    @property
    def operation(self) -> Operation:
        return self.doubt.operation

    def learnt(self) -> LinkError | None:
        """What is known of it now, as the answer would have said it; itself where nothing is."""
        result = self.doubt.result
        if result is None or result.outcome in _NOBODY_KNOWS:
            return self
        if result.outcome is RequestOutcome.CARRIED_OUT:
            return None
        if result.status is None or result.refusal is None:
            return LinkLost()
        refusal = result.refusal
        return DeviceRefused(
            self.operation, result.status, reason=refusal.code, reason_codes=refusal.reasons
        )


class NoSessionKey(LinkError):
    """The operation needs the key of an armed session, and none is held."""

    code = "link.no_session_key"

    def __init__(self, operation: Operation) -> None:
        super().__init__(f"No session is armed by this phone ({operation.name.lower()}).")
        self.operation = operation


class TransferBroken(LinkError):
    """What the band sent doesn't fit together; the transfer may be begun again."""

    code = "link.transfer"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)

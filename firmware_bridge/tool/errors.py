"""What ends a command: each with a stable code, an exit status, a sentence and the next step."""

from __future__ import annotations

from firmware_bridge.conformance.errors import SuiteError
from firmware_bridge.demo.errors import KeysUnusable
from firmware_bridge.hand.errors import HandError
from firmware_bridge.link import (
    BlobNotTaken,
    BluetoothNotAllowed,
    BluetoothUnavailable,
    CommandUncertain,
    DeviceRefused,
    LinkError,
    NotABand,
    PairingRefused,
)
from firmware_bridge.link.update import broken_off
from firmware_bridge.timebase import TimebaseError
from firmware_bridge.tool.exits import Exit
from shared.dose.reasons import WORDS, ReasonCode
from shared.trust.errors import TrustError


class ToolError(Exception):
    """Root of the tool's own errors."""

    code = "tool"
    exit = Exit.USAGE
    next_step = ""


class UsageWrong(ToolError):
    """The arguments don't fit together."""

    code = "tool.usage"
    next_step = "See `circlet-device COMMAND --help`."


class FileUnusable(ToolError):
    """A file that was named can't be read or written as what it should be."""

    code = "tool.file"

    def __init__(self, place: object, problem: str) -> None:
        super().__init__(f"{place}: {problem}.")


class NotPairedYet(ToolError):
    """This state folder knows no band."""

    code = "tool.not_paired"
    exit = Exit.NOT_PAIRED
    next_step = "Hold the band's button for three seconds, then: circlet-device pair"

    def __init__(self, folder: object) -> None:
        super().__init__(f"No band is paired in {folder}.")


class NotProven(ToolError):
    """What the band sent doesn't prove what it says."""

    code = "tool.not_proven"
    exit = Exit.SAID_NO
    next_step = "Treat the record as changed on its way, and keep both files."


class UpdateBrokenOff(ToolError):
    """An update ended by the link's own error, before the band had said what became of it."""

    code = "tool.update_broken_off"
    exit = Exit.NO_DEVICE
    next_step = "What the band runs and holds: circlet-device firmware list"

    def __init__(self, problem: LinkError) -> None:
        super().__init__(broken_off(problem))


class HasNoLedger(ToolError):
    """The band belongs to nobody and has no record yet."""

    code = "tool.no_ledger"
    exit = Exit.SAID_NO
    next_step = "A demonstration's band is set up by: circlet-device demo-setup --keys DIR"

    def __init__(self) -> None:
        super().__init__("The band belongs to no clinic and keeps no record yet.")


KNOWN = (ToolError, LinkError, KeysUnusable, HandError, SuiteError, TimebaseError, TrustError)
"""What a person can do something about: told in a sentence, without a traceback."""


def code_of(error: Exception) -> str:
    """The error's stable code."""
    return str(getattr(error, "code", type(error).__name__))


def exit_of(error: Exception) -> Exit:
    """The status that the command ends with."""
    match error:
        case ToolError() as own:
            return own.exit
        case PairingRefused():
            return Exit.NOT_PAIRED
        case CommandUncertain():
            return Exit.UNCERTAIN
        case DeviceRefused() | BlobNotTaken() | TrustError():
            return Exit.SAID_NO
        case LinkError() | TimebaseError():
            return Exit.NO_DEVICE
        case _:
            return Exit.USAGE


def next_step_of(error: Exception) -> str:
    """What to do about it, where there's something to say."""
    match error:
        case ToolError() as own:
            return own.next_step
        case CommandUncertain():
            return "Ask the band what became of it: circlet-device status"
        case BluetoothUnavailable() | BluetoothNotAllowed():
            return "On a virtual radio: name its port by --radio HOST:PORT."
        case NotABand():
            return "Look which devices are near: circlet-device scan"
        case DeviceRefused(reason_codes=codes):
            return "\n".join(_reason_words(code) for code in codes)
        case PairingRefused():
            return ""
        case LinkError():
            return "Is the band near and switched on? circlet-device scan shows what is there."
        case _:
            return ""


def _reason_words(code: int) -> str:
    try:
        known = ReasonCode(code)
    except ValueError:
        return f"{code}: a reason of a newer firmware"
    return f"{known.name}: {WORDS[known]}"

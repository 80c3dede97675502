"""MCUmgr's messages in plain words: what of an update the phone asks, and whether the band agrees.

Not for what is in an image: `circlet-emulator image show` tells that.
"""

from __future__ import annotations

from typing import Any

import cbor2
from smp.header import OP

from firmware_bridge.emulator.update.messages import HEADER, head_of
from firmware_bridge.emulator.update.server import REQUESTS
from shared.firmware.refusals import refusal_of
from shared.wire.canonical import require_backed
from shared.wire.errors import WireError

_ASKED = {
    "EchoWriteRequest": "The phone asks the band to repeat a text.",
    "MCUMgrParametersReadRequest": "The phone asks how long an update's pieces may be.",
    "ResetWriteRequest": "The phone asks the band to restart with the update.",
    "ImageStatesReadRequest": "The phone asks which firmware the band has.",
    "ImageStatesWriteRequest": "The phone asks the band to try an update at its next restart.",
    "ImageUploadWriteRequest": "The phone sends a piece of an update.",
    "ImageEraseRequest": "The phone asks the band to drop an update.",
}


def asked(message: bytes) -> str:
    """What a request asks for."""
    head = head_of(message)
    known = REQUESTS.get((head.operation, head.group, head.command))
    return "The phone asks something unknown." if known is None else _ASKED[known[0].__name__]


def answered(message: bytes) -> tuple[str, bool]:
    """What an answer says, and whether it is a yes."""
    said = _content(message[HEADER.size :])
    if "off" in said:
        return f"The band holds {said['off']} bytes of the update.", True
    error = said.get("err", {})
    group, code = error.get("group"), error.get("rc", said.get("rc", 0))
    if code:
        refusal = refusal_of(group, code, said.get("rsn"))
        return ("The band refuses." if refusal is None else refusal.sentence), False
    reading = head_of(message).operation == OP.READ_RSP
    return ("The band says." if reading else "The band agrees."), True


def _content(body: bytes) -> dict[str, Any]:
    require_backed(body)
    said = cbor2.loads(body)
    if not isinstance(said, dict):
        raise WireError("smp", "is not a map")
    return said

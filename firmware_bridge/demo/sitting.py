"""One session as the phone of the demonstration asks for it: answers, arm, the session's key."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from firmware_bridge.demo.clinic import DemoClinic
from firmware_bridge.demo.keys import Role
from firmware_bridge.link import StimulatorClient
from shared.trust import session_key, sign1
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import ID_BYTES, Arm, ArmAnswer, GateAnswers, GateOutcome
from shared.wire.operations import NoncePurpose


@dataclass(frozen=True)
class Request:
    """An arm message, and the private half of the key that it offers."""

    session_id: bytes
    message: bytes
    own: SoftwareKey


@dataclass(frozen=True)
class Armed:
    """An armed session: the key that both ends derived, and the band's signed answer."""

    session_id: bytes
    key: bytes
    said: ArmAnswer


async def pass_gates(client: StimulatorClient, clinic: DemoClinic) -> None:
    """Answer the screening: nothing speaks against a session."""
    nonce = await client.nonce(NoncePurpose.GATE_ANSWERS)
    answers = GateAnswers(nonce, clinic.keys.patient_id, 1, GateOutcome.PASS, 0)
    await client.gate_answers(clinic.by(Role.APP, answers))


def request_over(nonce: bytes, clinic: DemoClinic, plan_hash: bytes) -> Request:
    """An arm message over a nonce of the band, as the phone signs it."""
    own, session_id = SoftwareKey.generate(), secrets.token_bytes(ID_BYTES)
    asked = Arm(nonce, session_id, clinic.keys.patient_id, plan_hash, own.public_key.data)
    return Request(session_id, clinic.by(Role.APP, asked), own)


async def arm(client: StimulatorClient, clinic: DemoClinic, plan_hash: bytes) -> Armed:
    """Arm one session and hold its key."""
    nonce = await client.nonce(NoncePurpose.ARM)
    request = request_over(nonce, clinic, plan_hash)
    answer = await client.arm(request.message)
    armed = agree(request, answer, clinic)
    client.hold_session_key(session_key.CommandWriter(armed.key, armed.session_id))
    return armed


def agree(request: Request, answer: bytes, clinic: DemoClinic) -> Armed:
    """Verify the band's answer and derive the session's key; TrustError where it isn't its own."""
    audience = clinic.keys.private[Role.APP].public_key.key_id
    said = sign1.verify(ArmAnswer, answer, audience=audience, key=clinic.keys.device)
    key = session_key.derive(request.own, PublicKey(said.ephemeral_key), request.message, answer)
    return Armed(request.session_id, key, said)

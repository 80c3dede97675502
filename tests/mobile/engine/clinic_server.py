"""The clinic's ingest server for a whole day: enrols, tells the time, clears, takes items."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shared.trust import challenge
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.staff_words import SignedWord, StaffWord
from shared.trust.statements import Certificate, Purpose, Scope
from shared.wire import fields
from shared.wire.items import DownKind, RelayedWord, SignedHold
from tests.mobile.sync.clinic import Clinic as Server
from tests.mobile.sync.clinic import Message, decode, encode
from tests.shared.clinic import DAY_S, DEVICE_ID, FAR_S, NOW_S, PATIENT_ID, Clinic, sign_as_passkey

_PHONE = "phone-"
CODE = "demo-clinic-AAAA-BBBB-CCCC"
EXPIRED_CODE = "demo-clinic-DDDD-EEEE-FFFF"
BORN = "1980-02-29"


@dataclass
class DayServer(Server):
    """Answers as the cloud's ingest does, over the test clinic's keys."""

    request_key: PublicKey = field(default_factory=lambda: SoftwareKey.generate().public_key)
    clinic: Clinic = field(default_factory=Clinic)
    vault: SoftwareKey = field(default_factory=SoftwareKey.generate)
    care: SoftwareKey = field(default_factory=SoftwareKey.generate)
    device_key: PublicKey = field(default_factory=lambda: SoftwareKey.generate().public_key)
    now_ms: Callable[[], int] = lambda: NOW_S * 1000
    serial: int = 0
    transfer_number: int = 1
    hold: int = 0
    is_down: bool = False
    phones: list[PublicKey] = field(default_factory=list)
    """The request keys of the enrolled phones, in order."""
    revoked: set[str] = field(default_factory=set)
    received_ms: dict[str, int] = field(default_factory=dict)
    looks: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, message: Message, body: bytes) -> tuple[int, dict[str, Any]]:
        """Answer one request."""
        path = message.url.removeprefix(self.url)
        if self.is_down:
            return 503, {"code": "unavailable", "sentence": "down"}
        if path == "/v1/enrolments":
            return self._enrol(json.loads(body))
        if path in ("/v1/clearances", "/v1/time-tokens"):
            self._verify(message, body)
            nonce = decode(json.loads(body)["nonce"])
            return 200, self._clear(nonce) if "clear" in path else self._time(nonce)
        if self._sender(message) in self.revoked:
            words = "This phone was taken out of use. Ask your clinic for a new code."
            return 401, {"code": "phone_revoked", "sentence": words}
        if path == "/v1/looks":
            self._verify(message, body)
            return 200, {"looks": self.looks}
        if path == "/v1/received":
            self._verify(message, body)
            return 200, self._received()
        status, answer = super().answer(message, body)
        for item_id in self.accepted:
            self.received_ms.setdefault(item_id, self.now_ms())
        return status, {**answer, "now_ms": self.now_ms(), "heartbeat_ms": self.now_ms()}

    def key_of(self, phone_id: str) -> PublicKey | None:
        """Return the request key of an enrolled phone."""
        number = int(phone_id.removeprefix(_PHONE))
        return self.phones[number - 1] if 0 < number <= len(self.phones) else None

    def _sender(self, message: Message) -> str:
        _, found, after = message.headers.get("signature-input", "").partition('keyid="')
        return after.partition('"')[0] if found else ""

    def _received(self) -> dict[str, Any]:
        items = [
            {"id": item_id, "kind": self.accepted[item_id][0], "received_ms": at_ms}
            for item_id, at_ms in self.received_ms.items()
            if self.accepted[item_id][0] not in ("record", "head")
        ]
        return {"items": items, "now_ms": self.now_ms(), "heartbeat_ms": self.now_ms()}

    def put(self, kind: DownKind, body: bytes) -> None:
        """Let something wait for the phone."""
        cursor = len(self.waiting) + 1
        self.waiting.append({"cursor": cursor, "kind": kind.value, "body": encode(body)})

    def put_staff_word(self, word: StaffWord, scope: Scope) -> None:
        """Let a word of staff's wait for the phone, signed as at the desk."""
        digest = challenge.digest(word.TYPE, fields.pack(word))
        assertion = sign_as_passkey(self.clinic.staff, (digest,))
        certificate = self.clinic.certify(self.clinic.staff_certificate(scopes=(scope,)))
        signed = SignedWord(fields.pack(word), assertion, certificate)
        self.put(DownKind.STAFF_WORD, fields.pack(RelayedWord(word.TYPE, signed)))

    def begin_anew(self, clinic: Clinic) -> None:
        """Be another clinic's server from now on."""
        self.clinic, self.waiting, self.phones = clinic, [], []
        self.accepted, self.received_ms = {}, {}
        self.serial = self.hold = 0
        self.transfer_number += 1

    def place_hold(self) -> None:
        """Let a hold wait for the phone."""
        self.hold += 1
        certificate = self.clinic.certificate(Purpose.HOLD)
        self.put(DownKind.HOLD, fields.pack(SignedHold(self.clinic.hold(self.hold), certificate)))

    def _enrol(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if asked["code"] == EXPIRED_CODE:
            words = "This code has expired. Ask your clinic for a new one."
            return 409, {"code": "code_expired", "sentence": words}
        if (asked["code"], asked["birth_date"]) != (CODE, BORN):
            words = "This code does not open an enrolment. Check code and birth date."
            return 409, {"code": "code_unknown", "sentence": words}
        request_key = PublicKey(decode(asked["request_key"]))
        self.phones.append(request_key)
        clinic = self.clinic
        enrolment = clinic.enrolment(
            app_key=decode(asked["app_key"]),
            request_key=request_key.data,
            number=len(self.phones),
        )
        given = {
            "enrolment": enrolment,
            "transfer": clinic.transfer(number=self.transfer_number),
            "assignment": clinic.assignment(),
            "clinic_root": clinic.root.public_key.data,
            "vault_key": self._certified(Purpose.VAULT, self.vault),
            "care_key": self._certified(Purpose.CARE, self.care),
            "patient_id": PATIENT_ID,
            "device_id": DEVICE_ID,
            "device_key": self.device_key.data,
        }
        return 200, {
            "clinic_id": self.clinic.clinic_id.decode(),
            "clinic_name": "Demo clinic",
            "initials": "T.P.",
            "phone_id": f"{_PHONE}{len(self.phones)}",
            "device_name": "Band",
            "certificates": [encode(clinic.certificate(p)) for p in clinic.online],
            **{name: encode(data) for name, data in given.items()},
        }

    def _certified(self, purpose: Purpose, key: SoftwareKey) -> bytes:
        name, begin = purpose.name.lower(), NOW_S - DAY_S
        return self.clinic.certify(Certificate(purpose, key.public_key.data, name, begin, FAR_S))

    def _clear(self, nonce: bytes) -> dict[str, Any]:
        word = self.clinic.clearance(
            nonce, self.now_ms() // 1000, serial=self.serial, hold=self.hold
        )
        return {
            "clearance": encode(word),
            "certificate": encode(self.clinic.certificate(Purpose.CLEARANCE)),
        }

    def _time(self, nonce: bytes) -> dict[str, Any]:
        return {
            "token": encode(self.clinic.time_token(nonce, self.now_ms())),
            "certificate": encode(self.clinic.certificate(Purpose.TIME)),
        }

"""A ledger written record by record, as the firmware would, with heads where a test asks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scripts.vectors.keys import key_for_tests
from shared.dose import ledger
from shared.dose.prescription import PrescriptionKind
from shared.trust import certificates, sign1
from shared.trust.keys import Signer
from shared.trust.statements import (
    Certificate,
    HoldKind,
    HoldSource,
    LedgerHead,
    Purpose,
    Receipt,
    Transfer,
)
from shared.wire import ledger_file, records
from shared.wire.ledger_file import Header, Line, LineKind, Spelling
from shared.wire.records import Body, CloseCause, PauseCause, Record, SessionKind

START_MS = 1_790_000_000_000
CLINIC_ID = b"demo-clinic"
PRESCRIPTION = hashlib.sha256(b"prescription").digest()
COURSE = b"c" * 16
PULSES = 30
TRAINS = 4


@dataclass
class Written:
    """A ledger file in the making."""

    device_id: bytes = bytes(range(16))
    epoch: bytes = b"epoch-of-a-test!"
    maker: Signer = field(default_factory=lambda: key_for_tests("manufacturer"))
    device: Signer = field(default_factory=lambda: key_for_tests("device"))
    clinic_root: Signer = field(default_factory=lambda: key_for_tests("clinic root"))
    receipt_key: Signer = field(default_factory=lambda: key_for_tests("receipt"))
    lines: list[Line] = field(default_factory=list)
    boots: int = 1
    uptime_ms: int = 0
    sessions: int = 0

    def __post_init__(self) -> None:
        self.state = ledger.genesis(self.device_id, self.epoch)
        transfer = self.transfer()
        self.lines.append(Line(LineKind.TRANSFER, transfer))
        hashed = sign1.name_of(transfer)
        body = records.ProvisionedBody(hashed, bytes(32), b"patient-16-bytes")
        self.write(body, clock=False)
        self.write(records.BootBody(0, False, 2000, "1.0.0-demo"), clock=False)
        self.write(
            records.PrescriptionInstalledBody(
                PRESCRIPTION, 1, COURSE, PrescriptionKind.TREATMENT, b"signer.."
            )
        )

    # Records

    def write(self, body: Body, *, after_ms: int = 1000, clock: bool = True) -> bytes:
        """Append one record."""
        self.uptime_ms += after_ms
        proven_ms = self.state.proven_at(self.uptime_ms)
        clock_ms = START_MS + proven_ms if clock else None
        number = self.state.number + 1
        data = records.encode_record(
            Record(number, body.TYPE, self.boots, self.uptime_ms, clock_ms, body)
        )
        self.state = ledger.take(self.state, data)
        self.lines.append(Line(LineKind.RECORD, data))
        return data

    def reboot(self, *, clock_unbroken: bool = True) -> None:
        """Boot again, a second of proven time later."""
        self.boots, self.uptime_ms = self.boots + 1, 0
        proven_ms = self.state.proven_ms + 1000
        body = records.BootBody(proven_ms, clock_unbroken, proven_ms, "1.0.0-demo")
        self.write(body, after_ms=0, clock=clock_unbroken)

    def open(self, kind: SessionKind = SessionKind.TREATMENT) -> bytes:
        """Open a session and return its id."""
        self.sessions += 1
        session_id = hashlib.sha256(b"session %d" % self.sessions).digest()[:16]
        self.write(
            records.SessionOpenedBody(
                session_id, PRESCRIPTION, TRAINS * PULSES, TRAINS, bytes(32), kind
            )
        )
        return session_id

    def train(self, number: int, *, closed: bool = True, percent_mso: int = 62) -> None:
        """Give one train."""
        self.write(records.SliceReservedBody(number, 1, PULSES, percent_mso, self.state.counter))
        if closed:
            now_ms = self.state.proven_at(self.uptime_ms)
            self.write(records.SliceClosedBody(number, 1, PULSES, PULSES, now_ms))

    def close(self, session_id: bytes, cause: CloseCause = CloseCause.COMPLETED) -> None:
        """Close the session."""
        session = self.state.session
        assert session is not None
        completed = cause is CloseCause.COMPLETED
        self.write(records.SessionClosedBody(session_id, cause, completed, session.charged_pulses))

    def session(self, trains: int = TRAINS, *, gap_ms: int = 86_400_000) -> None:
        """Give a session, whole or ended early, a day after the one before."""
        self.uptime_ms += gap_ms
        session_id = self.open()
        for number in range(1, trains + 1):
            self.train(number)
        whole = trains == TRAINS
        self.close(session_id, CloseCause.COMPLETED if whole else CloseCause.ENDED_BY_PERSON)

    def pause(self) -> None:
        """Pause by STOP, and go on."""
        self.write(records.SessionPausedBody(PauseCause.STOP))
        self.write(records.SessionResumedBody(1))

    def hold(self) -> None:
        """Place a safety hold."""
        self.write(
            records.HoldPlacedBody(b"h" * 16, HoldKind.SAFETY, HoldSource.CLOUD, "clinician", 1)
        )

    # What is signed

    def head(self, *, signer: Signer | None = None, **changes: Any) -> bytes:
        """Append a head over everything so far, by the device unless told."""
        plain = LedgerHead(
            self.device_id,
            self.epoch,
            self.state.number,
            self.state.hash,
            nonce=bytes(16),
            boot_count=self.boots,
            uptime_ms=self.uptime_ms,
        )
        envelope = sign1.sign(
            replace(plain, **changes), audience=CLINIC_ID, signer=signer or self.device
        )
        self.lines.append(Line(LineKind.HEAD, envelope))
        return envelope

    def receipt(self, **changes: Any) -> None:
        """Append the clinic's receipt of everything so far, and what leads to its key."""
        plain = Receipt(self.epoch, self.state.number, self.state.hash)
        certificate = certificates.issue(
            _certificate(Purpose.RECEIPT, self.receipt_key, "receipt key"),
            clinic_id=CLINIC_ID,
            root=self.clinic_root,
        )
        envelope = sign1.sign(
            replace(plain, **changes), audience=self.device_id, signer=self.receipt_key
        )
        self.lines.append(Line(LineKind.CERTIFICATE, certificate))
        self.lines.append(Line(LineKind.RECEIPT, envelope))

    def transfer(self) -> bytes:
        """Return the maker's transfer of the device to the clinic."""
        root = self.clinic_root.public_key.data
        statement = Transfer(CLINIC_ID, root, key_for_tests("recovery").public_key.data, 1, True)
        return sign1.sign(statement, audience=self.device_id, signer=self.maker)

    def header(self) -> Header:
        """Return the file's header, with the maker's certificate of the device."""
        certificate = _certificate(Purpose.DEVICE, self.device, "Circlet test 0001")
        return Header(
            self.device_id,
            self.epoch,
            certificates.issue(certificate, clinic_id=self.device_id, root=self.maker),
        )

    # The file

    def index(self, number: int) -> int:
        """Return where the record of this number stands among the lines."""
        at = [i for i, line in enumerate(self.lines) if line.kind is LineKind.RECORD]
        return at[number - 1]

    def change(self, number: int, change: Callable[[bytes], bytes]) -> None:
        """Put other bytes in a record's place."""
        index = self.index(number)
        self.lines[index] = Line(LineKind.RECORD, change(self.lines[index].data))

    def to_bytes(self, spelling: Spelling = Spelling.JSON) -> bytes:
        """Return the whole file."""
        lines = (ledger_file.encode(line, spelling) for line in self.lines)
        return ledger_file.encode(self.header(), spelling) + b"".join(lines)

    def to_file(self, path: Path, spelling: Spelling = Spelling.JSON) -> Path:
        """Write the whole file."""
        path.write_bytes(self.to_bytes(spelling))
        return path


def _certificate(purpose: Purpose, key: Signer, subject: str) -> Certificate:
    start_s = START_MS // 1000
    return Certificate(purpose, key.public_key.data, subject, start_s - 60, start_s + 86_400)

"""Small worlds for the cloud's tests: an identity folder, a clinic, a patient, a phone, a band."""

import atexit
import functools
import json
import secrets
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from cloud.clinics.identity import DeviceFiles, read_identity
from cloud.clinics.models import Clinic
from cloud.clinics.service import create_clinic
from cloud.db import Database
from cloud.migrations.run import migrate
from cloud.patients import service as patients
from cloud.patients.models import Patient
from cloud.people.authority import Role
from cloud.people.models import Member
from cloud.people.service import add_member
from cloud.settings import Settings
from cloud.training.service import finish_all
from cloud.vault.opening import open_vault
from shared.dose import ledger
from shared.dose.prescription import from_bytes, hash_of
from shared.trust import certificates, sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import Certificate, LedgerHead, Purpose, Scope, Transfer
from shared.wire import items, records

START_MS = 1_772_442_000_000  # Mon 2 March 2026, 09:00 UTC
SOMEBODY = bytes([9]) * 16
BIRTH_DATE = date(1980, 5, 17)
VALID_S = 100 * 365 * 86_400  # processes in tests run by the machine's own clock
PURPOSES = {
    "enrolment": Purpose.ENROLMENT,
    "time": Purpose.TIME,
    "clearance": Purpose.CLEARANCE,
    "hold": Purpose.HOLD,
    "receipt": Purpose.RECEIPT,
    "care": Purpose.CARE,
    "audit": Purpose.AUDIT,
}


@dataclass
class HandClock:
    """A clock that a test sets."""

    now_ms: int = START_MS

    def wall_ms(self) -> int:
        return self.now_ms


@dataclass
class Identity:
    """An identity folder and the private keys that a test plays with.

    The first device and two vault keys are in the folder; devices beyond it come to the clinic
    by ``add_clinic``.
    """

    folder: Path
    clinic_id: str
    root: SoftwareKey
    device_id: bytes
    keys: dict[str, SoftwareKey]
    devices: dict[bytes, SoftwareKey]
    more: tuple[DeviceFiles, ...]
    maker: SoftwareKey

    @property
    def device(self) -> SoftwareKey:
        """The first device's key."""
        return self.devices[self.device_id]


def make_identity(
    folder: Path,
    clinic_id: str = "demo",
    desk: str = "http://desk.localhost:1",
    *,
    devices: int = 1,
    vaults: int = 2,
) -> Identity:
    """Write an identity folder as `circlet-root demo` does."""
    (folder / "keys").mkdir(parents=True)
    (folder / "device").mkdir()
    maker, root, recovery = (SoftwareKey.generate() for _ in range(3))
    own = {secrets.token_bytes(16): SoftwareKey.generate() for _ in range(devices)}
    keys = {}
    vault_keys = {f"vault-{number:02}": Purpose.VAULT for number in range(vaults)}
    for name, purpose in (PURPOSES | vault_keys).items():
        keys[name] = SoftwareKey.generate()
        (folder / "keys" / f"{name}.key").write_bytes(keys[name].to_pem())
        envelope = certify(root, clinic_id, purpose, keys[name], name)
        (folder / "keys" / f"{name}.cert").write_bytes(envelope)
    for name, key in (
        ("manufacturer", maker),
        ("clinic-root", root),
        ("recovery-root", recovery),
    ):
        (folder / f"{name}.pub").write_text(key.public_key.data.hex())
    (folder / "clinic.json").write_text(
        json.dumps(
            {
                "clinic_id": clinic_id,
                "name": "Sample Clinic",
                "desk_rp_id": "desk.localhost",
                "desk_origin": desk,
                "demo": True,
            }
        )
    )
    transfer = Transfer(
        clinic_id.encode(), root.public_key.data, recovery.public_key.data, 1, demo=True
    )
    first, *more = (
        device_files(maker, transfer, device_id, key, f"CB-{number:04}")
        for number, (device_id, key) in enumerate(own.items(), start=1)
    )
    about = {"device_id": first.device_id.hex(), "name": first.name}
    (folder / "device" / "device.json").write_text(json.dumps(about))
    (folder / "device" / "device.cert").write_bytes(first.certificate)
    (folder / "transfer.cbor").write_bytes(first.transfer)
    return Identity(folder, clinic_id, root, first.device_id, keys, own, tuple(more), maker)


def device_files(
    maker: SoftwareKey, transfer: Transfer, device_id: bytes, key: SoftwareKey, name: str
) -> DeviceFiles:
    certificate = certificate_of(Purpose.DEVICE, key, name)
    return DeviceFiles(
        device_id,
        name,
        certificates.issue(certificate, clinic_id=device_id, root=maker),
        sign1.sign(transfer, audience=device_id, signer=maker),
    )


def certificate_of(purpose: Purpose, key: SoftwareKey, subject: str) -> Certificate:
    now_s = START_MS // 1000
    return Certificate(purpose, key.public_key.data, subject, now_s - 86_400, now_s + VALID_S)


def certify(
    root: SoftwareKey, clinic_id: str, purpose: Purpose, key: SoftwareKey, subject: str
) -> bytes:
    return certificates.issue(
        certificate_of(purpose, key, subject), clinic_id=clinic_id.encode(), root=root
    )


def certify_staff(
    identity: Identity,
    key: SoftwareKey,
    credential_id: bytes,
    origin: str,
    scopes: tuple[Scope, ...] = (Scope.PRESCRIBE, Scope.LIFT_HOLD),
) -> bytes:
    now_s = START_MS // 1000
    certificate = Certificate(
        Purpose.STAFF,
        key.public_key.data,
        "A. Example",
        now_s - 86_400,
        now_s + VALID_S,
        scopes,
        "desk.localhost",
        origin,
        False,
        credential_id,
    )
    return certificates.issue(
        certificate, clinic_id=identity.clinic_id.encode(), root=identity.root
    )


@dataclass
class World:
    """A clinic on a real database, with its files and a clock that the test sets."""

    identity: Identity
    settings: Settings
    database: Database
    clock: HandClock

    def enrol(
        self, name: str = "Maria Sample", *, device_id: bytes | None = None
    ) -> tuple[Patient, str]:
        """Enrol a patient with a device, else the first; return them and the one-time code."""
        new = patients.NewPatient(name, BIRTH_DATE, device_id or self.identity.device_id, "mdd")
        with self.database.write(self.identity.clinic_id) as session:
            patient = patients.enrol(
                session, self.identity.clinic_id, new, now_ms=self.clock.now_ms
            )
            code = patients.new_code(
                session, self.identity.clinic_id, patient.patient_id, now_ms=self.clock.now_ms
            )
        return patient, code

    def member(self, role: Role = Role.PRESCRIBER, name: str = "A. Example") -> Member:
        """Add somebody to the staff who has done its course."""
        with self.database.write(self.identity.clinic_id) as session:
            clinic_id, now_ms = self.identity.clinic_id, self.clock.now_ms
            member = add_member(session, clinic_id, name, role, now_ms=now_ms)
            finish_all(session, clinic_id, member.staff_id, now_ms=now_ms)
            return member


def somebody(session: Session, clinic_id: str = "demo") -> bytes:
    """Return the id of one who works here without a role: who once asked or drafted."""
    if session.get(Member, (clinic_id, SOMEBODY)) is None:
        session.add(
            Member(
                clinic_id=clinic_id,
                staff_id=SOMEBODY,
                name="N. Example",
                created_ms=START_MS,
                left_ms=None,
                language=None,
            )
        )
        session.flush()
    return SOMEBODY


def make_world(
    folder: Path,
    url: str | None = None,
    clinic_id: str = "demo",
    *,
    devices: int = 1,
    vaults: int = 2,
) -> World:
    """Return a migrated database with one clinic in it; a database at ``url`` has its tables.

    Its files, keys and rows are a copy of what the first world like it was given.
    """
    made = _made(clinic_id, devices, vaults)
    place = folder / made.folder.name
    shutil.copytree(made.folder, place)
    identity = replace(made, folder=place, keys=dict(made.keys), devices=dict(made.devices))
    if url is None:
        shutil.copy(made.folder.parent / "cloud.sqlite", folder)
        return _world(folder, None, identity)
    world = _world(folder, url, identity)
    add_clinic(world, identity)
    return world


def _world(folder: Path, url: str | None, identity: Identity) -> World:
    settings = Settings(data=folder, database_url=url, identity=identity.folder, rate_limit=100)
    return World(identity, settings, Database(settings.url, open_vault(settings)), HandClock())


@functools.cache
def _made(clinic_id: str, devices: int, vaults: int) -> Identity:
    """The identity of all worlds like this; a SQLite file with its clinic lies beside it."""
    folder = _folder()
    identity = make_identity(
        folder / f"identity-{clinic_id}", clinic_id, devices=devices, vaults=vaults
    )
    shutil.copy(_migrated(), folder)
    world = _world(folder, None, identity)
    add_clinic(world, identity)
    world.database.close()
    return identity


@functools.cache
def _migrated() -> Path:
    """A migrated, empty SQLite file, made once for all worlds."""
    folder = _folder()
    migrate(f"sqlite+pysqlite:///{folder / 'cloud.sqlite'}")
    return folder / "cloud.sqlite"


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="circlet-tables-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def add_clinic(world: World, identity: Identity) -> Clinic:
    """Add a clinic to a world's database."""
    found = read_identity(identity.folder)
    found = replace(found, devices=(*found.devices, *identity.more))
    with world.database.write(found.clinic_id) as session:
        return create_clinic(session, found, now_ms=world.clock.now_ms)


@dataclass
class Band:
    """A device's record, written as the firmware would."""

    identity: Identity
    patient_id: bytes
    epoch: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    data: list[bytes] = field(default_factory=list)
    clock_ms: int | None = START_MS
    device_id: bytes = b""
    prescription_hash: bytes = bytes(32)
    idle_ms: int = 0

    def __post_init__(self) -> None:
        self.device_id = self.device_id or self.identity.device_id
        self.state = ledger.genesis(self.device_id, self.epoch)
        transfers = {each.device_id: each.transfer for each in self.identity.more}
        first = (self.identity.folder / "transfer.cbor").read_bytes()
        transfer = sign1.name_of(transfers.get(self.device_id, first))
        self.write(records.ProvisionedBody(transfer, bytes(32), self.patient_id))

    def write(self, body: records.Body) -> None:
        """Append one record."""
        record = records.Record(
            self.state.number + 1,
            body.TYPE,
            self.state.boot_count,
            1000 * (self.state.number + 1) + self.idle_ms,
            self.clock_ms,
            body,
        )
        self.take(record)

    def take(self, record: records.Record) -> None:
        """Append a record as it is."""
        data = records.encode_record(record)
        self.state = ledger.take(self.state, data)
        self.data.append(data)

    def install(self, data: bytes) -> None:
        """Append that a prescription is in force; sessions go by it from now on."""
        found = from_bytes(data)
        self.prescription_hash = hash_of(data)
        signer = bytes(records.SIGNER_BYTES)
        self.write(
            records.PrescriptionInstalledBody(
                self.prescription_hash, found.serial, found.course_id, found.kind, signer
            )
        )

    def pass_time(self, elapsed_ms: int) -> None:
        """Let time go by, on the band's clock and on its own count."""
        self.idle_ms += elapsed_ms
        if self.clock_ms is not None:
            self.clock_ms += elapsed_ms

    def session(self, trains: int = 20, planned: int = 20) -> None:
        """Append a session of 30 pulses a train, ended after ``trains``."""
        session_id = secrets.token_bytes(16)
        self.write(
            records.SessionOpenedBody(
                session_id, self.prescription_hash, planned * 30, planned, bytes(32)
            )
        )
        for train in range(1, trains + 1):
            now = self.state.proven_ms
            self.write(records.SliceReservedBody(train, 1, 30, 57, self.state.counter))
            self.write(records.SliceClosedBody(train, 1, 30, 30, now))
        cause = (
            records.CloseCause.COMPLETED
            if trains == planned
            else records.CloseCause.ENDED_BY_PERSON
        )
        self.write(records.SessionClosedBody(session_id, cause, trains == planned, trains * 30))

    def record_items(self, first: int = 1) -> list[dict[str, object]]:
        """Return the outbox items of the records from ``first`` on."""
        return [
            {
                "id": items.record_id(self.device_id, self.epoch, number),
                "kind": "record",
                "body": data,
            }
            for number, data in enumerate(self.data, start=1)
            if number >= first
        ]

    def head_item(self) -> dict[str, object]:
        """Return the outbox item of a signed head over everything so far."""
        nonce = secrets.token_bytes(16)
        head = LedgerHead(
            self.device_id, self.epoch, self.state.number, self.state.hash, nonce, 0, 1
        )
        key = self.identity.devices[self.device_id]
        envelope = sign1.sign(head, audience=self.identity.clinic_id.encode(), signer=key)
        return {
            "id": items.head_id(self.device_id, self.epoch, self.state.number, nonce),
            "kind": "head",
            "body": envelope,
        }

"""Publishing a text pack: read from a file, signed by the enrolment key, queued for every phone."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.care.cards import phones_patients
from cloud.clinics.certificates import certificate_of_key
from cloud.errors import CloudError, Refused
from cloud.phones.models import Waiting
from cloud.phones.waiting import enqueue
from shared.care.documents import SignedDocument
from shared.instruments import packs
from shared.instruments.packs import AnswerText, ItemText, PackError, TextPack
from shared.trust.keys import SoftwareKey
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import DownKind


def read_pack(text: str) -> TextPack:
    """Return the pack that a TOML file says; raise CloudError with the field at fault."""
    try:
        said = tomllib.loads(text)
        pack = TextPack(
            instrument=said["instrument"],
            language=said["language"],
            serial=said["serial"],
            official=said["official"],
            name=said["name"],
            label=said["label"],
            licence=said["licence"],
            lead=said.get("lead", ""),
            items=tuple(_item(item) for item in said["items"]),
            answers=_answers(said.get("answers", {})),
        )
        fields.pack(pack)
        packs.apply(pack)
    except KeyError as problem:
        raise CloudError(f"{problem.args[0]}: is missing") from problem
    except (tomllib.TOMLDecodeError, TypeError, ValueError, WireError) as problem:
        raise CloudError(str(problem)) from problem
    return pack


def publish(
    session: Session, clinic_id: str, pack: TextPack, key: SoftwareKey, *, now_ms: int
) -> int:
    """Sign the pack and queue it for each patient with a phone; return how many.

    Raise Refused where it doesn't fit its form. A phone keeps the pack with the highest serial.
    """
    try:
        signed = packs.sign(
            pack,
            clinic_id=clinic_id.encode(),
            signer=key,
            certificate=certificate_of_key(session, clinic_id, key.public_key.key_id),
        )
    except PackError as problem:
        raise Refused(f"{problem}.", code=problem.field) from problem
    body = fields.pack(signed)
    patients = phones_patients(session, clinic_id)
    for patient_id in patients:
        enqueue(session, clinic_id, patient_id, DownKind.TEXT_PACK, body, now_ms=now_ms)
    return len(patients)


def queue_newest(session: Session, clinic_id: str, patient_id: bytes, *, now_ms: int) -> None:
    """Queue the clinic's newest packs for a patient whose phone was just enrolled and who has
    none waiting of before."""
    bodies = session.scalars(
        select(Waiting.sealed_body)
        .where(Waiting.clinic_id == clinic_id, Waiting.kind == DownKind.TEXT_PACK.value)
        .distinct()
    )
    newest: dict[tuple[str, str], tuple[int, bytes]] = {}
    for body in bodies:
        pack = fields.unpack(TextPack, fields.unpack(SignedDocument, body).document)
        key = (pack.instrument, pack.language)
        newest[key] = max(newest.get(key, (0, b"")), (pack.serial, body))
    has = select(Waiting.sealed_body).where(
        Waiting.clinic_id == clinic_id,
        Waiting.patient_id == patient_id,
        Waiting.kind == DownKind.TEXT_PACK.value,
    )
    waiting = set(session.scalars(has))
    for _serial, body in newest.values():
        if body not in waiting:
            enqueue(session, clinic_id, patient_id, DownKind.TEXT_PACK, body, now_ms=now_ms)


def _item(said: Mapping[str, Any]) -> ItemText:
    return ItemText(
        id=said["id"],
        prompt=said["prompt"],
        answers=_answers(said.get("answers", {})),
        low=said.get("low", ""),
        high=said.get("high", ""),
    )


def _answers(said: Mapping[str, str]) -> tuple[AnswerText, ...]:
    return tuple(AnswerText(int(value), text) for value, text in said.items())

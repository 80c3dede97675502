"""A phone that shares, and a browser of who is let in, by the real ways in."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from cloud.caregivers import service
from cloud.caregivers.models import Caregiver
from cloud.ingest.bodies import decode_bytes
from cloud.people import service as people
from shared.care.caregiver import (
    CaregiverNews,
    CaregiverWord,
    Invitation,
    Shown,
    caregiver_item_id,
    name_context,
    verifier_of,
)
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.letter_codes import CODE_BYTES, Code, made_of, read_code
from shared.trust.sealing import seal
from shared.wire import fields
from tests.cloud.phone import Phone
from tests.cloud.worlds import World

NAME = "Ottilie Fernblick"
WEEK_MS = 7 * 86_400_000


@dataclass
class Sharing:
    """One person whom a phone lets in; ``text`` is their code."""

    world: World
    phone: Phone
    caregiver_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    text: str = ""
    said_ms: int = 0
    patient_id: bytes = b""

    def __post_init__(self) -> None:
        clinic_id = self.world.identity.clinic_id
        self.text = self.text or made_of(clinic_id, secrets.token_bytes(CODE_BYTES))
        self.patient_id = self.patient_id or self.phone.bytes_of("patient_id")

    @property
    def code(self) -> Code:
        found = read_code(self.text)
        assert found is not None
        return found

    def invitation(self) -> Invitation:
        until_ms = self.world.clock.now_ms + WEEK_MS
        return Invitation(self.code.code_id, verifier_of(self.code), until_ms)

    def item(
        self,
        *shown: Shown,
        ended: bool = False,
        invitation: Invitation | None = None,
        key: SoftwareKey | None = None,
        audience: bytes = b"",
    ) -> dict[str, Any]:
        """The item of a word that the phone says now."""
        self.said_ms = max(self.world.clock.now_ms, self.said_ms + 1)
        word = CaregiverWord(
            self.caregiver_id,
            self.patient_id,
            self.said_ms,
            tuple(sorted(shown)),
            ended,
            seal(
                NAME.encode(),
                to=self.world.identity.keys["care"].public_key,
                context=name_context(self.patient_id),
            ),
            invitation,
        )
        audience = audience or self.world.identity.clinic_id.encode()
        body = sign1.sign(word, audience=audience, signer=key or self.phone.app_key)
        item_id = caregiver_item_id(self.caregiver_id, self.said_ms)
        return {"id": item_id, "kind": "caregiver", "body": body}

    def say(self, *shown: Shown, **more: Any) -> dict[str, Any]:
        """Send a word; return its answer."""
        (answer,) = self.phone.items([self.item(*shown, **more)])
        return answer

    def invite(self, *shown: Shown) -> dict[str, Any]:
        """Send the first word."""
        return self.say(*shown, invitation=self.invitation())

    def kept(self) -> Caregiver:
        """What the clinic keeps of it."""
        key = (self.world.identity.clinic_id, self.patient_id, self.caregiver_id)
        with self.world.database.read(key[0]) as session:
            return session.get_one(Caregiver, key)

    def come_in(self) -> str:
        """Use the code as the page does, but for the passkey; return the sign-in's cookie."""
        clinic_id, now_ms = self.world.identity.clinic_id, self.world.clock.now_ms
        with self.world.database.write(clinic_id) as session:
            found = service.invited_by(session, self.code, verifier_of(self.code), now_ms=now_ms)
            member = service.come_in(session, found, now_ms=now_ms)
            return people.open_sign_in(session, member, hours=10, now_ms=now_ms)


def news(phone: Phone) -> list[CaregiverNews]:
    """What waits for the phone about somebody close, oldest first."""
    items = phone.get("/v1/sync").json()["items"]
    return [
        fields.unpack(CaregiverNews, decode_bytes(each["body"]))
        for each in items
        if each["kind"] == "caregiver"
    ]


def browser(app: FastAPI, cookie: str = "") -> TestClient:
    """A browser that doesn't follow by itself."""
    client = TestClient(app, follow_redirects=False, headers={"Accept": "text/html"})
    if cookie:
        client.cookies.set("circlet", cookie)
    return client

"""What a test's phone tells, sealed as the app does it."""

import secrets
from typing import Any

from cloud.alerts.service import open_alerts
from shared.care import bodies
from shared.trust.sealing import seal
from shared.wire.items import care_context, care_id
from tests.cloud.phone import Phone
from tests.cloud.worlds import World


def tell(world: World, phone: Phone, item: Any, *, ahead_ms: int = 0) -> str:
    """Send one item of care from a phone whose clock is so far ahead; return its id."""
    patient_id = phone.bytes_of("patient_id")
    now_ms = world.clock.now_ms
    name = care_id(now_ms, secrets.token_bytes(16))
    sealed = seal(
        bodies.pack(item, at_ms=now_ms + ahead_ms, patient_id=patient_id),
        to=world.identity.keys["care"].public_key,
        context=care_context(patient_id),
    )
    (answer,) = phone.items([{"id": name, "kind": "care", "body": sealed}])
    assert answer["answer"] == "accepted"
    return name


def titles(world: World, clinic_id: str = "demo") -> list[tuple[str, str]]:
    """Return urgency and title of the clinic's open alerts."""
    with world.database.read("demo") as session:
        return [(a.urgency, a.title) for a in open_alerts(session, clinic_id)]

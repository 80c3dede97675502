"""Phones that send without end, and what the clinic owes them: nothing acknowledged may be gone."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Sequence

import httpx2
from sqlalchemy import select, text

from cloud.ingest.bodies import encode_bytes
from cloud.ledger import stretches
from cloud.ledger.models import LedgerChain, StoredRecord
from shared.instruments.forms import phq9
from shared.trust.sealing import seal
from shared.wire import fields
from shared.wire.items import CheckinBody, checkin_context
from tests.cloud.oncall.fleet import set_clock
from tests.cloud.phone import Phone
from tests.cloud.worlds import Band, World
from tests.journey.polling import until


class Sender(threading.Thread):
    """A phone that sends until it is asked to end, each batch again until it is acknowledged.

    ``acknowledged`` is the oracle: id and bytes of every item to which the clinic said yes;
    ``said_yes_s`` has the moment of each yes, ``refused`` how often which no came.
    """

    within_s = 60
    """A batch has to be taken in within so long."""

    def __init__(self, world: World, phone: Phone, device_id: bytes, stop: threading.Event) -> None:
        super().__init__()
        self._world, self._phone, self._stop_asked = world, phone, stop
        self._pause = threading.Event()
        self._band = Band(world.identity, phone.bytes_of("patient_id"), device_id=device_id)
        self.acknowledged: dict[str, bytes] = {}
        self.again = 0
        self.answers: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.said_yes_s: list[float] = []
        self.failed: Exception | None = None

    def run(self) -> None:
        number = first = 1
        while not self._stop_asked.is_set():
            set_clock(self._world)
            self._band.session(trains=2, planned=2)
            batch = [*self._band.record_items(first), self._band.head_item(), self._checkin(number)]
            first = self._band.state.number + 1
            number += 1
            try:
                self._send(batch)
            except Exception as problem:
                self.failed = problem
                return

    def ask_to_stop(self) -> None:
        """Let it end with the batch that it is at."""
        self._stop_asked.set()

    def _send(self, batch: list[dict[str, object]]) -> None:
        ends_s = time.monotonic() + self.within_s
        while time.monotonic() < ends_s:
            answers = self._answers(batch)
            if answers is None:
                self.again += 1
                self._pause.wait(0.1)  # a phone waits before it tries again
                continue
            self.said_yes_s.append(time.monotonic())
            for item, answer in zip(batch, answers, strict=True):
                assert answer["answer"] in ("accepted", "duplicate"), answer
                body = item["body"]
                assert isinstance(body, bytes)
                self.acknowledged[str(item["id"])] = body
                self.answers[answer["answer"]] += 1
            return
        raise TimeoutError(f"a batch was not acknowledged within {self.within_s} s")

    def _answers(self, batch: list[dict[str, object]]) -> list[dict[str, str]] | None:
        """What the clinic says to a batch; nothing where it can't be reached or refuses."""
        sent = [{**item, "body": _text(item["body"])} for item in batch]
        try:
            answer = self._phone.post("/v1/items", {"items": sent})
            said = answer.json()
        except (httpx2.HTTPError, ValueError) as problem:
            self.refused[type(problem).__name__] += 1
            return None
        if answer.status_code != 200:
            self.refused[f"{answer.status_code} {said['code']}"] += 1
            return None
        answers: list[dict[str, str]] = said["answers"]
        return answers

    def _checkin(self, number: int) -> dict[str, object]:
        patient_id = self._phone.bytes_of("patient_id")
        now_ms = self._world.clock.now_ms
        body = CheckinBody("phq-9", phq9().version, patient_id, now_ms, (0,) * 9, "en", 0)
        sealed = seal(
            fields.pack(body),
            to=self._world.identity.keys["care"].public_key,
            context=checkin_context(patient_id),
        )
        return {"id": f"checkin/{number:032x}", "kind": "checkin", "body": sealed}


def wait_for_checkins(world: World, count: int) -> int:
    """Wait until the workers opened every check-in; return how many there are."""
    query = text("SELECT count(*), count(opened_ms) FROM checkins")

    async def look() -> tuple[int, int]:
        with world.database.read("demo") as session:
            there, opened = session.execute(query).one()
        return there, opened

    return asyncio.run(until(look, lambda seen: seen == (count, count)))[1]


def count(senders: Sequence[Sender], kind: str) -> int:
    """How many items of a kind were acknowledged."""
    return sum(name.startswith(f"{kind}/") for each in senders for name in each.acknowledged)


def stored_records(world: World) -> Counter[bytes]:
    """Every record that the clinic has, by its bytes."""
    with world.database.read("demo") as session:
        chains = session.scalars(select(LedgerChain)).all()
        stored = Counter(
            each.data for chain in chains for each in stretches.records(session, chain)
        )
        stored.update(session.scalars(select(StoredRecord.data)).all())
    return stored


def acknowledged_records(senders: Sequence[Sender]) -> Counter[bytes]:
    """Every record to which the clinic said yes, by its bytes."""
    return Counter(
        body
        for each in senders
        for name, body in each.acknowledged.items()
        if name.startswith("record/")
    )


def _text(body: object) -> str:
    assert isinstance(body, bytes)
    return encode_bytes(body)

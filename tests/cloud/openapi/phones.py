"""A phone that signs whatever schemathesis makes up."""

from random import Random
from typing import Any

import httpx2
from starlette.testclient import TestClient

from cloud.ingest.app import create_app
from cloud.ingest.bodies import encode_bytes
from cloud.ingest.gate import Gate
from cloud.worker.heartbeats import beat
from shared.wire.items import UpKind
from tests.cloud.openapi.asking import Asked, Made, Operation, Send
from tests.cloud.phone import Phone
from tests.cloud.worlds import Band, World

AGES_S = 1_000_000.0


class PhoneCaller:
    """Sends requests signed by an enrolled phone, or as they are where nobody signs."""

    last: tuple[str, ...] = ()

    def __init__(self, world: World, *, signs: bool) -> None:
        self._signs = signs
        settings = world.settings.model_copy(update={"rate_limit": 1_000_000})
        self.app = create_app(settings, world.clock)
        # A phone that may send much: ages pass between its requests.
        self._now_s = 0.0
        self.app.state.ingest.gate = Gate(now_s=self._ages)
        self.client = TestClient(self.app)
        self.phone = Phone(world, self.client)
        assert self.phone.enrol(world.enrol()[1]).status_code == 200
        self._band = Band(world.identity, self.phone.bytes_of("patient_id"))
        self._band.session(trains=1, planned=1)
        with world.database.write("demo") as session:
            beat(session, "demo", "worker", now_ms=world.clock.now_ms)

    def _ages(self) -> float:
        self._now_s += AGES_S
        return self._now_s

    def sender(self, _operation: Operation) -> Send:
        """Return what sends requests, with the phone's signature where it signs."""
        return self._signed if self._signs else self._as_it_is

    def _signed(self, asked: Asked) -> httpx2.Response:
        return self.phone.send(
            self.phone.signed_as_it_is(asked.method, asked.url, asked.body, asked.headers)
        )

    def _as_it_is(self, asked: Asked) -> httpx2.Response:
        answer: httpx2.Response = self.client.request(
            asked.method, asked.url, headers=asked.headers, content=asked.body
        )
        return answer

    def change(self, case: Made) -> None:
        """Put what exists in the place of half of what was made up."""
        chance = Random(repr(case.body))
        if not isinstance(case.body, dict):
            return
        if "device_id" in case.body and chance.random() < 0.5:
            case.body["device_id"] = self.phone.given["device_id"]
        if "nonce" in case.body and chance.random() < 0.5:
            case.body["nonce"] = encode_bytes(chance.randbytes(16))
        items = case.body.get("items")
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and chance.random() < 0.5:
                self._change_item(item, chance)

    def _change_item(self, item: dict[str, Any], chance: Random) -> None:
        kept = item.get("body")
        item["kind"] = chance.choice(list(UpKind))
        real = [*self._band.record_items(), self._band.head_item()]
        if chance.random() < 0.5:
            chosen = chance.choice(real)
            body = chosen["body"]
            assert isinstance(body, bytes)
            item |= chosen | {"body": encode_bytes(body) if chance.random() < 0.5 else kept}

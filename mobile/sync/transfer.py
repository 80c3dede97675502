"""One exchange with the clinic: the outbox up, what waits there down.

Every step is kept before the next begins, so that a kill at any point costs a repetition and
nothing else: an item without an answer is sent again under its id, a download begins again after
the last cursor kept.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from mobile.store import Store
from mobile.store.downstream import UnknownItem
from mobile.store.outbox import OutboxItem
from mobile.store.sent_again import send_again
from mobile.sync.answers import Downloaded, Uploaded, Verdict
from mobile.sync.client import IngestClient
from mobile.sync.errors import AnswerUnreadable, ClinicBusy

log = logging.getLogger(__name__)

BATCH_ITEMS = 1_000
"""A band's records up to its newest head in one upload, also after weeks: the clinic takes more."""
BATCH_BYTES = 400_000


@dataclass(frozen=True)
class Exchange:
    """What an exchange did; ``heartbeat_ms`` is when the clinic's watch last beat."""

    sent: int
    refused: int
    received: int
    heartbeat_ms: int | None
    now_ms: int


async def exchange(store: Store, client: IngestClient) -> Exchange:
    """Send everything that waits, then fetch everything new, which may ask for more.

    Where the clinic has no room for what is sent, raise ClinicBusy behind the fetching: a hold
    waits for no upload.
    """
    try:
        sent, refused = await _upload(store, client)
    except ClinicBusy:
        await _download(store, client)
        raise
    received, downloaded = await _download(store, client)
    if downloaded.records is not None:
        with store.transaction():
            again = send_again(store.records, store.outbox, downloaded.records)
        if again:
            log.warning("the clinic lacks %d items that it had accepted", again)
    return Exchange(sent, refused, received, downloaded.heartbeat_ms, downloaded.now_ms)


async def _upload(store: Store, client: IngestClient) -> tuple[int, int]:
    sent = refused = 0
    while batch := _batch(store.outbox.next_items(BATCH_ITEMS)):
        uploaded = await client.send(batch)
        refused += _keep_answers(store, batch, uploaded)
        sent += len(batch)
    return sent, refused


def _batch(items: Sequence[OutboxItem]) -> tuple[OutboxItem, ...]:
    taken: list[OutboxItem] = []
    size = 0
    for item in items:
        size += len(item.body)
        if taken and size > BATCH_BYTES:
            break
        taken.append(item)
    return tuple(taken)


def _keep_answers(store: Store, batch: Sequence[OutboxItem], uploaded: Uploaded) -> int:
    if {answer.id for answer in uploaded.answers} != {item.id for item in batch}:
        raise AnswerUnreadable("answers.id")
    refused = 0
    with store.transaction():
        for answer in uploaded.answers:
            refusal = None
            if answer.verdict is Verdict.REFUSED:
                refusal = answer.reason or "no reason given"
                refused += 1
            store.outbox.acknowledge(answer.id, now_ms=uploaded.now_ms, refusal=refusal)
    return refused


async def _download(store: Store, client: IngestClient) -> tuple[int, Downloaded]:
    received = 0
    while True:
        downloaded = await client.fetch(store.downstream.cursor())
        if not downloaded.items:
            return received, downloaded
        if downloaded.items[-1].cursor <= store.downstream.cursor():
            raise AnswerUnreadable("items.cursor")
        store.downstream.keep(downloaded.items)
        for item in downloaded.items:
            if isinstance(item, UnknownItem):
                log.warning("item %d is of a kind for a newer app", item.cursor)
        received += len(downloaded.items)

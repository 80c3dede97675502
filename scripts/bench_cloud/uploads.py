"""The body of an upload, as an app makes it."""

from __future__ import annotations

from typing import Any

from cloud.ingest.bodies import encode_bytes
from tests.cloud.worlds import Band


def body_of(band: Band, first: int) -> dict[str, Any]:
    """Return the upload of the band's records from ``first`` on, with a head."""
    sent = [*band.record_items(first), band.head_item()]
    return {"items": [{**each, "body": encode_bytes(_bytes(each["body"]))} for each in sent]}


def _bytes(body: object) -> bytes:
    assert isinstance(body, bytes)
    return body

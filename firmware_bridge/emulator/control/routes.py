"""The one table of the control surface's requests: path, meaning, what is asked and answered.

The server's routes and the OpenAPI document are both made from it. Not for doing anything: see
`surface`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from firmware_bridge.emulator.control import shapes
from firmware_bridge.emulator.control.fault_looks import faults_schema, placement_schema
from firmware_bridge.emulator.control.schema import Free
from firmware_bridge.emulator.control.surface import Surface

JSON, BYTES, STREAM = "application/json", "application/octet-stream", "text/event-stream"


@dataclass(frozen=True)
class Route:
    """One request; `refusals` are the statuses beside 200 that it may be answered with."""

    method: str
    path: str
    summary: str
    act: Callable[..., Awaitable[Any]]
    """A method of `Surface`, given what `takes` or `query` describes."""
    gives: Any
    takes: Any = None
    query: Any = None
    media: str = JSON
    refusals: tuple[int, ...] = ()


def _get(path: str, summary: str, act: Callable[..., Awaitable[Any]], gives: Any) -> Route:
    return Route("GET", path, summary, act, gives)


def _post(
    path: str, summary: str, act: Callable[..., Awaitable[Any]], takes: Any = shapes.Nothing
) -> Route:
    return Route("POST", path, summary, act, shapes.Done, takes=takes, refusals=(400, 403))


def _delete(path: str, summary: str, act: Callable[..., Awaitable[Any]], *refusals: int) -> Route:
    return Route("DELETE", path, summary, act, shapes.Done, refusals=(403, *refusals))


ROUTES: tuple[Route, ...] = (
    _get("/state", "everything there is to see of the band", Surface.state, shapes.BandState),
    Route(
        "GET",
        "/events",
        "state, messages and events of the state machine as they happen (server-sent events)",
        Surface.events,
        str,
        media=STREAM,
    ),
    _get("/messages", "the newest messages, in plain words", Surface.messages, shapes.Messages),
    _get("/machine", "the firmware's table of states", Surface.machine, shapes.Machine),
    _get("/flash", "the flash by erase blocks", Surface.flash, shapes.FlashMap),
    Route(
        "GET",
        "/records",
        f"up to {shapes.MOST_RECORDS} ledger records, read",
        Surface.records,
        shapes.ReadLedger,
        query=shapes.RecordsFrom,
        refusals=(400,),
    ),
    _get("/ledger", "every ledger record, as hexadecimal", Surface.ledger, shapes.RawLedger),
    Route(
        "GET",
        "/ledger.jsonl",
        "the ledger as a file for circlet-verify, as lines of JSON",
        Surface.ledger_jsonl,
        bytes,
        media=BYTES,
        refusals=(400,),
    ),
    Route(
        "GET",
        "/ledger.cbor",
        "the ledger as a file for circlet-verify, as CBOR",
        Surface.ledger_cbor,
        bytes,
        media=BYTES,
        refusals=(400,),
    ),
    _post("/button", "press the band's button", Surface.button, shapes.ButtonPress),
    _get("/faults", "what can go wrong, and what is wrong now", Surface.faults, shapes.Faults),
    _post("/fault", "set faults at once", Surface.fault, Free(faults_schema())),
    _delete("/faults/{name}", "take a fault back", Surface.take_back, 400),
    _get(
        "/placements", "faults that are to strike, or struck", Surface.placements, shapes.Placements
    ),
    Route(
        "POST",
        "/placements",
        "place a fault in time, at an event, or by chance",
        Surface.place,
        shapes.Placed,
        takes=Free(placement_schema()),
        refusals=(400, 403),
    ),
    _delete(
        "/placements/{number}", "take a placement away, and its fault back", Surface.remove, 404
    ),
    _delete("/placements", "take all placements away, and all faults back", Surface.clear),
    _post("/advertise", "advertise anew, under a fresh address", Surface.advertise),
    _post("/drop", "end the present connection from the band's side", Surface.drop),
    Route(
        "POST",
        "/link",
        "make another address that opens the page once",
        Surface.link,
        shapes.PageLink,
        takes=shapes.Nothing,
        refusals=(400, 403),
    ),
)

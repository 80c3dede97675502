"""The least that taking items in can be: FastAPI reads the same body into the same items and puts
each into one table by the same driver, in one transaction. Nothing is verified, and nobody asked.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel, Field
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, insert

from cloud.db import make_engine
from cloud.ingest.bodies import ITEMS_MAX, Base64Url, ItemId, ItemKind

_METADATA = MetaData()
_ITEMS = Table(
    "bare_items", _METADATA, Column("id", String, primary_key=True), Column("body", LargeBinary)
)


class BareItem(BaseModel):
    """An item under the same limits, as anybody would write it down."""

    id: ItemId
    kind: ItemKind
    body: Base64Url


class BareItems(BaseModel):
    """The body of a request."""

    items: Annotated[list[BareItem], Field(max_length=ITEMS_MAX)]


def bare_app(url: str) -> FastAPI:
    """Return the application over an empty database, whose table it makes."""
    engine, app = make_engine(url), FastAPI()
    _METADATA.create_all(engine)

    @app.post("/items")
    def items(request: BareItems) -> dict[str, int]:
        rows = [{"id": item.id, "body": item.body} for item in request.items]
        with engine.begin() as connection:
            connection.execute(insert(_ITEMS), rows)
        return {"accepted": len(rows)}

    app.router.add_event_handler("shutdown", engine.dispose)
    return app

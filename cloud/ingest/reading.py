"""Reads an upload: one item that can't be read is refused for itself, and holds no other up."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from cloud.ingest.bodies import ItemsRequest, UpItem
from cloud.ledger.batch import REFUSED

Line = dict[str, object]
"""The answer to one item."""
ITEM = 2
"""The place of an item in an error's location, behind ``items``: one more is its member."""


def read_items(body: bytes) -> tuple[list[UpItem], dict[int, Line]]:
    """Return the items, and by their places the answers to those that can't be read.

    Raise ValidationError where the request as a whole is none, or an item has no id to be answered
    by.
    """
    try:
        return ItemsRequest.model_validate_json(body).items, {}
    except ValidationError as problem:
        unread = _unread(problem, body)
        if not unread:
            raise
    items: list[Any] = json.loads(body)["items"]
    rest = [item for place, item in enumerate(items) if place not in unread]
    return ItemsRequest.model_validate_json(json.dumps({"items": rest})).items, unread


def _unread(problem: ValidationError, body: bytes) -> dict[int, Line]:
    """Return the answers to unreadable items; none where anything else is wrong as well."""
    errors = problem.errors(include_url=False, include_input=False, include_context=False)
    if any(len(each["loc"]) < ITEM or each["loc"][0] != "items" for each in errors):
        return {}
    items: list[Any] = json.loads(body)["items"]
    found: dict[int, Line] = {}
    for each in errors:
        place, *member = each["loc"][1:]
        item = items[int(place)]
        name = item.get("id") if isinstance(item, dict) else None
        if not isinstance(name, str):
            return {}
        where = ".".join(str(part) for part in member) or "item"
        reason = f"The item is not readable: {where}: {each['msg']}."
        found.setdefault(int(place), {"id": name, "answer": REFUSED, "reason": reason})
    return found

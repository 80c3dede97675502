"""Forms that carry their patient: read as they were sent, refused where two tabs got mixed up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import Depends, Request

from cloud.dashboard.parts import identifier
from cloud.errors import NotFound


async def _form(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


Typed = Annotated[dict[str, str], Depends(_form)]


def described(names: Iterable[str]) -> dict[str, Any]:
    """Return what the interface's description says of a form with these fields."""
    text = {"type": "string"}
    schema = {"schema": {"properties": {name: text for name in names}}}
    return {"requestBody": {"content": {"application/x-www-form-urlencoded": schema}}}


def require_own_form(form: Mapping[str, str], patient: str) -> None:
    """Two tabs with two patients can't mix: the form says whose it is."""
    if identifier(form.get("patient_id", "")) != identifier(patient):
        raise NotFound("This form is of another patient. Open the page again.")

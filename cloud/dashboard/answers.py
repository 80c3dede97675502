"""What the pages' own scripts are answered, as JSON."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

ANSWER_SENT = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}
"""What a ceremony is sent: what the browser made of its options."""
Options = dict[str, Any]
"""A ceremony's options as WebAuthn has them; the browser reads them, we don't."""


class Answer(BaseModel):
    """Its members and no others."""

    model_config = ConfigDict(extra="forbid")


class Next(Answer):
    """Where a browser goes once a passkey has answered."""

    next: str


class FormToken(Answer):
    """The token that the sign-in's forms carry."""

    form_token: str


class Nothing(Answer):
    """Done, and nothing to say."""

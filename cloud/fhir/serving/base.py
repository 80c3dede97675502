"""The server's own addresses."""

from __future__ import annotations

from cloud.fhir.serving.answers import PREFIX
from cloud.settings import Settings


def base_of(settings: Settings) -> str:
    """Return the base below which resources are."""
    return f"{settings.origin}{PREFIX}"


def token_address(settings: Settings) -> str:
    """Return where a token is bought: the audience of every JWT."""
    return f"{base_of(settings)}/token"

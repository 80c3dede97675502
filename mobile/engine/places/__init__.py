"""The places beyond the session itself, by name: a button of a place's name opens it."""

from __future__ import annotations

from collections.abc import Mapping

from mobile.engine.places.place import Opener, Place

_ALL: tuple[type[Place], ...] = ()

PLACES: Mapping[str, Opener] = {place.name: place for place in _ALL}
"""Every place that a button, the bar, or a restart may open."""

"""The clinic's server as this phone met it at enrolment: its name, and the keys that stood for it.

Kept sealed with the enrolment. Another name is refused before anything is sent; a server of the
same name is refused in the handshake unless one of its keys is among those (ADR 27).
"""

from __future__ import annotations

from dataclasses import dataclass

from mobile.store import Store
from shared.wire import fields
from shared.wire.fields import wire

_SETTING = "clinic-pin"


@dataclass(frozen=True)
class Pin:
    """``keys`` are SHA-256 of public keys, the server's own first, then those above it; none where
    nothing was encrypted, within this machine."""

    host: str = wire(1, minimum=1, maximum=253)
    keys: tuple[bytes, ...] = wire(2, maximum=10)

    def allows(self, keys: tuple[bytes, ...]) -> bool:
        """Whether a server that shows these keys is the one of the pin."""
        return not self.keys or bool(set(self.keys) & set(keys))


def keep_pin(store: Store, pin: Pin) -> None:
    """Keep the pin in place of the last one."""
    store.settings.put(_SETTING, fields.pack(pin))


def kept_pin(store: Store) -> Pin | None:
    """Return the pin that was kept."""
    data = store.settings.get(_SETTING)
    return None if data is None else fields.unpack(Pin, data)

"""The operating system's random source in the place of a hardware generator."""

from __future__ import annotations

import secrets


class SystemRandomness:
    """Unpredictable bytes; not reproducible on purpose."""

    def bytes(self, count: int) -> bytes:
        """Return `count` unpredictable bytes."""
        return secrets.token_bytes(count)

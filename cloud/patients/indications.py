"""What a patient may be enrolled for: the catalogue's indications."""

from __future__ import annotations

from cloud.errors import Refused
from cloud.language import told
from shared.stimulation.catalogue import catalogue


def indications() -> dict[str, str]:
    """Return each indication's name in the reader's language, by its id."""
    return {entry.indication_id: told(entry.indication) for entry in catalogue().entries}


def indication(value: str) -> str:
    """Return the id of an indication; raise Refused for none."""
    if value not in indications():
        raise Refused("Choose one of the indications.", code="indication")
    return value

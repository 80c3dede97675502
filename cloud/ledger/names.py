"""Ids of a batch's records: all of one device and epoch begin alike, and the number follows."""

from __future__ import annotations

import re

BEGINNING = len("record/") + 2 * (32 + len("/"))
"""How much of a record's id names its device and epoch, as `shared.wire.items` spells it."""

is_number = re.compile("[1-9][0-9]{0,8}").fullmatch
"""Whether this is how a number is spelled there; those with more digits aren't all of 32 bits."""

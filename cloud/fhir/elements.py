"""FHIR's data types, there and back: identifiers, extensions, references, times, bytes.

What goes out is built from dicts; `Element` reads what comes in and knows where it is, so that an
error names the field.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from cloud.clock import instant
from cloud.fhir.errors import NotValid
from cloud.times import LATEST_MS

Resource = dict[str, Any]
SPACE = "urn:circlet:"
"""Our own names for identifiers, codes and extensions: a URN that is registered nowhere."""
OBSERVATION_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
DATA_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_NOT_A_STRING = re.compile(r"[^ \r\n\t\S]|[\x00-\x08\x0e-\x1f]")


def sayable(text: str) -> str:
    """Return a text as FHIR's type string holds one: other spaces and controls become a space."""
    return _NOT_A_STRING.sub(" ", text).strip()


def moment(wall_ms: int) -> str:
    """Return a time as instant, in UTC, to the millisecond."""
    seconds, thousandths = divmod(min(wall_ms, LATEST_MS), 1000)
    return f"{instant(seconds * 1000).replace(tzinfo=None).isoformat()}.{thousandths:03}Z"


def on_calendar(wall_ms: int | None) -> int | None:
    """Return the time, or None where no calendar has it: a band's clock may say anything."""
    return None if wall_ms is None or wall_ms > LATEST_MS else wall_ms


def identifier(name: str, value: str) -> Resource:
    """Return an identifier of our own system ``name``."""
    return {"system": SPACE + name, "value": value}


def coded(name: str, code: str, text: str) -> Resource:
    """Return a CodeableConcept of our own codes ``name``."""
    return {"coding": [{"system": SPACE + name, "code": code}], "text": text}


def standard(system: str, code: str, display: str) -> Resource:
    """Return a CodeableConcept of a public code system."""
    return {"coding": [{"system": system, "code": code, "display": display}]}


def extension(name: str, kind: str, value: Any) -> Resource:
    """Return an extension of our own; ``kind`` is what follows "value" in its name."""
    return {"url": SPACE + name, f"value{kind}": value}


def packed(data: bytes) -> str:
    """Return bytes as base64Binary."""
    return base64.b64encode(data).decode()


def without_nothing(resource: Resource) -> Resource:
    """Return the resource without elements that are None or empty: FHIR has no such."""
    return {name: value for name, value in resource.items() if value is not None and value != []}


class Element:
    """One object of a resource that comes in; ``path`` is its FHIRPath."""

    def __init__(self, value: Any, path: str) -> None:
        if not isinstance(value, Mapping):
            raise NotValid(path, "is no object")
        self.value, self.path = value, path

    def has(self, name: str) -> bool:
        """Return whether the element is there."""
        return name in self.value

    def at(self, name: str) -> str:
        """Return the path of one of its elements."""
        return f"{self.path}.{name}"

    def text(self, name: str) -> str:
        """Return a string; raise NotValid for anything else."""
        value = self.value.get(name)
        if not isinstance(value, str) or not value:
            raise NotValid(self.at(name), "is missing, or no text")
        return value

    def whole(self, name: str) -> int:
        """Return an integer."""
        value = self.value.get(name)
        if type(value) is not int:
            raise NotValid(self.at(name), "is missing, or no whole number")
        return value

    def flag(self, name: str) -> bool:
        """Return a boolean."""
        value = self.value.get(name)
        if type(value) is not bool:
            raise NotValid(self.at(name), "is missing, or neither true nor false")
        return value

    def moment(self, name: str) -> int:
        """Return a time with its zone, Unix milliseconds."""
        try:
            at = datetime.fromisoformat(self.text(name))
            if at.tzinfo is None:
                raise ValueError
        except ValueError:
            raise NotValid(self.at(name), "is no time with its zone") from None
        return (at - instant(0)) // timedelta(milliseconds=1)

    def day(self, name: str) -> date:
        """Return a whole date."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            raise NotValid(self.at(name), "is no whole date") from None

    def data(self, name: str) -> bytes:
        """Return the bytes of a base64Binary."""
        try:
            return base64.b64decode(self.text(name), validate=True)
        except (binascii.Error, ValueError):
            raise NotValid(self.at(name), "is no base64") from None

    def hex(self, name: str, length: int) -> bytes:
        """Return bytes of this length that are spelled in hexadecimal."""
        return _hex(self.text(name), length, self.at(name))

    def child(self, name: str) -> Element:
        """Return an object below."""
        return Element(self.value.get(name), self.at(name))

    def each(self, name: str) -> tuple[Element, ...]:
        """Return the objects of a list; none where it's missing."""
        found = self.value.get(name, [])
        if not isinstance(found, list):
            raise NotValid(self.at(name), "is no list")
        return tuple(Element(each, f"{self.at(name)}[{n}]") for n, each in enumerate(found))

    def first(self, name: str) -> Element:
        """Return the first object of a list."""
        found = self.each(name)
        if not found:
            raise NotValid(self.at(name), "is missing")
        return found[0]

    def identifier(self, name: str) -> str:
        """Return the value of our identifier ``name``, whether it's one or a list of them."""
        own = self.value.get("identifier")
        listed = self.each("identifier") if isinstance(own, list) else (self.child("identifier"),)
        for each in listed:
            if each.value.get("system") == SPACE + name:
                return each.text("value")
        raise NotValid(self.at("identifier"), f"has none of the system {SPACE}{name}")

    def identified(self, name: str, length: int) -> bytes:
        """Return our identifier ``name`` as bytes of this length."""
        return _hex(self.identifier(name), length, self.at("identifier"))

    def code(self, name: str, system: str) -> str:
        """Return the code of our system that a CodeableConcept carries."""
        concept = self.child(name)
        for each in concept.each("coding"):
            if each.value.get("system") == SPACE + system:
                return each.text("code")
        raise NotValid(concept.at("coding"), f"has none of the system {SPACE}{system}")

    def extension(self, name: str) -> Element:
        """Return our extension ``name``."""
        found = self.maybe_extension(name)
        if found is None:
            raise NotValid(self.at("extension"), f"has none with the url {SPACE}{name}")
        return found

    def maybe_extension(self, name: str) -> Element | None:
        """Return our extension ``name``, or None."""
        for each in self.each("extension"):
            if each.value.get("url") == SPACE + name:
                return each
        return None


def _hex(text: str, length: int, path: str) -> bytes:
    if not re.fullmatch(f"[0-9a-f]{{{2 * length}}}", text):
        raise NotValid(path, f"is not {length} bytes in lower-case hexadecimal")
    return bytes.fromhex(text)

"""JSON described by dataclasses: their JSON Schema, values out, and values in with every limit.

What a field may hold is said once, in its type and by `limited`. Not for what a value means.
"""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from typing import Any, TypeVar

from firmware_bridge.emulator.control.errors import BadValue

T = TypeVar("T")

Schema = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Free:
    """An object whose fields somebody else judges; how it's described all the same."""

    schema: Schema


_SCALARS: dict[Any, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}
_WORDS = {"boolean": "true or false", "integer": "an integer", "number": "a number"}
_WORDS |= {"string": "a text"}


def limited(
    *, minimum: int | None = None, maximum: int | None = None, default: Any = dataclasses.MISSING
) -> Any:
    """Declare a field with limits: a number's value, a text's length."""
    metadata = {"minimum": minimum, "maximum": maximum}
    return dataclasses.field(default=default, metadata=metadata)


def plain(value: Any) -> Any:
    """A value as JSON has it: bytes as hexadecimal, enums by name, dataclasses as objects."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {field.name: plain(getattr(value, field.name)) for field in fields}
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    return value


# Describing


class Schemas:
    """JSON Schemas of dataclasses by name, as an OpenAPI document keeps them."""

    def __init__(self) -> None:
        self.named: dict[str, Schema] = {}

    def of(self, kind: Any) -> Schema:
        """The schema of a type; that of a dataclass stands among the named ones."""
        if isinstance(kind, Free):
            return kind.schema
        if dataclasses.is_dataclass(kind):
            return self._of_dataclass(typing.cast(type[Any], kind))
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return {"type": "string", "enum": [each.name for each in kind]}
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin in (types.UnionType, typing.Union):
            return {"anyOf": [self.of(each) for each in arguments]}
        if origin is tuple:
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if kind is Any:
            return {}
        if kind in (None, types.NoneType):
            return {"type": "null"}
        if kind is bytes:
            return {"type": "string", "pattern": "^([0-9a-f]{2})*$"}
        return {"type": _SCALARS[kind]}

    def _of_dataclass(self, kind: type[Any]) -> Schema:
        name = kind.__name__
        if name not in self.named:
            self.named[name] = {}
            self.named[name] = self._object(kind)
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, kind: type[Any]) -> Schema:
        hints, fields = typing.get_type_hints(kind), dataclasses.fields(kind)
        return {
            "type": "object",
            "description": (kind.__doc__ or "").split("\n\n")[0].replace("\n    ", " "),
            "properties": {
                field.name: self.of(hints[field.name]) | _limits(hints[field.name], field)
                for field in fields
            },
            "required": [each.name for each in fields if each.default is dataclasses.MISSING],
            "additionalProperties": False,
        }


def _limits(hint: Any, field: dataclasses.Field[Any]) -> Schema:
    names = ("minLength", "maxLength") if hint is str else ("minimum", "maximum")
    limits = (field.metadata.get("minimum"), field.metadata.get("maximum"))
    return {name: limit for name, limit in zip(names, limits, strict=True) if limit is not None}


# Taking


def taken(kind: type[T], value: Any) -> T:
    """Return the `kind` that a JSON object holds; BadValue names the field and its limits."""
    if not isinstance(value, dict):
        raise BadValue("body", "a JSON object is wanted")
    fields = {field.name: field for field in dataclasses.fields(typing.cast(Any, kind))}
    for name in value:
        if name not in fields:
            raise BadValue(name, f"is unknown; one of {', '.join(fields) or 'nothing'} is wanted")
    for name, field in fields.items():
        if name not in value and field.default is dataclasses.MISSING:
            raise BadValue(name, "is missing")
    hints = typing.get_type_hints(kind)
    return kind(**{name: _one(hints[name], fields[name], item) for name, item in value.items()})


def _one(hint: Any, field: dataclasses.Field[Any], value: Any) -> Any:
    kinds = typing.get_args(hint) or (hint,)
    if Any in kinds or (type(value) in kinds and _is_within(field, value)):
        return value
    raise BadValue(field.name, f"{_wanted(kinds, field)} is wanted")


def _is_within(field: dataclasses.Field[Any], value: Any) -> bool:
    minimum, maximum = field.metadata.get("minimum"), field.metadata.get("maximum")
    size = len(value) if isinstance(value, str) else value
    return (minimum is None or size >= minimum) and (maximum is None or size <= maximum)


def _wanted(kinds: tuple[Any, ...], field: dataclasses.Field[Any]) -> str:
    words = " or ".join(_WORDS.get(_SCALARS.get(kind, ""), "null") for kind in kinds)
    minimum, maximum = field.metadata.get("minimum"), field.metadata.get("maximum")
    if maximum is None:
        return words if minimum is None else f"{words}, at least {minimum}"
    unit = " characters" if str in kinds else ""
    return f"{words} from {minimum or 0} to {maximum}{unit}"

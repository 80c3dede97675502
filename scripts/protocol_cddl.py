"""Writes the CDDL (RFC 8610) of everything that a band sends, takes or keeps, from the dataclasses.

`python -m scripts.protocol_cddl` prints it as docs/protocol.md has it. One rule a dataclass, named
after it; what CDDL can't say about bytes inside bytes stands in comments. Not for the phone's talk
with the cloud.
"""

from __future__ import annotations

import dataclasses
import enum
import re
import types
import typing
from collections.abc import Iterator
from typing import Any

from scripts.protocol_fields import is_optional, wire_fields
from shared.dose import prescription as prescriptions
from shared.trust import passkey, staff_words, statements
from shared.wire import items, operations, outcomes, status
from shared.wire.fields import MAXIMUM_INT, Limits
from shared.wire.operations import TABLE, Nothing, StatusCode
from shared.wire.records import BODIES, RecordType

PRELUDE = f"""\
uint53 = 0..{MAXIMUM_INT}
bytes16 = bstr .size 16
bytes32 = bstr .size 32
bytes33 = bstr .size 33
nothing = {{}}
"""

ENVELOPE = """\
cose-sign1 = #6.18([
  bstr,                        ; protected: the bytes of a protected-header
  nothing,                     ; unprotected
  bstr,                        ; payload: the bytes of a statement
  bstr .size 64                ; signature: r || s
])
protected-header = { 1 => -7, 4 => key-id }
key-id = bytes16
audience = bstr .size (0..32)
"""

REQUESTS = f"""\
request-id = 0..4294967295
refused = [request-id, refused-status, refusal]
refused-status = {min(StatusCode) + 1}..{max(StatusCode)}
"""

RECORD_HEAD = """\
record-number = uint53
boot-count = uint53
uptime-ms = uint53
clock-ms = uint53 / null
"""


def statement_kinds() -> list[type[Any]]:
    """Return the dataclasses of everything that is signed in a COSE_Sign1."""
    return [kind for kind in _dataclasses(statements) if hasattr(kind, "TYPE")]


def staff_word_kinds() -> list[type[Any]]:
    """Return the dataclasses of what staff sign with a passkey beside prescriptions."""
    return [kind for kind in _dataclasses(staff_words) if hasattr(kind, "SCOPE")]


def covered() -> list[type[Any]]:
    """Return every dataclass that has a rule, nested ones after what they stand in."""
    first = [
        *(kind for row in TABLE.values() for kind in (row.arguments, row.result)),
        operations.Refusal,
        *statement_kinds(),
        *staff_word_kinds(),
        staff_words.SignedWord,
        passkey.Assertion,
        items.SignedPrescription,
        prescriptions.Prescription,
        *BODIES.values(),
        status.Status,
        status.Telemetry,
    ]
    found: dict[type[Any], None] = {}
    for kind in first:
        _add(kind, found)
    return [kind for kind in found if kind is not Nothing]


def rule_name(kind: type[Any]) -> str:
    """Return the rule of a class: its name in small letters, words apart."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()


def cddl() -> str:
    """Return the whole specification, the same text each time."""
    parts = [
        f"; Common\n\n{PRELUDE}",
        f"; Control point\n\n{REQUESTS}{_request_rules()}",
        *(f"; {title}\n\n{''.join(map(_rule, kinds))}" for title, kinds in _chapters()),
        f"; Envelope\n\n{ENVELOPE}{_statement_rules()}",
        f"; Records\n\n{_record_rules()}",
        f"; Numbers\n\n{''.join(map(_enum_rule, _enums()))}",
    ]
    return "\n".join(parts)


def _chapters() -> list[tuple[str, list[type[Any]]]]:
    kinds, signed, words = covered(), statement_kinds(), staff_word_kinds()
    bodies = list(BODIES.values())
    talk = [k for k in kinds if k.__module__ in (operations.__name__, outcomes.__name__)]
    rest = [k for k in kinds if k not in (*talk, *signed, *words, *bodies)]
    return [
        ("Arguments and results", talk),
        ("Bodies of statements", signed),
        ("Staff words: canonical bytes that a passkey signs", words),
        ("Prescriptions, assertions, status", rest),
        ("Bodies of records", bodies),
    ]


def _request_rules() -> str:
    lines = []
    for operation, row in TABLE.items():
        name = operation.name.lower().replace("_", "-")
        asked, given = (_class_name(kind) for kind in (row.arguments, row.result))
        lines.append(f"request-{name} = [request-id, {int(operation)}, {asked}]\n")
        lines.append(f"answer-{name} = [request-id, 0, {given}] / refused\n")
    return "".join(lines)


def _class_name(kind: type[Any]) -> str:
    return "nothing" if kind is Nothing else rule_name(kind)


def _statement_rules() -> str:
    names = [f"statement-{rule_name(kind)}" for kind in statement_kinds()]
    lines = [
        f'{name} = {{ 0 => "{kind.TYPE}", 1 => key-id, 2 => audience, 3 => {rule_name(kind)} }}'
        for name, kind in zip(names, statement_kinds(), strict=True)
    ]
    return "statement = " + " /\n  ".join(names) + "\n" + "\n".join(lines) + "\n"


def _record_rules() -> str:
    names, rules = [], []
    for number in RecordType:
        body = BODIES.get(number)
        name = f"record-{number.name.lower().replace('_', '-')}"
        names.append(name)
        filled = "nothing" if body is None else rule_name(body)
        head = f"record-number, {int(number)}, boot-count, uptime-ms, clock-ms"
        rules.append(f"{name} = [{head}, {filled}]")
    return RECORD_HEAD + "record = " + " /\n  ".join(names) + "\n" + "\n".join(rules) + "\n"


def _rule(kind: type[Any]) -> str:
    lines = [
        f"  {'? ' if is_optional(hint) else ''}{limits.number} => {_type(hint, limits)},"
        for _, limits, hint in wire_fields(kind)
    ]
    wide = max(map(len, lines), default=0)
    named = zip(lines, wire_fields(kind), strict=True)
    body = "".join(f"{line:{wide}} ; {name}\n" for line, (name, _, _) in named)
    return f"{rule_name(kind)} = {{\n{body}}}\n"


def _type(hint: Any, limits: Limits) -> str:
    if is_optional(hint):
        hint = next(each for each in typing.get_args(hint) if each is not type(None))
    if typing.get_origin(hint) is tuple:
        item = _type(typing.get_args(hint)[0], Limits(0, 0, None, None))
        most = "" if limits.maximum is None else limits.maximum
        return f"[{limits.minimum or 0}*{most} {item}]"
    if hint is bool:
        return "bool"
    if hint is int:
        return _integer(limits)
    if hint in (bytes, str):
        return _string("bstr" if hint is bytes else "tstr", limits)
    return rule_name(hint)


def _integer(limits: Limits) -> str:
    if not limits.minimum and limits.maximum is None:
        return "uint53"
    return f"{limits.minimum}..{MAXIMUM_INT if limits.maximum is None else limits.maximum}"


_NAMED_SIZES = (16, 32, 33)


def _string(kind: str, limits: Limits) -> str:
    if limits.length is not None:
        named = kind == "bstr" and limits.length in _NAMED_SIZES
        return f"bytes{limits.length}" if named else f"{kind} .size {limits.length}"
    if limits.maximum is None:
        return kind
    return f"{kind} .size ({limits.minimum}..{limits.maximum})"


def _enums() -> list[type[enum.IntEnum]]:
    found: dict[type[enum.IntEnum], None] = {}
    for kind in covered():
        for _, _, hint in wire_fields(kind):
            for each in _leaves(hint):
                if isinstance(each, type) and issubclass(each, enum.IntEnum):
                    found[each] = None
    return list(found)


def _enum_rule(kind: type[enum.IntEnum]) -> str:
    values = sorted(kind)
    if [*values] != list(range(values[0], values[-1] + 1)):
        raise LookupError(f"{kind.__name__} has gaps, and this writes a range")
    names = ", ".join(f"{value.value} {value.name}" for value in values)
    return f"{rule_name(kind)} = {values[0].value}..{values[-1].value} ; {names}\n"


def _add(kind: type[Any], found: dict[type[Any], None]) -> None:
    if kind in found:
        return
    found[kind] = None
    for _, _, hint in wire_fields(kind):
        for each in _leaves(hint):
            if dataclasses.is_dataclass(each):
                _add(typing.cast(type[Any], each), found)


def _leaves(hint: Any) -> Iterator[Any]:
    arguments = typing.get_args(hint)
    if not arguments:
        yield hint
    for each in arguments:
        yield from _leaves(each)


def _dataclasses(module: types.ModuleType) -> list[type[Any]]:
    return [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and dataclasses.is_dataclass(kind)
    ]


def main() -> None:
    print(cddl(), end="")


if __name__ == "__main__":
    main()

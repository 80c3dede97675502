"""Writes the tables of docs/protocol.md from the code that speaks the protocol.

`python -m scripts.protocol_table` prints them; with `--write` it puts each between its marks in
the document. What a table can't say (why, and in which order) stands around them, by hand.
"""

import argparse
import dataclasses
import enum
import types
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from scripts.refusal_codes import FIRMWARE, meaning, refusal_codes, trust_codes
from scripts.state_table import permitted_states, state_table
from shared.dose import prescription as prescriptions
from shared.dose.reasons import WORDS, ReasonCode
from shared.stimulation.pattern import Pattern, PatternKind
from shared.trust import passkey, staff_words, statements
from shared.wire import framing, gatt, items, operations, racp, records, status
from shared.wire.fields import Limits
from shared.wire.operations import TABLE

TREE = Path(__file__).resolve().parent.parent
DOCUMENT = TREE / "docs/protocol.md"

AUTHORITIES = {
    operations.Authority.LINK: "link",
    operations.Authority.SIGNED: "signed",
    operations.Authority.SESSION_MAC: "session MAC",
}


def table(heads: list[str], rows: Iterator[list[str]] | list[list[str]]) -> str:
    """Return a markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def kind_words(hint: Any) -> str:
    """Return a field's kind in the document's words."""
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return kind_words(next(h for h in typing.get_args(hint) if h is not type(None)))
    if typing.get_origin(hint) is tuple:
        return f"list of {kind_words(typing.get_args(hint)[0])}"
    if hint in (int, str, bytes, bool):
        return {int: "uint", str: "text", bytes: "bytes", bool: "bool"}[hint]
    return f"`{hint.__name__}`"


def is_optional(hint: Any) -> bool:
    return type(None) in typing.get_args(hint)


def limit_words(hint: Any, limits: Limits) -> str:
    """Return a field's limits: of an integer its value, of all else its length."""
    unit = "" if kind_words(hint) == "uint" else " long"
    if limits.length is not None:
        return f"{limits.length} long"
    if limits.maximum is not None and (limits.minimum or not unit):
        return f"{limits.minimum:,} to {limits.maximum:,}{unit}"
    if limits.maximum is not None:
        return f"at most {limits.maximum:,} long"
    return f"at least {limits.minimum:,}{unit}" if limits.minimum else ""


def wire_fields(kind: type[Any]) -> list[tuple[str, Limits, Any]]:
    hints = typing.get_type_hints(kind)
    declared = [field for field in dataclasses.fields(kind) if "wire" in field.metadata]
    return [(field.name, field.metadata["wire"], hints[field.name]) for field in declared]


def field_table(kind: type[Any]) -> str:
    rows = [
        [
            str(limits.number),
            f"`{name}`",
            kind_words(hint) + (", optional" if is_optional(hint) else ""),
            limit_words(hint, limits),
        ]
        for name, limits, hint in wire_fields(kind)
    ]
    return table(["key", "name", "kind", "limits"], rows)


def field_tables(*kinds: type[Any]) -> str:
    return "\n".join(f"`{kind.__name__}`:\n\n{field_table(kind)}" for kind in kinds)


def enum_line(kind: type[enum.Enum]) -> str:
    members = ", ".join(f"{member.value} {member.name}" for member in kind)
    return f"- `{kind.__name__}`: {members}\n"


def enum_lines(*kinds: type[enum.Enum]) -> str:
    return "".join(map(enum_line, kinds))


def inline_fields(kind: type[Any]) -> str:
    """Return a small map's fields in one line."""
    if kind is operations.Nothing:
        return "-"
    parts = []
    for name, limits, hint in wire_fields(kind):
        words = ", ".join(filter(None, [kind_words(hint), limit_words(hint, limits)]))
        parts.append(f"{limits.number} `{name}` ({words}{', optional' * is_optional(hint)})")
    return "; ".join(parts)


def operation_table() -> str:
    rows = [
        [
            str(int(operation)),
            f"`{operation.name}`",
            AUTHORITIES[row.authority],
            permitted_states(operation),
            inline_fields(row.arguments),
            inline_fields(row.result),
        ]
        for operation, row in TABLE.items()
    ]
    return table(["code", "operation", "authority", "states", "arguments", "result"], rows)


def nonce_table() -> str:
    lives = operations.NONCE_LIFE_MS
    rows = [[str(int(p)), f"`{p.name}`", f"{ms // 1000} s"] for p, ms in lives.items()]
    return table(["code", "purpose", "life"], rows)


def record_table() -> str:
    firmware = "".join(path.read_text("utf-8") for path in sorted(FIRMWARE.glob("*.py")))
    return table(
        ["type", "name", "today", "body"],
        [_record_row(kind, firmware) for kind in records.RecordType],
    )


def _record_row(kind: records.RecordType, firmware: str) -> list[str]:
    body = records.BODIES.get(kind)
    if body is None:
        return [str(int(kind)), f"`{kind.name}`", "reserved", "empty"]
    written = f"{body.__name__}(" in firmware
    return [
        str(int(kind)),
        f"`{kind.name}`",
        "written" if written else "readable, not written",
        inline_fields(body),
    ]


def statement_table() -> str:
    kinds = [
        kind
        for kind in vars(statements).values()
        if dataclasses.is_dataclass(kind) and hasattr(kind, "TYPE")
    ]
    return table(
        ["type", "body"],
        [[f"`{kind.TYPE}`", inline_fields(typing.cast(type[Any], kind))] for kind in kinds],
    )


def staff_word_table() -> str:
    kinds: list[Any] = [
        kind
        for kind in vars(staff_words).values()
        if dataclasses.is_dataclass(kind) and hasattr(kind, "SCOPE")
    ]
    return table(
        ["type", "scope", "body"],
        [[f"`{kind.TYPE}`", f"`{kind.SCOPE.name}`", inline_fields(kind)] for kind in kinds],
    )


def refusal_table() -> str:
    rows = [
        [f"`{each.code}`", ", ".join(f"`{name}`" for name in each.statuses), meaning(each.code)]
        for each in refusal_codes()
    ]
    rows += [
        [f"`trust_{code}`", "`NOT_TRUSTED`", sentences] for code, sentences in trust_codes().items()
    ]
    return table(["code", "status", "meaning"], rows)


def reason_table() -> str:
    rows = [[str(int(code)), f"`{code.name}`", WORDS[code]] for code in ReasonCode]
    return table(["code", "reason", "words for the patient"], rows)


def gatt_table() -> str:
    names = [name for name in vars(gatt) if name.isupper() and name != "ADVERTISED_NAME"]
    return table(["name", "UUID"], [[f"`{name}`", f"`{getattr(gatt, name)}`"] for name in names])


def size_table() -> str:
    sizes = {
        "reassembled message": framing.MAXIMUM_MESSAGE_BYTES,
        "control-point request": operations.MAXIMUM_REQUEST_BYTES,
        "blob": operations.MAXIMUM_BLOB_BYTES,
        "part of a blob": operations.MAXIMUM_CHUNK_BYTES,
        "ledger record": records.MAXIMUM_RECORD_BYTES,
        "clientDataJSON": passkey.MAXIMUM_CLIENT_DATA_BYTES,
    }
    return table(["what", "bytes at most"], [[what, f"{size:,}"] for what, size in sizes.items()])


TABLES: dict[str, Callable[[], str]] = {
    "gatt": gatt_table,
    "sizes": size_table,
    "operations": operation_table,
    "operation-values": lambda: enum_lines(
        operations.StatusCode, operations.BlobKind, operations.Outcome
    ),
    "nonces": nonce_table,
    "states": state_table,
    "statements": statement_table,
    "statement-values": lambda: enum_lines(
        statements.Purpose,
        statements.Scope,
        statements.HoldKind,
        statements.HoldSource,
        statements.GateOutcome,
    ),
    "staff-words": staff_word_table,
    "staff-word-values": lambda: (
        field_tables(staff_words.LiftLine)
        + "\n"
        + enum_lines(staff_words.HandOverPurpose, statements.RevocationKind)
    ),
    "prescription": lambda: field_tables(
        prescriptions.Prescription,
        prescriptions.Part,
        Pattern,
        prescriptions.Threshold,
        prescriptions.Limits,
        prescriptions.Phase,
        prescriptions.Replacement,
        prescriptions.OpeningBalance,
    ),
    "prescription-values": lambda: enum_lines(
        prescriptions.PrescriptionKind, prescriptions.ThresholdKind, statements.Gate, PatternKind
    ),
    "signed-prescription": lambda: field_tables(items.SignedPrescription, passkey.Assertion),
    "status": lambda: field_tables(status.Status, status.ReasonWire, status.Telemetry),
    "status-values": lambda: enum_lines(
        status.DeviceState, records.PauseCause, records.CloseCause, records.SessionKind
    ),
    "racp": lambda: enum_lines(racp.OpCode, racp.Operator, racp.Result),
    "records": record_table,
    "refusals": refusal_table,
    "reasons": reason_table,
}


def begin_mark(name: str) -> str:
    return f"<!-- table {name}: made by scripts/protocol_table.py -->\n"


END_MARK = "<!-- end of table -->\n"


def filled(document: str) -> str:
    """Return the document with every table as the code has it now."""
    for name, make in TABLES.items():
        before, mark, rest = document.partition(begin_mark(name))
        _, end, after = rest.partition(END_MARK)
        if not mark or not end:
            raise LookupError(f"the document has no place for the table {name!r}")
        document = f"{before}{mark}\n{make()}\n{end}{after}"
    return document


def main() -> None:
    parser = argparse.ArgumentParser(description="The tables of docs/protocol.md, from the code.")
    parser.add_argument("--write", action="store_true", help="put them into the document")
    if parser.parse_args().write:
        DOCUMENT.write_text(filled(DOCUMENT.read_text("utf-8")), "utf-8")
        return
    for name, make in TABLES.items():
        print(f"## {name}\n\n{make()}")


if __name__ == "__main__":
    main()

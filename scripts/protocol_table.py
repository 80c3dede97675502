"""Writes the tables of docs/protocol.md from the code that speaks the protocol.

`python -m scripts.protocol_table` prints them; with `--write` it puts each between its marks in
the document. What a table can't say (why, and in which order) stands around them, by hand.
"""

import functools
from collections.abc import Callable

from firmware_bridge.emulator.update.messages import BUFFER_BYTES
from scripts.marked_tables import TREE, filled_with, write_or_print
from scripts.protocol_budgets import (
    deadline_table,
    memory_table,
    operation_budgets,
    stop_budget,
)
from scripts.protocol_cddl import cddl, staff_word_kinds, statement_kinds
from scripts.protocol_examples import arming, ledger, signed, talk
from scripts.protocol_fields import (
    enum_lines,
    field_tables,
    inline_fields,
    table,
)
from scripts.protocol_limits import (
    catalogue_table,
    limits_table,
    update_refusals,
    update_requests,
)
from scripts.protocol_operations import family_table, operation_table, summary_table
from scripts.protocol_sizes import answer_bytes, maximum_bytes, record_bytes, statement_bytes
from scripts.refusal_codes import FIRMWARE, meaning, refusal_codes, trust_codes
from scripts.state_table import state_table
from shared.dose import prescription as prescriptions
from shared.dose.reasons import WORDS, ReasonCode
from shared.stimulation.pattern import Pattern, PatternKind
from shared.trust import passkey, staff_words, statements
from shared.wire import blob_parts, framing, gatt, items, operations, racp, records, status
from shared.wire.batches import MAXIMUM_BATCH_BYTES
from shared.wire.operations import TABLE

DOCUMENT = TREE / "docs/protocol.md"


def nonce_table() -> str:
    lives = operations.NONCE_LIFE_MS
    rows = [[str(int(p)), f"`{p.name}`", f"{ms // 1000} s"] for p, ms in lives.items()]
    return table(["code", "purpose", "life"], rows)


def record_table() -> str:
    firmware = "".join(path.read_text("utf-8") for path in sorted(FIRMWARE.glob("*.py")))
    return table(
        ["type", "name", "today", "bytes", "body"],
        [_record_row(kind, firmware) for kind in records.RecordType],
    )


def _record_row(kind: records.RecordType, firmware: str) -> list[str]:
    body = records.BODIES.get(kind)
    if body is None:
        return [str(int(kind)), f"`{kind.name}`", "reserved", str(record_bytes(kind)), "empty"]
    written = f"{body.__name__}(" in firmware
    return [
        str(int(kind)),
        f"`{kind.name}`",
        "written" if written else "readable, not written",
        str(record_bytes(kind)),
        inline_fields(body),
    ]


def statement_table() -> str:
    rows = [
        [f"`{kind.TYPE}`", str(statement_bytes(kind)), inline_fields(kind)]
        for kind in statement_kinds()
    ]
    return table(["type", "bytes", "body"], rows)


def staff_word_table() -> str:
    rows = [
        [f"`{kind.TYPE}`", f"`{kind.SCOPE.name}`", str(maximum_bytes(kind)), inline_fields(kind)]
        for kind in staff_word_kinds()
    ]
    return table(["type", "scope", "bytes", "body"], rows)


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


def characteristic_table() -> str:
    """Return what each characteristic carries, and the most bytes of one message."""
    asked, answered = operations.MAXIMUM_REQUEST_BYTES, max(map(answer_bytes, TABLE))
    rows = [
        [
            "Control Point",
            "write, write without response, indicate",
            f"framed requests ({asked:,}), answers ({answered:,})",
        ],
        ["Status", "read, notify", f"framed `Status` ({maximum_bytes(status.Status):,})"],
        ["Record Access Control Point", "write, indicate", "one value, not framed (7, 6)"],
        ["Ledger Data", "notify", f"framed batches of records ({MAXIMUM_BATCH_BYTES:,})"],
        ["Telemetry", "notify", f"framed `Telemetry` ({maximum_bytes(status.Telemetry)})"],
        [
            "Blob Data",
            "write without response, notify",
            f"numbered parts of blobs, not framed (a value); words ({blob_parts.WORD_BYTES})",
        ],
        ["MCUmgr's SMP", "write without response, notify", f"see below ({BUFFER_BYTES:,})"],
        ["Battery Level", "read, notify (never used)", "percent (1)"],
        ["Serial Number", "read", "text: the device id in hexadecimal digits (32)"],
        ["Manufacturer, Model, Hardware, Firmware", "read", "text"],
    ]
    return table(["characteristic", "properties", "carries, and bytes at most"], rows)


def size_table() -> str:
    sizes = {
        "reassembled message": framing.MAXIMUM_MESSAGE_BYTES,
        "control-point request": operations.MAXIMUM_REQUEST_BYTES,
        "blob": blob_parts.MAXIMUM_BLOB_BYTES,
        "ledger record": records.MAXIMUM_RECORD_BYTES,
        "clientDataJSON": passkey.MAXIMUM_CLIENT_DATA_BYTES,
    }
    return table(["what", "bytes at most"], [[what, f"{size:,}"] for what, size in sizes.items()])


TABLES: dict[str, Callable[[], str]] = {
    "gatt": gatt_table,
    "characteristics": characteristic_table,
    "sizes": size_table,
    "operations": summary_table,
    **{
        f"operation-{operation.name}": functools.partial(operation_table, operation)
        for operation in TABLE
    },
    "operation-values": lambda: enum_lines(
        operations.StatusCode,
        operations.BlobKind,
        operations.Outcome,
        operations.RequestOutcome,
    ),
    "blob-values": lambda: enum_lines(blob_parts.Verdict),
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
    "signed-word": lambda: field_tables(staff_words.SignedWord),
    "limits": limits_table,
    "catalogue": catalogue_table,
    "update-requests": update_requests,
    "update-refusals": update_refusals,
    "budget-operations": operation_budgets,
    "budget-stop": stop_budget,
    "budget-deadlines": deadline_table,
    "budget-memory": memory_table,
    "example-frames": talk.framed,
    "example-hello": talk.hello,
    "example-nonce": talk.nonce,
    "example-arming": arming.arming,
    "example-beat": arming.beat,
    "example-blob": talk.blob,
    "example-outcome": talk.outcome,
    "example-record-access": talk.record_access,
    "example-chain": ledger.chain,
    "example-records": ledger.every_type,
    "example-certificate": signed.certificate,
    "example-prescription": signed.prescription,
    "example-hold": signed.hold,
    "example-status": talk.status,
    "cddl": lambda: f"```cddl\n{cddl()}```\n",
    "families": family_table,
    "refusals": refusal_table,
    "reasons": reason_table,
}


def filled(document: str) -> str:
    """Return the document with every table as the code has it now."""
    return filled_with(document, TABLES, "protocol_table")


if __name__ == "__main__":
    write_or_print(DOCUMENT, TABLES, "protocol_table")

"""What stands under each operation's heading in docs/protocol.md: facts from the code, one a row.

The text above each table says what the operation does, and is written by hand.
"""

from __future__ import annotations

from typing import Any

from firmware_bridge.emulator.profile.work import AGREEMENTS, VERIFICATIONS
from scripts.operation_refusals import FAMILIES, REFUSALS, state_codes
from scripts.protocol_budgets import SIGNING, Writes, effect_ms, writes
from scripts.protocol_fields import inline_fields, table
from scripts.protocol_sizes import answer_bytes, request_bytes
from scripts.state_table import permitted_states
from shared.wire import operations
from shared.wire.operations import TABLE, Operation

AUTHORITIES = {
    operations.Authority.LINK: "link",
    operations.Authority.SIGNED: "signed",
    operations.Authority.SESSION_MAC: "session MAC",
}

BLOBS: dict[Operation, str] = {
    Operation.PROVISION: "CERTIFICATE, ASSIGNMENT; TRANSFER, where the clinic is another or the"
    " first; STAFF_WORD (hand-over), where the band has an owner",
    Operation.AUTHORIZE_APP: "ENROLMENT, CERTIFICATE",
    Operation.INSTALL: "PRESCRIPTION; FINAL_HEAD and DEVICE_CERTIFICATE, where the prescription"
    " names a final head",
    Operation.LIFT_HOLD: "STAFF_WORD (lift-hold)",
    Operation.SUPERVISE: "STAFF_WORD (supervise)",
    Operation.ATTEST_TIME: "STAFF_WORD (attest-time)",
    Operation.RESET: "STAFF_WORD (hand-over)",
    Operation.RETIRE: "STAFF_WORD (hand-over)",
}
"""Committed blobs that an operation uses."""


def summary_table() -> str:
    """Return all operations, a row each."""
    rows = [
        [
            str(int(operation)),
            f"[`{operation.name}`](#{operation.name.lower()})",
            AUTHORITIES[row.authority],
            permitted_states(operation),
            f"{request_bytes(operation):,}",
            f"{answer_bytes(operation):,}",
        ]
        for operation, row in TABLE.items()
    ]
    heads = ["code", "operation", "authority", "states", "request", "answer"]
    return table(heads, rows)


def operation_table(operation: Operation) -> str:
    """Return the facts of one operation."""
    row = TABLE[operation]
    facts = [
        ("code", str(int(operation))),
        ("authority", AUTHORITIES[row.authority]),
        ("states", permitted_states(operation)),
        ("arguments", _named(row.arguments)),
        ("blobs", BLOBS.get(operation, "-")),
        ("result", _named(row.result)),
        ("request", f"at most {request_bytes(operation):,} bytes"),
        ("answer", f"at most {answer_bytes(operation):,} bytes"),
        ("refused with", _refused(operation)),
        ("signatures", _signatures(operation)),
        ("flash", _flash(operation)),
        ("takes effect", f"{effect_ms(operation):,} ms after it was written (cortex-m4)"),
    ]
    return table(["", ""], [list(fact) for fact in facts])


def _named(kind: type[Any]) -> str:
    fields = inline_fields(kind)
    return fields if fields == "-" else f"`{kind.__name__}`: {fields}"


def _signatures(operation: Operation) -> str:
    checked = VERIFICATIONS.get(operation, 0)
    parts = [f"checks {checked} at most"] if checked else []
    parts += ["agrees on a key"] if operation in AGREEMENTS else []
    parts += ["makes 1"] if operation in SIGNING else []
    return ", ".join(parts) or "none"


def family_table() -> str:
    """Return the families of refusals by name."""
    rows = [[name, ", ".join(f"`{code}`" for code in codes)] for name, codes in FAMILIES.items()]
    return table(["family", "codes"], rows)


def _refused(operation: Operation) -> str:
    row = REFUSALS[operation]
    families = [f"[{name}](#families)" for name in row.families]
    states = sorted(state_codes(operation))
    codes = [f"`{code}`" for code in dict.fromkeys((*states, *row.own))]
    return ", ".join([*families, *codes]) or "nothing of its own"


def _flash(operation: Operation) -> str:
    written = writes(operation)
    return str(written) if written == Writes() else f"{written} at most"

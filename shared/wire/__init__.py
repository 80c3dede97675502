"""Bytes on the air and on the line, and nothing of their meaning.

canonical: deterministic CBOR. fields: dataclass <-> CBOR map. framing: messages cut to the ATT
value. blob_parts: the parts of a blob. gatt: identifiers. operations: the control point's table.
outcomes: what settles a lost answer. status: what the device says of itself. racp: the SIG's
Record Access Control Point. records: the ledger record. ledger_file, ledger_reading: a whole ledger
in a file. ticks: the clock server's lines. items: what phone and cloud exchange.
"""

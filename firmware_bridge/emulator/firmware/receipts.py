"""What the clinic has: the newest receipt, in a two-slot page of its own (R28).

It decides which records may ever be overwritten. Not for judging the receipt's signature: that is
done before it comes here.
"""

from __future__ import annotations

from dataclasses import dataclass

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ports import Flash
from shared.trust.statements import HASH_BYTES, ID_BYTES
from shared.wire import fields
from shared.wire.fields import wire
from shared.wire.operations import StatusCode

_HEAD_PAGE, _RECEIPT_PAGE = "sent-head", "receipt"


@dataclass(frozen=True)
class SentHead:
    """The newest head that left the device."""

    number: int = wire(1)
    hash: bytes = wire(2, length=HASH_BYTES)


@dataclass(frozen=True)
class KeptReceipt:
    """The newest record that the clinic has verified, of the chain of this epoch."""

    epoch: bytes = wire(1, length=ID_BYTES)
    number: int = wire(2)
    hash: bytes = wire(3, length=HASH_BYTES)


class Correspondence:
    """Sent head and receipt: what the outside knows of the ledger."""

    def __init__(self, flash: Flash) -> None:
        self._flash = flash
        self.sent: SentHead | None = None
        self.receipt: KeptReceipt | None = None

    def load(self, epoch: bytes) -> None:
        """Read both pages; a receipt over another epoch's chain says nothing of this one."""
        sent = self._flash.read_page(_HEAD_PAGE)
        receipt = self._flash.read_page(_RECEIPT_PAGE)
        self.sent = None if sent is None else fields.unpack(SentHead, sent)
        kept = None if receipt is None else fields.unpack(KeptReceipt, receipt)
        self.receipt = kept if kept is not None and kept.epoch == epoch else None

    @property
    def receipted(self) -> int:
        """Number of the newest record that the clinic has."""
        return 0 if self.receipt is None else self.receipt.number

    def head_sent(self, head: SentHead) -> None:
        """Remember that a head leaves the device."""
        self._flash.write_page(_HEAD_PAGE, fields.pack(head))
        self.sent = head

    def require_receiptable(self, number: int) -> None:
        """Refuse a number that no sent head covers, or that has a receipt."""
        if self.sent is None or number > self.sent.number:
            raise Refused(StatusCode.REFUSED, "receipt_beyond_head")
        if number <= self.receipted:
            raise Refused(StatusCode.ALREADY, "receipt_not_newer")

    def keep_receipt(self, receipt: KeptReceipt) -> None:
        """Keep a receipt, in the place of the one before."""
        self._flash.write_page(_RECEIPT_PAGE, fields.pack(receipt))
        self.receipt = receipt

"""What others signed about a ledger: the maker's transfers, and the clinic's receipts (R23, R28).

A receipt is judged only where the file brings what leads from the manufacturer to its key: the
transfer that names the clinic's root, and the root's certificate. Others are counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cloud.verifier.chain import Chain
from cloud.verifier.findings import Findings, Flaw
from shared.trust import certificates, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import Certificate, Purpose, Receipt, Transfer
from shared.wire.ledger_file import Header

KEPT_MAX = 100
"""Transfers and certificates that one file may bring (own figure)."""


@dataclass
class Witnesses:
    """Statements that aren't the device's, held against its chain."""

    header: Header
    manufacturer: PublicKey
    chain: Chain
    findings: Findings
    receipts: int = 0
    receipts_judged: int = 0
    _transfers: dict[bytes, Transfer] = field(default_factory=dict)
    _named: set[bytes] = field(default_factory=set)
    _keys: dict[bytes, PublicKey] = field(default_factory=dict)

    def name_transfer(self, transfer_hash: bytes) -> None:
        """Note that a record of the ledger names this transfer."""
        if len(self._named) < KEPT_MAX:
            self._named.add(transfer_hash)

    def take_transfer(self, envelope: bytes) -> None:
        """Judge a transfer by the manufacturer."""
        try:
            transfer = sign1.verify(
                Transfer, envelope, audience=self.header.device_id, key=self.manufacturer
            )
        except TrustError as problem:
            self.findings.add(Flaw.TRANSFER, self.chain.number, f"a transfer: {problem}")
            return
        if len(self._transfers) < KEPT_MAX:
            self._transfers[sign1.name_of(envelope)] = transfer

    def take_certificate(self, envelope: bytes) -> None:
        """Keep the key of a receipt certificate by a clinic root that a transfer names."""
        for transfer in self._transfers.values():
            try:
                certificate = self._judged(envelope, transfer)
            except TrustError:
                continue
            key = certificates.key_of(certificate)
            if len(self._keys) < KEPT_MAX:
                self._keys[key.key_id] = key

    def take_receipt(self, envelope: bytes) -> None:
        """Hold a receipt against the records, where its key is known."""
        self.receipts += 1
        number = self.chain.number
        try:
            key = self._keys.get(sign1.peek(envelope).issuer)
            if key is None:
                return
            receipt = sign1.verify(Receipt, envelope, audience=self.header.device_id, key=key)
        except TrustError as problem:
            self.findings.add(Flaw.RECEIPT, number, f"a receipt: {problem}")
            return
        self.receipts_judged += 1
        if receipt.epoch != self.header.epoch or receipt.number > number:
            self.findings.add(Flaw.RECEIPT, number, "the clinic confirmed records beyond these")
        elif self.chain.hash_at(receipt.number) not in (None, receipt.hash):
            words = "the clinic confirmed another history up to here"
            self.findings.add(Flaw.RECEIPT, receipt.number, words)

    def conclude(self) -> None:
        """Find transfers that no record names, where the records that would are there."""
        if self.chain.first != 1:
            return
        for name in self._transfers:
            if name not in self._named:
                self.findings.add(Flaw.TRANSFER, 1, "no record names this transfer")

    def _judged(self, envelope: bytes, transfer: Transfer) -> Certificate:
        return certificates.judge(
            envelope,
            purpose=Purpose.RECEIPT,
            clinic_id=transfer.clinic_id,
            root=PublicKey(transfer.clinic_root),
            now_s=None,
        )

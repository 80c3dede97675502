"""What comes against the verified record: a fork where the band signed it, else no more than a
phone's word.

Whoever holds an enrolled phone's key can send other bytes for a number. They say nothing of the
band until a head that the band signed covers them: so they're told with the phone that brought
them, and take nothing from the record that is proven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy.orm import Session

from cloud.ledger import known, stretches
from cloud.ledger.models import LedgerChain
from cloud.phones.models import Phone
from cloud.proof.kinds import Kind
from cloud.proof.service import Seen, find
from shared.dose.ledger import chain_hash
from shared.trust.statements import LedgerHead

SHOWN_HASH = 16


class SecondHistory:
    """What one batch brings against the verified record; ``past`` is what that is."""

    def __init__(
        self, session: Session, chain: LedgerChain, past: known.Past, phone: Phone, *, now_ms: int
    ) -> None:
        self._session, self._chain, self._past, self._now_ms = session, chain, past, now_ms
        self._phone = phone
        self._records: dict[int, bytes] = {}
        self._heads: dict[int, tuple[bytes, LedgerHead, bytes]] = {}

    def add_record(self, number: int, data: bytes) -> None:
        """Take in other bytes for a verified number."""
        self._records[number] = data

    def add_head(self, ours: bytes, head: LedgerHead, envelope: bytes) -> None:
        """Take in a head that the band signed where ``ours`` is the chain's hash."""
        self._heads.setdefault(head.number, (ours, head, envelope))

    def tell(
        self, open_heads: Mapping[int, bytes], unverified: Callable[[int], bytes | None]
    ) -> Seen | None:
        """Find a fork; return what is no more than a phone's word, to be found behind all else.

        ``open_heads`` are the hashes of heads that the band signed beyond what is verified,
        ``unverified`` the records there.
        """
        if self._heads:
            self._find_fork_of_heads()
        return self._judge_records(open_heads, unverified) if self._records else None

    def _find_fork_of_heads(self) -> None:
        ours, head, envelope = self._heads[min(self._heads)]
        self._fork(head.number, max(self._heads), ours, head.hash, envelope)

    def _judge_records(
        self, open_heads: Mapping[int, bytes], unverified: Callable[[int], bytes | None]
    ) -> Seen | None:
        signed = {number: head.hash for number, (_, head, _) in self._heads.items()}
        signed |= open_heads
        proven_to = self._followed(signed, unverified) if signed else 0
        if proven_to:
            first = min(self._records)
            envelope = self._envelope(proven_to)
            self._fork(first, proven_to, *self._hashes(first), envelope)
        unattested = [number for number in self._records if number > proven_to]
        return self._seen(min(unattested), max(unattested)) if unattested else None

    def _followed(
        self, signed: Mapping[int, bytes], unverified: Callable[[int], bytes | None]
    ) -> int:
        """Return up to which number the band signed this history; 0 where it did not."""
        first, last, proven_to = min(self._records), max(signed), 0
        hash_ = self._past.hash(first - 1)
        for number, data in self._with_ours(first, last, unverified):
            hash_ = chain_hash(hash_, self._records.get(number, data))
            if signed.get(number) == hash_:
                proven_to = number
        return proven_to

    def _with_ours(
        self, first: int, last: int, unverified: Callable[[int], bytes | None]
    ) -> Iterator[tuple[int, bytes]]:
        for one in stretches.records(self._session, self._chain, first, last):
            yield one.number, one.data
        for number in range(self._chain.verified_to + 1, last + 1):
            data = unverified(number)
            if data is None:
                return
            yield number, data

    def _envelope(self, number: int) -> bytes | None:
        if number in self._heads:
            return self._heads[number][2]
        return known.envelope(self._session, self._chain, number)

    def _hashes(self, number: int) -> tuple[bytes, bytes]:
        before = self._past.hash(number - 1)
        return self._past.hash(number), chain_hash(before, self._records[number])

    def _fork(
        self, first: int, last: int, ours: bytes, theirs: bytes, envelope: bytes | None
    ) -> None:
        detail = f"The band signed two histories for number {first}: {_against(ours, theirs)}."
        seen = Seen(Kind.FORK, first, last, detail, ours, theirs, evidence=envelope)
        find(self._session, self._chain, seen, now_ms=self._now_ms)

    def _seen(self, first: int, last: int) -> Seen:
        ours, theirs = self._hashes(first)
        phone = self._phone
        detail = (
            f"Phone {phone.number} of this patient brought record {first}: "
            f"{_against(ours, theirs)}. The proven record stays as it is."
        )
        return Seen(Kind.UNATTESTED, first, last, detail, ours, theirs, phone.phone_id)


def _against(ours: bytes, theirs: bytes) -> str:
    return f"{ours.hex()[:SHOWN_HASH]} stands, {theirs.hex()[:SHOWN_HASH]} came"

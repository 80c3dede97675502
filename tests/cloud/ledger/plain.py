"""Intake as plainly as it can be said: lists and dictionaries, one record after the other."""

from dataclasses import dataclass, field

from shared.dose.ledger import chain_hash, genesis

Said = tuple[str, str | None]
TAKEN: Said = ("accepted", None)
KNOWN: Said = ("duplicate", None)


@dataclass
class PlainChain:
    """What a clinic has of one band: ``hashes`` are the chain's, from the genesis on."""

    device_id: bytes
    epoch: bytes
    verified: list[bytes] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    waiting: dict[int, bytes] = field(default_factory=dict)
    heads: dict[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hashes = [genesis(self.device_id, self.epoch).hash]

    def take(
        self, records: dict[int, tuple[str, bytes]], heads: list[tuple[str, int, bytes]]
    ) -> dict[str, Said]:
        """Take one upload in; answers by item id."""
        answers: dict[str, Said] = {}
        fresh: dict[int, bytes] = {}
        instead: dict[int, bytes] = {}
        for number in sorted(records):
            name, data = records[number]
            if number <= len(self.verified):
                same = self.verified[number - 1] == data
                other = f"Record {number} is verified with other bytes."
                answers[name] = KNOWN if same else ("refused", other)
            elif number not in self.waiting:
                fresh[number] = data
            elif self.waiting[number] == data:
                answers[name] = KNOWN
            else:
                instead[number] = data
        for name, number, hash_ in sorted(heads, key=lambda each: each[1]):
            answers[name] = self._head(number, hash_)
        self._verify(records, answers, fresh, instead)
        for number, data in fresh.items():
            self.waiting[number] = data
            answers[records[number][0]] = TAKEN
        for number, data in instead.items():
            if number > len(self.verified):
                self.waiting[number] = data
                answers[records[number][0]] = TAKEN
            else:
                reason = f"Record {number} is not what the device signed."
                answers[records[number][0]] = ("refused", reason)
        return answers

    def _head(self, number: int, hash_: bytes) -> Said:
        if self.heads.get(number) == hash_:
            return KNOWN
        verified = 0 < number <= len(self.verified)
        if number in self.heads or (verified and self.hashes[number] != hash_):
            return ("refused", f"The device signed another history up to {number} before.")
        self.heads[number] = hash_
        return TAKEN

    def _verify(
        self,
        records: dict[int, tuple[str, bytes]],
        answers: dict[str, Said],
        fresh: dict[int, bytes],
        instead: dict[int, bytes],
    ) -> None:
        for head in sorted(self.heads):
            first = len(self.verified) + 1
            if head < first:
                continue
            numbers = range(first, head + 1)
            if any(number not in fresh and number not in self.waiting for number in numbers):
                return
            for these in (instead, {}):
                data = [these.get(n) or fresh.get(n) or self.waiting[n] for n in numbers]
                hashes = self._hashes(data)
                if hashes[-1] == self.heads[head]:
                    break
            else:
                return
            self.verified += data
            self.hashes += hashes
            for number in numbers:
                self.waiting.pop(number, None)
                if fresh.pop(number, None) or (these is instead and instead.pop(number, None)):
                    answers[records[number][0]] = TAKEN

    def _hashes(self, data: list[bytes]) -> list[bytes]:
        last, found = self.hashes[-1], []
        for each in data:
            last = chain_hash(last, each)
            found.append(last)
        return found

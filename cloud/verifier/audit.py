"""Judges an exported audit log: every line hangs on the one before, up to heads that are signed.

Only the clinic's root is trusted. What stands behind the last head is proven by nothing yet, and
the judge says how much that is. An older export, where there is one, shows whether the past was
written anew by somebody who held the audit key.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from shared.trust import audit_file, certificates, sign1
from shared.trust.audit_chain import AuditHead, beginning, hash_of
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import Certificate, Purpose, Revocation, RevocationKind
from shared.wire.errors import WireError

CERTIFICATES_MAX = 100
"""Certificates that one file may bring (own figure)."""


@dataclass(frozen=True)
class Wrong:
    """The first line of the file that does not hold, counted from 1, and why."""

    line: int
    words: str


@dataclass
class AuditVerdict:
    """What a file proves."""

    clinic_id: str = ""
    events: int = 0
    proven_to: int = 0
    proven_s: int = 0
    heads: int = 0
    wrong: Wrong | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing speaks against it, and something for it."""
        return self.wrong is None and self.proven_to > 0


class _Stop(Exception):
    """A line that does not hold."""


@dataclass
class AuditJudge:
    """Takes the lines one after the other; ``known`` are heads of older exports, by number."""

    roots: tuple[PublicKey, ...]
    known: dict[int, bytes] = field(default_factory=dict)
    verdict: AuditVerdict = field(default_factory=AuditVerdict)
    proven: dict[int, bytes] = field(default_factory=dict)
    _hash: bytes = b""
    _keys: dict[bytes, list[Certificate]] = field(default_factory=dict)
    _revoked: list[Revocation] = field(default_factory=list)
    _ended: bool = False

    def run(self, lines: Iterable[bytes]) -> AuditVerdict:
        """Judge a file's lines; stop at the first that is wrong."""
        place = 0
        try:
            for place, text in enumerate(lines, start=1):
                self._take(place, text)
            if not self._ended:
                place += 1
                raise _Stop("the file ends without its last line: it was cut off")
            missing = [number for number in self.known if number > self.verdict.events]
            if missing:
                raise _Stop(f"an older export had a head over event {max(missing)}, and it is gone")
        except _Stop as problem:
            self.verdict.wrong = Wrong(place, str(problem))
        return self.verdict

    def _take(self, place: int, text: bytes) -> None:
        try:
            content = audit_file.parse(text)
        except WireError as problem:
            raise _Stop(f"{problem}") from problem
        if (place == 1) is not isinstance(content, audit_file.Header):
            raise _Stop("a header stands first, and once")
        if self._ended:
            raise _Stop("stands behind the file's end")
        if isinstance(content, audit_file.Header):
            self._header(content)
        elif isinstance(content, audit_file.KeyCertificate):
            self._certificate(content.envelope)
        elif isinstance(content, audit_file.KeyRevocation):
            self._revocation(content.envelope)
        elif isinstance(content, audit_file.Event):
            self._event(content)
        elif isinstance(content, audit_file.Head):
            self._head(content.envelope)
        else:
            self._end(content)

    def _header(self, header: audit_file.Header) -> None:
        if header.root_key not in {root.data for root in self.roots}:
            raise _Stop("names another root than the one that is trusted")
        self.verdict.clinic_id = header.clinic_id
        self._hash = beginning(header.clinic_id)

    def _certificate(self, envelope: bytes) -> None:
        for root in self.roots:
            try:
                found = certificates.judge(
                    envelope,
                    purpose=Purpose.AUDIT,
                    clinic_id=self.verdict.clinic_id.encode(),
                    root=root,
                    now_s=None,
                )
            except TrustError:
                continue
            key_id = certificates.key_of(found).key_id
            if sum(map(len, self._keys.values())) < CERTIFICATES_MAX:
                self._keys.setdefault(key_id, []).append(found)
            return
        raise _Stop("is no certificate by the clinic's root for the audit log")

    def _revocation(self, envelope: bytes) -> None:
        audience = self.verdict.clinic_id.encode()
        for root in self.roots:
            with suppress(TrustError):
                found = sign1.verify(Revocation, envelope, audience=audience, key=root)
                break
        else:
            raise _Stop("is no revocation by the clinic's root")
        wanted = len(self._revoked) + 1
        if found.number != wanted or self.verdict.events:
            raise _Stop(f"is revocation {found.number} where revocation {wanted} must stand")
        self._revoked.append(found)

    def _event(self, event: audit_file.Event) -> None:
        wanted = self.verdict.events + 1
        if event.line.number != wanted:
            raise _Stop(f"is event {event.line.number} where event {wanted} must stand")
        found = hash_of(self._hash, event.line)
        if found != event.hash:
            raise _Stop(f"event {wanted} was changed, or an event before it was")
        if self.known.get(wanted, found) != found:
            raise _Stop(f"event {wanted} or one before it is another than in the older export")
        self.verdict.events, self._hash = wanted, found

    def _head(self, envelope: bytes) -> None:
        try:
            head = self._verified(envelope)
        except TrustError as problem:
            raise _Stop(f"a head: {problem}") from problem
        if head.number != self.verdict.events:
            raise _Stop(f"the head of event {head.number} stands behind {self.verdict.events}")
        if head.hash != self._hash:
            raise _Stop(f"the head of event {head.number} is over another history: a fork")
        self.verdict.heads += 1
        self.verdict.proven_to, self.verdict.proven_s = head.number, head.signed_s
        self.proven[head.number] = head.hash

    def _verified(self, envelope: bytes) -> AuditHead:
        keys = self._keys.get(sign1.peek(envelope).issuer, [])
        audience = self.verdict.clinic_id.encode()
        for certificate in keys:
            key = certificates.key_of(certificate)
            head = sign1.verify(AuditHead, envelope, audience=audience, key=key)
            if certificate.not_before_s <= head.signed_s <= certificate.not_after_s:
                self._require_word(certificates.key_of(certificate).key_id, head)
                return head
        raise TrustError("certificate", "no certificate held for its key when it was signed")

    def _require_word(self, key_id: bytes, head: AuditHead) -> None:
        """Raise TrustError where the root took the key's word back.

        Who stole a key can sign whatever day they like: then only an older export's head counts.
        """
        for each in self._revoked:
            if each.key_id != key_id:
                continue
            if head.signed_s >= each.at_s:
                raise TrustError("revoked", "its key was revoked before it was signed")
            if each.kind is not RevocationKind.LEFT and max(self.known, default=0) < head.number:
                raise TrustError("revoked", "its key was stolen, and no older export has it")

    def _end(self, end: audit_file.End) -> None:
        if end.events != self.verdict.events:
            raise _Stop(f"the file counts {end.events} events and has {self.verdict.events}")
        self._ended = True

"""All that keys sign, one test each for every type: in no other's place, spelling, name or time.

The types are found in the modules themselves, so that a new one is held to the same.
"""

from __future__ import annotations

import dataclasses
import typing
from itertools import permutations
from typing import Any

import cbor2
import pytest

from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.wire import fields
from tests.shared.trust.examples import STATEMENTS, example
from tests.shared.trust.spelling import second_signature, second_spellings, sign_payload

KEY, STRANGER = SoftwareKey.generate(), SoftwareKey.generate()
HERE = b"device-16-bytes!"
ENVELOPES = {kind: sign1.sign(example(kind), audience=HERE, signer=KEY) for kind in STATEMENTS}
EACH = pytest.mark.parametrize("kind", STATEMENTS, ids=lambda kind: str(kind.__name__))


def read(kind: Any, envelope: bytes, **changes: Any) -> Any:
    return sign1.verify(kind, envelope, **{"audience": HERE, "key": KEY.public_key, **changes})


def refusal(kind: Any, envelope: bytes, **changes: Any) -> str:
    """Return the code with which an envelope is refused."""
    with pytest.raises(TrustError) as refused:
        read(kind, envelope, **changes)
    return refused.value.code


def payload_of(kind: Any) -> dict[int, Any]:
    payload: dict[int, Any] = cbor2.loads(cbor2.loads(ENVELOPES[kind]).value[2])
    return payload


def resigned(payload: dict[int, Any], **changes: Any) -> bytes:
    """Return an envelope whose signature holds over a changed payload."""
    named = {"type": 0, "issuer": 1, "audience": 2, "body": 3}
    parts = payload | {named[name]: value for name, value in changes.items()}
    return sign_payload(cbor2.dumps(parts, canonical=True), KEY)


def test_there_are_as_many_types_as_statements() -> None:
    assert len(STATEMENTS) > 20
    assert len({kind.TYPE for kind in STATEMENTS}) == len(STATEMENTS)
    assert all(
        kind.TYPE.startswith("circlet/") and kind.TYPE.endswith("/v1") for kind in STATEMENTS
    )


@EACH
def test_it_comes_back_as_it_was_signed(kind: Any) -> None:
    assert read(kind, ENVELOPES[kind]) == example(kind)
    assert resigned(payload_of(kind))[:-64] == ENVELOPES[kind][:-64]


@pytest.mark.parametrize(
    ("offered", "wanted"), list(permutations(STATEMENTS, 2)), ids=lambda kind: str(kind.__name__)
)
def test_none_is_accepted_in_anothers_place(offered: Any, wanted: Any) -> None:
    assert refusal(wanted, ENVELOPES[offered]) == "type"


@EACH
def test_another_version_of_it_is_another_type(kind: Any) -> None:
    for other in ("v2", "v10", "v", "v1 ", "V1"):
        newer = resigned(payload_of(kind), type=kind.TYPE.removesuffix("v1") + other)
        assert refusal(kind, newer) == "type"


@EACH
def test_for_another_audience_it_is_worth_nothing(kind: Any) -> None:
    for other in (b"", HERE[:-1], HERE + b"\x00", bytes(16)):
        assert refusal(kind, ENVELOPES[kind], audience=other) == "audience"


@EACH
def test_by_another_key_it_is_worth_nothing(kind: Any) -> None:
    assert refusal(kind, ENVELOPES[kind], key=STRANGER.public_key) == "issuer"
    claimed = resigned(payload_of(kind), issuer=STRANGER.public_key.key_id)
    assert refusal(kind, claimed) == "issuer"
    named = sign1.sign(example(kind), audience=HERE, signer=_Pretender())
    assert refusal(kind, named) == "signature"


class _Pretender:
    """Signs with its own key under another's name."""

    public_key = KEY.public_key

    def sign(self, message: bytes) -> bytes:
        """Return a stranger's signature."""
        return STRANGER.sign(message)


@EACH
def test_its_signature_has_one_form(kind: Any) -> None:
    envelope = ENVELOPES[kind]
    assert refusal(kind, envelope[:-64] + second_signature(envelope[-64:])) == ("signature")
    padded = envelope[:-66] + b"\x58\x41\x00" + envelope[-64:]
    assert refusal(kind, padded) == "signature"


@EACH
def test_no_byte_of_it_can_be_changed(kind: Any) -> None:
    envelope = ENVELOPES[kind]
    for place in range(0, len(envelope), 3):
        changed = envelope[:place] + bytes([envelope[place] ^ 1]) + envelope[place + 1 :]
        with pytest.raises(TrustError):
            read(kind, changed)


@EACH
def test_a_second_spelling_is_refused_even_where_it_is_signed(kind: Any) -> None:
    payload = payload_of(kind)
    for what, spelled in second_spellings(payload):
        assert refusal(kind, sign_payload(spelled, KEY)) == "body", what
    inner = cbor2.dumps(payload[3], canonical=True)
    plain = cbor2.dumps(payload, canonical=True)
    for what, spelled in second_spellings(payload[3]):
        whole = plain.removesuffix(inner) + spelled
        assert refusal(kind, sign_payload(whole, KEY)) == "body", what


@EACH
def test_the_envelopes_own_second_spellings_are_refused(kind: Any) -> None:
    envelope = ENVELOPES[kind]
    for changed in (
        envelope[1:],
        b"\xd8\x12" + envelope[1:],
        b"\xd2\x9f" + envelope[2:] + b"\xff",
        b"\xd2\x98\x04" + envelope[2:],
        envelope + b"\x00",
        envelope[:-1],
        b"\xd2" + envelope,
    ):
        assert refusal(kind, changed) == "envelope"


@EACH
def test_a_body_with_a_field_more_less_or_null_is_refused(kind: Any) -> None:
    payload = payload_of(kind)
    body = payload[3]
    hints = typing.get_type_hints(kind)
    wrong = [body | {99: 1}]
    for each in dataclasses.fields(kind):
        number = each.metadata["wire"].number
        wrong.append(body | {number: None})
        if type(None) not in typing.get_args(hints[each.name]):
            wrong.append({key: value for key, value in body.items() if key != number})
    for changed in wrong:
        assert refusal(kind, resigned(payload, body=changed)) == "body"


@EACH
def test_a_field_of_another_kind_or_length_is_refused(kind: Any) -> None:
    payload = payload_of(kind)
    for number, value in payload[3].items():
        for other in _others(value):
            changed = resigned(payload, body=payload[3] | {number: other})
            assert refusal(kind, changed) == "body", (number, other)


def _others(value: Any) -> list[Any]:
    """What a loose reader might take for ``value``, and what is out of any range."""
    if isinstance(value, bool):
        return [int(value), b"\x01"]
    if isinstance(value, int):
        return [-1, 2**53, str(value), True, bytes([value % 256])]
    if isinstance(value, bytes):
        return [value.hex(), [value], value + bytes(129)]
    if isinstance(value, str):
        return [value.encode(), value + "a" * 97]
    return [value[0] if isinstance(value, list) else [], value * 20 if value else 0, 7]


@pytest.mark.parametrize("missing", [0, 1, 2, 3])
def test_type_issuer_audience_and_body_are_all_wanted(missing: int) -> None:
    kind = STATEMENTS[0]
    payload = {key: value for key, value in payload_of(kind).items() if key != missing}
    refused = refusal(kind, sign_payload(cbor2.dumps(payload, canonical=True), KEY))
    assert refused == "body"


def test_what_is_absent_is_left_out_and_nothing_else_is() -> None:
    for kind in STATEMENTS:
        optional = {
            each.name: None
            for each in dataclasses.fields(kind)
            if type(None) in typing.get_args(typing.get_type_hints(kind)[each.name])
        }
        bare = dataclasses.replace(example(kind), **optional)
        assert None not in fields.to_map(bare).values()
        assert read(kind, sign1.sign(bare, audience=HERE, signer=KEY)) == bare

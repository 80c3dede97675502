"""An envelope's and a key's own bytes: what another COSE library would read there."""

from __future__ import annotations

import cbor2
import pytest
from cryptography.hazmat.primitives import serialization

from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.sign1 import _PortKey
from shared.trust.statements import Clearance
from tests.shared.clinic import NOW_S

KEY = SoftwareKey.generate()
WORD = Clearance(b"n" * 16, NOW_S, 1, 0, 0)
ALGORITHM, KEY_ID, ES256 = 1, 4, -7


def test_its_head_names_algorithm_and_key_by_coses_numbers() -> None:
    tag = cbor2.loads(sign1.sign(WORD, audience=b"here", signer=KEY))
    assert tag.tag == 18
    protected, unprotected, _, signature = tag.value
    assert cbor2.loads(protected) == {ALGORITHM: ES256, KEY_ID: KEY.public_key.key_id}
    assert unprotected == {}
    assert len(signature) == 64


@pytest.mark.parametrize(("signs", "operations"), [(True, [1]), (False, [2])])
def test_a_key_is_for_one_thing(signs: bool, operations: list[int]) -> None:
    key = _PortKey(KEY.public_key.key_id, KEY if signs else None, None if signs else KEY.public_key)
    assert key.key_ops == operations
    assert (key.kty, key.alg, key.crv, key.kid) == (2, ES256, 1, KEY.public_key.key_id)


def test_a_point_in_its_long_form_is_no_key() -> None:
    long = KEY.public_key.point().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    with pytest.raises(TrustError) as refused:
        PublicKey(long)
    assert refused.value.code == "key"

"""The public key of a system, as a JWK: P-384 for ES384, RSA of 2048 bits and more for RS384."""

from __future__ import annotations

import json
from typing import Any

import jwt

from cloud.fhir.errors import BadParameter

RSA_BITS_MIN = 2048
JWK_LETTERS_MAX = 4000
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


def read_jwk(text: str) -> jwt.PyJWK:
    """Return the key; raise BadParameter that says what is wrong with it."""
    try:
        if len(text) > JWK_LETTERS_MAX:
            raise ValueError(f"is longer than {JWK_LETTERS_MAX} letters")
        said = json.loads(text)
        if not isinstance(said, dict):
            raise ValueError("is no JSON object")
        if private := sorted(_PRIVATE & said.keys()):
            raise ValueError(f"holds a private key ({', '.join(private)}): register the public one")
        return jwt.PyJWK(_public(said), algorithm=_algorithm(said))
    except (ValueError, jwt.PyJWTError) as problem:
        raise BadParameter("jwk", f"is not taken: {problem}") from problem


def _algorithm(said: dict[str, Any]) -> str:
    if said.get("kty") == "EC" and said.get("crv") == "P-384":
        return "ES384"
    if said.get("kty") == "RSA":
        return "RS384"
    raise ValueError("neither EC on P-384 nor RSA")


def _public(said: dict[str, Any]) -> dict[str, Any]:
    key: Any = jwt.PyJWK(said, algorithm=_algorithm(said)).key
    if said["kty"] == "RSA" and key.key_size < RSA_BITS_MIN:
        raise ValueError(f"RSA of {key.key_size} bits, fewer than {RSA_BITS_MIN}")
    return said

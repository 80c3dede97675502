"""The public key of a system, as a JWK: P-384 for ES384, RSA of 2048 bits and more for RS384."""

from __future__ import annotations

import json
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

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


def jwk_of(text: str) -> str:
    """Return the JWK of a key that was pasted as JWK, as JWKS with one key, or as PEM; raise
    BadParameter for anything else."""
    text = text.strip()
    try:
        if len(text) > JWK_LETTERS_MAX:
            raise ValueError(f"is longer than {JWK_LETTERS_MAX} letters")
        said = _of_pem(text) if text.startswith("-----BEGIN") else json.loads(text)
        keys = said.get("keys") if isinstance(said, dict) else None
        if keys is not None:
            if not isinstance(keys, list) or len(keys) != 1:
                raise ValueError("is not one key")
            said = keys[0]
    except (ValueError, RecursionError, UnsupportedAlgorithm) as problem:
        raise BadParameter("jwk", f"is not taken: {problem}") from problem
    jwk = json.dumps(said)
    read_jwk(jwk)
    return jwk


def _of_pem(text: str) -> dict[str, Any]:
    key = load_pem_public_key(text.encode())
    if isinstance(key, ec.EllipticCurvePublicKey):
        return dict(ECAlgorithm.to_jwk(key, as_dict=True))
    if isinstance(key, rsa.RSAPublicKey):
        return dict(RSAAlgorithm.to_jwk(key, as_dict=True))
    raise ValueError("neither EC on P-384 nor RSA")


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
